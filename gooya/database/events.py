"""What the backend says about a request: recorded once, told to the customer once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.values import Progress
from gooya.database import models
from gooya.database.batching import GroupCommit
from gooya.database.engine import DIALECTS, Database, upsert
from gooya.database.requests import OPEN_STATUSES

log = logging.getLogger(__name__)


class UnknownRequest(LookupError):
    """No request has the event's tracking code."""


class Report(msgspec.Struct, frozen=True):
    """What the backend said, and when it came in."""

    progress: Progress
    event_id: str
    received_at: dt.datetime


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


class Recorded(msgspec.Struct):
    """What became of reports, once their transaction is committed."""

    stored: set[str] = msgspec.field(default_factory=set)
    """Ids of the events that were new."""
    news: list[Notification] = msgspec.field(default_factory=list)
    """Of these, what may be told at once."""
    more: bool = False
    """Whether some are to be told after older ones of their request: ``Events.unnotified`` has both,
    in order."""


Tell = Callable[[Recorded], None]
"""Called after the commit. What nobody tells now stays in ``Events.unnotified``."""


def tell_nobody(recorded: Recorded) -> None:
    """For a process that leaves telling to others."""


class Events:
    """Every method raises ``DatabaseUnavailable`` in an outage.

    What is ready in the same moment shares one transaction (:mod:`gooya.database.batching`).
    """

    def __init__(self, database: Database, *, tell: Tell = tell_nobody) -> None:
        self._database = database
        self._tell = tell
        self._complained: set[int] = set()
        """Events that the log has told of."""
        self._reports: GroupCommit[Report, bool] = GroupCommit(self._record)
        self._marks: GroupCommit[tuple[int, dt.datetime], None] = GroupCommit(self._mark)

    async def record(self, progress: Progress, event_id: str, now: dt.datetime) -> bool:
        """Store an event and move its request along, in one transaction.

        Returns False for an ``event_id`` that was recorded before. An event that is not newer than
        the request's state is kept for the record but neither changes the request nor is told to the
        customer. Raises :class:`UnknownRequest`.
        """
        return await self._reports.submit(Report(progress, event_id, now))

    async def unnotified(self, limit: int = 100) -> list[Notification]:
        """Events to tell the customers, oldest first."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_UNNOTIFIED, {"limit": limit})).all()
        return [news for row in rows if (news := self._readable(row)) is not None]

    def _readable(self, row: Any) -> Notification | None:
        """None for what another version of ours stored and this one doesn't know: the others are told
        all the same."""
        try:
            return msgspec.convert(row, Notification, from_attributes=True)
        except msgspec.ValidationError:
            if row.id not in self._complained:
                self._complained.add(row.id)
                log.error("news can't be understood", extra={"event": row.id})
            return None

    async def mark_notified(self, id_: int, now: dt.datetime) -> None:
        """Mark an event as told; one already marked keeps its first time."""
        await self._marks.submit((id_, now))

    async def close(self) -> None:
        """Return when everything recorded and marked is committed."""
        await self._reports.close()
        await self._marks.close()

    async def _record(self, group: Sequence[Report]) -> list[bool]:
        async with self._database.write() as connection:
            recorded = await record_events(connection, group)
        self._tell(recorded)
        left = set(recorded.stored)
        results = []
        for report in group:
            results.append(report.event_id in left)
            left.discard(report.event_id)
        return results

    async def _mark(self, group: Sequence[tuple[int, dt.datetime]]) -> list[None]:
        marks = [{"event": id_, "now": now} for id_, now in sorted(group)]
        async with self._database.write() as connection:
            await connection.execute(_MARK, marks)
        return [None] * len(group)


async def record_events(connection: AsyncConnection, reports: Sequence[Report]) -> Recorded:
    """:meth:`Events.record` for several reports, in order, within a transaction of the caller's.

    Raises :class:`UnknownRequest` when one of them is of a request that does not exist.
    """
    recorded = Recorded()
    left = list(reports)
    while left:
        # what is of one request goes one after the other: the second sees what the first one did
        round_: dict[str, Report] = {}
        ids: set[str] = set()
        later = []
        for report in left:
            if report.progress.tracking_code in round_ or report.event_id in ids:
                later.append(report)
            else:
                round_[report.progress.tracking_code] = report
                ids.add(report.event_id)
        await _record_round(connection, round_, recorded)
        left = later
    return recorded


async def _record_round(
    connection: AsyncConnection, reports: dict[str, Report], recorded: Recorded
) -> None:
    """Record one report for each tracking code."""
    found = (await connection.execute(_REQUESTS, {"codes": list(reports)})).all()
    if len(found) < len(reports):
        raise UnknownRequest("no request with the event's tracking code")
    pairs = {}
    for request in found:
        report = reports[request.tracking_code]
        pairs[report.event_id] = (request, report)
    inserted = (
        await connection.execute(
            _INSERT[connection.dialect.name], [_event_row(*pair) for pair in pairs.values()]
        )
    ).all()
    moved, finished = [], []
    for row in inserted:
        request, report = pairs[row.event_id]
        recorded.stored.add(row.event_id)
        if not _is_newer(request, report):
            continue
        moved.append(_change(request, report))
        if request.conversation is None:
            if report.progress.status not in OPEN_STATUSES:
                finished.append({"request": request.id})
        elif request.untold:
            recorded.more = True
        else:
            recorded.news.append(_notification(row.id, request, report))
    if moved:
        await connection.execute(_MOVE, moved)
    if finished:
        await connection.execute(_EMPTY, finished)


def _is_newer(request: sa.Row[Any], report: Report) -> bool:
    return request.sequence is None or report.progress.sequence > request.sequence


def _event_row(request: sa.Row[Any], report: Report) -> dict[str, object]:
    to_tell = _is_newer(request, report) and request.conversation is not None
    return {
        "request_id": request.id,
        "event_id": report.event_id,
        "sequence": report.progress.sequence,
        "progress": report.progress,
        "occurred_at": report.progress.at,
        "received_at": report.received_at,
        "notified_at": None if to_tell else report.received_at,
    }


def _change(request: sa.Row[Any], report: Report) -> dict[str, object]:
    progress = report.progress
    return {
        "request": request.id,
        "status": progress.status,
        "stage": progress.stage,
        "stages": progress.stages,
        "sequence": progress.sequence,
        "progress": progress,
        "updated_at": report.received_at,
    }


def _notification(id_: int, request: sa.Row[Any], report: Report) -> Notification:
    return Notification(
        id=id_,
        event_id=report.event_id,
        conversation=request.conversation,
        channel=request.channel,
        address=request.address,
        language=request.language,
        service=request.service,
        bill_id=request.bill_id,
        progress=report.progress,
    )


# Statements are made once: building one costs more than running it.
_e, _r = models.request_events.c, models.requests.c
_ABOUT = (_r.conversation, _r.channel, _r.address, _r.language, _r.service, _r.bill_id)
_UNNOTIFIED = (
    sa.select(_e.id, _e.event_id, *_ABOUT, _e.progress)
    .join_from(models.request_events, models.requests)
    .where(_e.notified_at.is_(None))
    .order_by(_e.id)
    .limit(sa.bindparam("limit"))
)
_MARK = (
    sa.update(models.request_events)
    .where(_e.id == sa.bindparam("event"), _e.notified_at.is_(None))
    .values(notified_at=sa.bindparam("now"))
)
_REQUESTS = (
    sa.select(
        _r.id,
        _r.tracking_code,
        _r.sequence,
        *_ABOUT,
        sa.exists().where(_e.request_id == _r.id, _e.notified_at.is_(None)).label("untold"),
    )
    .where(_r.tracking_code.in_(sa.bindparam("codes", expanding=True)))
    .order_by(_r.id)  # two transactions take the same locks in the same order
    .with_for_update(of=models.requests)
)
_INSERT = {
    dialect: upsert(dialect, models.request_events)
    .on_conflict_do_nothing(index_elements=["event_id"])
    .returning(_e.id, _e.event_id)
    for dialect in DIALECTS
}
_MOVE = sa.update(models.requests).where(_r.id == sa.bindparam("request"))
_EMPTY = sa.update(models.requests).where(_r.id == sa.bindparam("request")).values(fields={})
"""A forgotten customer's request only kept its content until it was done."""
