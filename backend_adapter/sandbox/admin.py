"""The sandbox's own doors under ``/sandbox``: who is in it, what it holds, faults, payments, stages.

They need no key and are no part of the contract: the sandbox is a playground, listening where the
one who starts it says.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from aiohttp import web

from backend_adapter.sandbox import accounts, follow_ups, holders, moving, stored
from backend_adapter.sandbox.calendar import Clock, local_day, utc_now
from backend_adapter.sandbox.course import Rules
from backend_adapter.sandbox.database import SandboxDatabase, connect, transact
from backend_adapter.sandbox.faults import Fault, Faults
from backend_adapter.sandbox.problems import Problem
from backend_adapter.sandbox.seed import plant
from dialogs.ids import payment_id_is_valid
from dialogs.values import Progress, Register, ServiceRequest

_T = TypeVar("_T")


class SubscriberCard(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to play: enough to know what to type, and what should come of it."""

    bill_id: str
    name: str
    mobile: str | None
    tariff: str
    registers: tuple[Register, ...]
    read_on: dt.date
    values: dict[str, int]
    estimated: bool
    debt: int
    """Rial, negative for a credit."""
    person: Literal["natural", "legal"]
    person_id: str
    """National id of the holder, of eleven digits for a legal person."""
    shared: bool
    same_name: bool
    hint: str


class StoredRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came, under which key, and where it stands."""

    idempotency_key: str
    request: ServiceRequest
    progress: Progress
    documents: list[str]
    """Kinds of the documents that were sent after it."""
    events_waiting: int


class PaymentOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bill_id: str
    payment_id: str


_Word = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,63}$")]


class AdvanceOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the next stage: the usual one, or ``to`` the stage of a key that may follow.

    ``result`` is what that stage tells instead of the usual; ``refuse`` ends the request where it
    stands, for that reason.
    """

    tracking_code: str
    to: str | None = None
    result: _Word | None = None
    refuse: _Word | None = None

    def __post_init__(self) -> None:
        if self.refuse is not None and (self.to, self.result) != (None, None):
            raise ValueError("a request that is refused goes to no stage")


def list_subscribers(
    database_path: Path | str, *, seed: int = 1405, subscribers: int = 400, clock: Clock = utc_now
) -> list[SubscriberCard]:
    """Everybody in the sandbox's database, well-known ones first; seeds it if it is empty or absent.

    Works without a server and beside a running one.
    """
    connection = connect(database_path)
    try:
        today = local_day(clock())
        transact(connection, lambda c: plant(c, seed=seed, subscribers=subscribers, today=today))
        return subscriber_cards(connection, today)
    finally:
        connection.close()


def subscriber_cards(connection: sqlite3.Connection, today: dt.date) -> list[SubscriberCard]:
    rows = connection.execute("SELECT * FROM subscribers ORDER BY position").fetchall()
    return [_card(connection, row, today) for row in rows]


def _card(connection: sqlite3.Connection, row: sqlite3.Row, today: dt.date) -> SubscriberCard:
    last = [r for r in accounts.readings(connection, row["bill_id"]) if r.source != "settlement"][
        -1
    ]
    held = holders.row_of(connection, row["bill_id"])
    return SubscriberCard(
        bill_id=row["bill_id"],
        name=row["name"],
        mobile=row["mobile"],
        tariff=row["tariff"],
        registers=accounts.registers_of(row),
        read_on=last.read_on,
        values=last.counters,
        estimated=last.source == "estimated",
        debt=accounts.debt(connection, row["bill_id"], today).amount,
        person=held["person"],
        person_id=held["person_id"],
        shared=bool(held["shared"]),
        same_name=bool(held["same_name"]),
        hint=row["hint"],
    )


class Admin:
    """Handlers of ``/sandbox``."""

    def __init__(
        self,
        database: SandboxDatabase,
        rules: Rules,
        faults: Faults,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._database = database
        self._rules = rules
        self._faults = faults
        self._clock = clock
        self._changed = changed
        """Called when events may wait to be sent."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/subscribers", self._subscribers),
            web.get("/sandbox/readings", self._readings),
            web.get("/sandbox/requests", self._requests),
            web.post("/sandbox/payments", self._pay),
            web.post("/sandbox/advance", self._advance),
            web.get("/sandbox/faults", self._list_faults),
            web.post("/sandbox/faults", self._add_fault),
            web.delete("/sandbox/faults", self._clear_faults),
        ]

    async def _subscribers(self, request: web.Request) -> web.Response:
        today = local_day(self._clock())
        return _json(await self._database.run(lambda c: subscriber_cards(c, today)))

    async def _readings(self, request: web.Request) -> web.Response:
        bill_id = request.query.get("bill_id", "")
        try:
            return _json(await self._database.run(lambda c: accounts.readings(c, bill_id)))
        except accounts.UnknownBill:
            raise Problem(404, "Not Found", "no such subscription") from None

    async def _requests(self, request: web.Request) -> web.Response:
        return _json(await self._database.run(_stored_requests))

    async def _pay(self, request: web.Request) -> web.Response:
        order = await _body(request, PaymentOrder)
        if not payment_id_is_valid(order.bill_id, order.payment_id):
            raise Problem(400, "Bad Request", "bill id and payment id do not belong together")
        now = self._clock()
        try:
            debt = await self._database.run(
                lambda c: moving.pay(c, order.bill_id, order.payment_id, self._rules, now)
            )
        except accounts.UnknownBill:
            raise Problem(404, "Not Found", "no such subscription") from None
        self._changed()
        return _json(debt, status=201)

    async def _advance(self, request: web.Request) -> web.Response:
        order = await _body(request, AdvanceOrder)
        now = self._clock()
        try:
            progress = await self._database.run(lambda c: self._move(c, order, now))
        except stored.UnknownRequest:
            raise Problem(404, "Not Found", "no such request") from None
        except moving.NoWay:
            detail = "the request is over, that stage does not follow, or it tells no result"
            raise Problem(400, "Bad Request", detail) from None
        self._changed()
        return _json(progress)

    def _move(
        self, connection: sqlite3.Connection, order: AdvanceOrder, now: dt.datetime
    ) -> Progress:
        code, rules = order.tracking_code, self._rules
        if order.refuse is not None:
            return moving.refuse(connection, code, order.refuse, rules, now)
        return moving.advance(connection, code, rules, now, to=order.to, result=order.result)

    async def _list_faults(self, request: web.Request) -> web.Response:
        return _json(self._faults.listed)

    async def _add_fault(self, request: web.Request) -> web.Response:
        fault = await _body(request, Fault)
        self._faults.listed.append(fault)
        return _json(fault, status=201)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._faults.clear()
        return web.Response(status=204)


def _stored_requests(connection: sqlite3.Connection) -> list[StoredRequest]:
    return [
        StoredRequest(
            idempotency_key=row["idempotency_key"],
            request=msgspec.json.decode(row["body"], type=ServiceRequest),
            progress=msgspec.json.decode(row["progress"], type=Progress),
            documents=follow_ups.documents(connection, row["tracking_code"]),
            events_waiting=row["waiting"],
        )
        for row in connection.execute(
            "SELECT r.*, (SELECT count(*) FROM events e WHERE e.delivered = 0"
            " AND e.tracking_code = r.tracking_code) AS waiting FROM requests r ORDER BY r.rowid"
        )
    ]


async def _body(request: web.Request, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(await request.read(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "Bad Request", str(error)) from None


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(value), content_type="application/json"
    )
