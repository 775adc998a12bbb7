"""A messenger's chats on a door: albums, contacts, and messages that reach nobody."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

import gooya.messengers
from bots import retries
from bots.telegram.chat import Act, Post, encode
from bots.telegram.inbound import File, Inbound
from bots.telegram.platform import BALE
from bots.telegram.port import Later, MessengerError, Refused, TooLarge, Unreachable
from dialogs import limits
from dialogs.events import Event
from dialogs.store import Commit, Outbound, StoreUnavailable
from gooya.database import models
from gooya.database.attachments import Attachments
from gooya.database.engine import Database
from gooya.messengers import Chats
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, PHONE, House
from tests.gooya.test_turns import Interrupted
from tests.servers.processes import until

CHAT = "5000000001"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
CONTENTS: dict[str, bytes | MessengerError] = {
    "photo": PNG,
    "animation": b"GIF89a" + bytes(40),
    "film": TooLarge("a file of more than its limit"),
    "gone": Refused("no such file"),
    "late": Later("not now"),
}
_ids = itertools.count(1)


class Messenger:
    """A messenger whose customers blocked the bot, with a few files."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def download(self, file: str, *, limit: int) -> bytes:
        content = CONTENTS[file]
        if isinstance(content, MessengerError):
            raise content
        return content

    async def post(self, chat: str, post: Post) -> int:
        raise Unreachable("blocked")


class Entered:
    """A door that notes what came in."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.events: list[Event] = []

    async def whose(self, conversation: str) -> str:
        return await self.house.door.whose(conversation)

    async def enter(self, conversation: str, event: Event) -> None:
        self.events.append(event)
        await self.house.door.enter(conversation, event)


@pytest.fixture
async def store(open_store: OpenStore) -> Interrupted:
    return Interrupted(open_store())


@pytest.fixture
async def house(store: Interrupted, database: Database) -> House:
    house = House(store, database)
    house.door._dispatches = lambda channel: True
    return house


@pytest.fixture
def door(house: House) -> Entered:
    return Entered(house)


def chats_of(house: House, door: Entered, database: Database, name: str = "telegram") -> Chats:
    parts: Any = SimpleNamespace(
        store=house.store,
        door=door,
        clock=lambda: house.now,
        attachments=Attachments(database),
        transcript=SimpleNamespace(delivery=lambda *_: None),
    )
    messenger: Any = Messenger(name)
    return Chats(parts, messenger)


@pytest.fixture
def chats(house: House, door: Entered, database: Database) -> Chats:
    return chats_of(house, door, database)


async def arrives(chats: Chats, kind: Any, text: str = "", files: Sequence[str] = ()) -> None:
    album = tuple(File(file, "image/png", 0) for file in files)
    await chats.handle(Inbound(id=str(next(_ids)), chat=CHAT, kind=kind, text=text, files=album))


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "kept", "left_out"),
    [
        (["photo"], 1, []),
        (["animation", "photo", "film", "gone", "film"], 1, ["!type:1", "!large:2", "!failed:1"]),
        (["photo"] * 10, limits.FILES, ["!many:5"]),
        (["film", *["photo"] * 6], 4, ["!large:1", "!many:2"]),
        (["film"] * 6, 0, ["!large:5", "!many:1"]),
        (["gone"], 0, ["!failed:1"]),
    ],
)
async def test_of_an_album_all_that_can_be_used_is_kept_and_the_rest_is_counted(
    chats: Chats,
    door: Entered,
    database: Database,
    files: list[str],
    kept: int,
    left_out: list[str],
) -> None:
    await arrives(chats, "files", files=files)
    words = door.events[0].text.split()
    assert words[kept:] == left_out
    for id_ in words[:kept]:
        document = await Attachments(database).find(id_)
        assert document is not None
        assert document.content == PNG


async def test_files_beyond_the_day_s_limit_are_neither_fetched_nor_kept(
    chats: Chats, door: Entered, house: House, database: Database
) -> None:
    for _ in range(limits.FILES_PER_DAY // limits.FILES):
        await arrives(chats, "files", files=["photo"] * limits.FILES)
    await arrives(chats, "files", files=["late", "photo"])
    assert door.events[-1].text == "!limited:2"
    async with database.read() as connection:
        kept = await connection.scalar(sa.select(sa.func.count()).select_from(models.attachments))
    assert kept == limits.FILES_PER_DAY
    house.now += limits.DAY + 1
    await arrives(chats, "files", files=["photo"])
    assert "!" not in door.events[-1].text


async def test_an_album_that_is_tried_again_and_again_counts_once(
    chats: Chats, door: Entered
) -> None:
    for _ in range(limits.FILES_PER_DAY):
        with contextlib.suppress(Later):
            await arrives(chats, "files", files=["photo", "late"])
    await arrives(chats, "files", files=["photo"])
    assert "!" not in door.events[-1].text


async def test_of_many_who_send_albums_at_once_only_a_few_are_fetched_beside_each_other(
    chats: Chats, door: Entered, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching, most = 0, 0
    waiting = asyncio.Event()

    async def slow(file: str, *, limit: int) -> bytes:
        nonlocal fetching, most
        fetching += 1
        most = max(most, fetching)
        await waiting.wait()
        fetching -= 1
        return PNG

    monkeypatch.setattr(chats._messenger, "download", slow)
    album = tuple(File("photo", "image/png", 0) for _ in range(limits.FILES))
    arriving = [
        asyncio.create_task(
            chats.handle(Inbound(id=str(next(_ids)), chat=str(chat), kind="files", files=album))
        )
        for chat in range(3 * gooya.messengers.ALBUMS)
    ]
    await until(lambda: fetching == gooya.messengers.ALBUMS * limits.FILES, "the first ones")
    waiting.set()
    await asyncio.gather(*arriving)
    assert most == gooya.messengers.ALBUMS * limits.FILES
    assert len(door.events) == len(arriving)


async def test_a_file_comes_to_a_conversation_that_nobody_can_read_any_more_as_to_a_new_one(
    chats: Chats, door: Entered, house: House
) -> None:
    unread = Commit(
        conversation=f"telegram:{CHAT}", version=0, state=b"?", mark="before", now=house.now
    )
    await house.store.commit(unread)
    await arrives(chats, "files", files=["photo"])
    assert len(door.events) == 1


async def test_an_album_with_a_file_that_may_come_later_waits_for_it(
    chats: Chats, door: Entered
) -> None:
    with pytest.raises(Later):
        await arrives(chats, "files", files=["photo", "late", "photo"])
    assert door.events == []


# -- contacts --------------------------------------------------------------------------------------


async def test_a_contact_that_proves_nothing_is_a_number_that_a_code_has_to_prove(
    house: House, door: Entered, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = msgspec.structs.replace(BALE, contact_proof=False)
    monkeypatch.setattr(gooya.messengers, "PLATFORMS", {"bale": unsure})
    chats = chats_of(house, door, database, "bale")
    await arrives(chats, "open", "link_phone")
    await arrives(chats, "contact", PHONE)
    [code] = [message for message in house.sent if message.channel == "sms"]
    assert (code.to, str(CODE) in code.text) == (PHONE, True)
    assert (await house.store.load(PHONE, "")).state is None
    await arrives(chats, "text", str(CODE))
    assert (await house.conversation()).owned == PHONE


# -- messages that reach nobody --------------------------------------------------------------------


@contextlib.asynccontextmanager
async def sending(chats: Chats) -> AsyncIterator[None]:
    task = asyncio.create_task(chats.sender.run())
    try:
        yield
    finally:
        task.cancel()
        await chats.close()


async def queued(house: House, act: Act) -> None:
    message = Outbound(f"m{next(_ids)}", "telegram", CHAT, encode(act), PHONE)
    await house.store.enqueue(message, now=house.now)


async def test_news_to_a_chat_that_blocked_the_bot_go_by_sms_once_through_an_outage(
    house: House,
    store: Interrupted,
    chats: Chats,
    door: Entered,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retries, "LONGEST_PAUSE", 0.0)
    await arrives(chats, "contact", PHONE)
    for message in house.sent:
        await store.sent(message.channel, message.to, (message.id,), now=house.now)
    before = len(house.sent)

    async def away(_commit: Commit) -> None:
        raise StoreUnavailable

    store.before = away
    await queued(house, Post("قبض شما صادر شد."))

    async def rests() -> bool:
        return await store.outbound_depth("telegram") == 0

    async with sending(chats):
        await until(rests, "the message has left the queue")
    assert [event.kind for event in door.events[1:]] == ["unreachable"] * 2
    assert [(m.channel, m.to, m.text) for m in house.sent[before:]] == [
        ("sms", PHONE, "قبض شما صادر شد.")
    ]


async def test_a_crash_after_the_sms_was_committed_sends_no_second_one(
    house: House, chats: Chats
) -> None:
    await arrives(chats, "contact", PHONE)
    before = len(house.sent)
    news = Outbound("news", "telegram", CHAT, encode(Post("قبض شما صادر شد.")), PHONE)
    for _ in range(2):
        await chats._outcome(news, "unreachable")
    assert [m.channel for m in house.sent[before:]] == ["sms"]
