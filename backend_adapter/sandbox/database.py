"""The sandbox's own SQLite database: its tables and the one thread that works on them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS subscribers (
    bill_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    mobile TEXT,
    company TEXT NOT NULL,
    tariff TEXT NOT NULL,
    registers TEXT NOT NULL,
    balance INTEGER NOT NULL,          -- rial: issued bills less payments
    provisional INTEGER NOT NULL,      -- rial: use since the last bill, by the customer's own reading
    provisional_due TEXT,
    misc_debt INTEGER NOT NULL,        -- rial: service fees that the next bill will carry
    hint TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS holders (
    bill_id TEXT PRIMARY KEY REFERENCES subscribers,
    person TEXT NOT NULL CHECK (person IN ('natural', 'legal')),
    person_id TEXT NOT NULL,
    shared INTEGER NOT NULL,
    same_name INTEGER NOT NULL,
    activity TEXT,
    licence TEXT,
    licence_issuer TEXT,
    licence_expires TEXT
);
CREATE TABLE IF NOT EXISTS periods (
    bill_id TEXT NOT NULL REFERENCES subscribers,
    year INTEGER NOT NULL,
    period INTEGER NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    kwh TEXT NOT NULL,
    amount INTEGER NOT NULL,
    payment_id TEXT NOT NULL,
    due TEXT NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (bill_id, year, period)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readings (
    id INTEGER PRIMARY KEY,
    bill_id TEXT NOT NULL REFERENCES subscribers,
    read_on TEXT NOT NULL,
    counters TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('company', 'estimated', 'customer', 'settlement')),
    flags TEXT NOT NULL DEFAULT '[]',
    tracking_code TEXT,
    idempotency_key TEXT UNIQUE
);
CREATE INDEX IF NOT EXISTS readings_of ON readings (bill_id, id);
CREATE TABLE IF NOT EXISTS payments (
    id INTEGER PRIMARY KEY,
    bill_id TEXT NOT NULL REFERENCES subscribers,
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    payment_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    via TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS payments_of ON payments (bill_id, paid_on);
CREATE TABLE IF NOT EXISTS requests (
    tracking_code TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,              -- of the request's body, to tell a repetition from a clash
    body BLOB NOT NULL,
    first_answer BLOB NOT NULL,
    progress BLOB NOT NULL,
    fee_bill INTEGER NOT NULL DEFAULT 0,  -- whether progress.bill is a fee, not energy
    moves_at REAL                      -- POSIX seconds of the next stage; NULL when it stands
);
CREATE INDEX IF NOT EXISTS requests_moving ON requests (moves_at) WHERE moves_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS requests_of ON requests (json_extract(CAST(body AS TEXT), '$.bill_id'));
CREATE INDEX IF NOT EXISTS requests_billed
    ON requests (json_extract(CAST(progress AS TEXT), '$.bill.payment_id'));
CREATE TABLE IF NOT EXISTS receipts (
    tracking_code TEXT NOT NULL REFERENCES requests,
    amount INTEGER NOT NULL            -- rial
);
CREATE INDEX IF NOT EXISTS receipts_of ON receipts (tracking_code);
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY,
    tracking_code TEXT NOT NULL REFERENCES requests,  -- of the request that they were sent after
    kind TEXT NOT NULL,
    attachment TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_of ON documents (tracking_code, id);
CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    tracking_code TEXT NOT NULL,
    body BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    send_at REAL NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_waiting ON events (tracking_code, id) WHERE delivered = 0;
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection to the sandbox's database at ``path``, with the tables made that it lacks.

    What is new gets tables and indexes of its own, so that a file of an earlier release goes on.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(_SCHEMA)
    return connection


def transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _T]) -> _T:
    """Run ``work`` in one transaction; nothing of it stays when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return result


class SandboxDatabase:
    """Runs functions of a connection one after the other, each in a transaction, off the event loop."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-database")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """The result of ``work(connection)``, committed; what it raises is raised after a rollback."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _work(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._connection is None:
            self._connection = connect(self._path)
        return transact(self._connection, work)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
