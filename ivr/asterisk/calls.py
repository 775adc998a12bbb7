"""All calls that an Asterisk gives to our application: fresh ones, and those a former process left."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Set
from typing import Final

from ivr.asterisk.announcer import Announcer, is_ours
from ivr.asterisk.ari import Ari, Connected, State
from ivr.asterisk.events import (
    ApplicationReplaced,
    CallEvent,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    Event,
    RecordingFinished,
    StasisEnd,
    StasisStart,
    channel_of,
)
from ivr.asterisk.line import AsteriskLine, recording_of
from ivr.clips import ClipStore
from ivr.line import Gone, Key, LineError
from ivr.numbers import e164
from ivr.switchboard import Switchboard

log = logging.getLogger(__name__)

NOT_CALLERS: Final = ("Snoop/", "Local/")
"""Technologies of channels that others bring into the application."""
CARE_EVERY: Final = 3.0
"""Seconds; see :meth:`AsteriskLine.care`."""
ASK_AGAIN: Final = 1.0
"""Seconds between two attempts to learn which calls there are."""
CARE_OVER: Final = 1.0
"""Seconds that a round of them takes: each is a request, and no turn is to wait behind hundreds."""
AT_ONCE: Final = 20
"""Requests beside each other when there is one for every call."""


class AsteriskCalls:
    """The calls of one Asterisk, each a session of ``switchboard``.

    ``operator`` and ``fallback`` are contexts of the dialplan (extension ``s``) for callers who want a
    person, and for when the first one doesn't exist. ``announcer`` has calls of its own there.
    """

    def __init__(
        self,
        ari: Ari,
        switchboard: Switchboard,
        clips: ClipStore,
        *,
        announcer: Announcer | None = None,
        operator: str = "gooya-operator",
        fallback: str = "gooya-fallback",
    ) -> None:
        self._ari = ari
        self._switchboard = switchboard
        self._clips = clips
        self._announcer = announcer
        self._operator = operator
        self._fallback = fallback
        self._lines: dict[str, AsteriskLine] = {}
        self._can_care = False
        self._unclaimed: list[CallEvent] | None = None
        """Events of channels that we don't know, while we find out which we should adopt."""

    @property
    def state(self) -> State:
        """Whether Asterisk tells us of calls, and since when: for ``/readyz`` and the metrics."""
        return self._ari.state

    async def run(self) -> None:
        """Take calls for ever. Cancelled, it leaves the calls up: the next process adopts them."""
        await self._ari.start()
        try:
            async with asyncio.TaskGroup() as self._group:
                self._group.create_task(self._care())
                await self._listen()
        finally:
            self._let_go()
            await self._ari.close()

    async def _listen(self) -> None:
        adopting: asyncio.Task[None] | None = None
        async with contextlib.aclosing(self._ari.events()) as events:
            async for event in events:
                if not isinstance(event, Connected):
                    self._happened(event)
                    continue
                if adopting is not None:
                    adopting.cancel()
                    await asyncio.wait([adopting])
                adopting = self._group.create_task(self._adopt(frozenset(self._lines)))

    # --- adoption --------------------------------------------------------------------------

    async def _adopt(self, known: Set[str]) -> None:
        """After a connection: take over the calls that are there already, let go of those that are not.

        A channel in the application gives no second StasisStart. One that comes just now is listed
        and has its StasisStart on the way: asking for each channel gives that the time to arrive.
        """
        self._unclaimed = []
        try:
            present = await self._channels()
            for gone in (known - present.keys()) & self._lines.keys():
                self._hung_up(gone)
            kept = [line for id_, line in self._lines.items() if id_ in known]
            for id_, channel in present.items():
                if channel is not None and id_ not in self._lines and _is_caller(channel):
                    log.info("adopting a call")
                    self._connect(channel, adopted=True)
            unclaimed, self._unclaimed = self._unclaimed, None
            for event in unclaimed:
                self._happened(event)
        finally:
            self._unclaimed = None
        if self._can_care:  # their time may be nearly over
            await self._care_for_all()
        await asyncio.gather(*(line.catch_up() for line in kept))

    async def _channels(self) -> dict[str, Channel | None]:
        """Every channel of the application; None for one that we know."""
        while True:
            try:
                self._can_care = await self._ari.can_set_at_once()
                ids = await self._ari.channels()
                found = await asyncio.gather(*map(self._channel, ids))
            except LineError as error:
                log.warning("which calls are up is not known yet: %s", error)
                await asyncio.sleep(ASK_AGAIN)
            else:
                return {
                    id_: channel for id_, (here, channel) in zip(ids, found, strict=True) if here
                }

    async def _channel(self, id_: str) -> tuple[bool, Channel | None]:
        """Whether it is still there, and what it is when we don't know it."""
        if id_ in self._lines:
            return True, None
        # Of a former process: what we play waits behind it.
        await self._ari.stop_recording(recording_of(id_))
        try:
            return True, await self._ari.channel(id_)
        except Gone:
            return False, None

    # --- what Asterisk says ----------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        if self._announcer is not None:
            self._announcer.happened(event)
        match event:
            case StasisStart(channel=channel, args=args):
                if channel.id not in self._lines and not args and _is_caller(channel):
                    self._connect(channel)
            case ApplicationReplaced():
                self._let_go()
            case _:
                line = self._lines.get(channel_of(event))
                if line is not None:
                    self._tell(line, event)
                elif self._unclaimed is not None:
                    self._unclaimed.append(event)
                elif isinstance(event, RecordingFinished):
                    self._group.create_task(self._discard(event))

    def _tell(self, line: AsteriskLine, event: CallEvent) -> None:
        match event:
            case StasisEnd() | ChannelHangupRequest() | ChannelDestroyed():
                self._hung_up(line.call)
            case ChannelDtmfReceived():
                line.tell(Key(event.digit))
            case _:
                line.happened(event)

    async def _discard(self, event: RecordingFinished) -> None:
        """Let nothing stay on the Asterisk of what a caller said who hung up meanwhile."""
        if event.recording.name == recording_of(channel_of(event)):
            with contextlib.suppress(LineError):
                await self._ari.delete_recording(event.recording.name)

    def _connect(self, channel: Channel, *, adopted: bool = False) -> None:
        line = AsteriskLine(
            self._ari,
            self._clips,
            channel,
            operator=self._operator,
            fallback=self._fallback,
        )
        self._lines[channel.id] = line
        if channel.state != "Up":
            line.answer()
        caller = self._switchboard.connect(line, e164(channel.caller.number), adopted=adopted)
        line.tell = caller.tell

    def _let_go(self) -> None:
        """Leave the calls to another process."""
        self._lines.clear()
        self._switchboard.close()
        if self._announcer is not None:
            self._announcer.let_go()

    def _hung_up(self, id_: str) -> None:
        self._lines.pop(id_).hung_up()

    # --- the dialplan's dead man's switch --------------------------------------------------

    async def _care(self) -> None:
        """Tell the dialplan again and again that the calls are cared for.

        Only while events come: a caller whose keys we can't hear is better off with the dialplan.
        """
        while True:
            if self.state.connected and self._can_care:
                await self._care_for_all(over=CARE_OVER)
            await asyncio.sleep(CARE_EVERY - CARE_OVER)

    async def _care_for_all(self, *, over: float = 0.0) -> None:
        lines = list(self._lines.values())
        free = asyncio.Semaphore(AT_ONCE)

        async def care_for(number: int, line: AsteriskLine) -> None:
            await asyncio.sleep(over * number / len(lines))
            if line.call not in self._switchboard.calls:
                return  # its session broke, or could not hang up: it is left to the dialplan
            async with free:
                # What keeps us from it is in the log of the connection.
                with contextlib.suppress(LineError):
                    await line.care()

        await asyncio.gather(*itertools.starmap(care_for, enumerate(lines)))


def _is_caller(channel: Channel) -> bool:
    """Whether somebody calls us; others bring helpers of their own, or calls with arguments."""
    return not (
        channel.name.startswith(NOT_CALLERS)
        or is_ours(channel.id)
        or "," in channel.dialplan.app_data
    )
