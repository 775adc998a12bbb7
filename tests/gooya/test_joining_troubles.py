"""What goes wrong around accounts that move: stale processes, shared numbers, spent limits, late calls."""

from __future__ import annotations

import datetime as dt

import msgspec

from bots.telegram.chat import Post, Pressed, decode
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.events import Event
from dialogs.session import Conversation, encode
from dialogs.store import Commit
from dialogs.values import Payment, Progress
from gooya.clock import instant
from gooya.database.customers import Customers
from gooya.database.engine import Database
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, PHONE, House
from tests.gooya.test_joining import (
    ACCOUNT,
    CHAT,
    OTHER_CHAT,
    does,
    house,
    sends_to_chats,
    state,
    store,
)

__all__ = ["house", "sends_to_chats", "store"]


async def put(house: House, conversation: Conversation) -> None:
    """Store a conversation as it is here."""
    snapshot = await house.store.load(conversation.id, "")
    commit = Commit(
        conversation=conversation.id,
        version=snapshot.version,
        state=encode(conversation),
        mark=f"put {snapshot.version}",
        now=house.now,
    )
    await house.store.commit(commit)


async def test_a_process_that_remembers_an_older_number_finds_the_new_one(
    house: House, open_store: OpenStore, database: Database
) -> None:
    await does(house, "contact", PHONE)
    other = House(open_store(), database)
    other.door._dispatches = lambda channel: True
    other.now = house.now
    await does(other, "contact", MOBILE)
    await does(other, "text", f"قرائت {BILL}")
    house.now = other.now
    await does(house, "text", "1060")
    assert (await state(house.store, ACCOUNT)).moved == MOBILE
    assert (await state(house.store, MOBILE)).top.asked == "reading-check"


async def test_the_link_holds_when_the_number_wrote_first_after_a_long_time(house: House) -> None:
    await does(house, "contact", PHONE)
    await house.store.erase(ACCOUNT)
    await house.store.erase(PHONE)
    house.door._moved.clear()
    await house.say("منو")
    house.utility.mobile = PHONE
    await does(house, "text", f"پرداخت {BILL}")
    assert (await state(house.store, PHONE)).owned == PHONE


async def test_what_is_known_of_a_number_stays_when_an_account_joins_it(
    house: House, database: Database
) -> None:
    customers, now = Customers(database), instant(house.now)
    await customers.save_subscription("sms", PHONE, BILL, now, language="en", label="خانه")
    await customers.set_opted_out("sms", PHONE, True, now, language="en")
    await does(house, "text", "english")
    await does(house, "contact", PHONE)
    await does(house, "text", "فارسی")
    profile = (await state(house.store, PHONE)).profile
    assert (profile.subscriptions, profile.names) == ([BILL], {BILL: "خانه"})
    assert profile.opted_out
    assert (await customers.profile("sms", PHONE)).opted_out


async def test_news_of_a_number_do_not_go_to_an_account_that_left_it(house: House) -> None:
    await does(house, "contact", PHONE)
    await does(house, "contact", PHONE, chat=OTHER_CHAT)
    await does(house, "text", f"قرائت {BILL} 1060", chat=OTHER_CHAT)
    await does(house, "text", "1", chat=OTHER_CHAT)
    (request,) = await house.requests.list()
    await does(house, "text", "منو")
    await does(house, "contact", MOBILE)
    house.now += 3600
    refused = Progress(
        tracking_code=request.tracking_code,
        sequence=1,
        status="rejected",
        stage=2,
        stages=2,
        at=instant(house.now),
        reason="other",
    )
    before = len(house.sent)
    event = Event(
        kind="progress",
        id="event:1",
        channel="telegram",
        address=OTHER_CHAT,
        at=house.now,
        progress=refused,
        service=request.service,
    )
    await house.door.enter(PHONE, event)
    assert [(m.channel, m.to) for m in house.sent[before:]] == [("sms", PHONE)]


async def test_the_code_that_proves_a_number_is_not_written_down(house: House) -> None:
    await does(house, "open", "link_phone")
    await does(house, "text", PHONE)
    await does(house, "text", str(CODE))
    assert (await state(house.store, ACCOUNT)).moved == PHONE
    came_in = [line.text for line in house.transcript.lines if line.direction == "in"]
    assert not any(str(CODE) in text for text in came_in)


async def test_a_page_of_a_private_list_is_not_turned_after_hours(house: House) -> None:
    payment = Payment(
        paid_on=dt.date(2026, 1, 1), amount=1000, payment_id="12908190", reference="1", via="app"
    )

    async def payments(bill_id: str) -> list[Payment]:
        return [payment] * 30

    house.utility.mobile, house.utility.payments = PHONE, payments  # type: ignore[method-assign]
    await does(house, "contact", PHONE)
    await does(house, "text", f"پرداخت {BILL}")
    page = decode(house.sent[-1].text)
    assert isinstance(page, Post)
    asked = page.keyboard[0][0].data.partition(":")[0]
    house.now += 5 * 3600
    house.utility.mobile = MOBILE
    source = msgspec.json.encode(Pressed("q", 1, "…", "بعدی")).decode()
    said = await does(house, "press", "1", asked=asked, source=source)
    assert "کد" in "".join(said), "the number is no longer the registered one"


async def test_a_wait_that_moved_rings_no_more_where_it_began(house: House) -> None:
    await does(house, "text", f"قرائت {BILL} 1060")
    await does(house, "text", "1")
    await does(house, "contact", PHONE)
    due = await house.store.claim_timers(now=house.now + 4000, lease=60)
    assert {timer.conversation for timer in due} <= {PHONE}


async def test_a_spent_sms_allowance_does_not_touch_the_chat(house: House) -> None:
    await does(house, "contact", PHONE)
    known = await state(house.store, PHONE)
    known.day = tehran_today(instant(house.now)).toordinal()
    known.day_segments = limits.SEGMENTS_PER_DAY
    await put(house, known)
    before = len(house.sent)
    said = await does(house, "text", f"پرداخت {BILL}")
    assert said
    assert all(m.to.startswith("+") for m in house.sent[before:] if m.channel == "sms")


async def test_what_a_call_leaves_comes_by_sms_though_the_chat_went_on(house: House) -> None:
    await does(house, "contact", PHONE)
    known = await state(house.store, PHONE)
    known.call = known.medium = "node/1"
    known.kept, known.channel, known.address = ["شناسه پرداخت"], "call", PHONE
    await put(house, known)
    await does(house, "text", "منو")
    before = len(house.sent)
    over = Event(kind="hang_up", id="h", channel="call", address=PHONE, at=house.now, call="node/1")
    await house.door.enter(PHONE, over)
    assert ("sms", PHONE, "شناسه پرداخت") in [
        (m.channel, m.to, m.text) for m in house.sent[before:]
    ]
    assert (await state(house.store, PHONE)).address == CHAT


async def test_who_shares_the_number_is_not_asked_for_it_by_what_was_interrupted(
    house: House,
) -> None:
    house.utility.mobile = PHONE
    await does(house, "text", f"پرداخت {BILL}")
    await does(house, "command", "menu")
    said = await does(house, "contact", PHONE)
    assert "شمارهٔ موبایل خود را" not in "\n".join(said)


async def test_a_number_of_another_country_is_not_linked(house: House) -> None:
    await does(house, "text", "منو")
    await does(house, "contact", "+491711234567")
    assert await state(house.store, "+491711234567") is None
    assert (await state(house.store, ACCOUNT)).moved == ""
