"""Doors on real stores and a real database, for two processes side by side."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import redis

from dialogs.store import Store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from gooya.database.engine import Database, open_database
from tests.servers.redis import RedisServer

OpenStore = Callable[[], Store]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Opens one more connection to the same, at first empty, store."""
    stores: list[Store] = []
    url = ""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        url = server.url
        with redis.Redis.from_url(url) as client:
            client.flushall()

    def another() -> Store:
        store: Store = RedisStore(url) if url else SqliteStore(tmp_path / "state.db")
        stores.append(store)
        return store

    yield another
    for store in stores:
        await store.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    path = tmp_path_factory.mktemp("migrated") / "gooya.db"

    async def migrate() -> None:
        database = open_database(f"sqlite:///{path}")
        await database.upgrade()
        await database.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, tmp_path / "gooya.db")
    database = open_database(f"sqlite:///{tmp_path}/gooya.db")
    yield database
    await database.close()
