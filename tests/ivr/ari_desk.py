"""A real Asterisk, real callers and real sessions on it, with a small dialog of the test's own behind.

Every prompt is a noise that sounds like no other, kept in the clip store as a caller's recording.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import numpy as np

from dialogs.events import Event
from dialogs.store.open import open_store
from ivr import audio
from ivr.asterisk.announcer import Announcer
from ivr.asterisk.ari import Ari
from ivr.asterisk.calls import AsteriskCalls
from ivr.book import Book
from ivr.clips import ClipStore
from ivr.speech import Entry, Part, Speech
from ivr.switchboard import Switchboard
from ivr.synthesis import Synthesiser
from tests.servers.asterisk import Asterisk
from tests.servers.processes import until
from tests.servers.rtp import Samples

APP = "gooya"
CALLER = "09121234567"
E164 = "+989121234567"


def voice(seed: int, seconds: float = 0.6) -> Samples:
    """A noise of its own, in whole packets."""
    random = np.random.default_rng(seed)
    loudness = np.repeat(random.uniform(0.3, 1.0, int(seconds * 50)), 160)
    sound = np.convolve(random.normal(size=len(loudness)), np.ones(4) / 4, "same") * 5000 * loudness
    return sound.clip(-32000, 32000).astype(np.int16)


VOICES = {
    name: voice(seed, seconds)
    for seed, (name, seconds) in enumerate(
        {"welcome": 0.6, "menu": 1.0, "bill": 0.6, "done": 0.6, "speak": 0.6, "long": 6.0}.items()
    )
}
SORRY = voice(90, 1.0)
OPERATOR = voice(91, 1.0)


def ask(sequence: int, *names: str, entry: Entry | None = None, **more: object) -> Speech:
    """A question with these prompts; a menu unless said otherwise."""
    parts = (Part(tuple(f"recording/{name}" for name in names)),)
    entry = (entry or Entry("menu")) if more.get("then", "listen") == "listen" else None
    return Speech(**{"sequence": sequence, "parts": parts, "entry": entry, "asked": "q", **more})


def clip_store(folder: Path) -> ClipStore:
    """The tests' prompts in ``folder``; what else there is sounds like a beep."""
    (folder / "book" / "fa").mkdir(parents=True, exist_ok=True)
    (folder / "book" / "fa" / "book.ftl").write_text("sorry-operator = پوزش\n")
    beep = folder / "beep.wav"
    beep.write_bytes(audio.as_wav(audio.beep()))
    book = Book("fa", folder / "book")
    return ClipStore(folder / "prompts", Synthesiser(f"cat {beep}"), {"fa": book})


async def build_prompts(folder: Path) -> Path:
    """All clips, once for many tests; gives the prompts folder."""
    clips = clip_store(folder)
    await clips.build()
    for name, sound in VOICES.items():
        clips.add_recording(name, audio.as_wav(sound.tobytes()))
    clips.import_recording("fa/sorry-operator", audio.as_wav(SORRY.tobytes()))
    (clips.folder / "operator.wav").write_bytes(audio.as_wav(OPERATOR.tobytes()))
    return clips.folder


class Dialog:
    """Welcomes, offers a menu (1 a number, 2 a recording, 3 a person, 4 the end, 5 a long text)."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []
        self.recordings: dict[str, bytes] = {}
        self.numbers: list[str] = []
        self.variables = {"GOOYA_CALLER": E164, "GOOYA_SERVICE": "complaint"}
        self._sequence = 0

    async def enter(self, conversation: str, event: Event) -> Speech | None:
        self.events.append((conversation, event))
        self._sequence += 1
        return self._answer(self._sequence, event)

    def _answer(self, n: int, event: Event) -> Speech | None:
        match event.kind, event.text:
            case "hang_up", _:
                return None
            case "call", _:
                return ask(n, "welcome", "menu")
            case "keys", "1":
                return ask(n, "bill", entry=Entry("digits", 6, 13, "bill_id"))
            case "keys", "2":
                return ask(n, "speak", entry=Entry("recording", 1, 20))
            case "keys", "3":
                return ask(n, "done", then="transfer", variables=self.variables)
            case "keys", "4":
                return ask(n, "done", then="hang_up")
            case "keys", "5":
                return ask(n, "long", "menu")
            case ("keys", _) | ("recording", _):
                if event.kind == "keys":
                    self.numbers.append(event.text)
                return ask(n, "done", "menu")
        return ask(n, "menu")

    async def keep(self, conversation: str, sound: bytes, seconds: float) -> str:
        name = f"kept-{len(self.recordings)}"
        self.recordings[name] = sound
        return name

    async def locate(self, number: str, call: str) -> str:
        return number

    def kinds(self) -> list[str]:
        """Kinds of the events so far."""
        return [event.kind for _, event in self.events]


class Wire:
    """The network between us and an Asterisk, which can break."""

    def __init__(self, asterisk: Asterisk) -> None:
        self._asterisk = asterisk
        self._ends: set[asyncio.StreamWriter] = set()
        self._whole = True
        self._port = 0

    @property
    def url(self) -> str:
        return self._asterisk.ari_url.replace(f":{self._asterisk.http_port}", f":{self._port}")

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1")
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break all connections; new ones come to nothing until :meth:`mend`."""
        self._whole = False
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        self._whole = True

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        there = await asyncio.open_connection("127.0.0.1", self._asterisk.http_port)
        await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self._ends.add(target)
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
        self._ends.discard(target)
        target.close()


class Desk:
    """Everything that a process has for its calls; ``close`` ends it as a stopped process does."""

    def __init__(
        self,
        switchboard: Switchboard,
        calls: AsteriskCalls,
        announcer: Announcer,
        task: asyncio.Task[None],
    ) -> None:
        self.switchboard = switchboard
        self.calls = calls
        self.announcer = announcer
        self._task = task

    async def connected(self) -> None:
        await until(lambda: self.calls.state.connected, "connected to Asterisk")

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


@contextlib.asynccontextmanager
async def desk(
    asterisk: Asterisk,
    dialog: Dialog,
    folder: Path,
    *,
    url: str = "",
    dial: str = "",
    **options: str,
) -> AsyncIterator[Desk]:
    """A process for the calls of ``asterisk``; ``folder`` is that of :func:`build_prompts`, ``dial`` where
    it calls somebody itself."""
    store = await open_store(str(asterisk.directory / "state.db"))
    clips = clip_store(folder)
    switchboard = Switchboard(
        "node",
        store=store,
        enter=dialog.enter,
        keep=dialog.keep,
        locate=dialog.locate,
        clips=clips,
        clock=time.time,
    )
    ari = Ari(url or asterisk.ari_url, APP)
    announcer = Announcer(ari, clips, dial)
    calls = AsteriskCalls(ari, switchboard, clips, announcer=announcer, **options)
    one = Desk(switchboard, calls, announcer, asyncio.create_task(calls.run()))
    try:
        if not url:
            await one.connected()
        yield one
    finally:
        await one.close()
        await store.close()
