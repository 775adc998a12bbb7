"""A real sandbox on a free port, the REST adapter in front of it, and its own doors for looking in."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from backend_adapter.rest import RestBackend, Timeouts
from backend_adapter.sandbox import (
    Course,
    RunningSandbox,
    Stage,
    SubscriberCard,
    create_sandbox,
    serve_sandbox,
)
from dialogs.ids import draw_tracking_code
from dialogs.values import Bill, Debt, Progress, ServiceRequest
from gooya.sandboxed import COURSES

API_KEY = "key-of-the-tests"
SECRET = "secret-of-the-tests"


def _straight(*kinds: str) -> Course:
    """Stages named by their kind, one after the other."""
    following = [(kind,) for kind in kinds[1:]] + [()]
    return Course(tuple(map(Stage, kinds, kinds, following)))


SERVICES = {
    "submit_meter_reading": _straight("received", "checked", "invoice"),
    "declare_debt_balance": _straight("received", "checked", "result"),
    "meter_test": _straight("received", "invoice", "payment", "date", "work"),
}
NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)


class Playground:
    """A running sandbox with everything a test needs of it."""

    def __init__(self, sandbox: RunningSandbox, backend: RestBackend) -> None:
        self.sandbox = sandbox
        self.backend = backend
        self.url = sandbox.url
        self._http = aiohttp.ClientSession()
        self._drawn = 0

    async def call(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Status and decoded body of a call past the adapter."""
        async with self._http.request(method, self.url + path, **options) as response:
            body = await response.read()
            return response.status, msgspec.json.decode(body) if body else None

    async def subscribers(self) -> list[SubscriberCard]:
        _, cards = await self.call("GET", "/sandbox/subscribers")
        return msgspec.convert(cards, list[SubscriberCard])

    async def who(self, hint: str) -> SubscriberCard:
        return next(card for card in await self.subscribers() if hint in card.hint)

    async def file(
        self, bill_id: str | None, service: str = "meter_test", **fields: Any
    ) -> tuple[str, Progress]:
        """Submit a request; its tracking code and the answer."""
        request = self.request(bill_id, service, **fields)
        answer = await self.backend.submit(request, idempotency_key=request.tracking_code)
        return request.tracking_code, answer

    async def advance(self, tracking_code: str, **order: str) -> Progress:
        """Move a request as the utility would; the progress after it."""
        body = {"tracking_code": tracking_code, **order}
        status, answer = await self.call("POST", "/sandbox/advance", json=body)
        assert status == 200, answer
        return msgspec.convert(answer, Progress)

    async def advance_to(self, tracking_code: str, course: Course, kind: str) -> Progress:
        """Take the usual way up to the first stage of a kind."""
        while True:
            progress = await self.advance(tracking_code)
            if course.at(progress.stage).kind == kind:
                return progress
            assert progress.status == "in_progress", f"no stage of kind {kind} comes"

    async def pay(self, bill: Bill | Debt | None) -> None:
        assert bill is not None
        order = {"bill_id": bill.bill_id, "payment_id": bill.payment_id}
        status, _ = await self.call("POST", "/sandbox/payments", json=order)
        assert status == 201

    async def readings(self, bill_id: str) -> list[dict[str, Any]]:
        """Readings of customers only."""
        _, readings = await self.call("GET", f"/sandbox/readings?bill_id={bill_id}")
        return [r for r in readings if r["source"] in ("customer", "settlement")]

    async def fault(self, kind: str, **options: Any) -> None:
        status, _ = await self.call("POST", "/sandbox/faults", json={"kind": kind, **options})
        assert status == 201

    def request(
        self, bill_id: str | None, service: str = "meter_test", **fields: Any
    ) -> ServiceRequest:
        self._drawn += 1
        place = iter((self._drawn % 9, self._drawn, 3))
        return ServiceRequest(
            tracking_code=draw_tracking_code(lambda n: next(place) % n),
            service=service,
            bill_id=bill_id,
            channel="sms",
            submitted_at=NOW,
            fields=fields,
        )

    def reading(
        self,
        bill_id: str,
        values: dict[str, int],
        *flags: str,
        on: dt.date = TODAY,
        service: str = "submit_meter_reading",
    ) -> ServiceRequest:
        given = [{"register": register, "value": value} for register, value in values.items()]
        return self.request(
            bill_id, service, read_on=on.isoformat(), readings=given, flags=list(flags)
        )

    async def close(self) -> None:
        await self._http.close()
        await self.backend.close()
        await self.sandbox.close()


Start = Callable[..., Awaitable[Playground]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts sandboxes; without a stage clock and with the day of ``NOW`` unless told otherwise."""
    running: list[Playground] = []

    async def start_one(**options: Any) -> Playground:
        settings: dict[str, Any] = {
            "database_path": tmp_path / "sandbox.db",
            "services": SERVICES,
            "events_url": None,
            "events_secret": SECRET,
            "api_key": API_KEY,
            "clock": lambda: NOW,
            "subscribers": 18,
            "stage_seconds": math.inf,
        }
        limits = options.pop("timeouts", Timeouts())
        sandbox = await serve_sandbox(create_sandbox(**{**settings, **options}))
        playground = Playground(sandbox, RestBackend(sandbox.url, API_KEY, timeouts=limits))
        running.append(playground)
        return playground

    yield start_one
    for playground in running:
        await playground.close()


@pytest.fixture
async def ground(start: Start) -> Playground:
    return await start()


@pytest.fixture
async def utility(start: Start) -> Playground:
    """A sandbox that has all services of the catalogue."""
    return await start(services=COURSES)
