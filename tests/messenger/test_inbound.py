"""From the Bot API's server to the handler: by webhook and by polling, as Telegram and as Bale."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web

from bots.telegram import inbox as inboxes
from bots.telegram import poller as pollers
from bots.telegram.account import Account
from bots.telegram.chat import Picture
from bots.telegram.inbound import Inbound
from bots.telegram.inbox import Inbox
from bots.telegram.platform import PLATFORMS
from bots.telegram.poller import Poller
from bots.telegram.webhook import BODY_LIMIT, HEADER, routes
from dialogs.store import Store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.bot_api import BotApi, Button
from tests.servers.processes import until
from tests.servers.redis import RedisServer

PATH, TOKEN = "a-long-secret-path", "a-secret-token"
SECRET = "راز"

Dialect = Literal["telegram", "bale"]
both_dialects = pytest.mark.parametrize("dialect", ["telegram", "bale"])


class Bot:
    """An account with its inbox, and what its handler was given, each update once."""

    def __init__(self, api: BotApi, store: Store, dialect: Dialect) -> None:
        self._store = store
        self.handled: list[Inbound] = []
        self.set_aside = 0
        self.account = Account(PLATFORMS[dialect], api.token, api.url, draw=self._draw)
        self.ahead = 0.0
        self.inbox = Inbox(store, dialect, self._handle, clock=self._clock, set_aside=self._count)

    async def has(self, count: int) -> list[Inbound]:
        await until(lambda: len(self.handled) >= count, f"{count} updates are handled")
        return self.handled

    async def is_idle(self) -> bool:
        return await self._store.outbound_depth(f"in:{self.inbox.channel}") == 0

    async def _handle(self, inbound: Inbound) -> None:
        if inbound.id not in [known.id for known in self.handled]:
            self.handled.append(inbound)

    def _clock(self) -> float:
        return time.time() + self.ahead

    def _count(self) -> None:
        self.set_aside += 1

    async def _draw(self, picture: Picture) -> bytes:
        raise NotImplementedError


@contextlib.asynccontextmanager
async def working(bot: Bot) -> AsyncIterator[None]:
    await bot.account.start()
    task = asyncio.create_task(bot.inbox.run())
    try:
        yield
    finally:
        task.cancel()
        await bot.inbox.close()
        await bot.account.close()


@contextlib.asynccontextmanager
async def serving(bot: Bot, secret_token: str) -> AsyncIterator[str]:
    """The webhook's route; gives the URL of its account's folder."""
    app = web.Application()
    app.add_routes(routes(bot.inbox, PATH, secret_token))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/{bot.inbox.channel}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def hooked(bot: Bot, *, secret_token: bool = True) -> AsyncIterator[str]:
    """The webhook is served and set; gives the URL of its account's folder."""
    async with serving(bot, TOKEN if secret_token else "") as folder:
        await bot.account.set_webhook(f"{folder}/{PATH}", TOKEN)
        yield folder
        await bot.account.delete_webhook()


@contextlib.asynccontextmanager
async def polling(bot: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(Poller(bot.account, bot.inbox).run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.timeout(10):
                await task


@pytest.fixture
def dialect() -> Dialect:
    return "telegram"


@pytest.fixture
async def api(dialect: Dialect) -> AsyncIterator[BotApi]:
    async with BotApi(dialect=dialect, scale=0.01) as server:
        yield server


@pytest.fixture
async def bot(api: BotApi, dialect: Dialect, tmp_path: Path) -> AsyncIterator[Bot]:
    store = SqliteStore(tmp_path / "state.db")
    bot = Bot(api, store, dialect)
    async with working(bot):
        yield bot
    await store.close()


@pytest.fixture
async def webhook(bot: Bot, dialect: Dialect) -> AsyncIterator[str]:
    async with hooked(bot, secret_token=PLATFORMS[dialect].secret_token) as folder:
        yield folder


@pytest.fixture(params=["webhook", "polling"])
async def arriving(
    request: pytest.FixtureRequest, bot: Bot, dialect: Dialect
) -> AsyncIterator[None]:
    """Updates come in, one way or the other."""
    if request.param == "webhook":
        async with hooked(bot, secret_token=PLATFORMS[dialect].secret_token):
            yield
    else:
        async with polling(bot):
            yield


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer(persistent=True) as server:
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pollers, "PAUSE_FIRST", 0.01)
    monkeypatch.setattr(pollers, "PAUSE_LAST", 0.02)


@both_dialects
@pytest.mark.usefixtures("arriving")
async def test_what_a_customer_does_arrives_in_order(api: BotApi, bot: Bot) -> None:
    sara = api.customer(phone="989121234567")
    await sara.writes("/start")
    await sara.writes("سلام <b>")
    await bot.has(2)
    await sara.presses(Button("بله", "a1b2:1"), await sara.writes("؟"))
    await bot.has(4)
    await sara.shares_contact()
    await sara.shares_contact(api.customer())
    await sara.sends("location")
    await sara.sends_document(b"%PDF", "سند.pdf", "application/pdf", "سند")
    await sara.blocks()
    handled = await bot.has(9)
    arrived = [(inbound.kind, inbound.text) for inbound in handled]
    # A press has a queue of its own until it is in the inbox.
    assert sorted(arrived[2:4]) == [("press", "1"), ("text", "؟")]
    assert arrived[:2] + arrived[4:] == [
        ("command", "start"),
        ("text", "سلام <b>"),
        ("contact", "+989121234567"),
        ("contact", ""),
        ("other", "location"),
        ("files", "سند"),
        ("unreachable", ""),
    ]
    assert {inbound.chat for inbound in handled} == {str(sara.id)}
    assert bot.set_aside == 0


@pytest.mark.usefixtures("arriving")
async def test_an_album_arrives_as_one(
    api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "ALBUM_QUIET", 3600.0)
    sara = api.customer()
    for content in (b"1", b"22", b"333"):
        await sara.sends_photo(content, album="77")
    await sara.writes("همین")
    await api.delivered()
    bot.ahead = inboxes.ALBUM_QUIET
    album, text = await bot.has(2)
    assert [file.size for file in album.files] == [1, 2, 3]
    assert text.text == "همین"


@pytest.mark.usefixtures("arriving")
async def test_what_comes_twice_and_out_of_order_is_handled_once_each(
    api: BotApi, bot: Bot
) -> None:
    api.trouble(duplicates=0.5, late=0.3)
    people = [api.customer() for _ in range(20)]
    for number in range(10):
        for person in people:
            await person.writes(str(number))
    await bot.has(200)
    await api.delivered()
    for person in people:
        texts = [inbound.text for inbound in bot.handled if inbound.chat == str(person.id)]
        assert sorted(texts) == list("0123456789")


@pytest.mark.usefixtures("arriving")
async def test_a_malformed_update_is_not_in_the_way(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    sara = api.customer()
    await sara.writes("1")
    api.push({"message": {"chat": sara.raw(), "text": SECRET}})
    api.push({"message": SECRET})
    api.push({"update_id": None, "message": {"text": SECRET}})
    await sara.writes("2")
    await bot.has(2)
    assert [inbound.text for inbound in bot.handled] == ["1", "2"]
    await until(lambda: bot.set_aside == 3, "the broken ones are set aside")
    assert SECRET not in caplog.text


@both_dialects
async def test_a_forged_call_is_refused(
    bot: Bot, webhook: str, dialect: Dialect, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"update_id": 1, "message": {"chat": {"id": 5}, "text": SECRET}})
    right = {HEADER: TOKEN}
    calls: list[tuple[str, dict[str, str], int]] = [
        ("wrong", right, 404),
        ("", right, 404),
        (f"{PATH}/more", right, 404),
        ("%D8%B1%D8%A7%D8%B2%FF", right, 404),
    ]
    if dialect == "telegram":
        calls += [
            (PATH, {}, 403),
            (PATH, {HEADER: "wrong"}, 403),
            (PATH, {HEADER: "راز"}, 403),
            ("wrong", {}, 404),
        ]
    async with aiohttp.ClientSession() as http:
        for path, headers, expected in calls:
            async with http.post(f"{webhook}/{path}", data=body, headers=headers) as answer:
                assert answer.status == expected, path
                assert PATH not in await answer.text()
        async with http.get(f"{webhook}/{PATH}", headers=right) as answer:
            assert answer.status == 405
    assert bot.handled == []
    assert bot.set_aside == 0
    assert PATH not in caplog.text


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_long_is_set_aside_unread(
    bot: Bot, webhook: str, announced: bool
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * BODY_LIMIT:
            sent += 65_536
            yield b"x" * 65_536

    headers = {HEADER: TOKEN}
    if announced:
        headers["Content-Length"] = str(64 * BODY_LIMIT)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{webhook}/{PATH}", data=endless(), headers=headers) as answer,
    ):
        assert answer.status == 200
    assert bot.set_aside == 1
    assert sent < 64 * BODY_LIMIT


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("way", ["webhook", "polling"])
async def test_while_the_store_is_away_nothing_is_acknowledged_and_nothing_lost(
    api: BotApi, redis: RedisServer, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = RedisStore(redis.url)
    bot = Bot(api, store, "telegram")
    sara = api.customer()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(working(bot))
        arriving: contextlib.AbstractAsyncContextManager[Any] = (
            hooked(bot) if way == "webhook" else polling(bot)
        )
        await stack.enter_async_context(arriving)
        await sara.writes("1")
        await bot.has(1)
        await until(bot.is_idle, "the first one has left the inbox")
        redis.stop()
        await sara.writes("2")
        await sara.writes("3")
        if way == "webhook":
            await until(lambda: api.delivery.attempts[-1][1] == 503, "a call is answered 503")
        else:
            await until(lambda: "can't be stored" in caplog.text, "a fetch is not stored")
        assert api.delivery.pending
        redis.start()
        await bot.has(3)
        await api.delivered()
    await store.close()
    assert [inbound.text for inbound in bot.handled] == ["1", "2", "3"]


@pytest.mark.usefixtures("quick")
async def test_polling_goes_on_after_every_kind_of_failure(api: BotApi, bot: Bot) -> None:
    sara = api.customer()
    for how in ("500", "502", "cut-before", "cut-after"):
        api.fail("getUpdates", how)
    api.fail("getUpdates", "429", retry_after=0.01)
    async with polling(bot):
        for text in "123":
            await sara.writes(text)
        await bot.has(3)
    assert [inbound.text for inbound in bot.handled] == ["1", "2", "3"]


@pytest.mark.usefixtures("quick")
async def test_beside_a_webhook_polling_says_once_what_to_do_and_takes_over_when_it_is_gone(
    api: BotApi, bot: Bot, webhook: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(bot):
        await until(lambda: len(api.called("getUpdates")) > 3, "it goes on trying")
        (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert "delete the webhook" in line.getMessage()
        await bot.account.delete_webhook()
        await api.customer().writes("1")
        await bot.has(1)
    assert api.delivery.attempts == []


async def test_what_was_fetched_and_not_confirmed_comes_to_the_next_process(
    api: BotApi, bot: Bot
) -> None:
    sara = api.customer()
    await sara.writes("1")

    class Dying:
        async def updates(self, offset: int, wait: float, /) -> list[Any]:
            found = await bot.account.updates(offset, wait)
            if found:
                fetched.set()
                await asyncio.Event().wait()
            return found

    fetched = asyncio.Event()
    task = asyncio.create_task(Poller(Dying(), bot.inbox).run())
    await fetched.wait()
    task.cancel()
    assert bot.handled == []
    async with polling(bot):
        await bot.has(1)
        await api.delivered()
