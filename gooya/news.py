"""News for conversations: the backend's events and due timers, through the same door as messages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from dialogs.events import Event
from dialogs.store import Store, StoreUnavailable, Timer
from gooya.clock import Clock, instant
from gooya.database.engine import DatabaseError
from gooya.database.events import Events, Notification, Recorded
from gooya.quiet import QuietHours
from gooya.turns import Door

log = logging.getLogger(__name__)

POLL = 0.5
TIMER_LEASE = 30.0


class Newsboy:
    """Brings recorded events to their conversations, at least once; the mark makes it once.

    What this process records itself it brings at once (:meth:`tell`); what others recorded, or what
    failed or was cut short by a crash, is found in the database (:meth:`run`). ``mine`` says whose
    news to bring: everybody's in a worker. In the ``quiet`` hours the conversation keeps them.
    """

    def __init__(
        self,
        events: Events,
        door: Door,
        clock: Clock,
        mine: Callable[[Notification], bool] = lambda news: True,
        quiet: QuietHours | None = None,
    ) -> None:
        self._mine = mine
        self._quiet = quiet or QuietHours("")
        self._events = events
        self._door = door
        self._clock = clock
        self._awake = asyncio.Event()
        self._running = False
        self._under_way: dict[str, set[int]] = {}
        self._missed = False
        self._told: set[int] = set()
        """What was marked since the last look began: it may still find that waiting."""
        self._lanes: set[asyncio.Task[None]] = set()

    def tell(self, recorded: Recorded) -> None:
        """Bring what was just committed in this process; nothing happens while :meth:`run` doesn't."""
        if not self._running:
            return
        self._start(recorded.news)
        if recorded.more:
            self._awake.set()

    async def run(self) -> None:
        """Look for news and bring them until cancelled."""
        self._running = True
        try:
            while True:
                self._awake.clear()
                self._told.clear()
                try:
                    found = await self._events.unnotified()
                    self._start(item for item in found if item.id not in self._told)
                except DatabaseError:
                    # Also where nobody has migrated the database yet.
                    log.warning("news can't be read")
                except Exception as error:
                    # Whatever it is, the next look may find it well.
                    log.error("news can't be read: %s", type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._awake.wait()
        finally:
            self._running = False
            for lane in self._lanes:
                lane.cancel()
            await asyncio.gather(*self._lanes, return_exceptions=True)

    def _start(self, news: Iterable[Notification]) -> None:
        """Bring the news of every conversation that gets none right now; those of one in order."""
        waiting: dict[str, list[Notification]] = {}
        for item in news:
            under_way = self._under_way.get(item.conversation)
            if under_way is None:
                if self._mine(item):
                    waiting.setdefault(item.conversation, []).append(item)
            elif item.id not in under_way:
                self._missed = True
        for conversation, items in waiting.items():
            self._under_way[conversation] = {item.id for item in items}
            lane = asyncio.create_task(self._bring(conversation, items))
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)

    async def _bring(self, conversation: str, news: list[Notification]) -> None:
        try:
            for item in news:
                await self._bring_one(item)
        except Exception as error:
            # It comes again with the next look, and those after it. One conversation's trouble must
            # not keep the news from the others.
            log.warning("news not told", extra={"error": type(error).__name__})
        finally:
            del self._under_way[conversation]
            if self._missed:
                self._missed = False
                self._awake.set()

    async def _bring_one(self, item: Notification) -> None:
        now = self._clock()
        event = Event(
            kind="progress",
            id=f"event:{item.event_id}",
            channel=item.channel,
            address=item.address,
            at=now,
            progress=item.progress,
            service=item.service,
            quiet_until=self._quiet.until(now),
        )
        await self._door.enter(item.conversation, event)
        await self._events.mark_notified(item.id, instant(now))
        self._told.add(item.id)


class Timers:
    """Brings due timers to their conversations.

    ``mine`` says whose: with everybody's, as in a worker, a timer that can't be brought rings again
    after a while; others' timers are left to whoever looks next.
    """

    def __init__(
        self,
        store: Store,
        door: Door,
        clock: Clock,
        mine: Callable[[Timer], bool] | None = None,
    ) -> None:
        self._store = store
        self._door = door
        self._clock = clock
        self._mine = mine
        self._lease = TIMER_LEASE if mine is None else 0.0

    async def run(self) -> None:
        """Ring timers until cancelled."""
        while True:
            try:
                await self.ring()
            except StoreUnavailable:
                log.warning("timers can't be read")
            except Exception as error:
                # Whatever the store suffers from, the next look may find it well.
                log.error("timers can't be read: %s", type(error).__name__)
            await asyncio.sleep(POLL)

    async def ring(self) -> int:
        """Bring every timer that is due now; returns how many there were."""
        now = self._clock()
        due = await self._store.claim_timers(now=now, lease=self._lease)
        if self._mine is not None:
            due = list(filter(self._mine, due))
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
