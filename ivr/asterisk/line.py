"""One call on an Asterisk, as the port :class:`ivr.line.Line`."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import wave
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from ivr.asterisk.ari import Ari
from ivr.asterisk.events import (
    Channel,
    Playback,
    PlaybackContinuing,
    PlaybackEvent,
    PlaybackFinished,
    PlaybackStarted,
    RecordingEvent,
    RecordingFinished,
    RecordingStarted,
)
from ivr.clips import BEEP, ClipStore
from ivr.line import Finished, Gone, HungUp, LineError, Playing, Recorded, Signal

log = logging.getLogger(__name__)

CARE: Final = "TIMEOUT(absolute)"
CARE_FOR: Final = 8
"""Seconds after which the dialplan takes a call back when nobody has said again that it is cared for
(deploy/asterisk/extensions-gooya.conf): no caller is left in silence by a dead process."""
LONGEST_SILENCE: Final = 5
"""Seconds without speech that end a recording. Asterisk cuts them off: of mere silence 0.2 s are left."""
LONGEST_BEEP: Final = 2.0
"""Seconds from the request to the beginning of a recording, at most."""
LONGEST_VALUE: Final = 1000
"""Characters of a channel variable."""
READABLE: Final = " +-._:/@=,;"
"""Characters that a variable keeps beside letters and digits; others are percent-encoded UTF-8."""


class _Playback:
    """A playback as far as its events tell."""

    def __init__(self, media: Sequence[str]) -> None:
        self.media = media
        self.next = 0
        """Index of the clip that plays next, or plays."""
        self.told = -1
        """Index that the session was told last."""
        self.posted = asyncio.Event()
        """Asterisk has answered, so that it can be stopped."""

    def at(self, uri: str) -> None:
        """``uri`` is where it is: events that were lost with a connection are caught up with."""
        with contextlib.suppress(ValueError):
            self.next = self.media.index(uri, self.next)


class AsteriskLine:
    """A channel in our Stasis application.

    ``operator`` and ``fallback`` are contexts of the dialplan with an extension ``s``. Signals go to
    ``tell``, which is set as soon as there is a session.
    """

    def __init__(
        self, ari: Ari, clips: ClipStore, channel: Channel, *, operator: str, fallback: str
    ) -> None:
        self.tell: Callable[[Signal], None] = _nobody
        self._over = False
        self._ari = ari
        self._clips = clips
        self._channel = channel.id
        self._name = channel.name
        self._operator = operator
        self._fallback = fallback
        self._caring = asyncio.Lock()
        self._leaving = False
        self._playbacks: dict[str, _Playback] = {}
        self._recording: str | None = None
        self._records = asyncio.Event()
        """The recording has begun."""
        self._fetching: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None

    @property
    def call(self) -> str:
        return self._channel

    def answer(self) -> None:
        """Take the call off the hook; what is asked of the line meanwhile waits for it."""
        self._answering = asyncio.create_task(self._ari.answer(self._channel))
        self._answering.add_done_callback(_known)

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        await self._answered()
        await self._clips.ensure(clips)
        media = [self._media(clip) for clip in clips]
        # Before the request: its events may overtake its answer.
        playing = self._playbacks[playback] = _Playback(media)
        try:
            await self._ari.play(self._channel, playback, media)
        except (Gone, LineError):
            self._forget(playback, playing)
            raise
        finally:
            playing.posted.set()

    def _media(self, clip: str) -> str:
        return f"sound:{self._clips.path(clip)}"

    async def stop(self, playback: str) -> None:
        playing = self._playbacks.get(playback)
        if playing is not None:
            await playing.posted.wait()
        await self._ari.stop_playback(playback)

    async def record(self, name: str, *, seconds: int) -> None:
        await self._answered()
        await self._clips.ensure([BEEP])
        if self._fetching is not None:
            await asyncio.wait([self._fetching])
        self._records.clear()
        self._recording = name
        file = recording_of(self._channel)
        try:
            # The recording waits behind it.
            await self._ari.play(self._channel, f"{file}-beep", [self._media(BEEP)])
            await self._ari.record(self._channel, file, seconds=seconds, silence=LONGEST_SILENCE)
        except (Gone, LineError):
            self._recording = None
            raise

    async def stop_recording(self, name: str) -> None:
        file = recording_of(self._channel)
        if name == self._recording and not self._records.is_set():
            # Asterisk forgets to stop a recording that waits behind its beep.
            await self._ari.stop_playback(f"{file}-beep")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_BEEP):
                    await self._records.wait()
        await self._ari.stop_recording(file)

    async def hang_up(self) -> None:
        await self._ari.hang_up(self._channel)

    async def care(self) -> None:
        """Say that the call is cared for: the dialplan takes it back :data:`CARE_FOR` seconds later."""
        async with self._caring:
            if not self._leaving:
                await self._ari.set_at_once(self._name, CARE, str(CARE_FOR))

    async def transfer(self, variables: Mapping[str, str]) -> None:
        await self._answered()
        self._leaving = True
        try:
            await self._transfer(variables)
        except LineError:
            self._leaving = False
            raise

    async def _transfer(self, variables: Mapping[str, str]) -> None:
        await self._silence()
        async with self._caring:
            for name, value in {CARE: "0", **variables}.items():
                try:
                    await self._ari.set_variable(self._channel, name, safe_value(value))
                except LineError as error:
                    log.warning("variable %s does not reach the operator: %s", name, error)
        context = self._operator
        exists = await self._ari.function(self._channel, f"DIALPLAN_EXISTS({context},s,1)")
        if exists == "0":
            log.error("Asterisk has no context %s: callers go to %s", context, self._fallback)
            context = self._fallback
        try:
            await self._ari.leave(self._channel, context)
        except LineError:
            await self._ari.leave(self._channel, self._fallback)

    async def _silence(self) -> None:
        """Stop all that runs: leaving the application waits behind it."""
        for playback in list(self._playbacks):
            with contextlib.suppress(LineError):
                await self.stop(playback)
        if self._recording is not None:
            with contextlib.suppress(LineError):
                await self.stop_recording(self._recording)

    async def _answered(self) -> None:
        if self._answering is None:
            return
        try:
            # Shielded: whoever gives up waiting must not take the call from the others.
            await asyncio.shield(self._answering)
        except LineError:
            self.answer()
            raise

    # --- what Asterisk says ----------------------------------------------------------------

    def happened(self, event: PlaybackEvent | RecordingEvent) -> None:
        """Take an event about a playback or a recording of this call."""
        if isinstance(event, PlaybackEvent):
            self._played(event)
        elif event.recording.name != recording_of(self._channel):
            pass  # somebody else's
        elif isinstance(event, RecordingStarted):
            self._records.set()
        else:
            self._recording_ended(kept=isinstance(event, RecordingFinished))

    def _played(self, event: PlaybackEvent) -> None:
        playback, playing = event.playback, self._playbacks.get(event.playback.id)
        if playing is None:
            return
        match event:
            case PlaybackStarted():
                playing.at(playback.media_uri)
                self._tell_position(playback.id, playing)
            case PlaybackContinuing():
                playing.at(playback.media_uri)
                playing.next += 1
            case PlaybackFinished():
                self._forget(playback.id, playing)
                self._signal(Finished(playback.id, failed=playback.state == "failed"))

    def _tell_position(self, playback: str, playing: _Playback) -> None:
        if playing.next > playing.told:
            playing.told = playing.next
            self._signal(Playing(playback, playing.next))

    def hung_up(self) -> None:
        """The channel has left us: no other signal comes after this one."""
        self._signal(HungUp())
        self._over = True

    async def catch_up(self) -> None:
        """Ask for what may have happened while no events came."""
        for id_, playing in list(self._playbacks.items()):
            if not playing.posted.is_set():
                continue
            with contextlib.suppress(LineError):
                playback = await self._ari.playback(id_)
                if playback is None:
                    self._played(PlaybackFinished(Playback(id_)))
                elif playback.state != "queued":
                    self._played(PlaybackStarted(playback))
        if self._recording is not None:
            with contextlib.suppress(LineError):
                if not await self._ari.recording_runs(recording_of(self._channel)):
                    self._recording_ended(kept=True)

    def _recording_ended(self, *, kept: bool) -> None:
        name, self._recording = self._recording, None
        self._records.set()
        self._fetching = asyncio.create_task(self._fetch(name, kept=kept))

    async def _fetch(self, name: str | None, *, kept: bool) -> None:
        """Take a recording from Asterisk, where nothing of it stays; ``None`` if nobody waits for it."""
        file, sound, failed = recording_of(self._channel), b"", not kept
        try:
            if kept and name is not None and not self._over:
                sound = await self._ari.recorded(file)
            await self._ari.delete_recording(file)
        except LineError as error:
            failed = not sound
            log.warning("a recording can't be had or not be deleted: %s", error)
        if name is not None:
            self._signal(Recorded(name, sound, _seconds(sound), failed))

    def _forget(self, id_: str, playing: _Playback) -> None:
        if self._playbacks.get(id_) is playing:
            del self._playbacks[id_]

    def _signal(self, signal: Signal) -> None:
        if not self._over:
            self.tell(signal)


def recording_of(channel: str) -> str:
    """Name of what a channel records: always the same, so that another process can stop it."""
    return f"{channel}-recording"


def safe_value(value: str) -> str:
    """``value`` as it can be a channel variable: percent-encoded (the dialplan has ``URIDECODE``), cut.

    Letters and digits of ASCII and :data:`READABLE` stay as they are. No character is cut in two.
    """
    result = ""
    for character in value:
        encoded = quote(character, safe=READABLE)
        if len(result) + len(encoded) > LONGEST_VALUE:
            break
        result += encoded
    return result


def _seconds(sound: bytes) -> float:
    """Length of a WAV file; 0 for what is none."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            length: float = file.getnframes() / file.getframerate()
            return length
    except (wave.Error, EOFError):
        return 0.0


def _nobody(signal: Signal) -> None:
    """Until there is a session nothing can have been asked of the line."""


def _known(task: asyncio.Task[None]) -> None:
    """An error that nobody waits for any more is none."""
    if not task.cancelled():
        task.exception()
