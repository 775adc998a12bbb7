"""Migrations build what the code expects, on both engines."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gooya.database.engine import DatabaseUnavailable, open_database
from gooya.database.models import metadata
from tests.database.fixtures import MakeUrl
from tests.servers.ports import reserved_port


async def test_an_empty_database_gets_exactly_the_tables_of_the_models(
    empty_database_url: MakeUrl,
) -> None:
    database = open_database(await empty_database_url())
    await database.upgrade()

    def drift(connection: sa.Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(drift) == []
    await database.close()


async def test_partial_indexes_of_the_migration_cover_pending_and_unnotified_rows_only(
    empty_database_url: MakeUrl,
) -> None:
    database = open_database(await empty_database_url())
    await database.upgrade()

    def partial(connection: sa.Connection) -> dict[str, str]:
        inspector = sa.inspect(connection)
        key = f"{connection.dialect.name}_where"
        return {
            str(index["name"]): str(index["dialect_options"][key])
            for table in ("outbox", "request_events")
            for index in inspector.get_indexes(table)
            if index.get("dialect_options", {}).get(key) is not None
        }

    async with database.engine.connect() as connection:
        found = await connection.run_sync(partial)
    await database.close()
    assert set(found) == {
        "ix_outbox_dead",
        "ix_outbox_pending_due",
        "ix_outbox_pending_subscription",
        "ix_request_events_unnotified",
    }
    assert "pending" in found["ix_outbox_pending_due"]
    assert "NULL" in found["ix_request_events_unnotified"]


async def test_processes_that_upgrade_at_the_same_time_all_succeed(
    empty_database_url: MakeUrl,
) -> None:
    url = await empty_database_url()
    databases = [open_database(url) for _ in range(3)]
    await asyncio.gather(*(database.upgrade() for database in databases))
    for database in databases:
        await database.ping()
        await database.upgrade()
        await database.close()


async def test_a_sqlite_file_is_created_with_its_folder(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/folder/gooya.db")
    await database.ping()
    await database.close()
    assert (tmp_path / "new/folder/gooya.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/x"])
def test_a_database_that_would_lose_requests_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite"):
        open_database(url)


async def test_a_database_that_is_down_is_said_to_be_unavailable() -> None:
    with reserved_port() as port:
        database = open_database(f"postgresql://postgres@127.0.0.1:{port}/gooya")
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
        await database.close()
