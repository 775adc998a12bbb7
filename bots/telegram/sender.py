"""Does what turns committed for chats: in order for every chat, retried, forgotten only when done."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Literal

import msgspec

from bots import retries
from bots.telegram.chat import Act, Answered, Closed, Post, Toast, decode
from bots.telegram.limiter import Limiter
from bots.telegram.port import Later, Messenger, Refused, Unreachable
from dialogs.store import Batch, Outbound, Store
from dialogs.store.delivery import Delivery

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between looks at the store for what other processes committed."""
LEASE: Final = 60.0
HOLD = 20.0
"""Seconds after which what is left of a batch is given back, well before its lease ends."""
CONCURRENCY: Final = 100
"""Chats written to at the same time."""

What = Literal["sent", "refused", "given_up", "unreachable"]
Outcome = Callable[[Outbound, What], Awaitable[None]]
"""Awaited for every message before it leaves the queue, and again if it raises or the process dies
before that. ``unreachable``: the customer blocked the bot."""


class ChatSender:
    """Takes the outbound messages of ``messenger``'s channel from the store to the messenger.

    A receipt (see :meth:`dialogs.store.Store.receipt`) is the id of the last message with buttons
    that still has them.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        *,
        limiter: Limiter,
        clock: Callable[[], float],
        outcome: Outcome,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._limiter = limiter
        self._clock = clock
        self._outcome = outcome
        self._jitter = jitter
        self._delivery = Delivery(
            store,
            messenger.name,
            self._deliver,
            clock=clock,
            poll=POLL,
            lease=LEASE,
            width=CONCURRENCY,
        )

    def take(self, messages: Iterable[Outbound]) -> None:
        """Send messages that the caller's commit leased to this process."""
        self._delivery.take(messages)

    async def run(self) -> None:
        """Send what is due until cancelled."""
        await self._delivery.run()

    async def close(self) -> None:
        """Return when what is being sent has ended."""
        await self._delivery.close()

    async def _deliver(self, batch: Batch) -> None:
        time = asyncio.get_running_loop().time
        give_back_at = time() + HOLD
        work = _Work(self._store, batch)
        attempts, blocked = batch.attempts, False
        for message in batch.messages:
            if work.gone and time() >= give_back_at:
                await work.keep(self._clock(), again=POLL)
                return
            what: What = "unreachable"
            try:
                act = decode(message.text)
                if not blocked:
                    what = await self._obey(act, work)
            except Later as error:
                if attempts + 1 < retries.MAX_ATTEMPTS:
                    log.info("put off: %s", error)
                    # Refused again and again, it waits longer than the messenger says.
                    pause = max(error.seconds or 0.0, self._backoff(attempts))
                    await work.keep(self._clock(), again=pause)
                    return
                log.warning("given up: %s", error)
                what = "given_up"
            except Unreachable:
                blocked = True
            except Refused as error:
                log.error("refused: %s", error)
                what = "refused"
            except msgspec.MsgspecError as error:
                log.error("what to do in a chat is not understood: %s", type(error).__name__)
                what = "refused"
            try:
                await self._outcome(message, what)
            except Exception as error:
                log.error("what became of a message is not recorded: %s", type(error).__name__)
                await work.keep(self._clock(), again=self._backoff(attempts))
                return
            work.gone.append(message.id)
            attempts = 0
        await work.keep(self._clock())

    def _backoff(self, attempts: int) -> float:
        return retries.pause(attempts) * self._jitter()

    async def _obey(self, act: Act, work: _Work) -> What:
        """Raises :class:`~bots.telegram.port.MessengerError`."""
        chat = work.batch.to
        match act:
            case Post():
                await self._limiter.wait(chat)
                message = await self._messenger.post(chat, act)
                if act.keyboard:
                    work.receipt = str(message)
            case Answered():
                await self._limiter.wait(chat)
                await self._messenger.edit(chat, act.message, act.text)
                # A stale press is answered too, and then the open question keeps its receipt.
                if await work.last_receipt() == str(act.message):
                    work.receipt = ""
            case Closed():
                if receipt := await work.last_receipt():
                    await self._limiter.wait(chat)
                    await self._messenger.close_keyboard(chat, int(receipt))
                    work.receipt = ""
            case Toast():
                try:
                    await self._messenger.toast(act.query, act.text)
                except Later as error:
                    # Its moment passes, and nothing may wait for it.
                    log.info("given up: %s", error)
                    return "given_up"
        return "sent"


class _Work:
    """How far a batch is done."""

    def __init__(self, store: Store, batch: Batch) -> None:
        self.batch = batch
        self.gone: list[str] = []
        self.receipt: str | None = None
        """The new one; None while that in the store holds."""
        self._store = store

    async def last_receipt(self) -> str:
        if self.receipt is not None:
            return self.receipt
        return await self._store.receipt(self.batch.channel, self.batch.to)

    async def keep(self, now: float, *, again: float | None = None) -> None:
        """Record it; what is left is due ``again`` seconds from now."""
        channel, to = self.batch.channel, self.batch.to
        if self.gone:
            await self._store.sent(channel, to, tuple(self.gone), now=now, receipt=self.receipt)
        if again is not None:
            await self._store.put_off(channel, to, until=now + again)
