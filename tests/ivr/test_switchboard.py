"""The calls of a process, and speeches that reach them through the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dialogs.store import Commit, Outbound
from dialogs.store.sqlite import SqliteStore
from ivr import speech
from ivr.line import HungUp
from ivr.speech import Speech
from ivr.switchboard import GRACE, LOOKS, Switchboard
from tests.ivr.scripted_line import NUMBER, START, Clips, Dialog, ScriptedLine, ask
from tests.servers.processes import until


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "state.db")
    yield store
    await store.close()


class House:
    """A switchboard, its dialog and its store."""

    def __init__(self, store: SqliteStore) -> None:
        self.now = START
        self.dialog = Dialog(ask(1, "menu"))
        self.store = store
        self._versions = 0
        self.switchboard = Switchboard(
            "n1",
            store=store,
            enter=self.dialog.enter,
            keep=self.dialog.keep,
            locate=self.dialog.locate,
            clips=Clips(),
            clock=lambda: self.now,
        )

    def connect(self, call: str = "call-1", *, adopted: bool = False) -> ScriptedLine:
        line = ScriptedLine(call)
        line.tell = self.switchboard.connect(line, NUMBER, adopted=adopted).tell
        return line

    def message(self, said: Speech | str, call: str = "call-1") -> Outbound:
        text = said if isinstance(said, str) else speech.encode(said)
        return Outbound(f"m{self._versions}", "call:n1", call, text, NUMBER)

    async def commit(self, message: Outbound, *, lease: float = 0.0) -> None:
        await self.store.commit(
            Commit(
                conversation=NUMBER,
                version=self._versions,
                state=b"{}",
                mark=message.id,
                outbound=(message,),
                now=self.now,
                lease=lease,
            )
        )
        self._versions += 1

    async def nothing_waits(self) -> bool:
        return await self.store.outbound_depth("call:n1") == 0


@asynccontextmanager
async def house(store: SqliteStore) -> AsyncIterator[House]:
    house = House(store)
    running = asyncio.create_task(house.switchboard.run())
    try:
        yield house
    finally:
        running.cancel()
        await house.switchboard.close()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_call_is_known_until_it_ends(store: SqliteStore) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        await until(lambda: line.heard == ["menu"], "the menu is heard")
        assert list(gooya.switchboard.calls) == ["call-1"]
        line.disconnect()
        line.tell(HungUp())
        await until(lambda: not gooya.switchboard.calls, "the call is forgotten")
        assert gooya.dialog.told == [("hang_up", "")]


async def test_a_call_that_is_reported_twice_has_one_session(store: SqliteStore) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        gooya.switchboard.connect(line, NUMBER, adopted=True)
        await until(lambda: line.heard, "something is heard")
        assert [event.kind for event in gooya.dialog.events] == ["call"]


async def test_a_speech_that_another_process_committed_is_said(store: SqliteStore) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        await until(lambda: line.heard == ["menu"], "the menu is heard")
        await gooya.commit(gooya.message(ask(2, "news")))
        await until(lambda: line.heard == ["menu", "news"], "the news are heard")
        await until(gooya.nothing_waits, "the message is forgotten")


async def test_a_speech_that_this_process_committed_is_said_and_not_again(
    store: SqliteStore,
) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        await until(lambda: line.heard == ["menu"], "the menu is heard")
        message = gooya.message(ask(2, "news"))
        await gooya.commit(message, lease=60)
        gooya.switchboard.take([message])
        gooya.switchboard.take([message])
        await until(lambda: line.heard == ["menu", "news"], "the news are heard")
        await until(gooya.nothing_waits, "the message is forgotten")
        assert line.heard == ["menu", "news"]


async def test_a_speech_waits_for_a_call_that_is_still_being_adopted(store: SqliteStore) -> None:
    async with house(store) as gooya:
        gooya.dialog.answers = [ask(1, "goes-on")]
        message = gooya.message(ask(2, "news"))
        await gooya.commit(message, lease=60)
        gooya.switchboard.take([message])
        line = gooya.connect(adopted=True)
        gooya.now += GRACE + 1
        await until(lambda: line.heard[-1:] == ["news"], "the news are heard")
        assert gooya.dialog.told == [("adopted", "")]


async def test_a_speech_to_a_call_that_is_gone_ends_the_call(store: SqliteStore) -> None:
    async with house(store) as gooya:
        await gooya.commit(gooya.message(ask(2, "news"), "call-9"))

        async def ended() -> bool:
            gooya.now += GRACE
            return await gooya.nothing_waits()

        await until(ended, "the message is forgotten")
        [event] = gooya.dialog.events
        assert (event.kind, event.call, event.address) == ("hang_up", "n1/call-9", NUMBER)
        assert gooya.now >= START + GRACE * LOOKS


async def test_a_speech_that_is_not_understood_is_forgotten(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        await gooya.commit(gooya.message('{"sequence": "secret"}'))
        await until(gooya.nothing_waits, "the message is forgotten")
        await until(lambda: line.heard == ["menu"], "the call goes on")
        assert "not understood" in caplog.text
        assert "secret" not in caplog.text


async def test_closing_hangs_up_nobody_and_the_next_process_goes_on(store: SqliteStore) -> None:
    async with house(store) as gooya:
        line = gooya.connect()
        await until(lambda: line.heard == ["menu"], "the menu is heard")
        await gooya.switchboard.close()
        assert not gooya.switchboard.calls
        assert (line.ended, gooya.dialog.told) == ("", [])
    async with house(store) as successor:
        successor.dialog.answers = [ask(2, "goes-on")]
        line.tell = successor.switchboard.connect(line, NUMBER, adopted=True).tell
        await until(lambda: line.heard == ["menu", "goes-on"], "the call goes on")
        assert successor.dialog.told == [("adopted", "")]
