"""SQLite under SQLAlchemy, with one wake-up a statement.

SQLite runs in a thread. aiosqlite hands it every driver call by itself (make a cursor, execute, fetch,
close the cursor), and each hand-over costs more than the statement: two switches between threads that
share one interpreter lock. Here all four are one hand-over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are made for SQLAlchemy's ``aiosqlite`` dialect."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does: a process never hangs on a lost connection

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> _Outcome:
        """Run a statement in the connection's thread and take all of its result along."""
        outcome: _Outcome = await self._execute(  # type: ignore[no-untyped-call]
            _all_of, work, self._conn
        )
        return outcome


class Cursor:
    """What the dialect uses of a cursor. Results are complete when ``execute`` returns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        return await self._take(lambda connection: connection.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Any) -> Self:
        return await self._take(lambda connection: connection.executemany(sql, parameters))

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Nothing is open: the cursor in the thread was closed with the statement."""

    async def _take(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Self:
        self._rows, self.description, self.rowcount, self.lastrowid = await self._connection.run(
            work
        )
        return self


_Outcome = tuple[Sequence[Any], Any, int, int | None]
"""Rows, description, row count, last row id."""


def _all_of(
    work: Callable[[sqlite3.Connection], sqlite3.Cursor], connection: sqlite3.Connection
) -> _Outcome:
    cursor = work(connection)
    try:
        rows = cursor.fetchall() if cursor.description else ()
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()
