"""Status events: signed, in order, again until they are taken, through a restart."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Callable, Iterator

import msgspec
import pytest
from aiohttp import web

from backend_adapter.sandbox import RunningSandbox, serve_sandbox
from backend_adapter.sandbox.calendar import utc_now
from backend_adapter.signing import StatusEvent, verify
from gooya.sandboxed import COURSES
from tests.backend.conftest import SECRET, Playground, Start


class Receiver:
    """Takes events as Gooya would; ``answers`` are the HTTP statuses it gives, one a call, but those
    that it ``refuses`` get 500."""

    def __init__(self) -> None:
        self.attempts: list[StatusEvent] = []
        self.taken: list[StatusEvent] = []
        self.answers: Iterator[int] = itertools.repeat(204)
        self.refuses: Callable[[StatusEvent], bool] = lambda event: False
        self._arrived = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        verify(SECRET, request.headers, body, now=utc_now().timestamp())
        event = msgspec.json.decode(body, type=StatusEvent)
        status = 500 if self.refuses(event) else next(self.answers)
        async with self._arrived:
            self.attempts.append(event)
            if status < 300:
                self.taken.append(event)
            self._arrived.notify_all()
        return web.Response(status=status)

    async def wait(self, *, taken: int = 0, attempts: int = 0) -> None:
        async with asyncio.timeout(15), self._arrived:
            await self._arrived.wait_for(
                lambda: len(self.taken) >= taken and len(self.attempts) >= attempts
            )


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def events_url(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/backend/events", receiver.handle)
    running: RunningSandbox = await serve_sandbox(app)
    yield f"{running.url}/backend/events"
    await running.close()


async def advance(ground: Playground, tracking_code: str) -> None:
    await ground.call("POST", "/sandbox/advance", json={"tracking_code": tracking_code})


async def test_a_request_moves_by_itself_and_says_so_at_every_stage(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    ground = await start(events_url=events_url, clock=utc_now, stage_seconds=0.05)
    card = await ground.who("demo: single tariff")
    request = ground.request(card.bill_id)
    await ground.backend.submit(request, idempotency_key="k")
    await receiver.wait(taken=4)
    states = [event.progress for event in receiver.taken]
    assert [(s.sequence, s.stage, s.status) for s in states] == [
        (2, 2, "in_progress"),
        (3, 3, "in_progress"),
        (4, 4, "in_progress"),
        (5, 5, "completed"),
    ]
    assert {s.tracking_code for s in states} == {request.tracking_code}
    assert await ground.backend.progress(request.tracking_code) == states[-1]


async def test_an_event_not_taken_comes_again_before_the_next_one(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    receiver.answers = itertools.chain([500, 302, 401], itertools.repeat(200))
    ground = await start(events_url=events_url, clock=utc_now)
    request = ground.request(None)
    await ground.backend.submit(request, idempotency_key="k")
    for _ in range(4):
        await advance(ground, request.tracking_code)
    await receiver.wait(taken=4)
    assert [event.progress.sequence for event in receiver.taken] == [2, 3, 4, 5]
    assert [event.progress.sequence for event in receiver.attempts] == [2, 2, 2, 2, 3, 4, 5]
    assert len({event.event_id for event in receiver.attempts}) == 4


async def test_one_request_that_waits_does_not_hold_up_another(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    ground = await start(events_url=events_url, clock=utc_now)
    waiting, other = ground.request(None), ground.request(None)
    receiver.refuses = lambda event: (
        event.progress.tracking_code == waiting.tracking_code and not receiver.taken
    )
    for number, request in enumerate((waiting, other)):
        await ground.backend.submit(request, idempotency_key=str(number))
    await advance(ground, waiting.tracking_code)
    await receiver.wait(attempts=1)
    await advance(ground, other.tracking_code)
    await receiver.wait(taken=2)
    assert [event.progress.tracking_code for event in receiver.taken] == [
        other.tracking_code,
        waiting.tracking_code,
    ]


async def test_events_and_stages_go_on_after_a_restart(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    receiver.answers = itertools.repeat(503)
    before = await start(events_url=events_url, clock=utc_now)
    request = before.request(None)
    await before.backend.submit(request, idempotency_key="k")
    await advance(before, request.tracking_code)
    await advance(before, request.tracking_code)
    await receiver.wait(attempts=1)
    await before.sandbox.close()

    receiver.answers = itertools.repeat(204)
    after = await start(events_url=events_url, clock=utc_now)
    await receiver.wait(taken=2)
    assert [event.progress.sequence for event in receiver.taken] == [2, 3]
    assert receiver.taken[0].event_id == receiver.attempts[0].event_id
    assert (await after.backend.progress(request.tracking_code)).stage == 3
    assert (await after.backend.submit(request, idempotency_key="k")).stage == 1


async def test_stages_that_came_due_while_the_sandbox_was_down_are_made_up_for(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    before = await start(events_url=events_url, clock=utc_now, stage_seconds=60)
    request = before.request(None)
    await before.backend.submit(request, idempotency_key="k")
    await before.sandbox.close()
    later = dt.timedelta(seconds=120)  # its signatures are still believed
    after = await start(events_url=events_url, clock=lambda: utc_now() + later, stage_seconds=0.05)
    await receiver.wait(taken=4)
    assert (await after.backend.progress(request.tracking_code)).status == "completed"


async def test_paying_a_bill_is_an_event_too(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    ground = await start(events_url=events_url, clock=utc_now)
    card = await ground.who("demo: single tariff")
    request = ground.reading(card.bill_id, {"total": card.values["total"] + 90}, on=card.read_on)
    bill = (await ground.backend.submit(request, idempotency_key="k")).bill
    assert bill is not None
    order = {"bill_id": card.bill_id, "payment_id": bill.payment_id}
    await ground.call("POST", "/sandbox/payments", json=order)
    await receiver.wait(taken=1)
    assert (receiver.taken[0].progress.bill, receiver.taken[0].progress.sequence) == (None, 2)


async def test_what_a_follow_up_does_to_an_earlier_request_is_an_event_of_that_one(
    start: Start, receiver: Receiver, events_url: str
) -> None:
    ground = await start(services=COURSES, events_url=events_url, clock=utc_now)
    code, _ = await ground.file(None, "new_permanent_connection")
    await ground.file(None, "withdraw_request", request=code)
    await receiver.wait(taken=1)
    (event,) = receiver.taken
    assert (event.progress.tracking_code, event.progress.sequence) == (code, 2)
    assert (event.progress.status, event.progress.reason) == ("rejected", "withdrawn")
