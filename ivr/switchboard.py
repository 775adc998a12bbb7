"""The live calls of this process, and the way to them for speeches that other processes committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from dialogs.store import Batch, Outbound, Store
from dialogs.store.delivery import Delivery
from ivr.caller import Caller, Clips
from ivr.line import Line, Say
from ivr.speech import decode
from ivr.turns import Enter, Keep, Locate, hang_up

log = logging.getLogger(__name__)

POLL: Final = 0.25
"""Seconds between looks at the store for speeches to our calls."""
LEASE: Final = 60.0
GRACE: Final = 2.0
"""Seconds until a speech to an unknown call is looked at again: its call may be just arriving here, or
being adopted."""
LOOKS: Final = 3
"""After so many of them the call is taken for ended."""


class Switchboard:
    """``node`` names this process and, after a restart, its successor: speeches to its calls go to
    channel ``call:<node>``. ``enter``, ``keep`` and ``locate`` are those of :mod:`ivr.turns`."""

    def __init__(
        self,
        node: str,
        *,
        store: Store,
        enter: Enter,
        keep: Keep,
        locate: Locate,
        clips: Clips,
        clock: Callable[[], float],
        timing: bool = True,
    ) -> None:
        self._node = node
        self._channel = f"call:{node}"
        self._store = store
        self._enter = enter
        self._keep = keep
        self._locate = locate
        self._clips = clips
        self._clock = clock
        self._timing = timing
        self._calls: dict[str, Caller] = {}
        self._sessions: set[asyncio.Task[None]] = set()
        self._delivery = Delivery(
            store, self._channel, self._deliver, clock=clock, poll=POLL, lease=LEASE
        )

    @property
    def calls(self) -> Mapping[str, Caller]:
        """The sessions by ``Line.call``."""
        return MappingProxyType(self._calls)

    def connect(self, line: Line, number: str, *, adopted: bool = False) -> Caller:
        """Begin the session of a call, or give the one that leads it already."""
        if (known := self._calls.get(line.call)) is not None:
            return known
        caller = self._calls[line.call] = Caller(
            line,
            node=self._node,
            number=number,
            enter=self._enter,
            keep=self._keep,
            locate=self._locate,
            clips=self._clips,
            clock=self._clock,
            adopted=adopted,
            timing=self._timing,
        )
        session = asyncio.create_task(self._lead(line.call, caller))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)
        return caller

    def take(self, messages: Iterable[Outbound]) -> None:
        """Deliver speeches that the caller's commit leased to this process."""
        self._delivery.take(messages)

    async def run(self) -> None:
        """Deliver what is due until cancelled."""
        await self._delivery.run()

    def close(self) -> Awaitable[object]:
        """End all sessions at once and hang up nobody: the next process adopts the calls.

        What is returned can be awaited until the last of them has ended.
        """
        for session in self._sessions:
            session.cancel()
        self._calls.clear()
        return asyncio.gather(*self._sessions, self._delivery.close(), return_exceptions=True)

    async def _lead(self, call: str, caller: Caller) -> None:
        try:
            await caller.run()
        finally:
            if self._calls.get(call) is caller:
                del self._calls[call]

    async def _deliver(self, batch: Batch) -> None:
        caller = self._calls.get(batch.to)
        if caller is not None:
            _say(caller, batch.messages)
        elif batch.attempts < LOOKS:
            until = self._clock() + GRACE
            await self._store.put_off(self._channel, batch.to, until=until)
            return
        else:
            await self._report_ended(batch)
        ids = tuple(message.id for message in batch.messages)
        await self._store.sent(self._channel, batch.to, ids, now=self._clock())

    async def _report_ended(self, batch: Batch) -> None:
        """The call is gone and nobody told its conversation: the process that led it had died."""
        for conversation in dict.fromkeys(message.conversation for message in batch.messages):
            event = hang_up(conversation, f"{self._node}/{batch.to}", self._clock())
            try:
                await self._enter(conversation, event)
            except Exception as error:
                log.warning("the end of a call was not handled: %s", type(error).__name__)


def _say(caller: Caller, messages: Iterable[Outbound]) -> None:
    for message in messages:
        try:
            caller.tell(Say(decode(message.text)))
        except msgspec.MsgspecError as error:
            log.error("a speech to a call is not understood: %s", type(error).__name__)
