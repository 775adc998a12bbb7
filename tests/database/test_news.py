"""The newsboy: what was recorded reaches its conversation, in order, and again until it is marked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import cast

import pytest
import sqlalchemy as sa

from dialogs.calendar import TEHRAN
from dialogs.events import Event
from gooya.database import models
from gooya.database.engine import Database
from gooya.database.events import Events, Notification, Recorded
from gooya.database.submissions import RequestWriter
from gooya.news import Newsboy
from gooya.quiet import QuietHours
from gooya.turns import Door
from tests.database.samples import NOW, codes, new_request, progress
from tests.servers.processes import until


class _Entrance:
    """Stands where the door does; lets in while ``open`` is set and fails ``failures`` times."""

    def __init__(self) -> None:
        self.entered: list[tuple[str, str]] = []
        self.quiet_until: list[float] = []
        self.failures = 0
        self.open = asyncio.Event()
        self.open.set()

    async def enter(self, conversation: str, event: Event) -> None:
        await self.open.wait()
        if self.failures:
            self.failures -= 1
            raise OSError
        self.entered.append((conversation, event.id))
        self.quiet_until.append(event.quiet_until)


class _News:
    def __init__(self, database: Database, quiet_hours: str = "") -> None:
        self.door = _Entrance()
        self.events = Events(database, tell=lambda recorded: self.boy.tell(recorded))
        self.boy = Newsboy(
            self.events,
            cast("Door", self.door),
            NOW.timestamp,
            quiet=QuietHours(quiet_hours),
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.boy.run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def all_told(self) -> None:
        async def none_left() -> bool:
            return not await self.events.unnotified()

        await until(none_left, "everything is told")


async def test_news_recorded_here_are_brought_once_and_marked(database: Database) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    news = _News(database)
    async with news.running():
        await news.events.record(progress(code), "e1", NOW)
        await news.all_told()
    assert news.door.entered == [("c-1", "event:e1")]


async def test_news_told_during_a_look_that_found_them_too_are_brought_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    news = _News(database)
    recorded, found, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    look, looks = news.events.unnotified, []

    async def slow_at_first() -> list[Notification]:
        looks.append(True)
        await recorded.wait()
        waiting = await look()
        found.set()
        await go_on.wait()
        return waiting

    monkeypatch.setattr(news.events, "unnotified", slow_at_first)
    news.door.open.clear()
    async with news.running():
        await news.events.record(progress(code), "e1", NOW)
        recorded.set()
        await found.wait()
        news.door.open.set()
        await until(lambda: not news.boy._under_way, "it is brought and marked")
        news.boy.tell(Recorded(more=True))
        go_on.set()
        await until(lambda: len(looks) == 2, "the first look is over")
    assert news.door.entered == [("c-1", "event:e1")]


async def test_news_of_before_a_crash_are_brought_at_the_next_start(database: Database) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    await Events(database).record(progress(code), "e1", NOW)
    news = _News(database)
    async with news.running():
        await news.all_told()
    assert news.door.entered == [("c-1", "event:e1")]


async def test_a_conversation_gets_its_news_in_order_although_the_first_one_fails(
    database: Database,
) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    news = _News(database)
    news.door.failures = 1
    news.door.open.clear()
    async with news.running():
        await news.events.record(progress(code, 1), "e1", NOW)
        await news.events.record(progress(code, 2), "e2", NOW)
        news.door.open.set()
        await news.all_told()
    assert [event for _, event in news.door.entered] == ["event:e1", "event:e2"]


async def test_trouble_in_one_conversation_does_not_hold_up_another(database: Database) -> None:
    writer = RequestWriter(database, codes())
    one = await writer.submit(new_request("k1", conversation="c-1"))
    other = await writer.submit(new_request("k2", conversation="c-2"))
    news = _News(database)
    news.door.failures = 1
    async with news.running():
        await news.events.record(progress(one.tracking_code), "e1", NOW)
        await news.events.record(progress(other.tracking_code), "e2", NOW)
        await news.all_told()
    assert sorted(news.door.entered) == [("c-1", "event:e1"), ("c-2", "event:e2")]


async def test_news_that_this_version_does_not_understand_hold_up_no_others(
    database: Database,
) -> None:
    writer = RequestWriter(database, codes())
    for key in ("k1", "k2"):
        code = (await writer.submit(new_request(key, conversation=key))).tracking_code
        await Events(database).record(progress(code), f"of {key}", NOW)
    stored = models.request_events
    async with database.write() as connection:
        await connection.execute(
            sa.update(stored).where(stored.c.event_id == "of k1").values(progress={"status": "?"})
        )
    news = _News(database)
    async with news.running():
        await until(lambda: news.door.entered, "the others are told")
    assert news.door.entered == [("k2", "event:of k2")]


async def test_a_process_that_leaves_telling_to_others_only_records(database: Database) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    news = _News(database)
    await news.events.record(progress(code), "e1", NOW)
    assert news.door.entered == []
    assert len(await news.events.unnotified()) == 1


async def test_the_conversation_is_told_until_when_news_should_wait(database: Database) -> None:
    code = (await RequestWriter(database, codes()).submit(new_request())).tracking_code
    hour = NOW.astimezone(TEHRAN).hour
    begins, ends = hour, (hour + 2) % 24
    news = _News(database, f"{begins}-{ends}")
    async with news.running():
        await news.events.record(progress(code), "e1", NOW)
        await news.all_told()
    (until,) = news.door.quiet_until
    assert 3600.0 < until - NOW.timestamp() <= 7200.0
