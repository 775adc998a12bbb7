"""What a customer may see or do, and what must be proved before: the one place that decides.

Levels follow facts.md section 7. A claim (an SMS sender, a caller id) is not a level: it saves
typing and nothing else. The engine asks :func:`check` before every look-up and submission, so a flow
that forgets to ask for a proof fails closed.
"""

from __future__ import annotations

import enum
from typing import Final


class Level(enum.IntEnum):
    PUBLIC = 0
    BILL_ID = 1
    """Knowing a bill id, which is printed on paper left at doors."""
    REGISTERED_MOBILE = 2
    """A one-time code sent to the registered mobile was entered."""
    REGISTERED_MOBILE_AND_NATIONAL_ID = 3

    @classmethod
    def named(cls, name: str) -> Level:
        """The level of a catalogue file's ``sensitivity``. Raises ``KeyError``."""
        return cls[name.upper()]


RESOURCES: Final = {
    "subscription": Level.BILL_ID,
    "last_reading": Level.BILL_ID,
    "debt": Level.BILL_ID,
    "payments": Level.REGISTERED_MOBILE,
    "consumption": Level.REGISTERED_MOBILE,
    "open_requests": Level.REGISTERED_MOBILE,
    "holder": Level.REGISTERED_MOBILE_AND_NATIONAL_ID,
    "progress": Level.PUBLIC,  # its key is the tracking code, a secret of whoever filed the request
}
"""Level that each resource of the backend demands."""


class Denied(Exception):
    """A flow asked for what its customer has not proved a right to: a defect of the flow."""


def needed(bill_id: str | None) -> Level:
    """The level that a customer has for a subscription without any proof."""
    return Level.BILL_ID if bill_id else Level.PUBLIC


def check(level: Level, bill_id: str | None, proofs: dict[str, list[float]], now: float) -> None:
    """Raise :class:`Denied` unless ``proofs`` (bill id → level, valid until) reach ``level``."""
    if level > proved(bill_id, proofs, now):
        raise Denied(level.name)


def proved(bill_id: str | None, proofs: dict[str, list[float]], now: float) -> Level:
    """The highest level the customer holds for this subscription at this moment."""
    held = needed(bill_id)
    proof = proofs.get(bill_id) if bill_id else None
    if proof is not None and proof[1] > now:
        held = max(held, Level(int(proof[0])))
    return held
