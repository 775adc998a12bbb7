"""A served Gooya in this process, on real sockets and the embedded engines or a Redis of its own."""

from __future__ import annotations

import contextlib
import math
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from gooya.serve import Running, serve
from gooya.settings import Settings
from tests.conversations.people import Cast
from tests.servers.redis import RedisServer

SECRET = "webhook-secret"
Serve = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded sandbox database, made once."""
    path = tmp_path_factory.mktemp("seeded") / "sandbox.db"
    list_subscribers(path)
    return path


@pytest.fixture
def served(tmp_path: Path, seeded: Path) -> Serve:
    """Starts Gooya with settings over those of a test."""
    shutil.copy(seeded, tmp_path / "sandbox.db")

    @contextlib.asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Running]:
        given: dict[str, Any] = {
            "data": str(tmp_path),
            "http": "127.0.0.1:0",
            "stage_seconds": math.inf,
        }
        async with serve(Settings(**(given | settings))) as running:
            yield running

    return start


@pytest.fixture
async def running(served: Serve) -> AsyncIterator[Running]:
    """With the simulator as its gateway and everything embedded."""
    async with served() as started:
        yield started


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis that keeps what it acknowledged through :meth:`RedisServer.restart`."""
    with RedisServer(persistent=True) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def person(seeded: Path) -> SubscriberCard:
    """An ordinary subscriber whose next bill is to be paid."""
    cards = list_subscribers(seeded)
    return Cast([card for card in cards if card.debt >= 0]).take("single")
