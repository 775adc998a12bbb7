"""News for conversations: the backend's events and due timers, through the same door as messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from dialogs.events import Event
from dialogs.store import Store, StoreUnavailable
from gooya.clock import Clock, instant
from gooya.database.engine import DatabaseUnavailable
from gooya.database.events import Events, Notification
from gooya.turns import Door

log = logging.getLogger(__name__)

POLL = 0.5
TIMER_LEASE = 30.0


class Newsboy:
    """Brings recorded events to their conversations, at least once; the mark makes it once.

    ``mine`` says whose news to bring: everybody's in a worker.
    """

    def __init__(
        self,
        events: Events,
        door: Door,
        clock: Clock,
        mine: Callable[[Notification], bool] = lambda news: True,
    ) -> None:
        self._mine = mine
        self._events = events
        self._door = door
        self._clock = clock
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Something was recorded in this process."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver news until cancelled."""
        while True:
            self._awake.clear()
            try:
                await self.deliver()
            except DatabaseUnavailable:
                log.warning("news can't be read")
            try:
                await asyncio.wait_for(self._awake.wait(), POLL)
            except TimeoutError:
                continue

    async def deliver(self) -> int:
        """Bring all waiting events; returns how many there were."""
        news = [n for n in await self._events.unnotified() if self._mine(n)]
        lanes: dict[str, list[Notification]] = {}
        for item in news:
            lanes.setdefault(item.conversation, []).append(item)
        await asyncio.gather(*map(self._bring, lanes.values()))
        return len(news)

    async def _bring(self, news: list[Notification]) -> None:
        """The news of one conversation, in order; what fails comes again with the next look."""
        for item in news:
            now = self._clock()
            event = Event(
                kind="progress",
                id=f"event:{item.event_id}",
                channel=item.channel,
                address=item.address,
                at=now,
                progress=item.progress,
                service=item.service,
            )
            try:
                await self._door.enter(item.conversation, event)
                await self._events.mark_notified([item.id], instant(now))
            except Exception as error:
                # One conversation's trouble must not keep the news from the others.
                log.warning("news not told", extra={"error": type(error).__name__})
                return


class Timers:
    """Brings due timers to their conversations."""

    def __init__(self, store: Store, door: Door, clock: Clock) -> None:
        self._store = store
        self._door = door
        self._clock = clock

    async def run(self) -> None:
        """Ring timers until cancelled."""
        while True:
            try:
                await self.ring()
            except StoreUnavailable:
                log.warning("timers can't be read")
            await asyncio.sleep(POLL)

    async def ring(self) -> int:
        """Bring every timer that is due now; returns how many there were."""
        now = self._clock()
        due = await self._store.claim_timers(now=now, lease=TIMER_LEASE)
        for timer in due:
            event = Event(
                kind="timer",
                id=f"timer:{timer.name}:{timer.due}",
                channel="sms",
                address=timer.conversation,
                at=now,
                timer=timer.name,
            )
            try:
                await self._door.enter(timer.conversation, event)
            except Exception as error:
                # It rings again when its lease ends.
                log.warning("timer not brought", extra={"error": type(error).__name__})
        return len(due)
