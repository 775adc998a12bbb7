"""Loops that sleep until there is something to do end when told to, also in the moment they wake."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from backend_adapter.forwarder import Forwarder, Policy
from backend_adapter.port import Backend
from backend_adapter.sandbox.stages import Loop
from gooya.database.events import Events, Recorded
from gooya.news import Newsboy
from gooya.turns import Door
from tests.database.samples import NOW

Waker = Callable[[], None]
LONG_ENOUGH = 10
"""Iterations of the event loop in which one of these falls asleep, or has woken."""


class _Nothing:
    """Where there is never anything to do."""

    async def unnotified(self) -> list[Any]:
        return []

    async def claim(self, *, now: dt.datetime, lease: dt.timedelta, limit: int) -> list[Any]:
        return []

    async def step(self) -> float:
        return NOW.timestamp() + 3600


def _forwarder() -> tuple[Coroutine[Any, Any, None], Waker]:
    forwarder = Forwarder(_Nothing(), cast("Backend", None), policy=Policy(poll=3600))  # type: ignore[arg-type]
    return forwarder.run(), forwarder.wake


def _newsboy() -> tuple[Coroutine[Any, Any, None], Waker]:
    boy = Newsboy(cast("Events", _Nothing()), cast("Door", None), NOW.timestamp)
    return boy.run(), lambda: boy.tell(Recorded(more=True))


def _sandbox() -> tuple[Coroutine[Any, Any, None], Waker]:
    loop = Loop("stages", _Nothing().step, lambda: NOW)
    return loop.run(), loop.wake


@pytest.mark.parametrize("iterations", range(LONG_ENOUGH))
@pytest.mark.parametrize("make", [_forwarder, _newsboy, _sandbox])
async def test_a_loop_ends_when_cancelled_however_shortly_after_it_was_woken(
    make: Callable[[], tuple[Coroutine[Any, Any, None], Waker]], iterations: int
) -> None:
    run, wake = make()
    running = asyncio.create_task(run)
    for _ in range(LONG_ENOUGH):
        await asyncio.sleep(0)
    wake()
    for _ in range(iterations):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    assert running.cancelled()
