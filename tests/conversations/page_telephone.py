"""The telephone of the demo page, in the place of the page: nothing sounds, but everything is said to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import ClientWebSocketResponse

from ivr import audio
from ivr.simulator import FRAMES_A_SECOND
from tests.conversations.calling import Call
from tests.conversations.case import Turn
from tests.conversations.telephone import Heard, Telephone
from tests.conversations.world import PATIENCE, World


class PageTelephone(Telephone):
    """One call over the WebSocket. While it does not listen, no prompt comes to its end."""

    def __init__(self, number: str, heard: list[Heard]) -> None:
        super().__init__(number, heard)
        self.listens = True
        self.frames: list[dict[str, Any]] = []
        """What the server said."""
        self._out: asyncio.Queue[dict[str, Any] | bytes] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def conversation(self) -> str:
        return self.number

    async def connect(self, world: World) -> None:
        url = f"{world.running.url}/ivr/simulator"
        socket = await world.http.ws_connect(url, params={"from": self.number})
        self._tasks = [asyncio.create_task(work(socket)) for work in (self._read, self._write)]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def press(self, keys: str) -> None:
        for key in keys:
            self._out.put_nowait({"type": "key", "key": key})

    def speak(self) -> None:
        self._out.put_nowait(audio.as_wav(audio.beep() * 10))

    def put_down(self) -> None:
        if not self.ended:
            self._out.put_nowait({"type": "hang_up"})

    async def _write(self, socket: ClientWebSocketResponse) -> None:
        """As fast as a page may; whoever is faster is cut off."""
        while True:
            frame = await self._out.get()
            if isinstance(frame, bytes):
                await socket.send_bytes(frame)
            else:
                await socket.send_json(frame)
            await asyncio.sleep(1 / FRAMES_A_SECOND)

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = json.loads(message.data)
            self.frames.append(frame)
            if frame["type"] == "play":
                self.heard.append(tuple(part["text"] for part in frame["parts"]))
                if self.listens:
                    self._out.put_nowait({"type": "finished", "playback": frame["playback"]})
            elif frame["type"] in ("hang_up", "transfer"):
                self.ended = "hung up" if frame["type"] == "hang_up" else "transferred"
        self.ended = self.ended or "gone"


class PageCall(Call):
    """A conversation of a caller on the demo page: the whole way, and in real time."""

    in_real_time = True

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            await self.close()

    async def close(self) -> None:
        for telephone in self._telephones.values():
            assert isinstance(telephone, PageTelephone)
            await telephone.close()

    async def dial(self) -> None:
        telephone = self._telephones[self.phone] = PageTelephone(self.phone, self.heard)
        said = self._said()
        await telephone.connect(self.world)
        await self._answered(telephone, said)

    async def does(self, act: Callable[[Telephone], None]) -> None:
        telephone = self.telephone
        assert isinstance(telephone, PageTelephone), "the call is over"
        said = self._said()
        act(telephone)
        await self._answered(telephone, said)

    async def _wait_for(self, turn: Turn, before: int, messages: list[str]) -> None:
        await super()._wait_for(turn, before, messages)
        if turn.ends:
            await self._settle(self._telephones[self.phone])
            messages += await self.inbox()

    def check_end(self, turn: Turn, telephone: Telephone) -> None:
        expected = "gone" if turn.hang_up else turn.ends
        assert telephone.ended == expected, f"the call: {telephone.ended!r}, expected {expected!r}"

    def _said(self) -> int:
        """How many speeches the conversation has had."""
        return len(self.world.tap.spoken.get(self.phone, ()))

    async def _answered(self, telephone: PageTelephone, said: int) -> None:
        """Return when the page has heard the last of what is said after ``said`` speeches, and is
        expected to do something, or when the call and its last turn are over."""
        async with asyncio.timeout(PATIENCE):
            while not telephone.ended:
                spoken = self.world.tap.spoken.get(self.phone, [])
                heard = len(spoken) > said and self.heard[-1:] == spoken[-1:]
                if heard and await self.world.rests(self.phone):
                    return
                await asyncio.sleep(0.01)
            await self._settle(telephone)

    async def _settle(self, telephone: Telephone) -> None:
        """After the end of a call: until its last turn is over."""
        async with asyncio.timeout(PATIENCE):
            while not telephone.ended or (await self.world.conversation(self.phone))[0].call:
                await asyncio.sleep(0.01)
        await self.world.settle(self.phone)
