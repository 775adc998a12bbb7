"""A thread with one SQLite connection that runs all calls of a moment as one transaction.

What costs is the transaction (one ``fsync`` each), not the statement. So calls that gather while a
transaction runs share the next one. The event loop hands over lists of calls and gets lists of
outcomes back: one wake-up each way per transaction, however many calls it holds.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from dialogs.store.contract import StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")


class _Call(NamedTuple):
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    future: asyncio.Future[Any]


class SqliteWorker:
    """Runs functions that take a connection first and then their arguments.

    ``connect`` opens the connection, inside the thread and again after an error of it; ``begin`` is
    the statement a transaction starts with (``BEGIN IMMEDIATE`` for writing).
    """

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection], begin: str) -> None:
        self._connect = connect
        self._begin = begin
        self._connection: sqlite3.Connection | None = None
        self._waiting: list[_Call] = []
        self._flush_is_due = self._busy = self._closed = False
        self._batches: queue.SimpleQueue[list[_Call] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        # A daemon: a process that forgets to close the store still ends.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> asyncio.Future[T]:
        """Queue one call (positional arguments only); the future brings what it returns.

        The future is done after the transaction is on disk. It raises :class:`StoreUnavailable`
        when SQLite can't do it now; then nothing of this call was written.
        """
        assert not kwargs
        future: asyncio.Future[T] = self._loop.create_future()
        if self._closed:
            future.set_exception(StoreUnavailable("the store is closed"))
            return future
        self._waiting.append(_Call(function, args, future))
        self._flush_soon()
        return future

    async def close(self) -> None:
        """Run what was submitted, then end the thread and its connection (idempotent)."""
        self._closed = True
        self._flush_soon()
        await asyncio.shield(self._ended)
        self._thread.join()

    def _flush_soon(self) -> None:
        if not (self._flush_is_due or self._busy):
            self._flush_is_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_is_due = False
        if self._waiting:
            self._busy = True
            batch, self._waiting = self._waiting, []
            self._batches.put(batch)
        elif self._closed:
            self._busy = True
            self._batches.put(None)

    def _finished(self, batch: list[_Call], outcomes: list[Any]) -> None:
        for call, outcome in zip(batch, outcomes, strict=True):
            if call.future.done():
                continue  # its caller was cancelled
            if isinstance(outcome, BaseException):
                call.future.set_exception(outcome)
            else:
                call.future.set_result(outcome)
        self._busy = False
        # Not at once: those who got an outcome in this moment join the next transaction.
        self._flush_soon()

    def _work(self) -> None:
        try:
            while (batch := self._batches.get()) is not None:
                outcomes = self._outcomes(batch)
                self._loop.call_soon_threadsafe(self._finished, batch, outcomes)
            self._disconnect()
            self._loop.call_soon_threadsafe(self._ended.set_result, None)
        except RuntimeError:
            self._disconnect()  # the event loop ended without close(): nobody waits any more

    def _outcomes(self, batch: list[_Call]) -> list[Any]:
        """What each call returned, or the exception that its caller is to see."""
        try:
            return self._transaction(batch)
        except Exception as error:
            self._disconnect()  # rolls back; the next transaction opens it again
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                return [StoreUnavailable(f"SQLite: {error}") for _ in batch]
            if len(batch) == 1:
                return [error]
        # One bad call must not take the others with it: each on its own.
        return [self._outcomes([call])[0] for call in batch]

    def _transaction(self, batch: list[_Call]) -> list[Any]:
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        connection.execute(self._begin)
        outcomes = [call.function(connection, *call.arguments) for call in batch]
        connection.execute("COMMIT")
        return outcomes

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
