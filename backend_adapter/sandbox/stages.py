"""What the sandbox does by itself: moves requests along and sends signed status events.

Both loops keep their work in the database, so a restart goes on where the last run stopped. Events
of one request go out in order; the next one waits until the one before it was taken (2xx).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable

import aiohttp

from backend_adapter.sandbox.calendar import Clock
from backend_adapter.sandbox.course import Rules
from backend_adapter.sandbox.database import SandboxDatabase
from backend_adapter.sandbox.moving import advance_due
from backend_adapter.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

_log = logging.getLogger(__name__)

_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.2, 30.0
_EVENT_TIMEOUT = aiohttp.ClientTimeout(total=5)
_AT_ONCE = 20
_AFTER_ERROR = 1.0
_SHORTEST_WAIT = 0.01


class Loop:
    """Runs ``step`` again and again: when :meth:`wake` is called or when the time it gave has come."""

    def __init__(
        self, name: str, step: Callable[[], Awaitable[float | None]], clock: Clock
    ) -> None:
        self._name = name
        self._step = step
        self._clock = clock
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. ``step`` gives POSIX seconds of when it has work again, if it knows."""
        while True:
            self._wake.clear()
            try:
                due = await self._step()
                wait = None if due is None else due - self._clock().timestamp()
            except (sqlite3.Error, OSError):
                _log.exception("%s: trying again", self._name)
                wait = _AFTER_ERROR
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if wait is None else max(wait, _SHORTEST_WAIT)):
                    await self._wake.wait()


class Mover:
    """Takes requests to their next stage when their time has come."""

    def __init__(self, database: SandboxDatabase, rules: Rules, clock: Clock) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        self.announced: Callable[[], None] = lambda: None
        """Called after requests may have moved."""

    async def step(self) -> float | None:
        now = self._clock()
        due = await self._database.run(lambda c: advance_due(c, self._rules, now))
        self.announced()
        return due


class EventSender:
    """Sends the waiting events, each signed anew, with exponential backoff until a 2xx answer."""

    def __init__(
        self,
        database: SandboxDatabase,
        clock: Clock,
        session: aiohttp.ClientSession,
        *,
        url: str,
        secret: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._session = session
        self._url = url
        self._secret = secret

    async def step(self) -> float | None:
        now = self._clock().timestamp()
        waiting = await self._database.run(_heads)
        due = [row for row in waiting if row["send_at"] <= now][:_AT_ONCE]
        if not due:
            return min((float(row["send_at"]) for row in waiting), default=None)
        taken = await asyncio.gather(*(self._send(row["body"]) for row in due))
        results = list(zip(due, taken, strict=True))
        now = self._clock().timestamp()
        await self._database.run(lambda c: _record(c, results, now))
        return now

    async def _send(self, body: bytes) -> bool:
        timestamp = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(self._secret, timestamp, body),
        }
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=headers,
                timeout=_EVENT_TIMEOUT,
                allow_redirects=False,
            ) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.info("status event not taken: %s", type(error).__name__)
            return False


def _heads(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """The oldest waiting event of every request: the younger ones are not to overtake it."""
    return connection.execute(
        "SELECT id, body, attempts, send_at FROM events WHERE id IN"
        " (SELECT min(id) FROM events WHERE delivered = 0 GROUP BY tracking_code)"
        " ORDER BY send_at"
    ).fetchall()


def _record(
    connection: sqlite3.Connection, results: list[tuple[sqlite3.Row, bool]], now: float
) -> None:
    for row, taken in results:
        backoff = min(_FIRST_BACKOFF * 2 ** min(row["attempts"], 20), _LONGEST_BACKOFF)
        connection.execute(
            "UPDATE events SET attempts = attempts + 1, delivered = ?, send_at = ? WHERE id = ?",
            (taken, now + backoff, row["id"]),
        )
