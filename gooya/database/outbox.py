"""The outbox in SQL: :class:`backend_adapter.outbox.OutboxStore`, and what an operator does with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from backend_adapter.outbox import Attempt, Due, OutboxStatus
from dialogs.values import Attachment, Progress, ServiceRequest
from gooya.database import models
from gooya.database.attachments import named
from gooya.database.batching import GroupCommit
from gooya.database.engine import Database
from gooya.database.events import Report, Tell, record_events, tell_nobody
from gooya.database.types import UtcDateTime

logger = logging.getLogger(__name__)

ERROR_LENGTH = 200

_o = models.outbox.c
_r = models.requests.c
_a = models.outbox_attempts.c


class OutboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """One row as an operator sees it: nothing of what the customer wrote."""

    id: int
    tracking_code: str
    service: str
    operation: str
    status: OutboxStatus
    attempts: int
    """All attempts ever made."""
    last_error: str | None
    next_attempt_at: dt.datetime
    leased_until: dt.datetime | None
    created_at: dt.datetime
    finished_at: dt.datetime | None


class OutboxEntry(msgspec.Struct, frozen=True):
    item: OutboxItem
    attempts: tuple[Attempt, ...]
    """Oldest first."""


class _Delivery(msgspec.Struct, frozen=True):
    due: Due
    attempt: Attempt
    progress: Progress


class SqlOutbox:
    """Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database, *, tell: Tell = tell_nobody) -> None:
        self._database = database
        self._tell = tell
        self._deliveries: GroupCommit[_Delivery, None] = GroupCommit(self._store_deliveries)

    async def claim(self, *, now: dt.datetime, lease: dt.timedelta, limit: int) -> list[Due]:
        """See :meth:`OutboxStore.claim`. A lease that ran out becomes an ``abandoned`` attempt."""
        until = now + lease
        async with self._database.write() as connection:
            rows = (await connection.execute(_DUE, {"now": now, "limit": limit})).all()
            if not rows:
                return []
            abandoned = [row for row in rows if row.leased_until is not None]
            if abandoned:
                await connection.execute(
                    _ADD_ATTEMPT,
                    [
                        {
                            "outbox_id": row.id,
                            "started_at": row.leased_at,
                            "finished_at": now,
                            "outcome": "abandoned",
                        }
                        for row in abandoned
                    ],
                )
            await connection.execute(
                _UPDATE, [{"row": row.id, "leased_at": now, "leased_until": until} for row in rows]
            )
        return [
            Due(
                id=row.id,
                subscription=row.subscription,
                request=ServiceRequest(
                    tracking_code=row.tracking_code,
                    service=row.service,
                    bill_id=row.bill_id,
                    channel=row.channel,
                    submitted_at=row.submitted_at,
                    fields=row.fields,
                ),
                idempotency_key=row.idempotency_key,
                attempts=row.attempts + (row.leased_until is not None),
                enqueued_at=row.enqueued_at,
                leased_until=until,
            )
            for row in rows
        ]

    async def attachments(self, due: Due) -> AsyncGenerator[tuple[Attachment, bytes], None]:
        """See :meth:`OutboxStore.attachments`. No transaction is open between two of them."""
        for id_, kind in named(due.request.fields).items():
            async with self._database.read() as connection:
                row = (await connection.execute(_FILE, {"row": due.id, "id_": id_})).one_or_none()
            if row is None:
                logger.warning(
                    "an attachment is gone, its request goes without it",
                    extra={
                        "outbox_id": due.id,
                        "code_tail": due.request.tracking_code[-3:],
                        "service": due.request.service,
                    },
                )
                continue
            attachment = Attachment(
                id=id_,
                kind=kind,
                content_type=row.content_type,
                size=len(row.content),
                sha256=hashlib.sha256(row.content).hexdigest(),
            )
            yield attachment, row.content

    async def delivered(self, due: Due, attempt: Attempt, progress: Progress) -> None:
        """See :meth:`OutboxStore.delivered`. Counts even when the lease went to another holder:
        the backend has the request. Deliveries of the same moment share the transaction."""
        await self._deliveries.submit(_Delivery(due, attempt, progress))

    async def _store_deliveries(self, group: Sequence[_Delivery]) -> list[None]:
        # sorted: two transactions take the same locks in the same order
        group = sorted(group, key=lambda delivery: delivery.due.id)
        async with self._database.write() as connection:
            await connection.execute(_ADD_ATTEMPT, [_attempt_row(d.due, d.attempt) for d in group])
            await connection.execute(
                _DELIVER, [{"row": d.due.id, "ended": d.attempt.finished_at} for d in group]
            )
            answers = [
                Report(d.progress, f"answer:{d.due.request.tracking_code}", d.attempt.finished_at)
                for d in group
            ]
            recorded = await record_events(connection, answers)
        self._tell(recorded)
        return [None] * len(group)

    async def failed(self, due: Due, attempt: Attempt, *, next_attempt_at: dt.datetime) -> None:
        """See :meth:`OutboxStore.failed`."""
        async with self._database.write() as connection:
            await connection.execute(_ADD_ATTEMPT, _attempt_row(due, attempt))
            await _give_back(connection, due, next_attempt_at=next_attempt_at)

    async def dead(self, due: Due, attempt: Attempt) -> None:
        """See :meth:`OutboxStore.dead`."""
        async with self._database.write() as connection:
            await connection.execute(_ADD_ATTEMPT, _attempt_row(due, attempt))
            await _give_back(connection, due, status="dead", finished_at=attempt.finished_at)

    async def release(self, due: Due) -> None:
        """See :meth:`OutboxStore.release`."""
        async with self._database.write() as connection:
            await _give_back(connection, due)

    async def list(
        self, *, status: OutboxStatus | None = None, limit: int = 50
    ) -> list[OutboxItem]:
        """Rows for an operator, newest first."""
        query = _items().order_by(_o.id.desc()).limit(limit)
        if status is not None:
            # literal for the same reason as models.PENDING; the type admits three words
            query = query.where(_o.status == sa.literal(status, literal_execute=True))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [msgspec.convert(row, OutboxItem, from_attributes=True) for row in rows]

    async def show(self, outbox_id: int) -> OutboxEntry | None:
        """A row with its attempts, or ``None``."""
        async with self._database.read() as connection:
            row = (await connection.execute(_items().where(_o.id == outbox_id))).one_or_none()
            if row is None:
                return None
            attempts = (
                await connection.execute(
                    sa.select(_a.started_at, _a.finished_at, _a.outcome, _a.http_status, _a.error)
                    .where(_a.outbox_id == outbox_id)
                    .order_by(_a.id)
                )
            ).all()
        return OutboxEntry(
            item=msgspec.convert(row, OutboxItem, from_attributes=True),
            attempts=tuple(msgspec.convert(a, Attempt, from_attributes=True) for a in attempts),
        )

    async def retry(self, outbox_id: int, now: dt.datetime) -> bool:
        """Send a dead letter again, with a new allowance of attempts; False unless it is dead."""
        async with self._database.write() as connection:
            revived = await connection.scalar(
                sa.update(models.outbox)
                .where(_o.id == outbox_id, _o.status == "dead")
                .values(status="pending", next_attempt_at=now, enqueued_at=now, finished_at=None)
                .returning(_o.id)
            )
        return revived is not None

    async def depth(self) -> dict[OutboxStatus, int]:
        """How many rows wait and how many are dead, for metrics."""
        async with self._database.read() as connection:
            pending = await connection.scalar(
                sa.select(sa.func.count()).where(_o.status == models.PENDING)
            )
            dead = await connection.scalar(
                sa.select(sa.func.count()).where(_o.status == sa.literal_column("'dead'"))
            )
        return {"pending": pending or 0, "dead": dead or 0}


def _due() -> sa.Select[Any]:
    now = sa.bindparam("now", type_=UtcDateTime)
    older = models.outbox.alias("older")
    attempts = (
        sa.select(sa.func.count())
        .where(
            _a.outbox_id == _o.id,
            _a.started_at >= _o.enqueued_at,
            _a.outcome.in_(("unavailable", "failed", "abandoned")),
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            _o.id,
            _o.subscription,
            _o.enqueued_at,
            _o.leased_at,
            _o.leased_until,
            _r.tracking_code,
            _r.service,
            _r.bill_id,
            _r.channel,
            _r.submitted_at,
            _r.fields,
            _r.idempotency_key,
            attempts.label("attempts"),
        )
        .join_from(models.outbox, models.requests)
        .where(
            _o.status == models.PENDING,
            _o.next_attempt_at <= now,
            sa.or_(_o.leased_until.is_(None), _o.leased_until <= now),
            ~sa.exists().where(
                older.c.status == models.PENDING,
                older.c.subscription == _o.subscription,
                older.c.id < _o.id,
            ),
        )
        .order_by(_o.next_attempt_at, _o.id)
        .limit(sa.bindparam("limit"))
        .with_for_update(of=models.outbox, skip_locked=True)
    )


def _items() -> sa.Select[Any]:
    count = sa.select(sa.func.count()).where(_a.outbox_id == _o.id).scalar_subquery()
    last_error = (
        sa.select(_a.error)
        .where(_a.outbox_id == _o.id)
        .order_by(_a.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        _o.id,
        _r.tracking_code,
        _r.service,
        _o.operation,
        _o.status,
        count.label("attempts"),
        last_error.label("last_error"),
        _o.next_attempt_at,
        _o.leased_until,
        _o.created_at,
        _o.finished_at,
    ).join_from(models.outbox, models.requests)


def _attempt_row(due: Due, attempt: Attempt) -> dict[str, object]:
    return {
        "outbox_id": due.id,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "outcome": attempt.outcome,
        "http_status": attempt.http_status,
        "error": None if attempt.error is None else attempt.error[:ERROR_LENGTH],
    }


async def _give_back(connection: AsyncConnection, due: Due, **values: object) -> None:
    """End the lease, if it still is this holder's, and set ``values``."""
    await connection.execute(
        sa.update(models.outbox)
        .where(
            _o.id == due.id,
            _o.status == models.PENDING,
            _o.leased_until == due.leased_until,
        )
        .values(leased_at=None, leased_until=None, **values)
    )


# Made once: building a statement costs more than running it.
_DUE = _due()
_UPDATE = sa.update(models.outbox).where(_o.id == sa.bindparam("row"))
_DELIVER = (
    sa.update(models.outbox)
    .where(_o.id == sa.bindparam("row"), _o.status == models.PENDING)
    .values(
        status="delivered",
        finished_at=sa.bindparam("ended"),
        leased_at=None,
        leased_until=None,
    )
)
_ADD_ATTEMPT = sa.insert(models.outbox_attempts)
_FILE = (
    sa.select(models.attachments.c.content_type, models.attachments.c.content)
    .join_from(models.attachments, models.outbox, _o.request_id == models.attachments.c.request_id)
    .where(_o.id == sa.bindparam("row"), models.attachments.c.id == sa.bindparam("id_"))
)
