"""The queues of a channel worked off, on both engines."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from dialogs.store import Batch, Store, StoreUnavailable
from dialogs.store.delivery import Delivery
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.processes import until
from tests.store.conftest import OpenStore
from tests.store.turns import NOW, message, take_turn

TO, OTHER = "+989120000001", "+989120000002"
NEVER = 3600.0
"""As a poll: whatever happens, happens because of something else."""
SOON = 0.01


class Clerk:
    """Who hands out the batches: notes them, holds up the recipients it was told to."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.now = NOW
        self.begun: list[str] = []
        self.done: list[str] = []
        self.at_work: list[str] = []
        self.most_at_work = 0
        self.failures: list[Exception] = []
        self.pauses: list[float] = []
        self.attempts: list[int] = []
        self._gates: dict[str, asyncio.Event] = {}
        self.delivery = Delivery(store, "sms", self.deliver, clock=lambda: self.now, **options)

    async def deliver(self, batch: Batch) -> None:
        assert batch.channel == "sms"
        assert batch.to not in self.at_work
        self.at_work.append(batch.to)
        self.most_at_work = max(self.most_at_work, len(self.at_work))
        try:
            ids = tuple(message.id for message in batch.messages)
            self.begun += ids
            self.attempts.append(batch.attempts)
            if batch.to in self._gates:
                await self._gates[batch.to].wait()
            if self.failures:
                raise self.failures.pop()
            if self.pauses:
                await self.store.put_off("sms", batch.to, until=self.now + self.pauses.pop())
                return
            await self.store.sent("sms", batch.to, ids, now=self.now)
            self.done += ids
            if batch.to + " after" in self._gates:
                await self._gates[batch.to + " after"].wait()
        finally:
            self.at_work.remove(batch.to)

    def hold_up(self, to: str, *, after: bool = False) -> None:
        """Until :meth:`let_go`; ``after`` the store was told."""
        self._gates[to + " after" * after] = asyncio.Event()

    def let_go(self, to: str) -> None:
        for key in (to, to + " after"):
            if key in self._gates:
                self._gates.pop(key).set()

    async def enqueue(self, id: str, to: str = TO) -> None:
        await self.store.enqueue(message(id, to), now=self.now)
        self.delivery.wake()

    async def nothing_waits(self) -> bool:
        return await self.store.outbound_depth("sms") == 0 and not self.at_work


@asynccontextmanager
async def working(store: Store, **options: Any) -> AsyncIterator[Clerk]:
    clerk = Clerk(store, **options)
    running = asyncio.create_task(clerk.delivery.run())
    try:
        yield clerk
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await clerk.delivery.close()


async def test_what_waits_at_the_start_is_delivered_in_order(store: Store) -> None:
    ids = [f"m{n:02}" for n in range(20)]
    for id in ids:
        await store.enqueue(message(id), now=NOW)
    async with working(store, poll=NEVER) as clerk:
        await until(clerk.nothing_waits, "all is delivered")
        assert clerk.done == ids


async def test_what_another_process_records_is_found_without_being_told(
    open_store: OpenStore,
) -> None:
    async with working(open_store(), poll=SOON) as clerk:
        await take_turn(open_store(), outbound=(message("a"),))
        await until(lambda: clerk.done == ["a"], "the message is delivered")


async def test_who_is_woken_looks_at_once(store: Store) -> None:
    async with working(store, poll=NEVER) as clerk:
        for n in range(5):
            await clerk.enqueue(f"m{n}")
            await until(lambda n=n: clerk.done[n:] == [f"m{n}"], "the message is delivered")


async def test_what_comes_while_its_recipient_is_served_is_next_at_the_end(store: Store) -> None:
    async with working(store, poll=NEVER) as clerk:
        clerk.hold_up(TO)
        await clerk.enqueue("a")
        await until(lambda: clerk.begun == ["a"], "the first is under way")
        for id in ("b", "c"):
            await clerk.enqueue(id)
        await clerk.enqueue("x", OTHER)
        await until(lambda: clerk.done == ["x"], "another recipient is not held up")
        assert clerk.begun == ["a", "x"]
        clerk.let_go(TO)
        await until(clerk.nothing_waits, "all is delivered")
        assert clerk.done == ["x", "a", "b", "c"]


async def test_recipients_are_served_side_by_side_but_no_more_than_there_is_room_for(
    store: Store,
) -> None:
    recipients = [f"+98912{n:07d}" for n in range(12)]
    async with working(store, poll=NEVER, width=4) as clerk:
        for to in recipients:
            clerk.hold_up(to)
            await store.enqueue(message(to, to), now=NOW)
        clerk.delivery.wake()
        await until(lambda: len(clerk.at_work) == 4, "four are served")
        # The others are left to other processes.
        rest = await store.claim_outbound("sms", now=NOW, lease=0)
        assert len(rest) == 8
        for to in recipients:
            clerk.let_go(to)
        await until(clerk.nothing_waits, "all is delivered")
        assert sorted(clerk.done) == recipients
        assert clerk.most_at_work == 4


async def test_a_batch_that_fails_stops_no_other_and_comes_again_after_its_lease(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with working(store, poll=SOON, lease=30) as clerk:
        clerk.failures.append(ValueError("what the customer wrote"))
        await clerk.enqueue("a")
        await until(lambda: not clerk.failures, "the first try has failed")
        await clerk.enqueue("b")
        await clerk.enqueue("x", OTHER)
        await until(lambda: clerk.done == ["x"], "another recipient is served")
        clerk.now += 30
        await until(clerk.nothing_waits, "all is delivered")
        assert clerk.done == ["x", "a", "b"]
    assert "ValueError" in caplog.text
    assert "what the customer wrote" not in caplog.text


async def test_what_the_store_was_not_told_comes_again_after_its_lease(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with working(store, poll=SOON, lease=30) as clerk:
        clerk.failures.append(StoreUnavailable("away"))
        await clerk.enqueue("a")
        await until(lambda: "can't be written" in caplog.text, "the first try has failed")
        clerk.now += 30
        await until(clerk.nothing_waits, "it is delivered")
        assert clerk.begun == ["a", "a"]


async def test_what_was_put_off_comes_again_at_its_time_with_what_came_since(store: Store) -> None:
    async with working(store, poll=SOON) as clerk:
        clerk.pauses.append(60)
        await clerk.enqueue("a")
        await until(lambda: not clerk.pauses, "it is put off")
        await clerk.enqueue("b")
        await clerk.enqueue("x", OTHER)
        await until(lambda: clerk.done == ["x"], "another recipient is served")
        clerk.now += 60
        await until(clerk.nothing_waits, "all is delivered")
        assert clerk.done == ["x", "a", "b"]
        assert clerk.attempts == [0, 0, 1]


async def test_what_a_commit_leased_is_delivered_without_a_look_at_the_store(store: Store) -> None:
    clerk = Clerk(store)
    messages = (message("a"), message("x", OTHER), message("b"))
    committed = await take_turn(store, outbound=messages, lease=60)
    assert committed.leased == ("a", "x", "b")
    clerk.delivery.take(messages)
    clerk.delivery.take(messages)  # told twice
    await clerk.delivery.close()
    assert sorted(clerk.done) == ["a", "b", "x"]
    assert clerk.done.index("a") < clerk.done.index("b")
    assert await clerk.nothing_waits()


@pytest.mark.parametrize("how", ["taken", "claimed"])
async def test_newer_messages_wait_for_the_end_of_a_delivery_that_told_the_store_already(
    store: Store, how: str
) -> None:
    async with working(store, poll=NEVER) as clerk:
        clerk.hold_up(TO, after=True)
        await clerk.enqueue("a")
        await until(lambda: clerk.done == ["a"], "the first is done but for its end")
        if how == "taken":
            committed = await take_turn(store, outbound=(message("b"),), lease=60)
            assert committed.leased == ("b",)
            clerk.delivery.take([message("b")])
        else:
            await clerk.enqueue("b")
        await clerk.enqueue("x", OTHER)
        await until(lambda: "x" in clerk.done, "another recipient is served")
        assert "b" not in clerk.begun
        clerk.let_go(TO)
        await until(lambda: clerk.done == ["a", "x", "b"], "all is delivered")


async def test_a_delivery_that_outlives_its_lease_is_not_begun_again_beside_itself(
    store: Store,
) -> None:
    async with working(store, poll=NEVER, lease=30) as clerk:
        clerk.hold_up(TO)
        await clerk.enqueue("a")
        await until(lambda: clerk.begun == ["a"], "it is under way")
        clerk.now += 31
        await clerk.enqueue("b")
        await clerk.enqueue("x", OTHER)
        await until(lambda: clerk.done == ["x"], "a later look has found its recipient due")
        clerk.let_go(TO)
        await until(clerk.nothing_waits, "all is delivered")
        assert clerk.begun == ["a", "x", "b"]


async def test_two_processes_deliver_everything_once_and_in_order(open_store: OpenStore) -> None:
    stores = [open_store(), open_store()]
    recipients = [f"+98912{n:07d}" for n in range(40)]
    async with (
        working(stores[0], poll=SOON, width=7) as one,
        working(stores[1], poll=SOON, width=7) as two,
    ):
        two.begun = one.begun  # in the order of both; ends of different recipients may cross
        for n in range(5):
            await asyncio.gather(
                *(
                    clerk.enqueue(f"{to}:{n}", to)
                    for clerk, half in ((one, recipients[::2]), (two, recipients[1::2]))
                    for to in half
                )
            )
        total = 5 * len(recipients)
        await until(lambda: len(one.done) + len(two.done) == total, "all is delivered")
    by_recipient = [[id for id in one.begun if id.startswith(to)] for to in recipients]
    assert by_recipient == [[f"{to}:{n}" for n in range(5)] for to in recipients]


async def test_closing_waits_for_what_is_being_delivered(store: Store) -> None:
    clerk = Clerk(store)
    clerk.hold_up(TO)
    await take_turn(store, outbound=(message("a"),), lease=60)
    clerk.delivery.take([message("a")])
    closing = asyncio.create_task(clerk.delivery.close())
    await until(lambda: clerk.begun == ["a"], "it is under way")
    assert not closing.done()
    clerk.let_go(TO)
    await closing
    assert clerk.done == ["a"]


async def test_a_store_that_cannot_be_read_for_a_while_is_looked_at_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteStore(tmp_path / "state.db", timeout=SOON)
    await store.enqueue(message("a"), now=NOW)
    other = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with working(store, poll=SOON) as clerk:
        await until(lambda: "can't be read" in caplog.text, "a look has failed")
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: clerk.done == ["a"], "the message is delivered")
    await store.close()


async def test_a_redis_that_says_what_nobody_expects_is_looked_at_again(
    redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = RedisStore(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        client.set("gooya:due:sms", "not a sorted set")
        async with working(store, poll=SOON) as clerk:
            await until(lambda: "can't be read: RedisRefused" in caplog.text, "a look has failed")
            client.delete("gooya:due:sms")
            await clerk.enqueue("a")
            await until(lambda: clerk.done == ["a"], "the message is delivered")
    await store.close()
