"""The outbox as the forwarder sees it: rows to hand to the backend, and what became of each attempt.

A row is ``pending`` until the backend answered (``delivered``) or nobody should try again by himself
(``dead``: an operator looks at it and may send it again). Only the oldest pending row of a
subscription is ever handed out, so requests reach the backend in the order they were confirmed; a
dead row does not hold up those behind it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from typing import Literal, Protocol

import msgspec

from dialogs.values import Attachment, Progress, ServiceRequest

OutboxStatus = Literal["pending", "delivered", "dead"]

Outcome = Literal["delivered", "unavailable", "probe_failed", "refused", "failed", "abandoned"]
"""How a delivery attempt ended: ``unavailable`` the backend did not answer, or no longer had an
attachment; ``probe_failed`` the same, but it was the one attempt that asks whether an outage is over;
``refused`` the backend refused the form of the request; ``failed`` our own code broke; ``abandoned``
whoever tried never came back."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed row: its holder may send it until ``leased_until``."""

    id: int
    subscription: str
    """What rows are ordered by: the bill id, or the tracking code of a request without one."""
    request: ServiceRequest
    idempotency_key: str
    attempts: int
    """Failed attempts since ``enqueued_at``, without probes of an outage."""
    enqueued_at: dt.datetime
    leased_until: dt.datetime
    """Also the token of the lease: a holder whose lease went to another changes nothing."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery attempt; ``error`` holds no customer data."""

    started_at: dt.datetime
    finished_at: dt.datetime
    outcome: Outcome
    http_status: int | None = None
    error: str | None = None


class OutboxStore(Protocol):
    """Where rows are kept. Any method may raise what its engine raises in an outage; a row whose
    result could not be stored is handed out again when its lease ends."""

    async def claim(self, *, now: dt.datetime, lease: dt.timedelta, limit: int) -> Sequence[Due]:
        """Take due rows that nobody holds, at most one of a subscription, for ``lease``."""
        ...

    def attachments(self, due: Due) -> AsyncGenerator[tuple[Attachment, bytes], None]:
        """The attachments of a row's request with their bytes, read one at a time.

        One that its request names but that was erased meanwhile is left out, and the log says so.
        """
        ...

    async def delivered(self, due: Due, attempt: Attempt, progress: Progress) -> None:
        """Store the attempt, the row's end and the backend's answer in one transaction."""
        ...

    async def failed(self, due: Due, attempt: Attempt, *, next_attempt_at: dt.datetime) -> None:
        """Store the attempt and give the row back until ``next_attempt_at``."""
        ...

    async def dead(self, due: Due, attempt: Attempt) -> None:
        """Store the attempt and leave the row to an operator."""
        ...

    async def release(self, due: Due) -> None:
        """Give the row back untried: due at once, no attempt."""
        ...
