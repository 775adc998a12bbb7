"""The sandbox as an HTTP server: the contract's operations on the sandbox's own database."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from backend_adapter.sandbox import accounts, attachments, holders, requests, stored
from backend_adapter.sandbox.admin import Admin
from backend_adapter.sandbox.calendar import Clock, local_day, utc_now
from backend_adapter.sandbox.contract import MAX_FILE_BYTES, Contract, enforcing
from backend_adapter.sandbox.course import Course, Rules
from backend_adapter.sandbox.database import SandboxDatabase
from backend_adapter.sandbox.faults import Faults
from backend_adapter.sandbox.problems import Problem, problems_middleware
from backend_adapter.sandbox.seed import plant
from backend_adapter.sandbox.stages import EventSender, Loop, Mover
from dialogs.values import OpenRequest, ServiceRequest

Handling = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_sandbox(
    *,
    database_path: Path | str,
    services: Mapping[str, Course],
    events_url: str | None,
    events_secret: str,
    api_key: str,
    clock: Clock = utc_now,
    seed: int = 1405,
    subscribers: int = 400,
    stage_seconds: float = 20.0,
) -> web.Application:
    """A utility's backend to run against; everything it knows is in the file at ``database_path``.

    ``services`` gives every service key its stages; a request for another service is refused with
    ``unknown_service``. A request takes its usual way, a stage every ``stage_seconds`` (``math.inf``:
    only by ``POST /sandbox/advance``), and waits where its customer must agree; each time with an event
    to ``events_url`` signed with ``events_secret``; ``None`` sends none. An empty database is seeded at
    start; a filled one is taken as it is, and requests and events in it go on.

    ValueError for an empty secret that events would be signed with.
    """
    if events_url is not None and not events_secret:
        raise ValueError("events need a secret to be signed with")
    rules = Rules(services=services, seconds=stage_seconds, announce=events_url is not None)
    database = SandboxDatabase(database_path)
    faults = Faults()
    contract = Contract()
    mover = Mover(database, rules, clock)
    moving = Loop("stages", mover.step, clock)
    wakers = [moving.wake]

    def changed() -> None:
        for wake in wakers:
            wake()

    async def run(app: web.Application) -> AsyncIterator[None]:
        today = local_day(clock())
        await database.run(lambda c: plant(c, seed=seed, subscribers=subscribers, today=today))
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            loops = [moving]
            if events_url is not None:
                session = await stack.enter_async_context(aiohttp.ClientSession())
                sender = EventSender(database, clock, session, url=events_url, secret=events_secret)
                sending = Loop("status events", sender.step, clock)
                mover.announced = sending.wake
                wakers.append(sending.wake)
                loops.append(sending)
            tasks = [asyncio.create_task(loop.run()) for loop in loops]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def let_go(app: web.Application) -> None:
        faults.clear()

    app = web.Application(
        client_max_size=MAX_FILE_BYTES,
        middlewares=[faults.middleware, problems_middleware, enforcing(contract, api_key)],
    )
    app.cleanup_ctx.append(run)
    app.on_shutdown.append(let_go)
    _add_operations(app, contract, _Operations(database, rules, clock, changed))
    app.add_routes(Admin(database, rules, faults, clock, changed).routes())
    return app


def _add_operations(app: web.Application, contract: Contract, operations: _Operations) -> None:
    handlers = operations.by_id()
    for operation in contract.operations.values():
        app.router.add_route(
            operation.method, operation.path, handlers[operation.id], name=operation.id
        )


class _Operations:
    """The operations of the contract, by operation id."""

    def __init__(
        self,
        database: SandboxDatabase,
        rules: Rules,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        self._changed = changed

    def by_id(self) -> dict[str, Handling]:
        return {
            "getSubscription": self._look_up(lambda c, bill, day: accounts.subscription(c, bill)),
            "getLastReading": self._look_up(accounts.last_reading),
            "getDebt": self._look_up(accounts.debt),
            "listPayments": self._look_up(accounts.payments),
            "listConsumption": self._look_up(accounts.consumption),
            "getContact": self._look_up(lambda c, bill, day: accounts.contact(c, bill)),
            "getHolder": self._look_up(lambda c, bill, day: holders.holder(c, bill)),
            "listOpenRequests": self._look_up(_open_requests),
            "checkIdentity": self._identify,
            "putAttachment": self._put,
            "submitRequest": self._submit,
            "getProgress": self._progress,
        }

    def _look_up(self, find: Callable[[sqlite3.Connection, str, Any], object]) -> Handling:
        async def handle(request: web.Request) -> web.Response:
            bill_id = request.match_info["bill_id"]
            today = local_day(self._clock())
            try:
                found = await self._database.run(lambda c: find(c, bill_id, today))
            except accounts.UnknownBill:
                raise Problem(404, "Not Found", "no such subscription") from None
            return _json(found)

        return handle

    async def _identify(self, request: web.Request) -> web.Response:
        bill_id = request.match_info["bill_id"]
        person_id = msgspec.json.decode(await request.read())["person_id"]
        try:
            matches = await self._database.run(lambda c: holders.is_held_by(c, bill_id, person_id))
        except accounts.UnknownBill:
            raise Problem(404, "Not Found", "no such subscription") from None
        return _json({"matches": matches})

    async def _put(self, request: web.Request) -> web.Response:
        content = await request.read()
        id_, content_type = request.match_info["id"], request.content_type
        new = await self._database.run(lambda c: attachments.put(c, id_, content_type, content))
        return web.Response(status=201 if new else 200)

    async def _submit(self, request: web.Request) -> web.Response:
        body = await request.read()
        # not strict: to the contract's JSON Schema 1.0 is an integer
        submitted = msgspec.json.decode(body, type=ServiceRequest, strict=False)
        key = request.headers["Idempotency-Key"]
        now = self._clock()
        try:
            progress, replayed = await self._database.run(
                lambda c: requests.take(c, submitted, body, key, self._rules, now)
            )
        except requests.Clash:
            raise Problem(409, "Conflict", "key or tracking code of another submission") from None
        except attachments.Missing:
            raise Problem(424, "Failed Dependency", "an attachment is not here") from None
        self._changed()
        if replayed:
            return _json(progress, headers={"Idempotency-Replayed": "true"})
        return _json(progress, status=201)

    async def _progress(self, request: web.Request) -> web.Response:
        code = request.match_info["tracking_code"]
        try:
            return _json(await self._database.run(lambda c: stored.progress_of(c, code)))
        except stored.UnknownRequest:
            raise Problem(404, "Not Found", "no such request") from None


def _open_requests(
    connection: sqlite3.Connection, bill_id: str, today: dt.date
) -> list[OpenRequest]:
    accounts.subscriber(connection, bill_id)
    return stored.open_requests(connection, bill_id)


def _json(
    value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(value),
        content_type="application/json",
        headers=headers,
    )


class RunningSandbox:
    """A sandbox that listens at ``url``."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    async def close(self) -> None:
        await self._runner.cleanup()


async def serve_sandbox(
    app: web.Application, host: str = "127.0.0.1", port: int = 0
) -> RunningSandbox:
    """Listen on ``host`` and ``port`` (0: any free one). OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
    except BaseException:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    return RunningSandbox(runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}")
