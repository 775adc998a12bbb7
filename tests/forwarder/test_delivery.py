"""Confirmed requests reach a real HTTP backend: once in effect, in order, through failures."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from backend_adapter.forwarder import LEASE, Forwarder, Policy
from backend_adapter.outbox import OutboxStatus
from backend_adapter.rest import RestBackend, Timeouts
from gooya.database.engine import Database
from gooya.database.events import Events
from gooya.database.outbox import OutboxEntry, SqlOutbox
from gooya.database.submissions import RequestWriter
from tests.database.samples import PHONE, codes, new_request
from tests.forwarder.utility import Utility
from tests.servers.postgres import PostgresServer
from tests.servers.processes import Process, until

QUICK = Policy(
    poll=0.02,
    backoff_base=0.02,
    backoff_cap=0.05,
    breaker_threshold=1000,
    lease=dt.timedelta(seconds=20),
)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def after_the_lease() -> dt.datetime:
    """For whoever replaces a killed forwarder: what that one held is free."""
    return now() + LEASE


@pytest.fixture
async def utility() -> AsyncIterator[Utility]:
    utility = Utility()
    await utility.start()
    yield utility
    await utility.close()


@contextlib.asynccontextmanager
async def running(
    database: Database,
    utility: Utility,
    policy: Policy = QUICK,
    submit_timeout: float = 5.0,
    clock: Callable[[], dt.datetime] = now,
) -> AsyncIterator[Forwarder]:
    backend = RestBackend(utility.url, "key", timeouts=Timeouts(submit=submit_timeout))
    forwarder = Forwarder(SqlOutbox(database), backend, clock=clock, policy=policy)
    task = asyncio.create_task(forwarder.run())
    try:
        yield forwarder
    finally:
        await forwarder.close(grace=0)
        await task
        await backend.close()


async def submit(database: Database, **bills: str) -> None:
    writer = RequestWriter(database, codes())
    for key, bill in bills.items():
        await writer.submit(new_request(key, bill_id=bill, submitted_at=now()))


async def row(database: Database, number: int = 1) -> OutboxEntry:
    entry = await SqlOutbox(database).show(number)
    assert entry is not None
    return entry


async def wait_for(database: Database, status: OutboxStatus, number: int = 1) -> OutboxEntry:
    async def there() -> OutboxEntry | None:
        entry = await row(database, number)
        return entry if entry.item.status == status else None

    found = await until(there, f"row {number} is {status}")
    assert isinstance(found, OutboxEntry)
    return found


async def test_a_submission_in_the_same_process_is_forwarded_without_waiting_for_the_poll(
    database: Database, utility: Utility
) -> None:
    async with running(database, utility, Policy(poll=3600)) as forwarder:
        writer = RequestWriter(database, codes(), on_created=forwarder.wake)
        receipt = await writer.submit(new_request("k", submitted_at=now()))
        await wait_for(database, "delivered")
    (told,) = await Events(database).unnotified()
    assert told.progress.tracking_code == receipt.tracking_code
    assert told.progress.status == "accepted"
    assert utility.effects == ["k"]
    assert forwarder.counts == {"delivered": 1}


async def test_a_backend_that_does_the_work_and_then_times_out_has_done_it_once(
    database: Database, utility: Utility
) -> None:
    async def hang_first(key: str) -> int:
        return 0 if utility.calls[key] <= 2 else 201

    utility.behave = hang_first
    await submit(database, k="A")
    async with running(database, utility, submit_timeout=0.15):
        entry = await wait_for(database, "delivered")
    # on a slow machine a call may be given up before it arrives, or though it was answered
    assert utility.calls["k"] >= 3
    assert utility.effects == ["k"]
    outcomes = [a.outcome for a in entry.attempts]
    assert outcomes == ["unavailable"] * (len(outcomes) - 1) + ["delivered"]
    assert len(outcomes) >= 3
    assert len(await Events(database).unnotified()) == 1


async def test_requests_of_one_subscription_arrive_in_order_although_the_first_fails(
    database: Database, utility: Utility
) -> None:
    async def reluctant(key: str) -> int:
        if key == "a1":
            await until(lambda: "b1" in utility.effects, "the other subscription is served")
            return 503 if utility.calls[key] <= 3 else 201
        return 201

    utility.behave = reluctant
    await submit(database, a1="A", a2="A", a3="A", b1="B")
    async with running(database, utility):
        await wait_for(database, "delivered", 3)
    assert utility.effects == ["b1", "a1", "a2", "a3"]
    assert utility.calls == {"a1": 4, "a2": 1, "a3": 1, "b1": 1}


async def test_subscriptions_are_served_side_by_side_up_to_the_bound(
    database: Database, utility: Utility
) -> None:
    full = asyncio.Event()

    async def wait_for_company(key: str) -> int:
        if utility.now == 3:
            full.set()
        await full.wait()
        return 201

    utility.behave = wait_for_company
    await submit(database, **{f"k{n}": f"B{n}" for n in range(9)})
    async with running(database, utility, Policy(concurrency=3, poll=0.02)) as forwarder:
        await until(lambda: forwarder.counts["delivered"] == 9, "all are delivered")
    assert utility.most_at_once == 3


async def test_a_refused_form_is_a_dead_letter_at_once_and_can_be_sent_again(
    database: Database, utility: Utility, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(key: str) -> int:
        return 422

    utility.behave = refuse
    await submit(database, k="A")
    async with running(database, utility) as forwarder:
        entry = await wait_for(database, "dead")
        (attempt,) = entry.attempts
        assert (attempt.outcome, attempt.http_status) == ("refused", 422)
        assert utility.calls["k"] == 1

        async def well(key: str) -> int:
            return 201

        utility.behave = well
        assert await SqlOutbox(database).retry(entry.item.id, now())
        forwarder.wake()
        await wait_for(database, "delivered")
    assert utility.effects == ["k"]
    # without the numbers that change with every run: any five digits may be in them
    noise = ("created", "msecs", "relativeCreated", "thread", "process")
    logged = [
        f"{name}: {value}"
        for record in caplog.records
        for name, value in vars(record).items()
        if name not in noise
    ]
    assert "outcome: refused" in logged
    for secret in (PHONE, "9985235404124", "1000000001", "23456"):
        assert secret not in " ".join(logged)


async def test_an_expired_key_of_ours_does_not_kill_the_waiting_requests(
    database: Database, utility: Utility
) -> None:
    async def unauthorised_at_first(key: str) -> int:
        return 401 if utility.calls[key] <= 2 else 201

    utility.behave = unauthorised_at_first
    await submit(database, k="A")
    async with running(database, utility):
        entry = await wait_for(database, "delivered")
    assert [(a.outcome, a.http_status) for a in entry.attempts] == [
        ("unavailable", 401),
        ("unavailable", 401),
        ("delivered", None),
    ]


async def test_a_row_that_keeps_failing_becomes_a_dead_letter_and_lets_the_next_pass(
    database: Database, utility: Utility
) -> None:
    async def poisoned(key: str) -> int:
        return 500 if key == "a1" else 201

    utility.behave = poisoned
    await submit(database, a1="A", a2="A")
    policy = Policy(poll=0.02, backoff_base=0.01, max_attempts=4, breaker_threshold=1000)
    async with running(database, utility, policy):
        await wait_for(database, "delivered", 2)
    entry = await row(database)
    assert entry.item.status == "dead"
    assert [a.outcome for a in entry.attempts] == ["unavailable"] * 4


async def test_closing_lets_a_send_finish_and_records_it(
    database: Database, utility: Utility
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(key: str) -> int:
        arrived.set()
        await go_on.wait()
        return 201

    utility.behave = slow
    await submit(database, k="A")
    async with running(database, utility) as forwarder:
        await arrived.wait()
        closing = asyncio.create_task(forwarder.close(grace=10))
        assert await asyncio.wait([closing], timeout=0.05) == (set(), {closing})
        go_on.set()
        await closing
        entry = await row(database)
        assert entry.item.status == "delivered"
        assert [a.outcome for a in entry.attempts] == ["delivered"]


@pytest.mark.parametrize("how", ["cancelled", "closed"])
async def test_a_send_that_is_broken_off_gives_its_row_back_and_has_one_effect(
    database: Database, utility: Utility, how: str
) -> None:
    async def hang(key: str) -> int:
        return 0

    utility.behave = hang
    await submit(database, k="A")
    backend = RestBackend(utility.url, "key")
    forwarder = Forwarder(SqlOutbox(database), backend, policy=QUICK)
    task = asyncio.create_task(forwarder.run())
    await until(lambda: utility.effects, "the backend has the request")
    if how == "cancelled":
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    else:
        await forwarder.close(grace=0.01)
        await task
    await backend.close()
    entry = await row(database)
    assert (entry.item.status, entry.item.leased_until) == ("pending", None)
    assert entry.attempts == ()

    async def well(key: str) -> int:
        return 201

    utility.behave = well
    async with running(database, utility):
        await wait_for(database, "delivered")
    assert utility.effects == ["k"]
    assert utility.calls["k"] == 2


KILLED = """
import asyncio, sys
from backend_adapter.forwarder import Forwarder
from backend_adapter.rest import RestBackend
from gooya.database.engine import open_database
from gooya.database.outbox import SqlOutbox

async def main(database_url, backend_url):
    await Forwarder(
        SqlOutbox(open_database(database_url)),
        RestBackend(backend_url, "key"),
    ).run()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_forwarder_killed_in_the_middle_of_a_send_is_replaced_and_the_effect_is_one(
    database: Database, database_url: str, utility: Utility, tmp_path: Path
) -> None:
    async def hang(key: str) -> int:
        return 0

    utility.behave = hang
    await submit(database, k="A")
    script = tmp_path / "forwarder.py"
    root = Path(__file__).parents[2]
    script.write_text(f"import sys\nsys.path.insert(0, {str(root)!r})\n{KILLED}")
    process = Process([sys.executable, script, database_url, utility.url], tmp_path / "log")
    try:
        await until(lambda: utility.effects, "the backend has the request")
    finally:
        process.end(signal.SIGKILL)

    async def well(key: str) -> int:
        return 201

    utility.behave = well
    async with running(database, utility, clock=after_the_lease):
        entry = await wait_for(database, "delivered")
    assert [a.outcome for a in entry.attempts] == ["abandoned", "delivered"]
    assert utility.effects == ["k"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_outage_of_the_database_only_delays(
    database: Database, utility: Utility, postgres: PostgresServer
) -> None:
    await submit(database, k="A")
    postgres.stop()
    try:
        async with running(database, utility) as forwarder:
            await until(lambda: forwarder.counts["claim_failed"] >= 2, "it tried twice")
            postgres.start()
            await wait_for(database, "delivered")
    finally:
        if not postgres.running:
            postgres.start()
    assert utility.effects == ["k"]
