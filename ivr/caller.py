"""One caller's session: signals of the line in, events of the dialog out, speeches to the line.

A session is one task and takes one thing after the other: the prompt of a question, its keys, the
turn that they make, the next prompt. What comes meanwhile waits in its inbox, the keys as type-ahead.

A caller is never left in silence: a turn that fails is tried again, an answer that stays away is asked
for, a lost report of a playback is made up for by its length, and what can't be helped goes to the
operators.

A speech that no key asked for is said at once, but not into digits that are being typed, not into a
recording and not into what must be heard: it waits until that is over. A turn whose speech is newer
makes it void, since the dialog then speaks of the newer question.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, Literal, Protocol

from dialogs.events import Event
from ivr import keypad, leaving
from ivr.collector import Collected, Collector
from ivr.hearing import Hearing
from ivr.line import (
    Finished,
    Gone,
    HungUp,
    Key,
    Line,
    LineError,
    Playing,
    Recorded,
    Say,
    Signal,
    TimedOut,
)
from ivr.player import Player
from ivr.recorder import Recorder
from ivr.speech import Entry, Part, Speech
from ivr.turns import Enter, Keep, Locate, NotHandled, Turns

log = logging.getLogger(__name__)

SLOW_SECONDS: Final = 2.0
"""How long a turn may take in silence."""
LOST_SECONDS: Final = 5.0
"""How much longer than its clips a prompt may take until the report of its end is taken for lost."""
RECORDING_LOST_SECONDS: Final = 30.0
"""The same for a recording; on the demo page the person has to allow the microphone first."""
ANSWER_SECONDS: Final = 30.0
"""How long a speech that is on its way may stay away."""

Phase = Literal["prompt", "listening", "waiting", "recording"]


class Clips(Protocol):
    """What a session needs of :class:`ivr.clips.ClipStore`."""

    def seconds(self, ref: str) -> float: ...

    def add_recording(self, id_: str, sound: bytes, /) -> None:
        """Make ``recording/<id>`` a clip. Raises :class:`ivr.audio.BadRecording`."""
        ...


class _Over(Exception):
    """The call has ended, or is the operators'."""


class Caller:
    """The session of one call. ``number`` is E.164, or ``""`` where it isn't known.

    ``adopted``: the call is older than this process. ``timing=False``: no time passes; time-outs come
    as :class:`ivr.line.TimedOut`, and a prompt counts as heard as soon as it plays (scripts).
    """

    def __init__(
        self,
        line: Line,
        *,
        node: str,
        number: str,
        enter: Enter,
        keep: Keep,
        locate: Locate,
        clips: Clips,
        clock: Callable[[], float],
        adopted: bool = False,
        timing: bool = True,
    ) -> None:
        self._turns = Turns(
            call=line.call,
            node=node,
            number=number,
            enter=enter,
            keep=keep,
            locate=locate,
            clock=clock,
        )
        self._line = line
        self._clips = clips
        self._adopted = adopted
        self._timing = timing
        self._loop = asyncio.get_running_loop()
        self._inbox: asyncio.Queue[tuple[float, Signal]] = asyncio.Queue()
        self._settled = asyncio.Event()
        self._over = False
        self._player = Player(line)
        self._recorder = Recorder(line, self._turns.keep, clips.add_recording)
        self._collector = Collector()
        self._speech = Speech(sequence=-1, then="wait")
        self._later: Speech | None = None
        self._phase: Phase = "waiting"
        self._due: float | None = None
        self._hearing = Hearing()
        self._unheard = 0
        self._overdue = 0

    @property
    def conversation(self) -> str:
        return self._turns.conversation

    @property
    def phase(self) -> Phase:
        """What the caller does: hears a prompt, is expected to press keys, waits, or speaks."""
        return self._phase

    @property
    def typed(self) -> str:
        """The digits of an entry that has begun and not ended."""
        return self._collector.typed

    def tell(self, signal: Signal) -> None:
        """Take a signal; the session comes to it in its turn. After the end it is nothing."""
        if not self._over:
            self._settled.clear()
            self._inbox.put_nowait((self._now, signal))

    def early(self, speech: Speech) -> None:
        """Begin to play what the turn that this session waits for will say once it is committed.

        It counts only when the turn gives it: until then nothing of it is answered or acted on, and
        another speech takes its place.
        """
        if self._phase != "waiting" or speech.then != "listen":
            return
        if self._inbox.empty() and not self._collector.ahead and speech.clips:
            self._player.play_early(speech.clips, holds=speech.holds)

    async def settled(self) -> None:
        """Return when all signals so far are dealt with, their turns included, or the call is over."""
        await self._settled.wait()

    async def run(self) -> None:
        """Lead the call to its end. When cancelled, leave it as it is, for another process to adopt."""
        try:
            await self._lead()
        except (_Over, Gone):
            pass
        except Exception as error:
            # Without its text, which may quote what was said.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a call's session broke: %s\n%s", type(error).__name__, where)
            with contextlib.suppress(Gone):
                await leaving.transfer(self._line, leaving.TROUBLE)
        finally:
            self._over = True
            self._settled.set()
            await self._player.close()
        await self._turns.end()

    async def _lead(self) -> None:
        await self._turns.begin()
        if self._adopted:
            # A former process may have begun something on the line.
            await self._recorder.stop_former()
            await self._player.stop_former()
        event: Event | None = self._turns.event("adopted" if self._adopted else "call")
        while True:
            if event is not None:
                event = await self._turn(event)
            elif self._later is not None and not self._is_busy:
                event = await self._say(self._take_later())
            else:
                event = await self._next()

    # -- turns -----------------------------------------------------------------------------------

    async def _turn(self, event: Event) -> Event | None:
        """Enter an event and begin what is said to it, which its type-ahead may answer at once."""
        self._phase, self._due = "waiting", None
        try:
            speech = await self._patiently(self._turns.enter(event))
        except NotHandled:
            speech = leaving.apology(self._speech)
        self._catch_up()
        if speech is None or speech.sequence < self._speech.sequence:
            # Somebody else has handled it: what is said now comes by another way.
            self._player.hush()
            self._due = self._in(ANSWER_SECONDS)
            return None
        if self._later is not None and self._later.sequence > speech.sequence:
            speech = self._take_later()
        return await self._say(speech)

    async def _patiently(self, turn: Coroutine[Any, Any, Speech | None]) -> Speech | None:
        """The speech of a turn. While one takes long the caller is asked to wait; a caller who is gone
        by then is no reason to cut it in two."""
        if not self._timing:
            return await turn
        entering = asyncio.ensure_future(turn)
        try:
            done, _ = await asyncio.wait([entering], timeout=SLOW_SECONDS)
            if not done:
                with contextlib.suppress(LineError, Gone):
                    await self._player.play(self._patience, holds=True)
            return await entering
        finally:
            entering.cancel()

    def _catch_up(self) -> None:
        """Take what happened on the line during a turn: keys are type-ahead."""
        while not self._inbox.empty():
            at, signal = self._inbox.get_nowait()
            match signal:
                case Key(key):
                    self._collector.press(key, at)
                case Playing():
                    self._player.index(signal)
                case Finished():
                    self._player.ended(signal)
                case Say(speech):
                    self._postpone(speech)
                case HungUp():
                    raise _Over
                case Recorded() | TimedOut():
                    pass  # of the entry that this turn answers

    async def _next(self) -> Event | None:
        """Wait for a signal or a time-out and take it; gives the event that it makes."""
        if self._inbox.empty():
            self._settled.set()
        deadline = self._collector.deadline if self._phase == "listening" else self._due
        try:
            async with asyncio.timeout_at(deadline if self._timing else None):
                at, signal = await self._inbox.get()
        except TimeoutError:
            return await self._time_out()
        match signal:
            case Key(key):
                return await self._key(key, at)
            case Playing():
                return await self._playing(signal)
            case Finished():
                return await self._finished(signal)
            case Recorded():
                return await self._recorded(signal)
            case Say(speech):
                self._postpone(speech)
                return None
            case TimedOut():
                return await self._time_out()
            case HungUp():
                raise _Over

    async def _time_out(self) -> Event | None:
        if self._phase == "prompt":
            return await self._prompt_ended()
        if self._phase == "listening":
            return self._answered(self._collector.time_out(self._now))
        if self._phase == "recording":
            await self._recorder.stop()
            self._player.hush()
            return self._event("recording", "empty")
        if not self._timing:
            return None
        self._overdue += 1
        if self._overdue == 1:
            return self._event("adopted")
        return await self._say(leaving.apology(self._speech))

    # -- prompts ---------------------------------------------------------------------------------

    async def _say(self, speech: Speech) -> Event | None:
        """Begin a speech: the type-ahead answers it, or it plays."""
        self._speech = speech
        if self._later is not None and self._later.sequence <= speech.sequence:
            self._later = None
        self._hearing = Hearing(speech.parts)
        self._collector.close()
        if speech.then == "listen":
            self._overdue = 0
        if speech.fresh or speech.records:
            self._collector.forget()  # nothing that was typed before belongs to a recording
        if speech.collects and not self._hearing.is_compulsory:
            collected = self._collect()
            if collected is not None or self._collector.typed:
                return self._barge_in(collected)
        elif speech.collects and self._collector.ahead:
            return await self._play(self._hearing.skipped() or speech.parts)
        return await self._play(speech.parts)

    async def _play(self, parts: Sequence[Part]) -> Event | None:
        self._phase, self._hearing = "prompt", Hearing(parts)
        clips = self._hearing.clips
        if not clips:
            if self._speech.holds:
                self._player.hush()
            return await self._prompt_ended()
        try:
            await self._player.play(clips, holds=self._speech.holds)
        except LineError as error:
            return await self._unplayed(error)
        if not self._timing:
            return await self._prompt_ended()
        self._due = self._in(sum(map(self._clips.seconds, clips)) + LOST_SECONDS)
        # Begun early, it may be further.
        return await self._reached(self._player.position) if self._player.position else None

    async def _playing(self, signal: Playing) -> Event | None:
        index = self._player.index(signal)
        return await self._reached(index) if index is not None else None

    async def _reached(self, index: int) -> Event | None:
        if self._phase != "prompt":
            return None
        self._hearing.reached(index)
        if self._hearing.is_over:
            self._unheard = 0
            return await self._prompt_ended()
        if not self._speech.collects or self._collector.is_open or self._hearing.is_compulsory:
            return None
        collected = self._collect()
        if collected is not None or self._collector.typed:
            return self._barge_in(collected)
        return None

    async def _finished(self, signal: Finished) -> Event | None:
        if not self._player.ended(signal):
            return None
        if self._phase == "prompt" and signal.failed:
            return await self._unplayed("it failed on the line")
        if self._speech.holds and not signal.failed:
            self._player.hush()
        if self._phase == "prompt":
            self._unheard = 0
            return await self._prompt_ended()
        return None

    async def _unplayed(self, why: object) -> Event | None:
        """A prompt is not heard, or not to its end: go on as if it were, but not twice in a row."""
        self._unheard += 1
        log.warning("a prompt is not heard: %s", why, extra={"call": self._line.call})
        if self._unheard > 1 and self._speech.then in ("listen", "wait"):
            return await self._say(leaving.apology(self._speech))
        if self._speech.holds:
            self._player.hush()
        return await self._prompt_ended()

    async def _prompt_ended(self) -> Event | None:
        """What follows a prompt."""
        self._due = None
        self._hearing.end()
        speech = self._speech
        if speech.then == "hang_up":
            await leaving.hang_up(self._line)
            raise _Over
        if speech.then == "transfer":
            await leaving.transfer(self._line, speech.variables)
            raise _Over
        if speech.then == "wait" or speech.entry is None:
            self._phase, self._due = "waiting", self._in(ANSWER_SECONDS)
            return None
        if speech.records:
            return await self._record(speech.entry)
        self._phase = "listening"
        collected = None if self._collector.is_open else self._collect()
        self._collector.heard(self._now)
        return self._answered(collected)

    # -- keys ------------------------------------------------------------------------------------

    async def _key(self, key: str, at: float) -> Event | None:
        if self._speech.records and self._phase != "waiting":
            return await self._key_to_recording(key)
        collected = self._collector.press(key, at)
        if collected is not None or self._collector.typed:
            return self._barge_in(collected)
        if self._phase != "prompt" or not self._speech.collects or not self._collector.ahead:
            return None
        if self._speech.fresh:
            self._collector.forget()
        shorter = self._hearing.skipped()
        return await self._play(shorter) if shorter is not None else None

    def _collect(self) -> Collected | None:
        """Keys count from now on; the type-ahead may have answered already."""
        assert self._speech.entry is not None
        return self._collector.ask(self._speech.entry, self._now)

    def _barge_in(self, collected: Collected | None) -> Event | None:
        """Keys count: what plays ends at once."""
        self._phase, self._unheard = "listening", 0
        if collected is not None:
            self._player.cut()  # what is said to it is mostly ready in a moment
        else:
            self._player.hush()
        return self._answered(collected)

    def _answered(self, collected: Collected | None) -> Event | None:
        return self._event(collected.kind, collected.text) if collected is not None else None

    # -- recordings ------------------------------------------------------------------------------

    async def _record(self, entry: Entry) -> Event | None:
        await self._player.stop()
        if not await self._recorder.start(entry.maximum):
            return self._event("recording", "unreadable")
        self._phase, self._due = "recording", self._in(entry.maximum + RECORDING_LOST_SECONDS)
        return None

    async def _key_to_recording(self, key: str) -> Event | None:
        assert self._speech.entry is not None
        if self._must_hear:
            return None
        action = keypad.action(self._speech.entry, key, "")
        if action == "back":
            if self._phase == "recording":
                await self._recorder.stop()
            self._player.hush()
            return self._event("command", action)
        if action == "end" and self._phase == "prompt":
            return await self._prompt_ended()
        return None  # the line ends a recording itself

    async def _recorded(self, signal: Recorded) -> Event | None:
        entry = self._speech.entry
        if self._phase != "recording" or not self._recorder.is_of(signal) or entry is None:
            return None
        self._player.hush()
        self._collector.ends_by_itself(self._now)
        return self._event("recording", await self._recorder.kept(signal, entry.minimum))

    # -- what is so --------------------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._loop.time()

    @property
    def _patience(self) -> list[str]:
        return [f"{self._speech.language}/please-wait", "pause/2000"] * 3

    def _in(self, seconds: float) -> float:
        return self._now + seconds

    @property
    def _must_hear(self) -> bool:
        return self._phase == "prompt" and self._hearing.is_compulsory

    @property
    def _is_busy(self) -> bool:
        return bool(self._collector.typed) or self._phase == "recording" or self._must_hear

    def _event(
        self, kind: Literal["keys", "command", "silence", "recording", "adopted"], text: str = ""
    ) -> Event:
        return self._turns.event(kind, text, asked=self._speech.asked)

    def _postpone(self, speech: Speech) -> None:
        newest = self._later or self._speech
        if speech.sequence > newest.sequence:
            self._later = speech

    def _take_later(self) -> Speech:
        assert self._later is not None
        later, self._later = self._later, None
        return later
