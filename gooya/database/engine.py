"""The connection to the SQL database: one holder for SQLite and PostgreSQL.

``async with database.write() as connection`` is one transaction; leaving the block commits it, an
exception rolls it back. Errors come out as :class:`DatabaseUnavailable` (try again) or
:class:`DatabaseError`, and neither carries values: a driver's own message may quote a phone number.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gooya.database.sqlite import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT = 10.0
"""Seconds a writer waits for another process's transaction on the same SQLite file."""
COMMAND_TIMEOUT = 30.0
"""Seconds after which a statement to PostgreSQL counts as lost (a dead network answers nothing)."""
POOL_SIZE = 10
_MIGRATION_LOCK = 0x600A
# Connection trouble, too few resources, shutdown, deadlock or serialisation failure, lock not
# available: the same work may succeed later (PostgreSQL manual, appendix A, error code classes).
_TRANSIENT_CLASSES = ("08", "40", "53", "55", "57", "58")


class DatabaseError(Exception):
    """The database refused a statement. ``str()`` holds no stored or submitted value."""


class DatabaseUnavailable(DatabaseError):
    """No connection, or it broke, or the engine is too busy: worth trying again.

    When it comes out of a commit nobody knows whether that took place: only repeat idempotent work.
    """


class Database:
    """Holder of the engine; made by :func:`open_database`."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._engine = _create_engine(url, command_timeout=COMMAND_TIMEOUT)
        # SQLite has one writer. Queueing for it here is fair and wakes at once; its own busy handler
        # polls with growing sleeps.
        self._writer = asyncio.Lock() if url.get_backend_name() == "sqlite" else None

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One read-write transaction."""
        async with self._writer or contextlib.nullcontext():
            with _translated():
                async with self._engine.begin() as connection:
                    yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One read-only transaction: never waits for writers."""
        with _translated():
            async with self._engine.connect() as connection:
                await connection.execution_options(sqlite_begin="BEGIN")
                yield connection

    async def upgrade(self, revision: str = "head") -> None:
        """Run the Alembic migrations up to ``revision`` in one transaction.

        Several processes may call it at once: the first migrates, the others wait and find it done.
        """
        engine = _create_engine(self._url, command_timeout=None)
        try:
            with _translated():
                async with engine.begin() as connection:
                    if connection.dialect.name == "postgresql":
                        await connection.execute(
                            sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK))
                        )
                    await connection.run_sync(_upgrade, revision)
        finally:
            await engine.dispose()

    async def ping(self) -> None:
        """Raise :class:`DatabaseUnavailable` unless the database answers (readiness)."""
        async with self.read() as connection:
            await connection.execute(sa.select(1))

    async def close(self) -> None:
        await self._engine.dispose()


def open_database(url: str) -> Database:
    """Make a :class:`Database` from an SQLAlchemy URL; connects at first use.

    ``sqlite:///path`` and ``postgresql://…`` need no driver name. A SQLite file is created with its
    folder. Raises ``ValueError`` for another engine or a SQLite database without a file: it would
    lose confirmed requests; ``OSError`` that names a file that can't be made.
    """
    parsed = sa.make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ValueError("the SQLite database needs a file, e.g. sqlite:///gooya.db")
        make_file(Path(str(parsed.database)))
        return Database(parsed.set(drivername="sqlite+aiosqlite"))
    if backend == "postgresql":
        return Database(parsed.set(drivername="postgresql+asyncpg"))
    raise ValueError(f"the database must be SQLite or PostgreSQL, not {backend}")


def make_file(path: Path) -> None:
    """Make an SQLite file that is not there yet, and its folder. ``OSError`` names what can't be made:
    SQLite's own error names nothing, and is found by a thread that may outlive a command."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o644)


DIALECTS = ("sqlite", "postgresql")


def upsert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An ``INSERT`` that knows ``ON CONFLICT``, in one of the :data:`DIALECTS`."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _create_engine(url: sa.URL, *, command_timeout: float | None) -> AsyncEngine:
    options: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": _encode_json,
        "json_deserializer": msgspec.json.decode,
    }
    if url.get_backend_name() == "sqlite":
        # Without the driver's own idea of transactions: BEGIN is ours, so that DDL is
        # transactional too and a writer takes the write lock before it reads.
        options["connect_args"] = {
            "async_creator_fn": Connection,
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT,
        }
        engine = create_async_engine(url, **options)
        sa.event.listen(engine.sync_engine, "connect", _set_pragmas)
        sa.event.listen(engine.sync_engine, "begin", _begin)
        return engine
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "timeout": 10,
            "command_timeout": command_timeout,
            "server_settings": {"application_name": "gooya", "jit": "off"},
        },
        **options,
    )


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    _use_wal(cursor)
    # a request is only confirmed to the customer when it is on the disk
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Make the file a WAL one. The switch, once in a file's life, ignores SQLite's busy timeout, and
    two processes that start together both try it."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    )


def _upgrade(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn SQLAlchemy's and the drivers' errors into ours, without the values they may quote."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        kind = DatabaseUnavailable if _is_transient(error) else DatabaseError
        # the chain is cut on purpose: drivers put stored values into their DETAIL
        raise kind(_describe(error)) from None
    except (OSError, TimeoutError, sa.exc.TimeoutError) as error:
        raise DatabaseUnavailable(type(error).__name__) from None
    except sa.exc.StatementError as error:
        raise DatabaseError(f"{type(error.orig).__name__}: a value can't be stored") from None


def _is_transient(error: sa.exc.DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, sa.exc.InterfaceError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_TRANSIENT_CLASSES)
    return isinstance(error, sa.exc.OperationalError)


def _describe(error: sa.exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    cause = type(error.orig.__cause__ or error.orig).__name__ if error.orig else "error"
    if isinstance(error.orig, sqlite3.Error):
        # SQLite names tables and columns, never values
        cause = f"{cause} ({error.orig})"
    statement = " ".join((error.statement or "").split()[:3])
    return f"{cause} {state or ''} in {statement or 'the connection'}".replace("  ", " ")
