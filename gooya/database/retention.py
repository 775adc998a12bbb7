"""What names a person is bounded in time (DESIGN.md, invariant 8)."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlalchemy as sa

from gooya.database import models
from gooya.database.engine import Database

CHUNK = 2_000
"""Rows deleted in one transaction: SQLite has one writer, and a turn may be waiting for it."""


class Purged(msgspec.Struct, frozen=True):
    """How many rows went."""

    transcript: int
    attempts: int
    handoffs: int
    attachments: int
    """Those of no request."""
    unclear: int
    """Texts that were not understood."""


async def purge(database: Database, now: dt.datetime, days: int) -> Purged:
    """Delete what is older than ``days``: transcript lines, delivery attempts, hand-offs, attachments,
    texts that were not understood.

    Requests with their events and attachments stay: the customer may ask for them by tracking code. Raises
    ``ValueError`` when ``days`` is below 1, ``DatabaseUnavailable`` in an outage (what was deleted
    until then stays deleted).
    """
    if days < 1:
        raise ValueError("at least one day is kept")
    before = now - dt.timedelta(days=days)
    return Purged(
        transcript=await _delete(database, models.transcript, models.transcript.c.at, before),
        attempts=await _delete(
            database, models.outbox_attempts, models.outbox_attempts.c.finished_at, before
        ),
        handoffs=await _delete(database, models.handoffs, models.handoffs.c.created_at, before),
        attachments=await _delete(
            database,
            models.attachments,
            models.attachments.c.created_at,
            before,
            models.attachments.c.request_id.is_(None),
        ),
        unclear=await _delete(database, models.unclear, models.unclear.c.at, before),
    )


async def _delete(
    database: Database,
    table: sa.Table,
    instant: sa.Column[dt.datetime],
    before: dt.datetime,
    *also: sa.ColumnElement[bool],
) -> int:
    old = sa.select(table.c.id).where(instant < before, *also).limit(CHUNK)
    deleted = 0
    while True:
        async with database.write() as connection:
            result = await connection.execute(
                sa.delete(table).where(table.c.id.in_(old.scalar_subquery()))
            )
        deleted += result.rowcount
        if result.rowcount < CHUNK:
            return deleted
