"""A call in the terminal: what is heard is printed, and played where somebody wants to hear it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence

import click

from ivr.captions import written
from ivr.clips import ClipStore
from ivr.joining import joined
from ivr.line import Finished, Gone, HungUp, Playing, Recorded, Signal

PLAYERS = (("aplay", "-q"), ("paplay",), ("afplay",))


class TerminalLine:
    """The :class:`ivr.line.Line` of the terminal. ``tell`` is set before anything is played.

    With ``timing`` every prompt takes as long as it would on a telephone. ``player`` is a command that
    plays the WAV file whose name is put behind it; without one nothing is heard.
    """

    tell: Callable[[Signal], None]

    def __init__(
        self, call: str, clips: ClipStore, *, timing: bool, player: Sequence[str] = ()
    ) -> None:
        self._call = call
        self._clips = clips
        self._timing = timing
        self._player = player
        self._playbacks: dict[str, asyncio.Task[None]] = {}
        self._latest: asyncio.Task[None] | None = None
        self.recording = ""
        """The name of the recording that is being made."""
        self.ended = asyncio.Event()

    @property
    def call(self) -> str:
        return self._call

    @property
    def over(self) -> bool:
        return self.ended.is_set()

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        self._alive()
        if self._timing or self._player:
            await self._clips.ensure(clips)
        if self._timing:
            task = asyncio.create_task(self._perform(playback, tuple(clips), self._latest))
            self._playbacks[playback] = self._latest = task
            return
        self._print(clips)
        if self._player:
            await self._sound(clips)

    async def stop(self, playback: str) -> None:
        self._alive()
        task = self._playbacks.pop(playback, None)
        if task is not None:
            task.cancel()
            self.tell(Finished(playback))

    async def record(self, name: str, *, seconds: int) -> None:
        self._alive()
        self.recording = name
        click.echo("<record>")

    async def stop_recording(self, name: str) -> None:
        self._alive()
        if name == self.recording:
            self.say(b"", 0.0)

    async def hang_up(self) -> None:
        self._alive()
        click.echo("<hangup>")
        self.end()

    async def transfer(self, variables: Mapping[str, str]) -> None:
        self._alive()
        click.echo(" ".join(["<transfer", *(f"{k}={v}" for k, v in variables.items())]) + ">")
        self.end()

    def say(self, sound: bytes, seconds: float) -> None:
        """End the recording with what was said."""
        name, self.recording = self.recording, ""
        self.tell(Recorded(name, sound, seconds))

    def end(self) -> None:
        """The call is over, whoever ended it."""
        if self.over:
            return
        self.ended.set()
        for task in self._playbacks.values():
            task.cancel()
        self.tell(HungUp())

    def _alive(self) -> None:
        if self.over:
            raise Gone

    def _print(self, clips: Sequence[str]) -> None:
        text = written(clips, self._clips.books)
        if text:
            click.echo(text)

    async def _perform(
        self, playback: str, clips: tuple[str, ...], previous: asyncio.Task[None] | None
    ) -> None:
        if previous is not None:
            await asyncio.wait([previous])
        self._print(clips)
        sounding = asyncio.create_task(self._sound(clips)) if self._player else None
        try:
            for index, ref in enumerate(clips):
                self.tell(Playing(playback, index))
                await asyncio.sleep(self._clips.seconds(ref))
        finally:
            if sounding is not None:
                sounding.cancel()
        self._playbacks.pop(playback, None)
        self.tell(Finished(playback))

    async def _sound(self, clips: Sequence[str]) -> None:
        """Play the clips; without the silence behind them, which is kept anyway."""
        audible = list(clips)
        while audible and audible[-1].startswith("pause/"):
            audible.pop()
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(joined(self._clips, audible).wav)
            file.flush()
            process = await asyncio.create_subprocess_exec(
                *self._player,
                file.name,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        process.kill()


def find_player() -> Sequence[str]:
    """The command that plays a WAV file here. Raises ``ClickException``."""
    for player in PLAYERS:
        if shutil.which(player[0]):
            return player
    raise click.ClickException("nothing plays sound here: install aplay (alsa-utils) or paplay")
