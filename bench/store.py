"""What a turn costs in the state store: one load and one commit, and with a message also its removal.

    python -m bench.store --seconds 5

Prints, for both engines and for a plain redis-py GET and SET in the same run, turns per second and
the CPU of this process per turn (user and system; without the Redis server's own). Every worker has
conversations of its own, so that nobody conflicts.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import redis.asyncio

from dialogs.store import Commit, Outbound, Store, Verdict
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.redis import RedisServer

STATE = os.urandom(600)
"""About a journal of ten answers."""
CONVERSATIONS = 200

Turn = Callable[[int, int], Awaitable[None]]
"""Turn number ``n`` of a worker."""


def turn_of(store: Store, *, outbound: bool) -> Turn:
    marks = itertools.count(time.time_ns())

    async def turn(worker: int, n: int) -> None:
        conversation = f"sms:+98912{worker:03d}{n % CONVERSATIONS:04d}"
        mark = str(next(marks))
        snapshot = await store.load(conversation, mark)
        messages = (
            (Outbound(f"{worker}-{n}", "sms", conversation[4:], "رقم کنتور را بفرستید."),)
            if outbound
            else ()
        )
        now = time.time()
        committed = await store.commit(
            Commit(
                conversation=conversation,
                version=snapshot.version,
                state=STATE,
                mark=mark,
                outbound=messages,
                now=now,
                lease=30.0,
            )
        )
        assert committed.verdict is Verdict.DONE
        assert len(committed.leased) == len(messages)
        if messages:
            await store.sent("sms", conversation[4:], committed.leased, now=now)

    return turn


def plain_turn(client: redis.asyncio.Redis) -> Turn:
    async def turn(worker: int, n: int) -> None:
        key = f"{worker}:{n % CONVERSATIONS}"
        await client.get(key)
        await client.set(key, STATE)

    return turn


async def measure(name: str, turn: Turn, seconds: float, concurrency: int) -> None:
    """Run ``turn`` in ``concurrency`` endless workers for ``seconds`` and print the figures."""
    times: list[float] = []

    async def work(worker: int, end: float) -> None:
        for n in itertools.count():
            started = time.perf_counter()
            if started >= end:
                return
            await turn(worker, n)
            times.append(time.perf_counter() - started)

    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    await asyncio.gather(*(work(w, started + seconds) for w in range(concurrency)))
    took = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    times.sort()
    print(
        f"{name:62} {len(times) / took:8.0f} turns/s   {cpu / len(times) * 1000:6.3f} ms CPU/turn"
        f"   p50 {times[len(times) // 2] * 1000:6.1f} ms"
        f"   p95 {times[len(times) * 95 // 100] * 1000:6.1f} ms",
        flush=True,
    )


async def main(seconds: float, concurrency: int) -> None:
    options = (seconds, concurrency)
    with RedisServer() as server:
        client = redis.asyncio.Redis.from_url(server.url, max_connections=concurrency)
        await measure("redis-py GET + SET", plain_turn(client), *options)
        await client.aclose()
        for batches in (1, 2):
            store = RedisStore(server.url, batches=batches)
            name = f"Redis, {batches} batch(es) under way: "
            await measure(name + "load + commit", turn_of(store, outbound=False), *options)
            await measure(
                name + "load + commit 1 message + sent", turn_of(store, outbound=True), *options
            )
            await store.close()
    with tempfile.TemporaryDirectory() as directory:
        file = SqliteStore(Path(directory) / "state.db")
        await measure("SQLite: load + commit", turn_of(file, outbound=False), *options)
        await measure(
            "SQLite: load + commit 1 message + sent", turn_of(file, outbound=True), *options
        )
        await file.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each row runs")
    parser.add_argument("--concurrency", type=int, default=64, help="turns at the same time")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.seconds, arguments.concurrency))
