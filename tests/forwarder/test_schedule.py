"""When a row is tried again, when it is given up, and what the circuit breaker holds back.

Scheduling only: the outbox and the backend here are lists; the real ones are in test_delivery.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import cast

import pytest

from backend_adapter.forwarder import BACKOFF_BASE, BACKOFF_CAP, MAX_AGE, Forwarder, Policy
from backend_adapter.outbox import Attempt, Due
from backend_adapter.port import Backend, NotFound, Unavailable
from dialogs.values import Attachment, Progress, ServiceRequest
from tests.database.samples import NOW, progress
from tests.servers.processes import until


class ListedBackend:
    """Raises what ``fails_with`` holds, else accepts."""

    def __init__(self) -> None:
        self.fails_with: Exception | None = Unavailable("no answer")
        self.calls: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def submit(self, request: ServiceRequest, *, idempotency_key: str) -> Progress:
        self.calls.append(idempotency_key)
        await self.gate.wait()
        if self.fails_with is not None:
            raise self.fails_with
        return progress(request.tracking_code)


class ListedOutbox:
    """Rows that are due as soon as nobody holds them; keeps what became of each attempt."""

    def __init__(self, count: int, *, attempts: int = 0) -> None:
        self.waiting = [_due(number, attempts) for number in range(count)]
        self.pauses: list[float] = []
        self.ended: list[tuple[str, Attempt]] = []
        self.released = 0

    async def claim(self, *, now: dt.datetime, lease: dt.timedelta, limit: int) -> Sequence[Due]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    async def attachments(self, due: Due) -> AsyncGenerator[tuple[Attachment, bytes], None]:
        for nothing in ():
            yield nothing

    async def delivered(self, due: Due, attempt: Attempt, progress: Progress) -> None:
        self.ended.append(("delivered", attempt))

    async def failed(self, due: Due, attempt: Attempt, *, next_attempt_at: dt.datetime) -> None:
        self.ended.append(("failed", attempt))
        self.pauses.append((next_attempt_at - attempt.finished_at).total_seconds())
        self.waiting.append(due)

    async def dead(self, due: Due, attempt: Attempt) -> None:
        self.ended.append(("dead", attempt))

    async def release(self, due: Due) -> None:
        self.released += 1
        self.waiting.append(due)


def _due(number: int, attempts: int) -> Due:
    return Due(
        id=number,
        subscription=f"S{number}",
        request=ServiceRequest(
            tracking_code=f"100000000{number}",
            service="submit_meter_reading",
            bill_id=f"S{number}",
            channel="sms",
            submitted_at=NOW,
        ),
        idempotency_key=f"k{number}",
        attempts=attempts,
        enqueued_at=NOW,
        leased_until=NOW,
    )


@contextlib.asynccontextmanager
async def _running(
    outbox: ListedOutbox,
    backend: ListedBackend,
    policy: Policy,
    *,
    random: float = 0.5,
    age: dt.timedelta = dt.timedelta(0),
) -> AsyncIterator[Forwarder]:
    forwarder = Forwarder(
        outbox,
        cast(Backend, backend),
        clock=lambda: NOW + age,
        random=lambda: random,
        policy=policy,
    )
    task = asyncio.create_task(forwarder.run())
    try:
        yield forwarder
    finally:
        await forwarder.close(grace=0)
        await task


@pytest.mark.parametrize("failures", [0, 1, 5, 8, 9, 40])
@pytest.mark.parametrize("random", [0.0, 0.5, 0.999])
async def test_the_pause_doubles_up_to_five_minutes_with_full_jitter(
    failures: int, random: float
) -> None:
    outbox, backend = ListedOutbox(1, attempts=failures), ListedBackend()
    async with _running(outbox, backend, Policy(poll=3600, max_attempts=100), random=random):
        await until(lambda: outbox.pauses, "the first attempt failed")
    expected = random * min(BACKOFF_CAP, BACKOFF_BASE * 2**failures)
    assert outbox.pauses[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("age", "attempts", "error", "fate", "outcome"),
    [
        (MAX_AGE, 0, Unavailable("no answer"), "failed", "unavailable"),
        (MAX_AGE + dt.timedelta(seconds=1), 0, Unavailable("no answer"), "dead", "unavailable"),
        (dt.timedelta(0), 48, Unavailable("no answer"), "failed", "unavailable"),
        (dt.timedelta(0), 49, Unavailable("no answer"), "dead", "unavailable"),
        (dt.timedelta(0), 0, NotFound("unknown"), "dead", "refused"),
        (dt.timedelta(0), 0, KeyError("+989121234567"), "failed", "failed"),
    ],
)
async def test_a_row_is_given_up_by_age_count_or_refusal(
    age: dt.timedelta, attempts: int, error: Exception, fate: str, outcome: str
) -> None:
    outbox, backend = ListedOutbox(1, attempts=attempts), ListedBackend()
    backend.fails_with = error
    async with _running(outbox, backend, Policy(poll=3600), age=age):
        await until(lambda: outbox.ended, "the attempt ended")
    became, attempt = outbox.ended[0]
    assert (became, attempt.outcome) == (fate, outcome)
    assert "+98" not in (attempt.error or "")


async def test_an_open_breaker_takes_nothing_until_one_probe_succeeds() -> None:
    outbox, backend = ListedOutbox(6), ListedBackend()
    backend.gate.clear()
    policy = Policy(concurrency=6, poll=0.01, breaker_threshold=4, breaker_cooldown=0.1)
    async with _running(outbox, backend, policy) as forwarder:
        await until(lambda: len(backend.calls) == 6, "all are sent at once")
        # let these six fail, and hold the next one
        backend.gate.set()
        backend.gate.clear()
        await until(lambda: len(backend.calls) == 7, "the probe is sent")
        await until(lambda: forwarder.circuit == "half-opened", "the probe is under way")
        forwarder.wake()
        await until(lambda: not forwarder._awake.is_set(), "it looked again")
        assert (len(backend.calls), forwarder.in_flight) == (7, 1)
        backend.gate.set()
        await until(lambda: forwarder.counts["probe_failed"] >= 1, "the probe failed")
        backend.fails_with = None
        await until(lambda: forwarder.counts["delivered"] == 6, "all are delivered")
        await until(lambda: forwarder.circuit == "closed", "the breaker closed")
    outcomes = [attempt.outcome for _, attempt in outbox.ended]
    assert outcomes[:7] == ["unavailable"] * 6 + ["probe_failed"]
    assert set(outcomes[7:-6]) <= {"probe_failed"}


async def test_rows_taken_before_the_breaker_opened_go_back_untried() -> None:
    outbox, backend = ListedOutbox(6), ListedBackend()
    policy = Policy(concurrency=6, poll=0.01, breaker_threshold=4, breaker_cooldown=3600)
    async with _running(outbox, backend, policy) as forwarder:
        await until(lambda: outbox.released == 2, "two came back")
        assert forwarder.circuit == "opened"
    assert len(backend.calls) == 4
    assert len(outbox.ended) == 4


async def test_a_probe_that_fails_never_makes_a_dead_letter_by_count() -> None:
    outbox, backend = ListedOutbox(1, attempts=10), ListedBackend()
    policy = Policy(poll=0.01, max_attempts=20, breaker_threshold=1, breaker_cooldown=0.05)
    async with _running(outbox, backend, policy) as forwarder:
        await until(lambda: forwarder.counts["probe_failed"] >= 3, "three probes failed")
    assert {fate for fate, _ in outbox.ended} == {"failed"}


async def test_refused_requests_do_not_open_the_breaker() -> None:
    outbox, backend = ListedOutbox(8), ListedBackend()
    backend.fails_with = NotFound("unknown")
    async with _running(outbox, backend, Policy(poll=0.01, breaker_threshold=2)) as forwarder:
        await until(lambda: len(outbox.ended) == 8, "all were refused")
        assert forwarder.circuit == "closed"


async def test_an_attempt_never_outlives_its_lease() -> None:
    outbox, backend = ListedOutbox(1), ListedBackend()
    backend.gate.clear()
    async with _running(outbox, backend, Policy(poll=3600, lease=dt.timedelta(seconds=0.1))):
        await until(lambda: outbox.ended, "the attempt was given up")
    assert outbox.ended[0][1].outcome == "unavailable"


async def test_a_row_taken_while_the_forwarder_is_being_closed_goes_back_unsent() -> None:
    outbox, backend = ListedOutbox(1), ListedBackend()
    claiming, go_on = asyncio.Event(), asyncio.Event()
    claim = outbox.claim

    async def slow_claim(*, now: dt.datetime, lease: dt.timedelta, limit: int) -> Sequence[Due]:
        claiming.set()
        await go_on.wait()
        return await claim(now=now, lease=lease, limit=limit)

    outbox.claim = slow_claim  # type: ignore[method-assign]
    async with _running(outbox, backend, Policy(poll=3600)) as forwarder:
        await claiming.wait()
        closing = asyncio.create_task(forwarder.close())
        await until(lambda: forwarder._closing, "it is closing")
        go_on.set()
        await closing
    assert (backend.calls, outbox.released) == ([], 1)
