"""Signed status events: what the utility posts to us and how we know that it was the utility.

The contract is ``webhooks.requestProgressed`` of ``openapi.yaml``: the signature is HMAC-SHA256 over
the bytes of the time stamp, a full stop and the raw body, so neither can be changed or replayed
later than ``tolerance`` allows.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

import msgspec

from dialogs.values import Progress, Value

TIMESTAMP_HEADER = "Gooya-Timestamp"
SIGNATURE_HEADER = "Gooya-Signature"
TOLERANCE_SECONDS = 300.0
_SCHEME = "v1="


class StatusEvent(Value, frozen=True, kw_only=True):
    """Body of a status event. ``event_id`` stays the same when the event is sent again."""

    event_id: Annotated[str, msgspec.Meta(pattern="^[^\0]{1,64}$")]
    progress: Progress


class BadSignature(Exception):
    """The event does not prove to come from the utility; ``str()`` says what is wrong, not with whom."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Value of ``Gooya-Signature``: ``v1=`` and 64 hexadecimal digits.

    ``timestamp`` is in POSIX seconds and goes into ``Gooya-Timestamp`` as decimal digits.
    """
    return _SCHEME + _digest(secret, str(timestamp), body)


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    tolerance: float = TOLERANCE_SECONDS,
) -> None:
    """Return when ``body`` was signed with ``secret`` at most ``tolerance`` seconds from ``now``.

    ``headers`` are those of the HTTP request (aiohttp's are case-insensitive), ``body`` its raw bytes,
    ``now`` POSIX seconds. The signature header may hold several signatures separated by commas, as
    while a secret is being replaced: one right one is enough. Compares in constant time.

    Raises:
        BadSignature: a header is missing or malformed, no signature fits, or the time stamp is off.
        ValueError: ``secret`` is empty, which would let everyone sign.
    """
    if not secret:
        raise ValueError("the secret for status events is empty")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("time stamp missing or malformed")
    expected = (_SCHEME + _digest(secret, timestamp, body)).encode()
    given = headers.get(SIGNATURE_HEADER, "").split(",")
    fits = [hmac.compare_digest(expected, s.strip().encode()) for s in given]
    if not any(fits):
        raise BadSignature("signature missing or wrong")
    if abs(now - int(timestamp)) > tolerance:
        raise BadSignature("time stamp too far from now")


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(
        secret.encode(), timestamp.encode("ascii") + b"." + body, hashlib.sha256
    ).hexdigest()
