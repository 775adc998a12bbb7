"""Submitting: request, tracking code and outbox row are one transaction (DESIGN.md, invariant 4).

Idempotent by ``idempotency_key``: a turn that runs again finds its own request and the same tracking
code. Concurrent submissions share a transaction (:mod:`gooya.database.batching`).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from gooya.database import models
from gooya.database.attachments import named
from gooya.database.batching import GroupCommit
from gooya.database.customers import (
    Address,
    AddressKind,
    address_of,
    ensure_customers,
    save_subscriptions,
)
from gooya.database.engine import DIALECTS, Database, DatabaseError, upsert

logger = logging.getLogger(__name__)

MAX_DRAWS = 20
"""Tracking codes drawn for one request; the code space is far from full, so this means a broken
draw."""


class NewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed request as the dialog hands it over.

    ``idempotency_key`` also goes to the backend, so it must hold nothing of the customer's: derive it
    from conversation and journal position by a hash.
    """

    idempotency_key: str
    service: str
    bill_id: str | None
    conversation: str
    channel: AddressKind
    address: str
    """On ``channel``: E.164 or the messenger's account id."""
    language: str
    fields: dict[str, Any]
    """JSON, by the service's file."""
    stages: int
    """How many stages the service's catalogue file has."""
    submitted_at: dt.datetime
    remember: bool = True
    """Whether to keep the subscription among the customer's saved ones."""


class Receipt(msgspec.Struct, frozen=True):
    tracking_code: str
    created: bool
    """False when the idempotency key was known: the code is that of the first submission."""


class RequestWriter:
    """Writes confirmed requests.

    ``draw`` returns a random tracking code; a code that exists already is drawn again.
    ``on_created`` is called after a commit that made requests (wake the forwarder).
    """

    def __init__(
        self,
        database: Database,
        draw: Callable[[], str],
        *,
        on_created: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._draw = draw
        self._on_created = on_created
        self._groups: GroupCommit[NewRequest, Receipt] = GroupCommit(self._commit)

    async def submit(self, new: NewRequest) -> Receipt:
        """Store a request for good, or find the one stored before under the same key.

        Raises ``DatabaseUnavailable`` (submit again with the same key) and ``DatabaseError`` or
        ``TypeError`` for a request that can't be stored.
        """
        msgspec.json.encode(new.fields)  # what isn't JSON fails here, not inside the group
        return await self._groups.submit(new)

    async def close(self) -> None:
        """Return when everything submitted is committed."""
        await self._groups.close()

    async def _commit(self, group: Sequence[NewRequest]) -> list[Receipt]:
        wanted = {new.idempotency_key: new for new in reversed(group)}
        async with self._database.write() as connection:
            codes = await _codes(connection, wanted)
            # sorted: two transactions take the same locks in the same order
            fresh = [wanted[key] for key in sorted(wanted) if key not in codes]
            created = await self._create(connection, fresh) if fresh else {}
            if len(created) < len(fresh):
                # another process stored the same key between our look and our insert
                codes |= await _codes(connection, wanted)
        if created:
            self._on_created()
        receipts = []
        for new in group:
            key = new.idempotency_key
            first = created.pop(key, None)
            if first is not None:
                codes[key] = first
            receipts.append(Receipt(tracking_code=codes[key], created=first is not None))
        return receipts

    async def _create(
        self, connection: AsyncConnection, fresh: Sequence[NewRequest]
    ) -> dict[str, str]:
        """Write new requests with all that belongs to them; returns tracking codes by key."""
        now = max(new.submitted_at for new in fresh)
        customers = await ensure_customers(
            connection, {address_of(new.channel, new.address): new.language for new in fresh}, now
        )
        await save_subscriptions(
            connection,
            {
                (customers[address_of(new.channel, new.address)], new.bill_id): new.submitted_at
                for new in fresh
                if new.bill_id is not None and new.remember
            },
        )
        rows = await self._insert_requests(connection, fresh, customers)
        by_key = {new.idempotency_key: new for new in fresh}
        if rows:
            await connection.execute(
                _ENQUEUE,
                [_outbox_row(row, by_key[row.idempotency_key]) for row in rows],
            )
            await _attach(connection, {row.id: by_key[row.idempotency_key] for row in rows})
        return {row.idempotency_key: row.tracking_code for row in rows}

    async def _insert_requests(
        self,
        connection: AsyncConnection,
        fresh: Sequence[NewRequest],
        customers: dict[Address, int],
    ) -> list[sa.Row[Any]]:
        statement = _INSERT[connection.dialect.name]
        inserted: list[sa.Row[Any]] = []
        left = {new.idempotency_key: new for new in fresh}
        for _ in range(MAX_DRAWS):
            rows = (
                await connection.execute(
                    statement,
                    [
                        _request_row(
                            new, self._draw(), customers[address_of(new.channel, new.address)]
                        )
                        for new in left.values()
                    ],
                )
            ).all()
            inserted += rows
            for row in rows:
                del left[row.idempotency_key]
            if left:
                for key in await _codes(connection, left):
                    del left[key]
            if not left:
                return inserted
        raise DatabaseError(f"no free tracking code in {MAX_DRAWS} draws")


def _request_row(new: NewRequest, code: str, customer_id: int) -> dict[str, object]:
    return {
        "tracking_code": code,
        "idempotency_key": new.idempotency_key,
        "service": new.service,
        "bill_id": new.bill_id,
        "customer_id": customer_id,
        "conversation": new.conversation,
        "channel": new.channel,
        "address": new.address,
        "language": new.language,
        "fields": new.fields,
        "status": "submitted",
        "stage": 1,
        "stages": new.stages,
        "submitted_at": new.submitted_at,
        "updated_at": new.submitted_at,
    }


def _outbox_row(row: sa.Row[Any], new: NewRequest) -> dict[str, object]:
    return {
        "request_id": row.id,
        "subscription": new.bill_id or new.fields.get("request") or row.tracking_code,
        "operation": "submit",
        "status": "pending",
        "next_attempt_at": new.submitted_at,
        "created_at": new.submitted_at,
        "enqueued_at": new.submitted_at,
    }


async def _attach(connection: AsyncConnection, requests: Mapping[int, NewRequest]) -> None:
    """Make the attachments that a request's fields name part of it, if they are its customer's.

    One of another conversation, of another request or no longer there is left out with a warning.
    """
    # sorted: two transactions take the same locks in the same order
    links = sorted((found, of) for of, new in requests.items() for found in named(new.fields))
    if not links:
        return
    await connection.execute(
        _ATTACH,
        [{"id_": id_, "of": of, "whose": requests[of].conversation} for id_, of in links],
    )
    rows = await connection.execute(_ATTACHED, {"requests": list(requests)})
    attached = {(row.id, row.request_id) for row in rows}
    for id_, of in links:
        if (id_, of) not in attached:
            logger.warning(
                "an attachment is not its request's", extra={"service": requests[of].service}
            )


async def _codes(connection: AsyncConnection, keys: dict[str, NewRequest]) -> dict[str, str]:
    rows = await connection.execute(_CODES, {"keys": list(keys)})
    return {row.idempotency_key: row.tracking_code for row in rows}


_r = models.requests.c
_CODES = sa.select(_r.idempotency_key, _r.tracking_code).where(
    _r.idempotency_key.in_(sa.bindparam("keys", expanding=True))
)
_INSERT = {
    dialect: upsert(dialect, models.requests)
    .on_conflict_do_nothing()
    .returning(_r.id, _r.idempotency_key, _r.tracking_code)
    for dialect in DIALECTS
}
_ENQUEUE = sa.insert(models.outbox)
_ATTACH = (
    sa.update(models.attachments)
    .where(
        models.attachments.c.id == sa.bindparam("id_"),
        models.attachments.c.conversation == sa.bindparam("whose"),
        models.attachments.c.request_id.is_(None),
    )
    .values(request_id=sa.bindparam("of"))
)
_ATTACHED = sa.select(models.attachments.c.id, models.attachments.c.request_id).where(
    models.attachments.c.request_id.in_(sa.bindparam("requests", expanding=True))
)
