"""Customers: who writes or calls, in which language, about which subscriptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.ids import is_mobile
from gooya.database import models
from gooya.database.batching import GroupCommit
from gooya.database.engine import DIALECTS, Database, upsert
from gooya.database.requests import OPEN_STATUSES

AddressKind = Literal["sms", "call", "telegram", "bale"]

MESSENGERS = ("telegram", "bale")

REMEMBERED = 5
"""Saved subscriptions offered to a customer: what one numbered SMS question can list."""


PARALLEL = "~"
"""Stands between a number and a call in the conversation of a second call from one number."""


class Address(NamedTuple):
    """Where a customer is reached: E.164 for ``sms`` and ``call``, else the messenger's account id."""

    kind: AddressKind
    value: str


def address_of(kind: AddressKind, value: str) -> Address:
    """The address behind a channel: a mobile that calls is the same that writes."""
    return Address("sms" if kind == "call" and is_mobile(value) else kind, value)


class Profile(msgspec.Struct, frozen=True):
    """What is known of an address; all empty for one never seen."""

    customer_id: int | None = None
    language: str | None = None
    opted_out: bool = False
    preferred: str = ""
    """The channel for news, empty for the one used last."""
    bill_ids: tuple[str, ...] = ()
    """Saved subscriptions, most recently used first, at most :data:`REMEMBERED`."""
    names: dict[str, str] = {}
    """What the customer calls some of them, by bill id."""
    phone: str | None = None
    """The customer's number (E.164), where this messenger's account has proved to have it."""


class Forgotten(NamedTuple):
    """What :meth:`Customers.forget` did."""

    customer: bool
    """Whether the address belonged to a known customer."""
    requests: int
    """Requests that stay, without the person."""
    transcript: int
    """Messages erased."""
    handoffs: int
    """Hand-offs erased."""


class Customers:
    """Customers and their addresses. Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._profiles: GroupCommit[Address, Profile] = GroupCommit(self._read_profiles)

    async def profile(self, kind: AddressKind, value: str) -> Profile:
        """Read what is known of an address; reads of the same moment share one query."""
        return await self._profiles.submit(address_of(kind, value))

    async def _read_profiles(self, group: Sequence[Address]) -> list[Profile]:
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    _PROFILES,
                    {"kinds": list({a.kind for a in group}), "values": [a.value for a in group]},
                )
            ).all()
        found: dict[Address, list[Any]] = {}
        for row in rows:
            found.setdefault(Address(row.kind, row.value), []).append(row)
        return [_profile(found.get(address, [])) for address in group]

    async def set_language(
        self, kind: AddressKind, value: str, language: str, now: dt.datetime
    ) -> None:
        """Remember the language; makes the customer if the address is new."""
        await self._set(kind, value, now, language, language=language)

    async def set_opted_out(
        self, kind: AddressKind, value: str, opted_out: bool, now: dt.datetime, *, language: str
    ) -> None:
        """Remember that the customer wants no messages unasked for, or wants them again.

        ``language`` is for a customer who is not known yet.
        """
        await self._set(kind, value, now, language, opted_out_at=now if opted_out else None)

    async def set_preferred(
        self, kind: AddressKind, value: str, preferred: str, now: dt.datetime, *, language: str
    ) -> None:
        """Remember the channel that news go to; empty for the one used last.

        ``language`` is for a customer who is not known yet.
        """
        await self._set(kind, value, now, language, preferred=preferred or None)

    async def _set(
        self, kind: AddressKind, value: str, now: dt.datetime, spoken: str, **changes: Any
    ) -> None:
        """Change a customer, who is made, with the language spoken, if the address is new."""
        async with self._database.write() as connection:
            customer = await _customer(connection, address_of(kind, value), spoken, now)
            await connection.execute(
                sa.update(models.customers)
                .where(models.customers.c.id == customer)
                .values(**changes)
            )

    async def save_subscription(
        self,
        kind: AddressKind,
        value: str,
        bill_id: str,
        now: dt.datetime,
        *,
        language: str,
        label: str | None = None,
    ) -> None:
        """Remember a subscription as just used; a ``label`` of ``None`` keeps the old one."""
        async with self._database.write() as connection:
            customer = await _customer(connection, address_of(kind, value), language, now)
            await save_subscriptions(connection, {(customer, bill_id): now})
            if label is not None:
                s = models.saved_subscriptions.c
                await connection.execute(
                    sa.update(models.saved_subscriptions)
                    .where(s.customer_id == customer, s.bill_id == bill_id)
                    .values(label=label)
                )

    async def forget_subscription(self, kind: AddressKind, value: str, bill_id: str) -> None:
        """Remember a subscription no longer; nothing happens where it is not remembered."""
        s, address = models.saved_subscriptions.c, address_of(kind, value)
        async with self._database.write() as connection:
            customers = await _customer_ids(connection, {address: ""})
            await connection.execute(
                sa.delete(models.saved_subscriptions).where(
                    s.customer_id == customers.get(address), s.bill_id == bill_id
                )
            )

    async def link(
        self, kind: AddressKind, account: str, phone: str, now: dt.datetime, *, language: str
    ) -> None:
        """Make a messenger's account, which has proved to have ``phone`` (E.164), an address of that
        number's customer, and what it did so far that customer's.

        Whoever had the account before stays a customer if there is another way to them.
        """
        mine, numbers = Address(kind, account), Address("sms", phone)
        a = models.addresses.c
        async with self._database.write() as connection:
            found = await ensure_customers(connection, {mine: language, numbers: language}, now)
            before, customer = found[mine], found[numbers]
            await connection.execute(
                sa.update(models.addresses)
                .where(a.kind == kind, a.value == account)
                .values(customer_id=customer, verified_at=now)
            )
            if before != customer and not await connection.scalar(
                sa.select(sa.func.count()).where(a.customer_id == before)
            ):
                await _merge(connection, before, customer)
            for table in (
                models.requests,
                models.transcript,
                models.handoffs,
                models.attachments,
                models.unclear,
            ):
                await connection.execute(
                    sa.update(table)
                    .where(table.c.conversation == f"{kind}:{account}")
                    .values(conversation=phone)
                )

    async def accounts(self, kind: AddressKind, value: str) -> list[Address]:
        """The messenger accounts of the customer behind an address."""
        a, own = models.addresses.c, models.addresses.alias()
        address = address_of(kind, value)
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(a.kind, a.value)
                .join(own, own.c.customer_id == a.customer_id)
                .where(own.c.kind == address.kind, own.c.value == value, a.kind.in_(MESSENGERS))
                .order_by(a.kind, a.value)
            )
        return [Address(row.kind, row.value) for row in rows]

    async def forget(
        self, kind: AddressKind, value: str, conversation: str, now: dt.datetime
    ) -> Forgotten:
        """Erase a customer: addresses, saved subscriptions, transcript, hand-offs, attachments, texts
        that were not understood; those of ``conversation`` and of the own conversation of each of the customer's addresses.

        Requests stay, since the utility owes an answer to their tracking codes, but lose whatever
        leads to the person; what a finished one asked for is emptied, an unfinished one still has to
        be forwarded. No notification goes out any more.
        """
        a, r = models.addresses.c, models.requests.c
        async with self._database.write() as connection:
            address = address_of(kind, value)
            customer = await connection.scalar(
                sa.select(a.customer_id).where(a.kind == address.kind, a.value == value)
            )
            conversations = {conversation}
            if customer is not None:
                rows = await connection.execute(
                    sa.select(a.kind, a.value).where(a.customer_id == customer)
                )
                conversations |= {_own_conversation(row.kind, row.value) for row in rows}
            mine = _belongs(r.conversation, conversations)
            if customer is not None:
                mine = sa.or_(mine, r.customer_id == customer)
            ids = sa.select(r.id).where(mine).scalar_subquery()
            await connection.execute(
                sa.update(models.request_events)
                .where(
                    models.request_events.c.request_id.in_(ids),
                    models.request_events.c.notified_at.is_(None),
                )
                .values(notified_at=now)
            )
            await connection.execute(
                sa.update(models.requests)
                .where(mine, r.status.not_in(OPEN_STATUSES))
                .values(fields={})
            )
            kept = await connection.execute(
                sa.update(models.requests)
                .where(mine)
                .values(customer_id=None, conversation=None, address=None)
            )
            transcript, handoffs, *_ = [
                await connection.execute(
                    sa.delete(table).where(_belongs(table.c.conversation, conversations))
                )
                for table in (
                    models.transcript,
                    models.handoffs,
                    models.attachments,
                    models.unclear,
                )
            ]
            if customer is not None:
                await connection.execute(
                    sa.delete(models.customers).where(models.customers.c.id == customer)
                )
        return Forgotten(
            customer=customer is not None,
            requests=kept.rowcount,
            transcript=transcript.rowcount,
            handoffs=handoffs.rowcount,
        )


def _own_conversation(kind: AddressKind, value: str) -> str:
    """That of an address, whatever it was linked to since."""
    return f"{kind}:{value}" if kind in MESSENGERS else value


def _belongs(column: sa.Column[str], conversations: Collection[str]) -> sa.ColumnElement[bool]:
    parallel = [column.startswith(f"{one}{PARALLEL}", autoescape=True) for one in conversations]
    return sa.or_(column.in_(conversations), *parallel)


_c, _a, _s = models.customers.c, models.addresses.c, models.saved_subscriptions.c
_number = models.addresses.alias()
_NUMBER = (
    sa.select(_number.c.value)
    .where(_number.c.customer_id == _c.id, _number.c.kind == "sms")
    .limit(1)
    .scalar_subquery()
)
_PROFILES = (
    sa.select(
        _a.kind,
        _a.value,
        _c.id,
        _c.language,
        _c.opted_out_at,
        _c.preferred,
        _s.bill_id,
        _s.label,
        sa.case((_a.verified_at.is_not(None), _NUMBER)).label("phone"),
    )
    .select_from(
        models.addresses.join(models.customers).outerjoin(
            models.saved_subscriptions, _s.customer_id == _c.id
        )
    )
    .where(
        _a.kind.in_(sa.bindparam("kinds", expanding=True)),
        _a.value.in_(sa.bindparam("values", expanding=True)),
    )
    .order_by(_s.last_used_at.desc(), _s.bill_id)
)
_CUSTOMERS = sa.select(_a.kind, _a.value, _a.customer_id).where(
    sa.tuple_(_a.kind, _a.value).in_(sa.bindparam("addresses", expanding=True))
)
_ADD_CUSTOMER = sa.insert(models.customers).returning(_c.id)
_ADD_ADDRESS = {
    dialect: upsert(dialect, models.addresses)
    .on_conflict_do_nothing()
    .returning(_a.kind, _a.value, _a.customer_id)
    for dialect in DIALECTS
}
_SAVE_SUBSCRIPTION = {
    dialect: (saving := upsert(dialect, models.saved_subscriptions)).on_conflict_do_update(
        index_elements=["customer_id", "bill_id"],
        set_={"last_used_at": saving.excluded.last_used_at},
    )
    for dialect in DIALECTS
}


def _profile(rows: Sequence[Any]) -> Profile:
    """One row for each saved subscription, the most recently used first."""
    if not rows:
        return Profile()
    first = rows[0]
    return Profile(
        customer_id=first.id,
        language=first.language,
        opted_out=first.opted_out_at is not None,
        preferred=first.preferred or "",
        bill_ids=tuple(row.bill_id for row in rows[:REMEMBERED] if row.bill_id is not None),
        names={row.bill_id: row.label for row in rows[:REMEMBERED] if row.label is not None},
        phone=first.phone,
    )


async def ensure_customers(
    connection: AsyncConnection, wanted: Mapping[Address, str], now: dt.datetime
) -> dict[Address, int]:
    """Return the customer id of each address, making customers (in the language given) as needed.

    Sorted, so that two transactions take the same locks in the same order.
    """
    known = await _customer_ids(connection, wanted)
    missing = sorted(address for address in wanted if address not in known)
    if not missing:
        return known
    made = (
        await connection.scalars(
            _ADD_CUSTOMER,
            [{"language": wanted[address], "created_at": now} for address in missing],
        )
    ).all()
    rows = (
        await connection.execute(
            _ADD_ADDRESS[connection.dialect.name],
            [
                {"kind": address.kind, "value": address.value, "customer_id": customer}
                for address, customer in zip(missing, made, strict=True)
            ],
        )
    ).all()
    known |= {Address(row.kind, row.value): row.customer_id for row in rows}
    if len(rows) < len(missing):
        # another process met the same customer first: theirs stays
        orphans = set(made) - {row.customer_id for row in rows}
        await connection.execute(
            sa.delete(models.customers).where(models.customers.c.id.in_(orphans))
        )
        known |= await _customer_ids(
            connection, {address: "" for address in missing if address not in known}
        )
    return known


async def save_subscriptions(
    connection: AsyncConnection, used: Mapping[tuple[int, str], dt.datetime]
) -> None:
    """Upsert saved subscriptions, keyed by customer id and bill id, with when they were used."""
    if not used:
        return
    await connection.execute(
        _SAVE_SUBSCRIPTION[connection.dialect.name],
        [
            {"customer_id": customer, "bill_id": bill_id, "last_used_at": at}
            for (customer, bill_id), at in sorted(used.items())
        ],
    )


async def _merge(connection: AsyncConnection, customer: int, into: int) -> None:
    """Give one customer's subscriptions and requests to another, and remove the empty one."""
    s = models.saved_subscriptions.c
    saved = (
        await connection.execute(
            sa.select(s.bill_id, s.label, s.last_used_at).where(s.customer_id == customer)
        )
    ).all()
    await save_subscriptions(connection, {(into, row.bill_id): row.last_used_at for row in saved})
    for row in saved:
        if row.label is not None:
            await connection.execute(
                sa.update(models.saved_subscriptions)
                .where(s.customer_id == into, s.bill_id == row.bill_id, s.label.is_(None))
                .values(label=row.label)
            )
    await connection.execute(
        sa.update(models.requests)
        .where(models.requests.c.customer_id == customer)
        .values(customer_id=into)
    )
    await connection.execute(sa.delete(models.customers).where(models.customers.c.id == customer))


async def _customer(
    connection: AsyncConnection, address: Address, language: str, now: dt.datetime
) -> int:
    return (await ensure_customers(connection, {address: language}, now))[address]


async def _customer_ids(
    connection: AsyncConnection, wanted: Mapping[Address, str]
) -> dict[Address, int]:
    rows = await connection.execute(_CUSTOMERS, {"addresses": [tuple(a) for a in wanted]})
    return {Address(row.kind, row.value): row.customer_id for row in rows}
