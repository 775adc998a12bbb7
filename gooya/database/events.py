"""What the backend says about a request: recorded once, told to the customer once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.values import Progress
from gooya.database import models
from gooya.database.engine import Database, upsert
from gooya.database.requests import OPEN_STATUSES


class UnknownRequest(LookupError):
    """No request has the event's tracking code."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """An event that its customer has not heard of yet."""

    id: int
    """For :meth:`Events.mark_notified`."""
    event_id: str
    conversation: str
    channel: str
    address: str
    language: str
    service: str
    bill_id: str | None
    progress: Progress


class Events:
    """Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, progress: Progress, event_id: str, now: dt.datetime) -> bool:
        """Store an event and move its request along, in one transaction.

        Returns False for an ``event_id`` that was recorded before. An event that is not newer than
        the request's state is kept for the record but neither changes the request nor is told to the
        customer. Raises :class:`UnknownRequest`.
        """
        async with self._database.write() as connection:
            return await record_event(connection, progress, event_id, now)

    async def unnotified(self, limit: int = 100) -> list[Notification]:
        """Events to tell the customers, oldest first."""
        e, r = models.request_events.c, models.requests.c
        query = (
            sa.select(
                e.id,
                e.event_id,
                r.conversation,
                r.channel,
                r.address,
                r.language,
                r.service,
                r.bill_id,
                e.progress,
            )
            .join_from(models.request_events, models.requests)
            .where(e.notified_at.is_(None))
            .order_by(e.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [msgspec.convert(row, Notification, from_attributes=True) for row in rows]

    async def mark_notified(self, ids: Sequence[int], now: dt.datetime) -> None:
        """Mark events as told; those already marked keep their first time."""
        e = models.request_events.c
        async with self._database.write() as connection:
            await connection.execute(
                sa.update(models.request_events)
                .where(e.id.in_(ids), e.notified_at.is_(None))
                .values(notified_at=now)
            )


async def record_event(
    connection: AsyncConnection, progress: Progress, event_id: str, now: dt.datetime
) -> bool:
    """:meth:`Events.record` within a transaction of the caller's."""
    r, e = models.requests.c, models.request_events.c
    request = (
        await connection.execute(
            sa.select(r.id, r.sequence, r.conversation)
            .where(r.tracking_code == progress.tracking_code)
            .with_for_update()
        )
    ).one_or_none()
    if request is None:
        raise UnknownRequest("no request with the event's tracking code")
    newer = request.sequence is None or progress.sequence > request.sequence
    inserted = await connection.scalar(
        upsert(connection, models.request_events)
        .values(
            request_id=request.id,
            event_id=event_id,
            sequence=progress.sequence,
            progress=msgspec.to_builtins(progress),
            occurred_at=progress.at,
            received_at=now,
            notified_at=None if newer and request.conversation is not None else now,
        )
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(e.id)
    )
    if inserted is None:
        return False
    if newer:
        change = {
            "status": progress.status,
            "stage": progress.stage,
            "stages": progress.stages,
            "sequence": progress.sequence,
            "progress": msgspec.to_builtins(progress),
            "updated_at": now,
        }
        if request.conversation is None and progress.status not in OPEN_STATUSES:
            # a forgotten customer's request only kept its content until it was done
            change["fields"] = {}
        await connection.execute(
            sa.update(models.requests).where(r.id == request.id).values(change)
        )
    return True
