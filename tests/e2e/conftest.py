"""Real processes around a test: engines, the utility, and everything that must be ended afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from gooya.database.engine import open_database
from tests.conversations.people import Cast
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

ENGINES = ("sqlite", "redis+postgresql")
Settings = dict[str, str]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded sandbox database, made once."""
    path = tmp_path_factory.mktemp("seeded") / "sandbox.db"
    list_subscribers(path)
    return path


@pytest.fixture
def utility_folder(seeded: Path, tmp_path: Path) -> Path:
    """A data folder for ``gooya sandbox`` with everybody in it."""
    folder = tmp_path / "utility"
    folder.mkdir()
    shutil.copy(seeded, folder / "sandbox.db")
    return folder


@pytest.fixture
def people(utility_folder: Path) -> list[SubscriberCard]:
    """Ordinary subscribers with a single-tariff meter, whose next bill is to be paid."""
    cards = list_subscribers(utility_folder / "sandbox.db")
    cast = Cast([card for card in cards if card.debt >= 0])
    return [cast.take("single") for _ in range(24)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    """What must be stopped at the end of the test, last started first."""
    with ExitStack() as stack:
        yield stack


async def redis_and_postgres(postgres: PostgresServer, ending: ExitStack) -> Settings:
    """Settings for a fresh Redis and a migrated database; both end with ``ending``."""
    redis = ending.enter_context(RedisServer())
    url = await postgres.create_database()
    database = open_database(url)
    try:
        await database.upgrade()
    finally:
        await database.close()
    return {"GOOYA_STATE": redis.url, "GOOYA_DATABASE": url}


@pytest.fixture
async def shared_engines(postgres: PostgresServer, ending: ExitStack) -> Settings:
    """What several processes share: Redis and PostgreSQL."""
    return await redis_and_postgres(postgres, ending)


@pytest.fixture(params=ENGINES)
async def engines(request: pytest.FixtureRequest, ending: ExitStack) -> Settings:
    """Settings of either pair of engines."""
    if request.param == "sqlite":
        return {}
    return await redis_and_postgres(request.getfixturevalue("postgres"), ending)
