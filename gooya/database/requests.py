"""Reading requests: by tracking code, or a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, get_args

import msgspec
import sqlalchemy as sa

from dialogs.values import FOLLOW_UPS, Progress, RequestStatus
from gooya.database import models
from gooya.database.engine import Database

OPEN_STATUSES: tuple[RequestStatus, ...] = ("submitted", "accepted", "in_progress")
"""A request in one of these still has something to come."""
_STATUSES = frozenset(get_args(RequestStatus))


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A stored request. ``fields`` may name a person: show it to its customer or an operator only."""

    id: int
    tracking_code: str
    idempotency_key: str
    service: str
    bill_id: str | None
    conversation: str | None
    """``None`` once the customer asked to be forgotten, like ``address``."""
    channel: str
    address: str | None
    language: str
    fields: dict[str, Any]
    status: RequestStatus
    stage: int
    stages: int
    sequence: int | None
    """Of the last change the backend told; ``None`` until it told anything."""
    progress: Progress | None
    submitted_at: dt.datetime
    updated_at: dt.datetime


class RequestEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One change the backend told, in the order of its sequence."""

    event_id: str
    sequence: int
    progress: Progress
    occurred_at: dt.datetime
    received_at: dt.datetime
    notified_at: dt.datetime | None


class TrackedRequest(msgspec.Struct, frozen=True):
    request: Request
    events: tuple[RequestEvent, ...]


class RequestReader:
    """Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_tracking_code(self, code: str) -> TrackedRequest | None:
        """The request with its events, or ``None`` when no request has this code."""
        e = models.request_events.c
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(models.requests).where(models.requests.c.tracking_code == code)
                )
            ).one_or_none()
            if row is None:
                return None
            events = (
                await connection.execute(
                    sa.select(models.request_events)
                    .where(e.request_id == row.id)
                    .order_by(e.sequence, e.id)
                )
            ).all()
        return TrackedRequest(
            request=_as(Request, row), events=tuple(_as(RequestEvent, event) for event in events)
        )

    async def of_conversation(self, conversation: str, limit: int) -> list[Request]:
        """Requests that were filed in a conversation, newest first, without follow-ups."""
        r = models.requests.c
        query = (
            sa.select(models.requests)
            .where(r.conversation == conversation, r.service.not_in(FOLLOW_UPS))
            .order_by(r.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [_as(Request, row) for row in rows]

    async def sent_later(self, requests: Sequence[Request]) -> dict[str, list[str]]:
        """Kinds of the documents that were sent after these requests, by tracking code."""
        if not requests:
            return {}
        r, about = models.requests.c, models.requests.c.fields["request"].as_string()
        bills = {request.bill_id for request in requests}
        whose: sa.ColumnElement[bool] = r.bill_id.in_(bills - {None})
        if None in bills:
            whose = sa.or_(whose, r.bill_id.is_(None))
        query = (
            sa.select(r.fields)
            .where(
                r.service == "send_documents",
                whose,  # for the index: a follow-up has the bill id of what it follows
                about.in_([request.tracking_code for request in requests]),
            )
            .order_by(r.id)
        )
        async with self._database.read() as connection:
            found = (await connection.scalars(query)).all()
        later: dict[str, list[str]] = {}
        for fields in found:
            kinds = [document["kind"] for document in fields.get("documents", ())]
            later.setdefault(fields["request"], []).extend(kinds)
        return later

    async def list(
        self, *, status: RequestStatus | None = None, service: str | None = None, limit: int = 50
    ) -> list[Request]:
        """Requests, newest first. Raises ``ValueError`` for a status that does not exist."""
        if status is not None and status not in _STATUSES:
            raise ValueError(f"no request status {status!r}")
        query = sa.select(models.requests).order_by(models.requests.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(models.requests.c.status == status)
        if service is not None:
            query = query.where(models.requests.c.service == service)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [_as(Request, row) for row in rows]


def _as(kind: Any, row: sa.Row[Any]) -> Any:
    return msgspec.convert(row, kind, from_attributes=True)
