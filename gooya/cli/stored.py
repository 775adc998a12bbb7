"""What the commands for operators share: the database of the settings, open for one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gooya.database.engine import Database, open_database
from gooya.settings import load

R = TypeVar("R")


def with_database(work: Callable[[Database], Awaitable[R]]) -> R:
    """The result of ``work`` on the database; an embedded one is migrated first."""

    async def run() -> R:
        database = open_database(load().database_url)
        try:
            if database.engine.dialect.name == "sqlite":
                await database.upgrade()
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
