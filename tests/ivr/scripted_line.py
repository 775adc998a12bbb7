"""A line that plays as long as its clips are, and a dialog that says what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from dialogs.events import Event
from ivr.caller import Caller
from ivr.line import Finished, Gone, Key, LineError, Playing, Recorded, Signal
from ivr.player import HOLD
from ivr.speech import Entry, Part, Speech

MENU = Entry("menu")
BILL = Entry("digits", 6, 13, "bill_id")
CODE = Entry("digits", 5, 5, "one_time_code")
VOICE = Entry("recording", 1, 60, "voice")
NUMBER = "+989121234567"
START = 1_795_000_000.0


def ask(sequence: int, *clips: str, entry: Entry = MENU, **more: Any) -> Speech:
    """A question whose prompt can be cut short."""
    parts = (Part(clips),) if clips else ()
    return Speech(
        sequence=sequence, **{"parts": parts, "entry": entry, "asked": f"q{sequence}"} | more
    )


class Clips:
    def __init__(self) -> None:
        self.recordings: dict[str, bytes] = {}

    def seconds(self, ref: str) -> float:
        return int(ref.removeprefix("pause/")) / 1000 if ref.startswith("pause/") else 1.0

    def add_recording(self, id_: str, sound: bytes, /) -> None:
        self.recordings[id_] = sound


class ScriptedLine:
    """Plays in the loop's time and writes down what was heard; a test may break it."""

    def __init__(self, call: str = "call-1") -> None:
        self.call = call
        self.tell: Callable[[Signal], None] = lambda signal: None
        self.heard: list[str] = []
        """Clips that began to be heard, without the silence behind prompts."""
        self.ended: str | dict[str, str] = ""
        """``hung up``, or the variables of a transfer."""
        self.recordings: list[str] = []
        self.stopped_recordings: list[str] = []
        self.failing = 0
        """How many of the next playbacks can't begin."""
        self.breaking = 0
        """How many of the next prompts fail after their first clip."""
        self.refusals = 0
        """How many of the next transfers, recordings and hang-ups are refused."""
        self.deaf = False
        """No report of a playback arrives."""
        self.gone = False
        self._waiting: list[tuple[str, Sequence[str]]] = []
        self._playing: asyncio.Task[None] | None = None
        self._current = ""

    @property
    def plays(self) -> str:
        """Id of what plays now."""
        return self._current

    @property
    def queued(self) -> int:
        return len(self._waiting)

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        self._check()
        if self.failing:
            self.failing -= 1
            raise LineError("no playback")
        self._waiting.append((playback, clips))
        if self._playing is None:
            self._playing = asyncio.create_task(self._perform())

    async def stop(self, playback: str) -> None:
        self._check()
        self._waiting = [each for each in self._waiting if each[0] != playback]
        if playback == self._current and self._playing is not None:
            self._playing.cancel()
            self._current = ""
            self._playing = asyncio.create_task(self._perform()) if self._waiting else None
            self._report(Finished(playback))

    async def record(self, name: str, *, seconds: int) -> None:
        self._check()
        self._may_refuse()
        assert not self._current, "a recording waits behind what plays"
        self.recordings.append(name)

    async def stop_recording(self, name: str) -> None:
        self._check()
        if name in self.recordings and name not in self.stopped_recordings:
            self.stopped_recordings.append(name)
            self.tell(Recorded(name, b"RIFF", 2.0))

    async def hang_up(self) -> None:
        self._check()
        self._may_refuse()
        self._end("hung up")

    async def transfer(self, variables: Mapping[str, str]) -> None:
        self._check()
        self._may_refuse()
        self._end(dict(variables))

    def disconnect(self) -> None:
        """The caller hangs up: nothing can be done to the call any more."""
        self.gone = True
        if self._playing is not None:
            self._playing.cancel()

    def _end(self, how: str | dict[str, str]) -> None:
        self.ended = how
        self.disconnect()

    def _check(self) -> None:
        if self.gone:
            raise Gone

    def _may_refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise LineError("refused")

    def _report(self, signal: Signal) -> None:
        if not self.deaf:
            self.tell(signal)

    async def _perform(self) -> None:
        while self._waiting:
            self._current, clips = self._waiting.pop(0)
            playback = self._current
            failed = False
            for index, clip in enumerate(clips):
                self._report(Playing(playback, index))
                if clip != HOLD:
                    self.heard.append(clip)
                await asyncio.sleep(Clips().seconds(clip))
                if clip != HOLD and self.breaking:
                    self.breaking -= 1
                    failed = True
                    break
            self._current = ""
            self._report(Finished(playback, failed))
        self._playing = None


class Dialog:
    """Says what it was given, one speech a turn, and then goes on asking ``more``."""

    def __init__(self, *answers: Speech | Exception | None) -> None:
        self.answers = list(answers)
        self.events: list[Event] = []
        self.finished: list[str] = []
        """Kinds of the events whose turns came to their end."""
        self.kept: list[tuple[bytes, float]] = []
        self.seconds = 0.0
        """How long a turn takes."""
        self.failures_at_the_end = 0
        """How many attempts to enter the end of the call fail."""
        self._sequence = 1_000

    @property
    def told(self) -> list[tuple[str, str]]:
        """Kind and text of what entered, the beginning of the call left out."""
        return [(e.kind, e.text) for e in self.events if e.kind != "call"]

    async def enter(self, conversation: str, event: Event) -> Speech | None:
        if event.kind == "hang_up" and self.failures_at_the_end:
            self.failures_at_the_end -= 1
            raise OSError
        self.events.append(event)
        await asyncio.sleep(self.seconds)
        self.finished.append(event.kind)
        if event.kind == "hang_up":
            return None
        self._sequence += 1
        answer = self.answers.pop(0) if self.answers else ask(self._sequence, "more")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def locate(self, number: str, call: str) -> str:
        return number

    async def keep(self, conversation: str, sound: bytes, seconds: float) -> str:
        self.kept.append((sound, seconds))
        return "a" * 32


class Call:
    def __init__(self, dialog: Dialog, line: ScriptedLine, **options: Any) -> None:
        self.dialog = dialog
        self.line = line
        self.clips = Clips()
        loop = asyncio.get_running_loop()
        self._settings = {
            "node": "n1",
            "number": NUMBER,
            "enter": dialog.enter,
            "keep": dialog.keep,
            "locate": dialog.locate,
            "clips": self.clips,
            "clock": lambda: START + loop.time(),
        } | options
        self.caller = Caller(line, **self._settings)
        line.tell = self.caller.tell
        self.session = asyncio.create_task(self.caller.run())

    async def press(self, keys: str, gap: float = 0.1) -> None:
        for key in keys:
            self.caller.tell(Key(key))
            await asyncio.sleep(gap)

    @property
    def told(self) -> list[tuple[str, str]]:
        return self.dialog.told

    @property
    def heard(self) -> list[str]:
        return self.line.heard


@asynccontextmanager
async def calling(
    *answers: Speech | Exception | None, line: ScriptedLine | None = None, **options: Any
) -> AsyncIterator[Call]:
    """A call with a dialog that gives ``answers``; ``options`` are those of :class:`Caller`."""
    call = Call(Dialog(*answers), line or ScriptedLine(), **options)
    try:
        yield call
    finally:
        call.line.disconnect()
        call.session.cancel()
        await asyncio.gather(call.session, return_exceptions=True)
