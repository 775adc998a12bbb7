"""Chats with real processes that are killed while updates are under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

import pytest

from backend_adapter.sandbox import SubscriberCard
from tests.conversations.messengers import Messenger, Person, Way
from tests.e2e.conftest import Settings
from tests.e2e.loop import tracking_codes
from tests.servers.gooya import Gooya, Sandbox
from tests.servers.processes import until

LATE = 200.0
"""Seconds: what a killed process held may stay untouched for two minutes (an update's lease), and its
answers for one."""
CONFIRM = "درست است، ثبت شود"


class Office:
    """The processes of a company, the messenger and those who write."""

    def __init__(
        self, folder: Path, utility_folder: Path, settings: Settings, ending: ExitStack
    ) -> None:
        self.api = Messenger("telegram")
        self._folder = folder
        self._utility_folder = utility_folder
        self._settings = {**settings, "GOOYA_SECRET": "the same in every process"}
        self._ending = ending

    async def start(self, *roles: str, way: Way) -> list[Gooya]:
        """One process for each role; the first one takes what comes over HTTP."""
        processes = [Gooya(self._folder / role, self._settings, role=role) for role in roles]
        url = processes[0].url
        self.sandbox = Sandbox(self._utility_folder, events_url=f"{url}/backend/events")
        telegram = self.api.settings(way, url)
        for process in processes:
            process.settings.update(self.sandbox.access)
            process.settings.update({f"GOOYA_{k.upper()}": v for k, v in telegram.items()})
        for part in (self.sandbox, *processes):
            self._ending.callback(part.stop)
        await asyncio.gather(*(part.start() for part in (self.sandbox, *processes)))
        return processes

    def chats(self, people: list[SubscriberCard]) -> list[Person]:
        return [self.api.person(f"+98939{number:07d}") for number, _ in enumerate(people)]

    async def requests(self) -> int:
        return len(await self.sandbox.call("GET", "requests"))

    async def check(self, chat: Person, person: SubscriberCard) -> None:
        """Question and receipt came in this order, and the backend has one reading.

        A message that was on its way when its sender was killed may show twice, as everywhere where a
        send has no key of its own.
        """
        await chat.until(
            lambda: "شناسه پرداخت" in chat.shown[-1].text if chat.shown else False, LATE
        )
        texts = [text for text, _ in groupby(message.text for message in chat.shown)]
        assert person.bill_id in texts[0], texts
        assert "قرائت شما ثبت شد" in texts[1], texts
        assert len(texts) in (2, 3), texts  # the bill may come after the receipt
        [code] = await self.sandbox.tracking_codes(person.bill_id)
        assert set(tracking_codes(texts[1:2])) == {code}
        assert await self.sandbox.readings(person.bill_id) == [{"total": figure(person)}]


@pytest.fixture
async def open_office(
    tmp_path: Path, utility_folder: Path, ending: ExitStack
) -> AsyncIterator[Callable[[Settings], Office]]:
    opened: list[Office] = []

    def open_(settings: Settings) -> Office:
        opened.append(Office(tmp_path, utility_folder, settings, ending))
        return opened[-1]

    yield open_
    ending.close()


def figure(person: SubscriberCard) -> int:
    return person.values["total"] + 90


async def write(chat: Person, person: SubscriberCard) -> None:
    await chat.writes(f"قرائت {person.bill_id} {figure(person)}")


async def asked(chat: Person) -> None:
    await chat.until(lambda: chat.shown and "ثبت شود" in chat.shown[-1].written, LATE)


async def finish(office: Office, chats: list[Person], people: list[SubscriberCard]) -> None:
    """Who was asked only after the crash confirms now; everybody ends with the one receipt."""
    half = len(chats) // 2
    for chat in chats[half:]:
        await asked(chat)
        await chat.presses(CONFIRM)
    await asyncio.gather(*map(office.check, chats, people))
    assert await office.requests() == len(people)


async def test_kill_9_with_updates_under_way_loses_nothing_and_answers_nothing_twice(
    open_office: Callable[[Settings], Office], people: list[SubscriberCard]
) -> None:
    office = open_office({})
    async with office.api:
        [gooya] = await office.start("all", way="polling")
        chats, half = office.chats(people), len(people) // 2
        await asyncio.gather(*map(write, chats[:half], people))
        await asyncio.gather(*map(asked, chats[:half]))
        for chat in chats[:half]:
            await chat.presses(CONFIRM)
        await asyncio.gather(*map(write, chats[half:], people[half:]))
        await until(office.requests, "a request has reached the backend")
        gooya.kill()
        await gooya.start()
        await finish(office, chats, people)
        assert await asyncio.to_thread(gooya.stop) == 0


async def test_a_web_and_a_worker_that_are_killed_lose_nothing_either(
    open_office: Callable[[Settings], Office],
    shared_engines: Settings,
    people: list[SubscriberCard],
) -> None:
    office = open_office(shared_engines)
    async with office.api:
        web, worker = await office.start("web", "worker", way="webhook")
        chats, half = office.chats(people), len(people) // 2
        await asyncio.gather(*map(write, chats[:half], people))
        await asyncio.gather(*map(asked, chats[:half]))
        for chat in chats[:half]:
            await chat.presses(CONFIRM)
        await asyncio.gather(*map(write, chats[half:], people[half:]))
        await until(office.requests, "a request has reached the backend")
        web.kill()
        worker.kill()
        await worker.start()
        await web.start()
        await finish(office, chats, people)
        # Not in this thread: the messenger answers what is under way.
        codes = await asyncio.gather(*(asyncio.to_thread(part.stop) for part in (web, worker)))
        assert codes == [0, 0]
