"""How updates reach the bot: pending until they are taken, by webhook or by getUpdates."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

LATE = 0.1
"""An update that is to be overtaken comes after this many seconds where nothing overtakes it."""


@dataclass(eq=False)
class Update:
    id: int
    kind: str
    raw: dict[str, Any]
    queue: tuple[str, int]
    expires: float
    """Monotonic."""
    again: bool = False
    """Delivered once more after it was taken."""
    shown: bool = False


@dataclass
class Webhook:
    url: str
    secret: str = ""
    connections: int = 40
    error: str = ""
    error_at: int = 0


@dataclass(eq=False)
class Delivery:
    """Pending updates, oldest first, and the way out.

    By webhook: one update of a queue at a time, queues side by side, the next after a 2xx. A
    failure is tried again at once, then after 2, 4, 8 … 60 s times ``scale``, or after the
    Retry-After of the answer (times ``scale`` too).
    """

    scale: float
    pending: dict[Update, None] = field(default_factory=dict)
    """In the order in which they came."""
    webhook: Webhook | None = None
    allowed: tuple[str, ...] = ()
    expired: int = 0
    attempts: list[tuple[int, int]] = field(default_factory=list)
    """Webhook calls: update id and HTTP status (0: no answer)."""

    def __post_init__(self) -> None:
        self._queues: dict[tuple[str, int], deque[Update]] = {}
        self._workers: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._late: dict[tuple[str, int], Update] = {}
        self._arrived = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._poll: asyncio.Future[str] | None = None
        self._http: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(40)

    def add(self, update: Update, *, late: bool = False) -> None:
        """``late``: the next update of its queue overtakes it."""
        if self.allowed and update.kind not in self.allowed:
            return
        self._empty.clear()
        if late and update.queue not in self._late:
            self._late[update.queue] = update
            asyncio.get_running_loop().call_later(LATE, self._release, update)
            return
        self._enqueue(update)
        if (waiting := self._late.get(update.queue)) is not None:
            self._release(waiting)

    def _release(self, update: Update) -> None:
        if self._late.get(update.queue) is update:
            del self._late[update.queue]
            self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        self.pending[update] = None
        if self.webhook is not None:
            self._queues.setdefault(update.queue, deque()).append(update)
            self._work(update.queue)
        self._arrived.set()

    @property
    def is_empty(self) -> bool:
        """Whether every update was taken, also those that another is to overtake."""
        return self._empty.is_set()

    async def emptied(self, timeout: float) -> None:
        """Until every update was taken."""
        async with asyncio.timeout(timeout):
            await self._empty.wait()

    # --- polling

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates waits for something to come."""
        return self._poll is not None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]] | str:
        """The updates, or why this call ended without any: the text of a 409."""
        if self.webhook is not None:
            return (
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self.end_poll(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self._confirm(offset)
        mine = self._poll = asyncio.get_running_loop().create_future()
        until = time.monotonic() + timeout
        while not self.pending and not mine.done() and time.monotonic() < until:
            self._arrived.clear()
            arrived = asyncio.ensure_future(self._arrived.wait())
            await asyncio.wait(
                {arrived, mine},
                timeout=until - time.monotonic(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            arrived.cancel()
        if mine.done():
            return mine.result()
        self._poll = None
        now = time.monotonic()
        self._drop([update for update in self.pending if update.expires < now], expired=True)
        batch = list(self.pending)[:limit]
        for update in batch:
            update.shown = True
        return [update.raw for update in batch]

    def end_poll(self, why: str) -> None:
        """End the call that waits, if there is one, with a 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)
        self._poll = None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._drop(list(self.pending)[:offset])
        taken = [update for update in self.pending if update.shown and update.id < offset]
        for update in taken:
            if update.again:
                update.again = update.shown = False
        self._drop([update for update in taken if update.shown])

    def _drop(self, gone: list[Update], *, expired: bool = False) -> None:
        for update in gone:
            self.pending.pop(update, None)
        self.expired += len(gone) if expired else 0
        if not self.pending and not self._late:
            self._empty.set()

    # --- webhook

    async def set_webhook(self, webhook: Webhook | None, *, drop: bool = False) -> None:
        """Begin with ``webhook``, or end the one there is. What is pending goes there, or is
        dropped."""
        await self._stop()
        if drop:
            self._late.clear()
            self._drop(list(self.pending))
        self.webhook = webhook
        if webhook is None:
            return
        self.end_poll("terminated by setWebhook request")
        self._slots = asyncio.Semaphore(webhook.connections)
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=60),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        for update in self.pending:
            self._queues.setdefault(update.queue, deque()).append(update)
        for queue in list(self._queues):
            self._work(queue)

    async def close(self) -> None:
        self.end_poll("terminated by the end of the test")
        self._late.clear()
        await self._stop()

    async def _stop(self) -> None:
        self.webhook = None
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._workers.clear()
        self._queues.clear()
        if self._http is not None:
            await self._http.close()
            self._http = None

    def _work(self, queue: tuple[str, int]) -> None:
        if queue not in self._workers:
            worker = asyncio.create_task(self._deliver(queue))
            self._workers[queue] = worker
            worker.add_done_callback(lambda _: self._ended(queue, worker))

    def _ended(self, queue: tuple[str, int], worker: asyncio.Task[None]) -> None:
        if self._workers.get(queue) is worker:
            del self._workers[queue]
        if not worker.cancelled():
            worker.result()
            if self._queues.get(queue):
                self._work(queue)

    async def _deliver(self, queue: tuple[str, int]) -> None:
        waiting = self._queues[queue]
        failures = 0
        while waiting:
            update = waiting[0]
            if update.expires < time.monotonic():
                waiting.popleft()
                self._drop([update], expired=True)
                continue
            async with self._slots:
                status, pause = await self._post(update)
            if 200 <= status < 300:
                failures = 0
                if update.again:
                    update.again = False
                    continue
                waiting.popleft()
                self._drop([update])
                continue
            failures += 1
            backoff = 0.0 if failures == 1 else min(2.0 ** (failures - 1), 60.0)
            await asyncio.sleep((backoff if pause is None else pause) * self.scale)
        self._queues.pop(queue, None)

    async def _post(self, update: Update) -> tuple[int, float | None]:
        hook, http = self.webhook, self._http
        assert hook is not None
        assert http is not None
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        pause = None
        try:
            body = msgspec.json.encode(update.raw)
            async with http.post(hook.url, data=body, headers=headers) as response:
                await response.read()
                status = response.status
                after = response.headers.get("Retry-After", "")
                pause = float(after) if after.isdecimal() else None
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.attempts.append((update.id, status))
        if not 200 <= status < 300:
            hook.error_at = int(time.time())
            hook.error = (
                f"Wrong response from the webhook: {status}" if status else "Connection failed"
            )
        return status, pause


def queue_of(raw: dict[str, Any]) -> tuple[str, int]:
    """The queue in which an update keeps its order: the user's for button presses, else the chat's."""
    for kind, content in raw.items():
        if isinstance(content, dict):
            owner = content.get("from" if kind == "callback_query" else "chat")
            number = owner.get("id") if isinstance(owner, dict) else None
            name = "user" if kind == "callback_query" else "chat"
            return name, number if isinstance(number, int) else 0
    return "chat", 0
