"""A call's way into its conversation: its events, each entered until it is handled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from dialogs.events import Event, Kind
from ivr.speech import Speech

log = logging.getLogger(__name__)

Enter = Callable[[str, Event], Awaitable[Speech | None]]
"""Handles an event of a conversation for good and gives what is to be said, if anything. Whatever it
raises means that nothing was committed."""
Keep = Callable[[str, bytes, float], Awaitable[str]]
"""Stores a recording (WAV, seconds) of a conversation and gives its attachment id. ValueError for
sound that can't be used."""

RETRIES: Final = (0.3, 0.6)
"""Pauses in seconds before what failed is tried again while the caller waits."""
LAST_RETRIES: Final = (0.3, 1.0, 3.0)
"""The same when nobody waits any more."""
Locate = Callable[[str, str], Awaitable[str]]
"""The conversation of a caller: of a number (E.164) and a call (``node/call id``). Two phones may show
one number, and each of them needs a conversation."""


class NotHandled(Exception):
    """The event could not be committed."""


def hang_up(conversation: str, call: str, at: float) -> Event:
    """The end of ``call`` (``node/call id``): the same event from whoever notices it, and how often."""
    return Event(
        kind="hang_up",
        id=f"{call}:hang_up",
        channel="call",
        address=conversation,
        at=at,
        call=call,
    )


class Turns:
    """The turns of one call; ``number`` is E.164, or ``""`` where it isn't known. Without one, the
    conversation is the call's own and ends with it."""

    def __init__(
        self,
        *,
        call: str,
        node: str,
        number: str,
        enter: Enter,
        keep: Keep,
        locate: Locate,
        clock: Callable[[], float],
    ) -> None:
        self.conversation = number or f"call:{call}"
        self._call = f"{node}/{call}"
        self._number = number
        self._locate = locate
        self._enter = enter
        self._keep = keep
        self._clock = clock
        self._events = 0

    async def begin(self) -> None:
        """Find the conversation, before anything else."""
        if self._number:
            try:
                self.conversation = await self._locate(self._number, self._call)
            except Exception as error:
                self._complain("conversation was not looked for", error)

    def event(self, kind: Kind, text: str = "", *, asked: str = "") -> Event:
        self._events += 1
        at = self._clock()
        return Event(
            kind=kind,
            id=f"{self._call}:{int(at * 1000)}:{self._events}",
            channel="call",
            address=self._number or self.conversation,
            at=at,
            text=text,
            asked=asked,
            call=self._call,
        )

    async def enter(self, event: Event) -> Speech | None:
        """What is to be said to ``event``. Raises :class:`NotHandled`."""
        speech, attempts = await self._enter_in(event, RETRIES)
        if speech is None and attempts > 1:
            # An earlier attempt was committed after all, and its speech is lost.
            speech, _ = await self._enter_in(self.event("adopted"), RETRIES)
        return speech

    async def end(self) -> None:
        """Enter the end of the call; raises nothing."""
        try:
            await self._enter_in(
                hang_up(self.conversation, self._call, self._clock()), LAST_RETRIES
            )
        except NotHandled:
            log.error("the end of a call could not be entered", extra={"call": self._call})

    async def keep(self, sound: bytes, seconds: float) -> str | None:
        """The attachment id of a recording; None when it can't be used or not be stored."""
        for pause in (*RETRIES, None):
            try:
                return await self._keep(self.conversation, sound, seconds)
            except ValueError:
                return None
            except Exception as error:
                self._complain("recording was not kept", error)
            if pause is not None:
                await asyncio.sleep(pause)
        return None

    async def _enter_in(self, event: Event, pauses: tuple[float, ...]) -> tuple[Speech | None, int]:
        """The speech and the number of attempts that it took."""
        for attempt, pause in enumerate((*pauses, None), 1):
            try:
                return await self._enter(self.conversation, event), attempt
            except Exception as error:
                self._complain("event was not handled", error)
            if pause is not None:
                await asyncio.sleep(pause)
        raise NotHandled

    def _complain(self, what: str, error: Exception) -> None:
        # Its name only: the text of an error may quote what was said.
        log.warning("a call's %s: %s", what, type(error).__name__, extra={"call": self._call})
