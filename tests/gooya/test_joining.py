"""Messenger accounts and the conversations of their numbers: one customer, whatever happens between."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from bots.telegram.chat import Answered, Closed, Post, Pressed, Toast, decode
from bots.telegram.html import plain
from dialogs.events import Event
from dialogs.session import decode as decode_conversation
from dialogs.store import Commit, Store, StoreUnavailable
from gooya.clock import instant
from gooya.database.attachments import Attachment, Attachments
from gooya.database.customers import Address, Customers
from gooya.database.engine import Database
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import MOBILE, PHONE, House
from tests.gooya.test_turns import Interrupted

CHAT, OTHER_CHAT = "5000000001", "5000000002"
ACCOUNT = f"telegram:{CHAT}"
_ids = itertools.count(1)


@pytest.fixture
async def store(open_store: OpenStore) -> Interrupted:
    return Interrupted(open_store())


@pytest.fixture
async def house(store: Interrupted, database: Database) -> House:
    return House(store, database)


async def does(
    house: House,
    kind: Any,
    text: str = "",
    *,
    chat: str = CHAT,
    id_: str | None = None,
    **more: Any,
) -> list[str]:
    """What the chat shows of the answer."""
    house.now += 1.0
    before = len(house.sent)
    event = Event(
        kind=kind,
        id=id_ or f"telegram:{next(_ids)}",
        channel="telegram",
        address=chat,
        at=house.now,
        text=text,
        **more,
    )
    await house.door.enter(f"telegram:{chat}", event)
    acts = [decode(m.text) for m in house.sent[before:] if m.to == chat]
    await gone(house)
    return [plain(act.text) for act in acts if isinstance(act, Post)]


async def gone(house: House) -> None:
    for message in house.sent:
        await house.store.sent(message.channel, message.to, (message.id,), now=house.now)


async def state(store: Store, conversation: str) -> Any:
    found = (await store.load(conversation, "")).state
    return None if found is None else decode_conversation(found)


@pytest.fixture(autouse=True)
def sends_to_chats(house: House) -> None:
    house.door._dispatches = lambda channel: True


async def test_a_reading_begun_by_sms_is_finished_in_the_messenger(house: House) -> None:
    await house.say(f"قرائت {BILL}")
    said = await does(house, "contact", PHONE)
    assert "کنتور" in "\n".join(said)
    await does(house, "text", "1060")
    await does(house, "text", "1")
    (request,) = await house.requests.list()
    assert request.channel == "telegram"
    assert (await state(house.store, ACCOUNT)).moved == PHONE


async def test_what_is_begun_in_a_linked_chat_goes_on_by_sms(house: House) -> None:
    await does(house, "contact", PHONE)
    await does(house, "text", f"قرائت {BILL}")
    assert "ثبت شود" in (await house.say("1060"))[0]


async def test_a_crash_between_the_two_commits_of_a_move_is_repaired_by_the_repetition(
    house: House, store: Interrupted
) -> None:
    await does(house, "text", "منو")

    async def crash(_commit: Commit) -> None:
        async def again(_commit: Commit) -> None:
            raise StoreUnavailable("killed")

        store.before = again

    store.before = crash
    with pytest.raises(StoreUnavailable):
        await does(house, "contact", PHONE, id_="telegram:moves")
    assert (await state(store, PHONE)).owned == PHONE
    assert (await state(store, ACCOUNT)).moved == ""
    await gone(house)
    assert await does(house, "contact", PHONE, id_="telegram:moves") == [], "it was answered"
    assert (await state(store, ACCOUNT)).moved == PHONE
    assert await does(house, "text", f"قرائت {BILL}")
    assert (await state(store, PHONE)).top.flow == "submit_meter_reading"


async def test_another_process_finds_where_the_chat_went(
    house: House, open_store: OpenStore, database: Database
) -> None:
    await does(house, "contact", PHONE)
    other = House(open_store(), database)
    other.door._dispatches = lambda channel: True
    other.now = house.now
    await does(other, "text", f"قرائت {BILL}")
    assert (await state(house.store, PHONE)).top.flow == "submit_meter_reading"


async def test_the_link_outlives_the_conversations(house: House) -> None:
    await does(house, "contact", PHONE)
    await house.store.erase(ACCOUNT)
    await house.store.erase(PHONE)
    house.utility.mobile = PHONE
    said = await does(house, "text", f"پرداخت {BILL}")
    assert "کد" not in "".join(said), "the number is still proved"
    assert (await state(house.store, PHONE)).owned == PHONE


async def test_a_forgotten_customer_starts_anew_in_a_process_that_knew_the_link(
    house: House, database: Database
) -> None:
    await does(house, "contact", PHONE)
    await Customers(database).forget("sms", PHONE, PHONE, instant(house.now))
    await house.store.erase(PHONE)
    await does(house, "text", "منو")
    assert await state(house.store, PHONE) is None
    assert (await state(house.store, ACCOUNT)).top.flow == "main_menu"


async def test_an_account_with_a_new_number_leaves_the_old_number_its_conversation(
    house: House, database: Database
) -> None:
    await house.say(f"قرائت {BILL}")
    await does(house, "contact", PHONE)
    await does(house, "contact", MOBILE)
    assert (await state(house.store, ACCOUNT)).moved == MOBILE
    old = await state(house.store, PHONE)
    assert old.accounts == {}
    assert [frame.flow for frame in old.frames] == ["submit_meter_reading"]
    await does(house, "text", "منو")
    assert (await state(house.store, MOBILE)).top.flow == "main_menu"
    customers = Customers(database)
    assert await customers.accounts("sms", PHONE) == []
    assert await customers.accounts("sms", MOBILE) == [Address("telegram", CHAT)]


async def test_two_accounts_of_one_number_share_its_conversation(house: House) -> None:
    await does(house, "contact", PHONE)
    await does(house, "contact", PHONE, chat=OTHER_CHAT)
    await does(house, "text", f"قرائت {BILL}")
    await does(house, "text", "1060", chat=OTHER_CHAT)
    assert (await state(house.store, PHONE)).top.asked == "reading-check"


async def test_subscriptions_requests_and_files_of_a_chat_become_the_numbers(
    house: House, database: Database
) -> None:
    await does(house, "text", f"قرائت {BILL} 1060")
    await does(house, "text", "1")
    files = Attachments(database)
    photo = Attachment(content_type="image/png", content=b"png")
    id_ = await files.add(ACCOUNT, photo, instant(house.now))
    await does(house, "contact", PHONE)
    profile = await Customers(database).profile("sms", PHONE)
    assert profile.bill_ids == (BILL,)
    (request,) = await house.requests.list()
    assert (
        await house.requests.by_tracking_code(request.tracking_code)
    ).request.conversation == PHONE
    assert await files.find(id_, PHONE) == photo


async def test_nobody_comes_to_a_numbers_conversation_by_its_name(house: House) -> None:
    """A wrong memory of a process is no proof: the conversation says who belongs to it."""
    await house.say(f"قرائت {BILL}")
    house.door._remember_move(ACCOUNT, PHONE)
    await does(house, "text", "منو")
    assert (await state(house.store, PHONE)).top.flow == "submit_meter_reading"
    assert (await state(house.store, ACCOUNT)).top.flow == "main_menu"


async def test_a_button_is_answered_with_a_toast_and_the_choice_in_its_place(house: House) -> None:
    await does(house, "text", f"قرائت {BILL} 1060")
    post = decode(house.sent[-1].text)
    assert isinstance(post, Post)
    asked = post.keyboard[0][0].data.partition(":")[0]
    source = msgspec.json.encode(Pressed("q1", 77, "متن", "ارسال")).decode()
    before = len(house.sent)
    await does(house, "press", "1", asked=asked, source=source)
    first, second, *_ = [decode(m.text) for m in house.sent[before:]]
    assert first == Toast("q1")
    assert isinstance(second, Answered)
    assert second.message == 77
    assert "ارسال" in second.text


async def test_writing_closes_the_buttons_of_the_question(house: House) -> None:
    await does(house, "text", f"قرائت {BILL} 1060")
    before = len(house.sent)
    await does(house, "text", "1")
    assert isinstance(decode(house.sent[before].text), Closed)


async def test_a_chat_that_blocked_the_bot_is_told_by_sms(house: House) -> None:
    await does(house, "contact", PHONE)
    before = len(house.sent)
    await does(house, "unreachable", "قبض شما صادر شد.")
    assert [(m.channel, m.to, m.text) for m in house.sent[before:]] == [
        ("sms", PHONE, "قبض شما صادر شد.")
    ]
