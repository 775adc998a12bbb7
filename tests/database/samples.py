"""Requests and answers for the tests of the database and the forwarder."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from backend_adapter.outbox import Attempt, Outcome
from dialogs.values import Progress, RequestStatus
from gooya.database.engine import Database
from gooya.database.submissions import NewRequest
from gooya.database.unclear import UnclearTexts

NOW = dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)
PHONE = "+989121234567"
LEASE = dt.timedelta(seconds=60)


def at(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def attempt(outcome: Outcome, seconds: float = 1.0, error: str | None = None) -> Attempt:
    """One that took a second and ended ``seconds`` after :data:`NOW`."""
    return Attempt(
        started_at=at(seconds - 1), finished_at=at(seconds), outcome=outcome, error=error
    )


def codes(start: int = 1_000_000_001) -> Callable[[], str]:
    """A draw of tracking codes that is different each time and the same in each run."""
    counter = itertools.count(start)
    return lambda: str(next(counter))


def new_request(key: str = "turn-1", **changes: Any) -> NewRequest:
    values: dict[str, Any] = {
        "idempotency_key": key,
        "service": "submit_meter_reading",
        "bill_id": "9985235404124",
        "conversation": "c-1",
        "channel": "sms",
        "address": PHONE,
        "language": "fa",
        "fields": {"read_on": "2026-06-01", "readings": [{"register": "total", "value": 23456}]},
        "stages": 3,
        "submitted_at": NOW,
    }
    return NewRequest(**(values | changes))


def progress(code: str, sequence: int = 1, status: RequestStatus = "accepted") -> Progress:
    return Progress(
        tracking_code=code,
        sequence=sequence,
        status=status,
        stage=2,
        stages=3,
        at=NOW + dt.timedelta(minutes=sequence),
    )


async def count(database: Database, table: sa.Table) -> int:
    async with database.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def unclear(database: Database, key: str, conversation: str, at: dt.datetime = NOW) -> None:
    """Keep a text that was not understood."""
    await UnclearTexts(database).add(
        key, conversation=conversation, text="چی", ranking=[("help", 0.1)], offered=None, at=at
    )
