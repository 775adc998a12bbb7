"""Databases for tests: every test that asks for ``database`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from gooya.database.engine import Database, open_database
from tests.servers.postgres import PostgresServer

ENGINES = ("sqlite", "postgresql")
MakeUrl = Callable[[], Awaitable[str]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> MakeUrl:
    """Makes the URL of a fresh database without tables, by engine."""
    if request.param == "sqlite":

        async def make() -> str:
            return f"sqlite:///{tmp_path}/gooya.db"

        return make
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create_database


@pytest.fixture(scope="session")
def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """A migrated database to copy, by engine, migrated once a session."""
    made: dict[str, str] = {}

    def template(engine: str) -> str:
        if engine not in made:
            if engine == "sqlite":
                made[engine] = str(tmp_path_factory.mktemp("template") / "gooya.db")
                url = f"sqlite:///{made[engine]}"
            else:
                server: PostgresServer = request.getfixturevalue("postgres")
                url = asyncio.run(server.create_database())
                made[engine] = url.rpartition("/")[2]
            asyncio.run(_migrate(url))
        return made[engine]

    return template


@pytest.fixture(params=ENGINES)
def database_url(
    request: pytest.FixtureRequest, templates: Callable[[str], str], tmp_path: Path
) -> str:
    """URL of a fresh migrated database."""
    template = templates(request.param)
    if request.param == "sqlite":
        shutil.copy(template, tmp_path / "gooya.db")
        return f"sqlite:///{tmp_path}/gooya.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return asyncio.run(server.create_database(template=template))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.close()


async def _migrate(url: str) -> None:
    database = open_database(url)
    await database.upgrade()
    await database.close()
