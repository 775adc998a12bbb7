"""Both engines, empty, for every test; ``open_store`` makes one more instance on the same data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import redis

from dialogs.store import Store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.redis import RedisServer

OpenStore = Callable[[], Store]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """A Redis without any keys."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(params=["sqlite", "redis"])
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    stores: list[Store] = []
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")

    def another() -> Store:
        store: Store = (
            RedisStore(url)
            if request.param == "redis"
            else SqliteStore(tmp_path / "state.db", timeout=30)
        )
        stores.append(store)
        return store

    yield another
    for store in stores:
        await store.close()


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return open_store()
