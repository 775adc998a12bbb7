"""Works off the queues of a channel: messages to customers, and inbound ones to their turn."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from dialogs.store.contract import Batch, Outbound, Store, StoreUnavailable

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between looks at the store for what other processes recorded."""


class Delivery:
    """Works off the batches of one channel: one at a time for each recipient, ``width`` side by side.

    ``deliver`` tells the store what became of a batch (``sent``, ``put_off``). What it didn't tell,
    because it failed or because this process died, comes again after ``lease`` seconds: late or
    twice, but never lost. ``poll`` is in seconds, ``clock`` gives the store's time.
    """

    def __init__(
        self,
        store: Store,
        channel: str,
        deliver: Callable[[Batch], Awaitable[None]],
        *,
        clock: Callable[[], float],
        poll: float = POLL,
        lease: float = 60.0,
        width: int = 100,
    ) -> None:
        self._store = store
        self._channel = channel
        self._deliver = deliver
        self._clock = clock
        self._poll = poll
        self._lease = lease
        self._width = width
        self._room = asyncio.Semaphore(width)
        self._held: dict[str, list[Batch]] = {}
        """Batches by recipient; the first is the one being delivered."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._look = asyncio.Event()
        self._wakes = 0

    def take(self, messages: Iterable[Outbound]) -> None:
        """Deliver messages that the caller's commit leased to this process."""
        by_recipient: dict[str, list[Outbound]] = {}
        for message in messages:
            by_recipient.setdefault(message.to, []).append(message)
        now = self._clock()
        for to, waiting in by_recipient.items():
            self._hold(Batch(self._channel, to, tuple(waiting), 0, now), self._wakes)

    def wake(self) -> None:
        """Look at the store now: something was enqueued."""
        self._wakes += 1
        self._look.set()

    async def run(self) -> None:
        """Deliver what is due until cancelled."""
        while True:
            self._look.clear()
            # No more than can begin at once: a lease runs from the claim on.
            room = self._width - len(self._held)
            found = await self._claim(room) if room > 0 else 0
            if found >= room:
                self._wakes += 1  # more may be due: the end of a batch makes room for it
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll):
                    await self._look.wait()

    async def close(self) -> None:
        """Return when what is being delivered has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _claim(self, limit: int) -> int:
        wakes = self._wakes
        try:
            batches = await self._store.claim_outbound(
                self._channel, now=self._clock(), lease=self._lease, limit=limit
            )
        except StoreUnavailable:
            log.warning("the queue can't be read", extra={"channel": self._channel})
            return 0
        except Exception as error:
            # Whatever the store suffers from, the next look may find it well.
            kind = type(error).__name__
            log.error("the queue can't be read: %s", kind, extra={"channel": self._channel})
            return 0
        for batch in batches:
            self._hold(batch, wakes)
        return len(batches)

    def _hold(self, batch: Batch, wakes: int) -> None:
        """Deliver a batch after those of its recipient; ``wakes`` as of the look that found it."""
        held = self._held.get(batch.to)
        if held is None:
            self._held[batch.to] = [batch]
            task = asyncio.create_task(self._work_off(batch.to, wakes))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        ours = {message.id for other in held for message in other.messages}
        # What is claimed while it is being delivered (its lease ended, or a part of it was sent and
        # made the rest due) is in good hands.
        if ours.isdisjoint(message.id for message in batch.messages):
            held.append(batch)

    async def _work_off(self, to: str, wakes: int) -> None:
        held = self._held[to]
        async with self._room:
            while held:
                await self._deliver_one(held[0])
                del held[0]
        del self._held[to]
        if wakes != self._wakes:
            self._look.set()  # what was enqueued meanwhile behind this is due only now

    async def _deliver_one(self, batch: Batch) -> None:
        try:
            await self._deliver(batch)
        except StoreUnavailable:
            log.warning("the queue can't be written", extra={"channel": self._channel})
        except Exception as error:
            kind = type(error).__name__
            log.error("a batch was not delivered: %s", kind, extra={"channel": self._channel})
