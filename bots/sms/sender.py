"""Sends what turns committed: in order for every phone, retried, and forgotten only when gone out."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from itertools import groupby

from bots.sms.addresses import mask
from bots.sms.gateway import Gateway, SendError, SmsOut
from dialogs.store import Batch, Outbound, Store, StoreUnavailable

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between looks at the store for what other processes committed."""
LEASE = 60.0
CONCURRENCY = 100
"""Phones written to at the same time."""
BACKOFF_BASE = 1.0
BACKOFF_CAP = 300.0
MAX_ATTEMPTS = 30
"""Failed sends of one message after which it is given up: some two hours."""

Outcome = Callable[[Outbound, str], None]
"""Told of every message that left the queue: ``sent``, ``refused`` or ``given_up``."""


class SmsSender:
    """Takes the channel's outbound messages from the store to the gateway."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        *,
        clock: Callable[[], float],
        outcome: Outcome,
        channel: str = "sms",
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._outcome = outcome
        self._channel = channel
        self._jitter = jitter
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(CONCURRENCY)

    def take(self, messages: Iterable[Outbound]) -> None:
        """Send messages that the caller's commit leased to this process."""
        for to, group in groupby(sorted(messages, key=lambda m: m.to), key=lambda m: m.to):
            self._start(Batch(self._channel, to, tuple(group), 0))

    async def run(self) -> None:
        """Send what is due until cancelled."""
        while True:
            try:
                batches = await self._store.claim_outbound(
                    self._channel, now=self._clock(), lease=LEASE
                )
            except StoreUnavailable:
                log.warning("outbound queue can't be read")
                batches = []
            for batch in batches:
                self._start(batch)
            await asyncio.sleep(POLL)

    async def close(self) -> None:
        """Return when what is being sent has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, batch: Batch) -> None:
        task = asyncio.create_task(self._send_batch(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_batch(self, batch: Batch) -> None:
        try:
            async with self._room:
                await self._send_in_order(batch)
        except StoreUnavailable:
            # The lease ends and the messages go out again: late or twice, but never lost.
            log.warning("outbound queue can't be written")

    async def _send_in_order(self, batch: Batch) -> None:
        gone: list[str] = []
        attempts = batch.attempts
        for message in batch.messages:
            try:
                await self._gateway.send(SmsOut(message.id, message.to, message.text))
            except SendError as error:
                level = logging.ERROR if error.alarm else logging.WARNING
                log.log(level, "SMS not sent: %s", error, extra={"to": mask(message.to)})
                if error.retryable and attempts + 1 < MAX_ATTEMPTS:
                    if gone:
                        await self._store.sent(
                            self._channel, batch.to, tuple(gone), now=self._clock()
                        )
                    pause = min(BACKOFF_CAP, BACKOFF_BASE * 2.0**attempts) * self._jitter()
                    until = self._clock() + pause
                    await self._store.put_off(self._channel, batch.to, until=until)
                    return
                self._outcome(message, "given_up" if error.retryable else "refused")
            else:
                self._outcome(message, "sent")
            gone.append(message.id)
            attempts = 0
        await self._store.sent(self._channel, batch.to, tuple(gone), now=self._clock())
