"""One connection to Redis that all calls of a moment share (group commit).

Measured (DESIGN.md section 4): a client's work per command costs more than Redis itself, mostly
system calls and waking up per command. So calls that become ready in the same turn of the event
loop are written at once, their answers are read at once, and while a batch is on its way the next
one gathers. hiredis packs and parses; there is no pool and no task per call.

A lost connection is opened again by the next call. After a failed attempt calls fail at once until
a growing pause is over, so that an outage does not pile up callers.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import hiredis
from redis.asyncio.connection import SSLConnection, parse_url

from dialogs.store.contract import StoreUnavailable

Argument = str | bytes | int

PAUSE_FIRST = 0.05
"""Seconds without a new attempt after the first failed one; doubles with each further one."""
PAUSE_LAST = 2.0

_NOT_NOW = frozenset(
    (
        "LOADING",
        "BUSY",
        "READONLY",
        "OOM",
        "MISCONF",
        "MASTERDOWN",
        "NOREPLICAS",
        "NOAUTH",
        "NOPERM",
    )
)
"""First words of refusals that time or an operator ends, said before anything is written (Redis 7
and later also for what a script does)."""
_INCOMPLETE = object()


class RedisRefused(Exception):
    """Redis says that a command is wrong: a mistake of ours, not of the moment."""


class NoScript(RedisRefused):
    """Redis does not know the script (any more)."""


class _Options:
    """Where and how to connect, from a URL as redis-py reads it.

    Raises ``ValueError`` for options that this client does not have.
    """

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = dict(parse_url(url))
        tls = options.pop("connection_class", None) is SSLConnection
        self.path: str | None = options.pop("path", None)
        self.host: str = options.pop("host", "localhost")
        self.port: int = options.pop("port", 6379)
        self.greeting: list[tuple[Argument, ...]] = []
        username, password = options.pop("username", None), options.pop("password", None)
        if password is not None:
            self.greeting.append(("AUTH", *((username,) if username else ()), password))
        if db := options.pop("db", 0):
            self.greeting.append(("SELECT", db))
        self.ssl: ssl.SSLContext | None = None
        if tls:
            self.ssl = ssl.create_default_context(cafile=options.pop("ssl_ca_certs", None))
            if certificate := options.pop("ssl_certfile", None):
                self.ssl.load_cert_chain(certificate, options.pop("ssl_keyfile", None))
        if options:
            raise ValueError(f"unknown options in the Redis URL: {', '.join(sorted(options))}")


class _Wire(asyncio.Protocol):
    """One socket: writes batches and hands the answers to their futures, in order."""

    def __init__(
        self, *, timeout: float, answered: Callable[[], None], lost: Callable[[_Wire], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout
        self._on_answered, self._on_lost = answered, lost
        self._transport: asyncio.Transport
        self._reader = hiredis.Reader(notEnoughData=_INCOMPLETE)
        self._pending: deque[asyncio.Future[Any]] = deque()
        self._batches: deque[tuple[int, asyncio.TimerHandle]] = deque()
        self._written = self._answered = 0
        self._reason = "connection lost"
        self.closed: asyncio.Future[None] = self._loop.create_future()

    @property
    def batches(self) -> int:
        """How many batches are on their way."""
        return len(self._batches)

    def send(self, packed: Sequence[bytes], futures: Sequence[asyncio.Future[Any]]) -> None:
        self._pending.extend(futures)
        self._written += len(futures)
        too_late = self._loop.call_later(self._timeout, self.abort, "no answer in time")
        self._batches.append((self._written, too_late))
        self._transport.write(b"".join(packed))

    def abort(self, reason: str) -> None:
        """Give up this connection: what is under way fails, what comes next opens another."""
        self._reason = reason
        self._transport.abort()
        self._on_lost(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        reader, pending = self._reader, self._pending
        try:
            reader.feed(data)
            while (answer := reader.gets()) is not _INCOMPLETE:
                future = pending.popleft()
                self._answered += 1
                if future.done():
                    continue  # its caller was cancelled
                if isinstance(answer, hiredis.ReplyError):
                    future.set_exception(self._error(str(answer)))
                else:
                    future.set_result(answer)
        except (hiredis.ProtocolError, IndexError):
            self.abort("not an answer of Redis")
            return
        while self._batches and self._batches[0][0] <= self._answered:
            self._batches.popleft()[1].cancel()
        self._on_answered()

    def _error(self, text: str) -> Exception:
        word = text.partition(" ")[0]
        if word == "NOSCRIPT":
            return NoScript(word)
        if word == "READONLY":
            # A failover made this server a replica: look for the new master.
            self.abort("no longer the master")
        # Only the first word: the rest may quote arguments.
        return (StoreUnavailable if word in _NOT_NOW else RedisRefused)(f"Redis says {word}")

    def connection_lost(self, exc: Exception | None) -> None:
        for _, too_late in self._batches:
            too_late.cancel()
        self._batches.clear()
        for future in self._pending:
            if not future.done():
                future.set_exception(StoreUnavailable(f"Redis: {self._reason}"))
        self._pending.clear()
        self.closed.set_result(None)
        self._on_lost(self)


class RedisLink:
    """Calls to one Redis server.

    ``timeout`` bounds, in seconds, each of connecting and answering, so that a call takes at most
    twice as long; ``scripts`` are loaded with every connection; ``batches`` may be on their way at
    the same time.
    """

    def __init__(self, url: str, *, scripts: Sequence[str], timeout: float, batches: int) -> None:
        self._options = _Options(url)
        self._scripts = scripts
        self._timeout = timeout
        self._batches = batches
        self._packed: list[bytes] = []
        self._waiting: list[asyncio.Future[Any]] = []
        self._flush_is_due = False
        self._wire: _Wire | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        """The same, until what it gave up is closed too."""
        self._pause = 0.0
        self._pause_ends = 0.0
        self._closed = False

    def call(self, *command: Argument) -> asyncio.Future[Any]:
        """Queue one command; the future brings its answer (bytes, int, list or None).

        It raises :class:`StoreUnavailable` when no answer can be had (the command may have taken
        effect if it was under way), :class:`RedisRefused` when Redis finds it wrong.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if self._closed:
            future.set_exception(StoreUnavailable("the store is closed"))
            return future
        self._packed.append(hiredis.pack_command(command))  # type: ignore[arg-type]
        self._waiting.append(future)
        if not self._flush_is_due:
            self._flush_is_due = True
            loop.call_soon(self._flush)
        return future

    def _flush(self) -> None:
        self._flush_is_due = False
        if not self._waiting:
            return
        if self._wire is None:
            self._connect()
        elif self._wire.batches < self._batches:
            packed, futures = self._packed, self._waiting
            self._packed, self._waiting = [], []
            self._wire.send(packed, futures)

    def _answered(self) -> None:
        # Not at once: those who got an answer in this moment join the next batch.
        if not self._flush_is_due:
            self._flush_is_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _lost(self, wire: _Wire) -> None:
        if wire is self._wire:
            self._wire = None
            self._fail_waiting("connection lost")

    def _fail_waiting(self, reason: str) -> None:
        futures, self._waiting, self._packed = self._waiting, [], []
        for future in futures:
            if not future.done():
                future.set_exception(StoreUnavailable(f"Redis: {reason}"))

    def _connect(self) -> None:
        if self._connecting is not None:
            return
        if asyncio.get_running_loop().time() < self._pause_ends:
            self._fail_waiting("no connection")
            return
        self._connecting = asyncio.create_task(self._open(), name="redis-connect")
        self._opening = self._connecting

    async def _open(self) -> None:
        options = self._options
        loop = asyncio.get_running_loop()
        wire = _Wire(timeout=self._timeout, answered=self._answered, lost=self._lost)
        made = False
        try:
            async with asyncio.timeout(self._timeout):
                if options.path is not None:
                    await loop.create_unix_connection(lambda: wire, options.path)
                else:
                    await loop.create_connection(
                        lambda: wire, options.host, options.port, ssl=options.ssl
                    )
                made = True
                commands: list[tuple[Argument, ...]] = [
                    *options.greeting,
                    ("CLIENT", "SETNAME", "gooya"),
                    *(("SCRIPT", "LOAD", text) for text in self._scripts),
                ]
                futures: list[asyncio.Future[Any]] = [loop.create_future() for _ in commands]
                wire.send([hiredis.pack_command(c) for c in commands], futures)  # type: ignore[arg-type]
                for outcome in await asyncio.gather(*futures, return_exceptions=True):
                    if isinstance(outcome, BaseException):
                        raise outcome
                if wire.closed.done():
                    raise ConnectionError("closed at once")
        except Exception as error:  # whatever it is: nobody may wait for this task in vain
            self._pause = min(PAUSE_LAST, self._pause * 2 or PAUSE_FIRST)
            # A part of it by chance, so that processes don't come back in step.
            self._pause_ends = loop.time() + self._pause * random.uniform(0.5, 1.0)  # noqa: S311
            self._fail_waiting(f"cannot connect ({error or type(error).__name__})")
        else:
            self._wire, self._pause = wire, 0.0
            self._flush()
        finally:
            self._connecting = None
            if made and self._wire is not wire:
                wire.abort("cannot connect")
                await wire.closed

    async def close(self) -> None:
        """End the connection; calls that still wait for an answer raise ``StoreUnavailable``."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        if self._opening is not None:
            await asyncio.wait([self._opening])
        self._fail_waiting("the store is closed")
        if self._wire is not None:
            wire = self._wire
            wire.abort("the store is closed")
            await wire.closed
