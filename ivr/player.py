"""One playback at a time on one line: its id, its silence, and which reports are of it.

Something always plays, if only silence: it keeps the packets flowing, and Asterisk 22 reports keys
that follow each other within 45 ms twice while nothing plays.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Final, NamedTuple

from ivr.line import Finished, Gone, Line, LineError, Playing

log = logging.getLogger(__name__)

HOLD: Final = "pause/60000"
"""The silence behind a prompt: while keys are awaited, or an answer of the backend."""
NAMES: Final = "abcd"
"""Playback ids of a call, in turn: few, so that another process can stop what this one began, and
enough that a late report is of nothing that plays now."""
SHORTEST_HOLD: Final = 1.0
"""Seconds; a silence that ends sooner is broken and not played again."""
MOMENT: Final = 0.03
"""Seconds without a packet between a prompt that was cut short and the next: no key is as short, so
that none is reported twice."""


class _Early(NamedTuple):
    playback: str
    sound: Sequence[str]
    telling: asyncio.Task[None]


class Player:
    def __init__(self, line: Line) -> None:
        self._line = line
        self._ids = itertools.cycle([f"{line.call}-{name}" for name in NAMES])
        self._current = ""
        self.position = 0
        """Index of the clip of the current playback that was heard last."""
        self._hold_index = 0
        self._quiet = False
        self._early: _Early | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._hushed_at: float | None = None
        self._unreported: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._hushing: asyncio.Task[None] | None = None

    async def stop_former(self) -> None:
        """Stop what a former process may have begun on this line. Raises :class:`Gone`."""
        ids = [f"{self._line.call}-{name}" for name in NAMES]
        results = await asyncio.gather(*map(self._line.stop, ids), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, LineError):
                raise result

    async def play(self, clips: Sequence[str], *, holds: bool) -> None:
        """Replace what plays by ``clips`` (at least one), unless they were begun early and play on.
        ``holds``: silence follows them.

        Raises :class:`Gone` or :class:`LineError`.
        """
        early, self._early = self._early, None
        sound = _sound(clips, holds)
        if early is not None and (early.playback, early.sound) == (self._current, sound):
            await early.telling
            return
        await self._hushed()
        await self._start(sound)

    def play_early(self, clips: Sequence[str], *, holds: bool) -> None:
        """Replace what plays by what :meth:`play` will most likely be given next."""
        if self._hushing is None or self._hushing.done():
            sound = _sound(clips, holds)
            telling = self._start(sound)
            self._early = _Early(self._current, sound, telling)

    async def stop(self) -> None:
        """Let nothing play: a recording would begin only behind it."""
        self._expect_sound()
        await self._hushed()
        await self._stop(self._leave())

    def cut(self) -> None:
        """End what is heard, at once and without waiting for the line, for something else that follows
        in a moment; where nothing does, silence."""
        if self._current and self._quiet:
            return
        if self._current:
            self._spawn(self._stop(self._leave()))
        if self._silence is None:
            self._silence = asyncio.get_running_loop().call_later(MOMENT, self.hush)

    def hush(self) -> None:
        """Replace what is heard by silence, at once and without waiting for the line."""
        self._expect_sound()
        if self._current and self._quiet:
            return
        now = asyncio.get_running_loop().time()
        again = not self._current and self._hushed_at is not None
        if again and now - (self._hushed_at or now) < SHORTEST_HOLD:
            return
        self._hushed_at = now
        left = self._leave()
        self._hushing = self._spawn(self._replace(left, self._begin([HOLD])))

    def index(self, playing: Playing) -> int | None:
        """Which clip of the current playback is heard now; None for a report of another one."""
        if playing.index == 0:
            self._unreported.discard(playing.playback)
        if playing.playback != self._current or playing.playback in self._unreported:
            return None
        self._quiet = playing.index >= self._hold_index
        self.position = playing.index
        return playing.index

    def ended(self, finished: Finished) -> bool:
        """Whether the current playback has ended, so that nothing plays now."""
        if finished.playback in self._unreported:
            self._unreported.discard(finished.playback)
            return False
        if finished.playback != self._current:
            return False
        self._current = ""
        return True

    async def close(self) -> None:
        """Give up what the line has not answered yet."""
        self._expect_sound()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, clips: Sequence[str]) -> asyncio.Task[None]:
        self._expect_sound()
        self._hushed_at = None
        if self._current:
            self._spawn(self._stop(self._leave()))  # goes out first; its answer is not waited for
        return self._spawn(self._tell(self._begin(clips), clips))

    def _expect_sound(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _begin(self, clips: Sequence[str]) -> str:
        self._current, self.position = next(self._ids), 0
        self._hold_index = len(clips) - (clips[-1] == HOLD)
        self._quiet = self._hold_index == 0
        return self._current

    def _leave(self) -> str:
        """The id of what played; its end is all that is still to be reported of it."""
        left, self._current = self._current, ""
        if left:
            self._unreported.add(left)
        return left

    async def _tell(self, playback: str, clips: Sequence[str]) -> None:
        try:
            await self._line.play(playback, clips)
        except (Gone, LineError):
            if self._current == playback:
                self._current = ""
            raise

    async def _replace(self, left: str, playback: str) -> None:
        stopping = self._spawn(self._stop(left))
        try:
            await self._tell(playback, [HOLD])
        except Gone:
            pass  # the line reports the end of the call itself
        except LineError as error:
            log.warning("silence can't be played: %s", error)
        await stopping

    async def _stop(self, playback: str) -> None:
        """End a playback, with a second try: behind one that plays on nothing else is heard."""
        for _ in range(2 if playback else 0):
            try:
                await self._line.stop(playback)
            except LineError as error:
                log.warning("a playback can't be stopped: %s", error)
            except Gone:
                return
            else:
                return

    async def _hushed(self) -> None:
        # A stop that overtakes the start of what it stops would leave a minute of silence.
        if self._hushing is not None:
            await asyncio.wait([self._hushing])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # of a prompt that was begun early and is not wanted any more


def _sound(clips: Sequence[str], holds: bool) -> list[str]:
    return [*clips, HOLD] if holds else [*clips]
