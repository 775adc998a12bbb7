"""What a caller says, one recording at a time on one line: its name there, and what is kept of it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from ivr.audio import BadRecording
from ivr.line import Line, LineError, Recorded

log = logging.getLogger(__name__)

NAMES: Final = ("recording-a", "recording-b")
"""Endings of a call's recording names, in turn: few, so that another process can stop what this one
began, and a late report of one is not of the next."""


class Recorder:
    """``keep`` stores a recording (WAV, seconds) and gives its attachment id, or None where that can't
    be done; ``add`` makes it a clip and raises :class:`BadRecording`."""

    def __init__(
        self,
        line: Line,
        keep: Callable[[bytes, float], Awaitable[str | None]],
        add: Callable[[str, bytes], None],
    ) -> None:
        self._line = line
        self._keep = keep
        self._add = add
        self._all = [f"{line.call}-{name}" for name in NAMES]
        self._names = itertools.cycle(self._all)
        self._current = ""

    async def stop_former(self) -> None:
        """Stop what a former process may have begun on this line. Raises :class:`ivr.line.Gone`."""
        for name in self._all:
            await self._stop(name)

    async def start(self, seconds: int) -> bool:
        """Record for so long at most; False where the line can't. Raises ``Gone``."""
        self._current = next(self._names)
        try:
            await self._line.record(self._current, seconds=seconds)
        except LineError as error:
            log.warning("can't record: %s", error, extra={"call": self._line.call})
            return False
        return True

    async def stop(self) -> None:
        """End the present recording. Raises ``Gone``."""
        await self._stop(self._current)

    def is_of(self, recorded: Recorded) -> bool:
        """Whether this is reported of the present recording."""
        return recorded.name == self._current

    async def kept(self, recorded: Recorded, minimum: int) -> str:
        """What the dialog is told of a recording: the id of its attachment; ``empty`` where nothing of
        ``minimum`` seconds was said; ``unreadable`` where it can't be had or not be kept."""
        if recorded.failed:
            return "unreadable"
        if not recorded.sound or recorded.seconds < minimum:
            return "empty"
        attachment = await self._keep(recorded.sound, recorded.seconds)
        try:
            if attachment is not None:
                self._add(attachment, recorded.sound)
        except BadRecording:
            attachment = None
        return attachment or "unreadable"

    async def _stop(self, name: str) -> None:
        try:
            await self._line.stop_recording(name)
        except LineError as error:
            log.warning("can't stop a recording: %s", error, extra={"call": self._line.call})
