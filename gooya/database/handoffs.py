"""Hand-offs: a conversation that a person must take over, with what was answered so far."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from gooya.database import models
from gooya.database.engine import Database, upsert


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    key: str | None
    """The same when the turn runs again."""
    conversation: str
    channel: str
    address: str
    reason: str
    """Machine-readable, e.g. ``asked`` or ``no_match``."""
    service: str | None
    """``None`` when it happened outside a service."""
    step: str | None
    answers: dict[str, Any]
    """JSON: the answers of the running flow, by step."""
    created_at: dt.datetime


class Handoffs:
    """Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, handoff: Handoff) -> None:
        """Store a hand-off, once for each key."""
        async with self._database.write() as connection:
            await connection.execute(
                upsert(connection.dialect.name, models.handoffs)
                .values(msgspec.structs.asdict(handoff))
                .on_conflict_do_nothing()
            )

    async def list(self, limit: int = 50) -> list[Handoff]:
        """Hand-offs, newest first."""
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    sa.select(models.handoffs).order_by(models.handoffs.c.id.desc()).limit(limit)
                )
            ).all()
        return [msgspec.convert(row, Handoff, from_attributes=True) for row in rows]
