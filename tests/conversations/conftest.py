"""Worlds: one for all conversations that don't disturb each other, one of its own for the others."""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from backend_adapter.sandbox import list_subscribers
from gooya.database.engine import open_database
from tests.conversations.messengers import WAYS
from tests.conversations.world import World, open_world
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

ENGINES = ("sqlite", "redis+postgresql")
SUBSCRIBERS = 900
"""Enough for the generated tests to play everybody once."""
OpenWorld = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded sandbox database, made once."""
    path = tmp_path_factory.mktemp("seeded") / "sandbox.db"
    list_subscribers(path, subscribers=SUBSCRIBERS)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def open_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seeded: Path
) -> OpenWorld:
    """Opens a fresh world on an engine, ``sqlite`` or ``redis+postgresql``, with further settings;
    with ``chats`` it has both messengers."""

    @contextlib.asynccontextmanager
    async def open_(engine: str, *, chats: bool = False, **settings: Any) -> AsyncIterator[World]:
        if chats:
            settings["messengers"] = WAYS[engine]
        folder = tmp_path_factory.mktemp("world")
        shutil.copy(seeded, folder / "sandbox.db")
        if engine == "sqlite":
            async with open_world(folder, **settings) as world:
                yield world
            return
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = await postgres.create_database()
        await _migrate(url)
        with RedisServer() as redis:
            async with open_world(folder, database=url, state=redis.url, **settings) as world:
                yield world

    return open_


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await database.upgrade()
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def shared_world(request: Any, open_engine: OpenWorld) -> AsyncIterator[World]:
    """One world for a whole module."""
    async with open_engine(request.param) as world:
        yield world


@pytest.fixture(params=ENGINES)
def fresh_world(request: pytest.FixtureRequest, open_engine: OpenWorld) -> OpenWorld:
    """A world of its own, to be entered by the test; called with settings."""
    return functools.partial(open_engine, request.param)
