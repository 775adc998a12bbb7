"""A call over a WebSocket: the page plays, keys and records; the times are kept here.

The page is believed when it says that it began or ended a prompt, so that captions and time-outs fit
what the person hears, and not waited for when it says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from ivr import audio
from ivr.audio import BadRecording
from ivr.captions import text_of
from ivr.clips import ClipStore
from ivr.joining import Joined, joined
from ivr.line import Finished, Gone, HungUp, Key, Playing, Recorded, Signal

START_SECONDS = 1.5
"""A page that has not begun to play by then is taken to have."""
END_SECONDS = 2.0
"""So much later than its length a prompt may end on the page."""
SEND_SECONDS = 5.0
"""A page that takes nothing for so long is gone."""
RECORDING_GRACE = 20.0
"""Seconds beyond the length of a recording: the person has to allow the microphone first."""
STOPPED_GRACE = 5.0
SOUND_BYTES = 32 * 1024 * 1024

log = logging.getLogger(__name__)


class Sounds:
    """WAV files that pages were told to play, by content; the longest unused make room."""

    def __init__(self, limit: int = SOUND_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._files: OrderedDict[str, bytes] = OrderedDict()

    def publish(self, wav: bytes) -> str:
        """The name under which the file is found from now on."""
        name = hashlib.sha256(wav).hexdigest()[:32]
        if name not in self._files:
            self._files[name] = wav
            self._size += len(wav)
        self._files.move_to_end(name)
        while self._size > self._limit and len(self._files) > 1:
            self._size -= len(self._files.popitem(last=False)[1])
        return name

    def get(self, name: str) -> bytes | None:
        return self._files.get(name)


@dataclass
class _Playback:
    id: str
    message: dict[str, Any] | None
    """What the page is told; None for silence alone, which is kept here and not sent."""
    offsets: Sequence[float]
    """When each clip of the sound begins."""
    seconds: float
    """Length of the sound."""
    pauses: Sequence[float]
    """Lengths of the silences behind it."""
    started: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class SimulatedLine:
    """The :class:`ivr.line.Line` of one page. ``tell`` is set before anything is played."""

    tell: Callable[[Signal], None]

    def __init__(
        self, call: str, socket: web.WebSocketResponse, clips: ClipStore, sounds: Sounds
    ) -> None:
        self._call = call
        self._socket = socket
        self._clips = clips
        self._sounds = sounds
        self._playbacks: dict[str, _Playback] = {}
        self._latest: asyncio.Task[None] | None = None
        self._recording = ""
        self._recording_seconds = 0
        self._limit: asyncio.TimerHandle | None = None
        self._over = False

    @property
    def call(self) -> str:
        return self._call

    # What the session tells the page ------------------------------------------------------------

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        self._alive()
        audible = list(clips)
        while audible and audible[-1].startswith("pause/"):
            audible.pop()
        await self._clips.ensure(clips)
        sound = joined(self._clips, audible)
        now = self._playbacks[playback] = _Playback(
            id=playback,
            message=self._message(playback, audible, sound) if audible else None,
            offsets=sound.offsets,
            seconds=sound.seconds,
            pauses=[self._clips.seconds(ref) for ref in clips[len(audible) :]],
        )
        now.task = self._latest = asyncio.create_task(self._perform(now, self._latest))

    async def stop(self, playback: str) -> None:
        self._alive()
        playing = self._playbacks.pop(playback, None)
        if playing is None:
            return
        _cancel(playing.task)
        await self._send({"type": "stop", "playback": playback})
        self.tell(Finished(playback))

    async def record(self, name: str, *, seconds: int) -> None:
        self._alive()
        self._recording, self._recording_seconds = name, seconds
        self._give_up_in(seconds + RECORDING_GRACE)
        await self._send({"type": "record", "name": name, "seconds": seconds})

    async def stop_recording(self, name: str) -> None:
        self._alive()
        if name == self._recording:
            self._give_up_in(STOPPED_GRACE)
            await self._send({"type": "stop_recording", "name": name})

    async def hang_up(self) -> None:
        self._alive()
        await self._send({"type": "hang_up"})
        await self._socket.close()

    async def transfer(self, variables: Mapping[str, str]) -> None:
        self._alive()
        await self._send({"type": "transfer", "variables": dict(variables)})
        await self._socket.close()

    # What the page tells the session ------------------------------------------------------------

    async def press(self, key: str) -> None:
        self.tell(Key(key))
        if key == "#" and self._recording:
            with contextlib.suppress(Gone):
                await self.stop_recording(self._recording)

    def started(self, playback: str) -> None:
        if playback in self._playbacks:
            self._playbacks[playback].started.set()

    def finished(self, playback: str) -> None:
        if playback in self._playbacks:
            self._playbacks[playback].started.set()
            self._playbacks[playback].ended.set()

    async def recorded(self, sound: bytes) -> None:
        """The page's recording. What nobody asked for is dropped."""
        if not self._recording:
            return
        try:
            pcm = await asyncio.to_thread(audio.plain, sound)
            seconds = min(audio.seconds(pcm), float(self._recording_seconds))
        except BadRecording:
            # It lasted as long as it may: whether it can be used is for whoever keeps it to say.
            seconds = float(self._recording_seconds) if sound else 0.0
        self._end_recording(sound, seconds)

    async def refuse(self, why: str) -> None:
        """Tell the page that something it sent was not understood."""
        with contextlib.suppress(Gone):
            await self._send({"type": "error", "error": why})

    def end(self) -> None:
        """The page is gone, or the call is over."""
        if self._over:
            return
        self._over = True
        for playing in self._playbacks.values():
            _cancel(playing.task)
        if self._limit is not None:
            self._limit.cancel()
        self.tell(HungUp())

    # --------------------------------------------------------------------------------------------

    def _message(self, playback: str, refs: Sequence[str], sound: Joined) -> dict[str, Any]:
        ends = [*sound.offsets[1:], sound.seconds]
        texts = [text_of(ref, self._clips.books) for ref in refs]
        return {
            "type": "play",
            "playback": playback,
            "url": f"/ivr/simulator/audio/{self._sounds.publish(sound.wav)}.wav",
            "seconds": round(sound.seconds, 2),
            "silent": any(map(self._is_silent, refs)),
            "parts": [
                {"text": text, "from": round(start, 2), "to": round(end, 2)}
                for text, start, end in zip(texts, sound.offsets, ends, strict=True)
                if text
            ],
        }

    async def _perform(self, now: _Playback, previous: asyncio.Task[None] | None) -> None:
        """Play, and signal what is heard when: first what is sent, then the silence behind it."""
        if previous is not None:
            await asyncio.wait([previous])
        if now.message is not None:
            try:
                await self._send(now.message)
            except Gone:
                return
            await _within(START_SECONDS, now.started)
        clock = asyncio.get_running_loop().time
        begin = clock()
        for index, offset in enumerate(now.offsets):
            await _within(begin + offset - clock(), now.ended)
            self.tell(Playing(now.id, index))
        late = END_SECONDS if now.started.is_set() else 0.0
        await _within(begin + now.seconds + late - clock(), now.ended)
        for index, seconds in enumerate(now.pauses, len(now.offsets)):
            self.tell(Playing(now.id, index))
            await asyncio.sleep(seconds)
        del self._playbacks[now.id]
        self.tell(Finished(now.id))

    def _is_silent(self, ref: str) -> bool:
        return not ref.startswith("pause/") and self._clips.source(ref) == "missing"

    def _give_up_in(self, seconds: float) -> None:
        if self._limit is not None:
            self._limit.cancel()
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(seconds, self._end_recording, b"", 0.0)

    def _end_recording(self, sound: bytes, seconds: float) -> None:
        if self._limit is not None:
            self._limit.cancel()
        name, self._recording = self._recording, ""
        if name:
            self.tell(Recorded(name, sound, seconds))

    def _alive(self) -> None:
        if self._over or self._socket.closed:
            raise Gone

    async def _send(self, message: Mapping[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send_str(msgspec.json.encode(message).decode())
        except (ConnectionError, TimeoutError) as error:
            log.info("simulated call: the page is gone", extra={"error": type(error).__name__})
            raise Gone from None


def _cancel(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Return when ``event`` is set or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0.0)):
            await event.wait()
