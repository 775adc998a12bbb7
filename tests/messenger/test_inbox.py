"""Stored updates on their way to the handler, on both engines of the state store."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from bots.telegram import inbox as inboxes
from bots.telegram.inbound import Inbound
from bots.telegram.inbox import Inbox
from dialogs.store import Store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.processes import until
from tests.servers.redis import RedisServer

SARA, BABAK = 7_000_000_000_123, 5
SECRET = "راز"


class Clock:
    """The time of day, some seconds ahead when a test wants that; ``read`` counts the readings."""

    ahead = 0.0
    read = 0

    def __call__(self) -> float:
        self.read += 1
        return time.time() + self.ahead


class Handler:
    """Keeps what it is given; fails ``failures`` times first; chats in ``held`` wait to be let go."""

    def __init__(self) -> None:
        self.begun: list[Inbound] = []
        self.done: list[Inbound] = []
        self.failures: dict[str, int] = {}
        self.held: dict[str, asyncio.Event] = {}

    async def __call__(self, inbound: Inbound) -> None:
        self.begun.append(inbound)
        if inbound.chat in self.held:
            await self.held[inbound.chat].wait()
        if self.failures.get(inbound.text, 0):
            self.failures[inbound.text] -= 1
            raise RuntimeError(SECRET)
        self.done.append(inbound)

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.done]

    async def has(self, count: int) -> list[Inbound]:
        await until(lambda: len(self.done) >= count, f"{count} updates are handled")
        return self.done


class Office:
    """Inboxes on one store, each as of a process of its own."""

    def __init__(self, open_store: Callable[[], Store], stack: contextlib.AsyncExitStack) -> None:
        self.handler = Handler()
        self.clock = Clock()
        self.set_aside = 0
        self._open_store = open_store
        self._stack = stack
        self._watch = open_store()
        self._updates = 0

    async def inbox(self, handler: Handler | None = None, *, runs: bool = True) -> Inbox:
        inbox = Inbox(
            self._open_store(),
            "telegram",
            handler or self.handler,
            clock=self.clock,
            set_aside=self._count,
        )
        if runs:
            self.run(inbox)
        return inbox

    def run(self, inbox: Inbox) -> asyncio.Task[None]:
        task = asyncio.create_task(inbox.run())
        self._stack.push_async_callback(self._end, task, inbox)
        return task

    async def _end(self, task: asyncio.Task[None], inbox: Inbox) -> None:
        task.cancel()
        for held in self.handler.held.values():
            held.set()
        await inbox.close()

    def _count(self) -> None:
        self.set_aside += 1

    async def is_empty(self) -> bool:
        return await self._watch.outbound_depth("in:telegram") == 0

    def ends_albums(self) -> None:
        """What belongs to an album has come by now."""
        self.clock.ahead += inboxes.ALBUM_QUIET

    def id(self) -> int:
        self._updates += 1
        return self._updates

    def writes(self, text: str, chat: int = SARA, **more: Any) -> dict[str, Any]:
        return {"update_id": self.id(), "message": self._message(chat) | {"text": text} | more}

    def photo(self, file: str, album: str, caption: str = "") -> dict[str, Any]:
        size = {"file_id": file, "file_unique_id": file, "width": 9, "height": 9}
        content = {"photo": [size], "media_group_id": album}
        if caption:
            content["caption"] = caption
        return {"update_id": self.id(), "message": self._message(SARA) | content}

    def video(self, album: str) -> dict[str, Any]:
        return {
            "update_id": self.id(),
            "message": self._message(SARA) | {"video": {}, "media_group_id": album},
        }

    def presses(self, number: int) -> dict[str, Any]:
        query = {
            "id": "1",
            "from": {"id": SARA, "is_bot": False, "first_name": SECRET},
            "chat_instance": "1",
            "data": f"a1:{number}",
            "message": self._message(SARA) | {"text": "؟"},
        }
        return {"update_id": self.id(), "callback_query": query}

    def broken(self) -> dict[str, Any]:
        return {"update_id": self.id(), "message": {"chat": {"id": SARA}, "text": SECRET}}

    def _message(self, chat: int) -> dict[str, Any]:
        return {
            "message_id": 1,
            "date": 1,
            "chat": {"id": chat, "type": "private", "first_name": SECRET},
            "from": {"id": chat, "is_bot": False, "first_name": SECRET},
        }


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """A Redis without any keys."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(params=["sqlite", "redis"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    stores: list[Store] = []
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    def open_store() -> Store:
        stores.append(RedisStore(url) if url else SqliteStore(tmp_path / "state.db"))
        return stores[-1]

    async with contextlib.AsyncExitStack() as stack:
        yield Office(open_store, stack)
    for store in stores:
        await store.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "BACKOFF_BASE", 0.01)


@pytest.fixture
def albums_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly its parts come, an album is one until ``Office.ends_albums``."""
    monkeypatch.setattr(inboxes, "ALBUM_QUIET", 3600.0)


async def test_presses_and_messages_of_a_chat_are_handled_in_the_order_of_their_coming(
    office: Office,
) -> None:
    inbox = await office.inbox()
    for number in range(10):
        await inbox.put(office.writes(f"text {number}"))
        await inbox.put(json.dumps(office.presses(number)).encode())
    handled = await office.handler.has(20)
    assert [(inbound.kind, inbound.text[-1]) for inbound in handled] == [
        (kind, str(number)) for number in range(10) for kind in ("text", "press")
    ]
    assert [inbound.id for inbound in handled] == [str(id) for id in range(1, 21)]
    assert {inbound.chat for inbound in handled} == {str(SARA)}


async def test_a_chat_that_takes_long_holds_up_nobody_else(office: Office) -> None:
    office.handler.held[str(SARA)] = asyncio.Event()
    inbox = await office.inbox()
    await inbox.put(office.writes("1"))
    await until(lambda: office.handler.begun, "the first update is at the handler")
    await inbox.put(office.writes("2"))
    await inbox.put(office.writes("3", BABAK))
    await office.handler.has(1)
    assert office.handler.texts == ["3"]
    assert [inbound.text for inbound in office.handler.begun] == ["1", "3"]
    office.handler.held[str(SARA)].set()
    await office.handler.has(3)
    assert office.handler.texts == ["3", "1", "2"]


async def test_what_was_handled_in_a_crash_comes_again_under_the_same_id(office: Office) -> None:
    dying = Handler()
    dying.held[str(SARA)] = asyncio.Event()
    died = await office.inbox(dying, runs=False)
    running = asyncio.create_task(died.run())
    await died.put(office.writes("1"))
    await died.put(office.writes("2"))
    await until(lambda: dying.begun, "the first update is at the handler")
    running.cancel()

    await office.inbox()
    office.clock.ahead = inboxes.LEASE + 1
    assert [inbound.id for inbound in await office.handler.has(2)] == ["1", "2"]

    # The one taken for dead ends late and changes nothing.
    dying.held[str(SARA)].set()
    await died.close()
    await (await office.inbox()).put(office.writes("3"))
    await office.handler.has(3)
    assert office.handler.texts == ["1", "2", "3"]


async def test_a_process_that_ends_with_much_to_do_in_a_chat_leaves_the_rest_to_the_next_in_order(
    office: Office,
) -> None:
    class Slow(Handler):
        async def __call__(self, inbound: Inbound) -> None:
            self.done.append(inbound)
            office.clock.ahead += inboxes.LEASE * 0.6
            await other_runs.wait()
            # Only who looks at the store reads the clock meanwhile: at the second reading the other
            # process has found what there is at this time.
            readings = office.clock.read + 2
            await until(lambda: office.clock.read >= readings, "the other process has looked")

    slow, other_runs = Slow(), asyncio.Event()
    inbox = await office.inbox(slow, runs=False)
    for text in "123":
        await inbox.put(office.writes(text))
    ending = office.run(inbox)
    await until(lambda: slow.done, "the first one is at the handler")
    ending.cancel()
    await office.inbox(slow)
    other_runs.set()
    await until(office.is_empty, "all are handled")
    assert slow.texts == ["1", "2", "3"]


async def test_what_is_given_back_is_handled_soon_though_a_look_at_the_store_comes_between(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Handler):
        async def __call__(self, inbound: Inbound) -> None:
            self.done.append(inbound)
            office.clock.ahead += inboxes.HOLD + 1

    slow = Slow()
    inbox = await office.inbox(slow, runs=False)
    sent = inbox._store.sent

    async def answered_late(*args: Any, **more: Any) -> None:
        await sent(*args, **more)
        if len(slow.done) < 3:
            looked = office.clock.read + 2
            await until(lambda: office.clock.read >= looked, "the inbox has looked at the store")

    monkeypatch.setattr(inbox._store, "sent", answered_late)
    for text in "123":
        await inbox.put(office.writes(text))
    office.run(inbox)
    await slow.has(3)
    assert slow.texts == ["1", "2", "3"]


@pytest.mark.usefixtures("quick")
async def test_what_fails_is_tried_again_and_nothing_of_its_chat_overtakes_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.handler.failures = {"2": 3}
    inbox = await office.inbox()
    for text in "1234":
        await inbox.put(office.writes(text))
    await office.handler.has(4)
    assert office.handler.texts == ["1", "2", "3", "4"]
    assert [inbound.text for inbound in office.handler.begun] == ["1", "2", "2", "2", "2", "3", "4"]
    assert office.set_aside == 0
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("quick")
async def test_what_fails_for_a_day_is_set_aside_and_its_chat_goes_on(office: Office) -> None:
    office.handler.failures = {"1": 1000}
    inbox = await office.inbox()
    await inbox.put(office.writes("1"))
    await until(lambda: len(office.handler.begun) >= 2, "it was tried twice")
    office.clock.ahead = inboxes.RETRY_SECONDS + 1
    await inbox.put(office.writes("2"))
    await office.handler.has(1)
    assert office.handler.texts == ["2"]
    assert office.set_aside == 1


async def test_a_malformed_update_is_set_aside_and_what_follows_is_handled(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = await office.inbox(runs=False)
    await inbox.put(office.writes("1"))
    await inbox.put(office.broken())
    await inbox.put(office.writes("3"))
    office.run(inbox)
    await office.handler.has(2)
    assert office.handler.texts == ["1", "3"]
    assert office.set_aside == 1
    (line,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert "KeyError" in line.getMessage()
    assert line.__dict__["update"] == "2"
    assert SECRET not in caplog.text


DEEP = b'{"update_id": 1, "message": {"chat": {"id": 5}, "x": ' + b"[" * 10_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no JSON",
        b"\xff",
        b"[]",
        b"{}",
        DEEP,
        b'{"update_id": "1", "message": {"chat": {"id": 5}}}',
        b'{"update_id": 1, "poll": {"id": "1"}}',
        {"update_id": 1},
        {"update_id": 1, "message": {"chat": {"id": 5}, "text": "\ud800"}},
    ],
    ids=lambda raw: str(raw[:20]) if isinstance(raw, bytes) else "dict",
)
async def test_what_is_no_update_of_a_chat_is_set_aside_at_once(
    office: Office, raw: Any, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = await office.inbox()
    await inbox.put(raw)
    assert office.set_aside == 1
    assert "Traceback" not in caplog.text
    await inbox.put(office.writes("good"))
    await office.handler.has(1)
    assert office.set_aside == 1


async def test_an_update_that_comes_again_while_it_waits_is_handled_once(office: Office) -> None:
    inbox = await office.inbox(runs=False)
    first = office.writes("1")
    for update in (first, first, office.writes("2"), first):
        await inbox.put(update)
    office.run(inbox)
    await office.handler.has(2)
    await inbox.put(office.writes("3"))
    await office.handler.has(3)
    assert office.handler.texts == ["1", "2", "3"]


async def test_what_needs_no_answer_leaves_the_inbox_in_silence(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = await office.inbox()
    pinned = office.writes("")
    del pinned["message"]["text"]
    await inbox.put(pinned)
    await inbox.put(office.writes("2"))
    await office.handler.has(1)
    assert office.handler.texts == ["2"]
    assert office.set_aside == 0
    assert not caplog.records


@pytest.mark.usefixtures("albums_stay_open")
async def test_an_album_is_one_with_all_its_files_and_a_press_between_them_comes_after(
    office: Office,
) -> None:
    inbox = await office.inbox()
    await inbox.put(office.writes("before"))
    await inbox.put(office.photo("a", "77"))
    await inbox.put(office.photo("b", "77", caption="کنتور"))
    await inbox.put(office.presses(4))
    await inbox.put(office.photo("c", "77"))
    office.ends_albums()
    _, album, press = await office.handler.has(3)
    assert [file.id for file in album.files] == ["a", "b", "c"]
    assert (album.id, album.kind, album.text) == ("2", "files", "کنتور")
    assert press.kind == "press"


async def test_an_album_that_comes_while_its_chat_is_busy_is_one_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "ALBUM_QUIET", 10.0)
    office.handler.held[str(SARA)] = asyncio.Event()
    inbox = await office.inbox(runs=False)
    await inbox.put(office.writes("before"))
    await inbox.put(office.photo("a", "77"))
    office.run(inbox)
    await until(lambda: office.handler.begun, "the text is at the handler")
    await inbox.put(office.photo("b", "77"))
    office.ends_albums()
    office.handler.held[str(SARA)].set()
    _, album = await office.handler.has(2)
    assert [file.id for file in album.files] == ["a", "b"]


@pytest.mark.usefixtures("albums_stay_open")
async def test_a_full_album_waits_for_nothing_more(office: Office) -> None:
    inbox = await office.inbox(runs=False)
    for number in range(10):
        await inbox.put(office.photo(str(number), "77"))
    office.run(inbox)
    (album,) = await office.handler.has(1)
    assert len(album.files) == 10


@pytest.mark.usefixtures("albums_stay_open")
async def test_a_part_that_comes_late_is_its_own_and_one_that_comes_again_is_known(
    office: Office,
) -> None:
    inbox = await office.inbox()
    parts = [office.photo(file, "77") for file in "abc"]
    await inbox.put(parts[0])
    await inbox.put(parts[1])
    office.ends_albums()
    await office.handler.has(1)
    await until(office.is_empty, "the album has left the inbox")
    await inbox.put(parts[1])
    await inbox.put(parts[2])
    await inbox.put(parts[0])
    office.ends_albums()
    await office.handler.has(2)
    await until(office.is_empty, "all parts have left the inbox")
    assert [[file.id for file in inbound.files] for inbound in office.handler.done] == [
        ["a", "b"],
        ["c"],
    ]
    assert office.handler.done[1].id == "3"


@pytest.mark.usefixtures("albums_stay_open")
async def test_an_album_that_is_handled_again_has_the_same_parts(office: Office) -> None:
    dying = Handler()
    dying.held[str(SARA)] = asyncio.Event()
    died = await office.inbox(dying, runs=False)
    running = asyncio.create_task(died.run())
    await died.put(office.photo("a", "77"))
    await died.put(office.photo("b", "77"))
    office.ends_albums()
    await until(lambda: dying.begun, "the album is at the handler")
    running.cancel()

    await died.put(office.photo("c", "77"))
    await office.inbox()
    office.ends_albums()
    again, late = await office.handler.has(2)
    assert again == dying.begun[0]
    assert [file.id for file in late.files] == ["c"]
    dying.held[str(SARA)].set()
    await died.close()


@pytest.mark.usefixtures("albums_stay_open")
async def test_an_album_of_what_no_question_takes_is_answered_once(office: Office) -> None:
    inbox = await office.inbox()
    for update in (office.video("1"), office.video("1"), office.photo("a", "1")):
        await inbox.put(update)
    for update in (office.video("2"), office.video("2")):
        await inbox.put(update)
    office.ends_albums()
    handled = await office.handler.has(3)
    assert [(inbound.id, inbound.kind) for inbound in handled] == [
        ("3", "files"),
        ("1", "other"),
        ("4", "other"),
    ]


async def test_hundreds_of_chats_at_once_keep_their_orders(office: Office) -> None:
    inbox = await office.inbox()
    updates = [[office.writes(f"{n}", 1000 + chat) for n in range(5)] for chat in range(300)]

    async def write(chat: list[dict[str, Any]]) -> None:
        for update in chat:
            await inbox.put(update)

    await asyncio.gather(*map(write, updates))
    await office.handler.has(1500)
    by_chat: dict[str, list[str]] = {}
    for inbound in office.handler.done:
        by_chat.setdefault(inbound.chat, []).append(inbound.text)
    assert len(by_chat) == 300
    assert all(texts == list("01234") for texts in by_chat.values())
