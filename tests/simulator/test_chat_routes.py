"""The messenger of the demo page over HTTP: what its page, and a stranger, can do with it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from PIL import Image

from bots.telegram import inbox as inboxes
from bots.telegram import simulated_chats
from bots.telegram.chat import Button, Picture, Post
from bots.telegram.inbound import Inbound
from bots.telegram.inbox import Inbox
from bots.telegram.port import Refused, TooLarge
from bots.telegram.simulator import MAX_FILE, MessengerSimulator
from dialogs.store.sqlite import SqliteStore
from tests.servers.processes import until
from tests.simulator.conftest import SHUTDOWN

PHONE = "09123456789"
ACCOUNT = "989123456789"
ROUTE = "/telegram/simulator"
CHART = Picture("consumption", "fa", [])


def image(format_: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, format_)
    return content.getvalue()


async def draw(picture: Picture) -> bytes:
    if picture.kind == "payments":
        raise ValueError("no font")
    return image()


class Site:
    """The simulator before an inbox whose handler only remembers."""

    def __init__(self, folder: Path) -> None:
        self.handled: list[Inbound] = []
        self.set_aside = 0
        self.ahead = 0.0
        """Seconds that the inbox's clock is before the real one."""
        self.store = SqliteStore(folder / "state.db")
        self.messenger = MessengerSimulator("telegram", draw=draw)
        self.inbox = Inbox(
            self.store, "telegram", self._handle, clock=self._clock, set_aside=self._count
        )
        self.messenger.connect(self.inbox)

    def routes(self) -> list[web.RouteDef]:
        return self.messenger.routes()

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(self.routes())
        app.on_shutdown.append(self._close)
        self.runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        self._running = asyncio.create_task(self.inbox.run())

    async def stop(self) -> None:
        await self.runner.cleanup()
        self._running.cancel()
        await self.inbox.close()
        await self.store.close()

    async def has(self, count: int) -> list[Inbound]:
        await until(lambda: len(self.handled) >= count, f"{count} updates are handled")
        return self.handled

    async def _handle(self, inbound: Inbound) -> None:
        self.handled.append(inbound)

    def _clock(self) -> float:
        return time.time() + self.ahead

    def _count(self) -> None:
        self.set_aside += 1

    async def _close(self, _: web.Application) -> None:
        await self.messenger.close()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def http(site: Site) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url) as session:
        yield session


async def act(http: ClientSession, id_: str, **what: object) -> int:
    async with http.post(ROUTE, json={"from": PHONE, "id": id_, **what}) as response:
        return response.status


async def upload(http: ClientSession, id_: str, content: bytes, **query: str) -> int:
    params = {"from": PHONE, "id": id_, **query}
    async with http.post(f"{ROUTE}/file", params=params, data=io.BytesIO(content)) as response:
        return response.status


async def events(
    http: ClientSession, count: int, *, after: int = 0
) -> list[tuple[int, str, dict[str, Any]]]:
    """The next ``count`` events of the chat as (id, kind, data)."""
    found: list[tuple[int, str, dict[str, Any]]] = []
    fields: dict[str, str] = {}
    query = {"number": PHONE, "after": str(after)}
    async with asyncio.timeout(20), http.get(f"{ROUTE}/stream", params=query) as response:
        assert response.status == 200
        async for raw in response.content:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "data" in fields:
                found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                fields = {}
                if len(found) == count:
                    break
    return found


async def shown(http: ClientSession, count: int) -> list[dict[str, Any]]:
    return [data for _, kind, data in await events(http, count) if kind == "message"]


async def test_a_text_a_command_and_a_link_reach_the_bot_as_the_messenger_would_bring_them(
    site: Site, http: ClientSession
) -> None:
    for number, text in enumerate(("سلام", "/menu", "/start track_4821093375")):
        assert await act(http, f"t{number}", text=text) == 200
    handled = [(i.chat, i.kind, i.text) for i in await site.has(3)]
    assert handled == [
        (ACCOUNT, "text", "سلام"),
        (ACCOUNT, "command", "menu"),
        (ACCOUNT, "open", "track_request 4821093375"),
    ]
    assert [m["text"] for m in await shown(http, 3)][:2] == ["سلام", "/menu"]


async def test_only_the_accounts_own_contact_brings_a_number(
    site: Site, http: ClientSession
) -> None:
    await site.messenger.post(ACCOUNT, Post("شماره؟", contact="فرستادن شماره"))
    await act(http, "own", contact="own")
    await act(http, "other", contact="other")
    assert [(i.kind, i.text) for i in await site.has(2)] == [
        ("contact", "+989123456789"),
        ("contact", ""),
    ]
    labels = [data["label"] for _, kind, data in await events(http, 4) if kind == "key"]
    assert labels == [""]  # the key goes when it has done its work


async def test_a_press_carries_its_message_and_ends_with_a_toast(
    site: Site, http: ClientSession
) -> None:
    keyboard = ((Button("دو", "ab12:2"), Button("یک &lt;", "ab12:1")),)
    message = await site.messenger.post(
        ACCOUNT, Post("کدام؟ <b>۱ &amp; ۲</b> <code>9985235404124</code>", keyboard)
    )
    assert await act(http, "p1", press={"message": message, "data": "ab12:1"}) == 200
    (press,) = await site.has(1)
    assert (press.kind, press.text, press.asked) == ("press", "1", "ab12")
    source = json.loads(press.source)
    assert source["message"] == message
    assert source["text"] == "کدام؟ <b>۱ &amp; ۲</b> <code>9985235404124</code>"
    assert source["label"] == "یک &lt;"

    await site.messenger.toast(source["query"], "رسید")
    await site.messenger.edit(ACCOUNT, message, source["text"] + "\n\n✔ <b>یک</b>")
    toast, edited = await events(http, 2)
    assert (toast[1], toast[2]) == ("toast", {"query": "p1", "text": "رسید"})
    assert edited[2]["text"] == "کدام؟ ۱ & ۲ 9985235404124\n\n✔ یک"
    assert [e["type"] for e in edited[2]["entities"]] == ["bold", "code", "bold"]
    assert "reply_markup" not in edited[2]


async def test_a_press_on_a_message_that_is_gone_comes_without_its_text(
    site: Site, http: ClientSession
) -> None:
    await act(http, "old", press={"message": 5, "data": "ab12:1"})
    (press,) = await site.has(1)
    assert json.loads(press.source)["message"] is None
    await site.messenger.edit(ACCOUNT, 5, "nobody sees this")
    await site.messenger.close_keyboard(ACCOUNT, 5)


async def test_a_keyboard_that_is_closed_goes_and_its_text_stays(
    site: Site, http: ClientSession
) -> None:
    message = await site.messenger.post(ACCOUNT, Post("کدام؟", ((Button("یک", "a:1"),),)))
    await site.messenger.close_keyboard(ACCOUNT, message)
    (left,) = await shown(http, 1)
    assert (left["text"], "reply_markup" in left) == ("کدام؟", False)


@pytest.mark.usefixtures("albums_stay_open")
async def test_photos_documents_and_albums_can_be_fetched_by_the_bot(
    site: Site, http: ClientSession
) -> None:
    photo, paper = image("JPEG"), b"%PDF-1.7 deed"
    assert await upload(http, "f1", photo, name="meter.jpg") == 200
    assert await upload(http, "f2", paper, name="سند.pdf") == 200
    for id_ in ("f3", "f4"):
        assert await upload(http, id_, image(), album="both") == 200
    site.ahead = inboxes.ALBUM_QUIET
    first, second, album = await site.has(3)
    assert [len(i.files) for i in (first, second, album)] == [1, 1, 2]
    assert await site.messenger.download(first.files[0].id, limit=MAX_FILE) == photo
    assert await site.messenger.download(second.files[0].id, limit=MAX_FILE) == paper
    assert second.files[0].size == len(paper)
    with pytest.raises(TooLarge):
        await site.messenger.download(first.files[0].id, limit=len(photo) - 1)
    with pytest.raises(Refused):
        await site.messenger.download("0" * 32, limit=MAX_FILE)


async def test_pictures_of_both_sides_are_shown_and_nothing_else_is(
    site: Site, http: ClientSession
) -> None:
    await site.messenger.post(ACCOUNT, Post("مصرف", picture=CHART))
    await upload(http, "photo", image("JPEG"))
    await upload(http, "page", b"<script>alert(1)</script>", name="x.html")
    chart, photo, page = await shown(http, 3)
    assert (chart["caption"], chart["picture"]) == ("مصرف", "consumption")
    assert (chart["photo"][0]["width"], chart["photo"][0]["height"]) == (40, 30)
    for message, kind in ((chart, "image/png"), (photo, "image/jpeg")):
        async with http.get(f"{ROUTE}/images/{message['photo'][0]['file_id']}") as response:
            assert (response.status, response.content_type) == (200, kind)
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    for id_ in (page["document"]["file_id"], "0" * 32, "..%2Fstate.db"):
        async with http.get(f"{ROUTE}/images/{id_}") as response:
            assert response.status == 404


async def test_a_picture_that_cannot_be_drawn_leaves_its_text(
    site: Site, http: ClientSession
) -> None:
    await site.messenger.post(ACCOUNT, Post("پرداخت‌ها", picture=Picture("payments", "fa", [])))
    (message,) = await shown(http, 1)
    assert (message["text"], "photo" in message) == ("پرداخت‌ها", False)


async def test_what_is_posted_again_under_its_id_is_the_same_update_and_shows_once(
    site: Site, http: ClientSession
) -> None:
    for _ in range(2):
        assert await act(http, "same", text="یک بار") == 200
        await site.has(1)
    for _ in range(2):
        assert await upload(http, "file", image()) == 200
    await act(http, "last", text="آخر")
    await until(lambda: site.handled[-1].text == "آخر", "all updates are handled")
    assert len({inbound.id for inbound in site.handled}) == 3
    assert len({message["message_id"] for message in await shown(http, 3)}) == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"from": "09123456789", "id": "x"}', 400),
        (b'{"from": "09123456789", "text": "a"}', 400),
        (b'{"from": "09123456789", "id": "", "text": "a"}', 400),
        (b'{"from": "09123456789", "id": "a b", "text": "a"}', 400),
        (b'{"from": "09123456789", "id": "x", "text": " "}', 400),
        (b'{"from": "09123456789", "id": "x", "text": "a", "contact": "own"}', 400),
        (b'{"from": "09123456789", "id": "x", "contact": "mine"}', 400),
        (b'{"from": "09123456789", "id": "x", "press": {"message": "1", "data": "a:1"}}', 400),
        (b'{"from": "09123456789", "id": "x", "press": {"message": -1, "data": "a:1"}}', 400),
        (b'{"from": "09123456789", "id": "x", "press": {"message": 1, "data": ""}}', 400),
        (
            b'{"from": "09123456789", "id": "x", "press": {"message": 1, "data": "'
            + "ب".encode() * 40
            + b'"}}',
            400,
        ),
        (b'{"from": "09123456789", "id": "x", "text": "\\ud800"}', 400),
        (b'{"from": "02188888888", "id": "x", "text": "a"}', 400),
        (b'{"from": 9123456789, "id": "x", "text": "a"}', 400),
        (b'{"from": "09123456789", "id": "x", "text": "' + b"a" * 4097 + b'"}', 413),
        (b'{"from": "09123456789", "id": "x", "text": "' + b"a" * 100_000 + b'"}', 413),
    ],
)
async def test_what_nobody_can_do_in_a_chat_is_refused_with_a_reason(
    site: Site, http: ClientSession, body: bytes, status: int
) -> None:
    async with http.post(ROUTE, data=io.BytesIO(body)) as response:
        assert response.status == status
        assert (await response.json())["error"]
    assert (site.handled, site.set_aside) == ([], 0)


async def test_files_that_are_empty_too_long_or_of_nobody_are_refused(
    site: Site, http: ClientSession
) -> None:
    assert await upload(http, "e", b"") == 400
    assert await upload(http, "n", b"x", **{"from": "BANK"}) == 400
    assert await upload(http, "n" * 65, b"x") == 400
    assert await upload(http, "n", b"x", name="x" * 101) == 400
    assert await upload(http, "l", bytes(MAX_FILE + 1)) == 413
    assert await upload(http, "m", bytes(MAX_FILE)) == 200
    await site.has(1)


@pytest.mark.parametrize("query", ["number=123", "", f"number={PHONE}&after=x"])
async def test_a_stream_of_nobody_or_from_nowhere_is_refused(
    http: ClientSession, query: str
) -> None:
    async with http.get(f"{ROUTE}/stream?{query}") as response:
        assert response.status == 400


async def test_data_that_is_no_button_of_ours_is_set_aside_and_nothing_said_is_logged(
    site: Site, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await act(http, "forged", press={"message": 1, "data": "'; drop table"})
        await act(http, "text", text="شناسه 9985235404124")
        await site.has(1)
    assert site.set_aside == 1
    assert "9985235404124" not in caplog.text
    assert PHONE[1:] not in caplog.text


async def test_the_stream_goes_on_after_the_last_event_the_page_saw(
    site: Site, http: ClientSession
) -> None:
    await site.messenger.post(ACCOUNT, Post("یک"))
    ((last, _, _),) = await events(http, 1)
    reading = asyncio.create_task(events(http, 1, after=last))
    await site.messenger.post(ACCOUNT, Post("دو"))
    assert [data["text"] for _, _, data in await reading] == ["دو"]


async def test_nobody_sees_the_chat_of_another_account(site: Site, http: ClientSession) -> None:
    await site.messenger.post("989121112233", Post("محرمانه"))
    await site.messenger.post(ACCOUNT, Post("سلام"))
    assert [message["text"] for message in await shown(http, 1)] == ["سلام"]


async def test_a_chat_keeps_its_latest_messages_and_the_oldest_files_make_room(
    site: Site, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated_chats, "MESSAGES", 3)
    monkeypatch.setattr(simulated_chats, "FILE_MEMORY", 1_000)
    for number in range(5):
        await upload(http, f"f{number}", b"x" * 300, name=str(number))
    kept = [message["document"] for message in await shown(http, 3)]
    assert [document["file_name"] for document in kept] == ["2", "3", "4"]
    files = [inbound.files[0].id for inbound in await site.has(5)]
    assert await site.messenger.download(files[4], limit=1_000) == b"x" * 300
    with pytest.raises(Refused):
        await site.messenger.download(files[1], limit=1_000)


async def test_shutting_down_ends_open_streams_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    await site.start()
    async with ClientSession(site.url) as http:
        response = await http.get(f"{ROUTE}/stream", params={"number": PHONE})
        await response.content.readline()
        async with asyncio.timeout(SHUTDOWN / 2):  # below the server's own patience
            await site.stop()
