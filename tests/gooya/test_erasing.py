"""A customer who wants to be forgotten: what is left of them after the answer, on every way."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from dialogs.answers import OneTimeCode
from dialogs.events import Event
from dialogs.flows.registry import FLOWS
from dialogs.messages import MESSAGES
from dialogs.policy import Level
from dialogs.steps import Ask, CheckCode, Erase, Flow, Prefer, Recall, Say, SendCode
from dialogs.store import Store, StoreUnavailable
from gooya.clock import instant
from gooya.database import models
from gooya.database.customers import Customers
from gooya.database.customers import Profile as Known
from gooya.database.engine import Database
from gooya.database.transcript import Line as Written
from gooya.database.transcript import TranscriptWriter
from gooya.forgetting import ERASURE_SECONDS
from gooya.news import Timers
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, PHONE, House
from tests.gooya.test_calls import Line
from tests.gooya.test_joining import ACCOUNT, CHAT, does, state
from tests.gooya.test_turns import Interrupted

ENDED = MESSAGES.text("ended", "sms", "fa", {})
SORRY = MESSAGES.text("sorry", "sms", "fa", {})


class _Failing(Interrupted):
    """A store that can't erase while ``fails``."""

    fails = False

    async def erase(self, conversation: str) -> None:
        if self.fails:
            raise StoreUnavailable("gone")
        await self._store.erase(conversation)


@pytest.fixture
async def store(open_store: OpenStore) -> _Failing:
    return _Failing(open_store())


@pytest.fixture
async def house(store: _Failing, database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    def erase_me() -> Flow[None]:
        phone: str = yield Recall("phone")
        owned: str = yield Recall("owned")
        if not owned:
            yield SendCode(phone, "link-phone")
            code: str | None = yield Ask(message="code", answer=OneTimeCode(), secret=True)
            yield CheckCode(phone, code, Level.REGISTERED_MOBILE)
        yield Erase()
        yield Say(message="ended")

    def prefer_sms() -> Flow[None]:
        yield Prefer("sms")
        yield Say(message="ended")

    monkeypatch.setitem(FLOWS, "erase_me", erase_me)
    monkeypatch.setitem(FLOWS, "prefer_sms", prefer_sms)
    house = House(store, database)
    house.door._dispatches = lambda channel: True
    return house


async def opens(house: House, flow: str) -> list[str]:
    house.now += 1.0
    before = len(house.sent)
    event = Event(
        kind="open", id=f"{flow}-{house.now}", channel="sms", address=PHONE, at=house.now, text=flow
    )
    await house.door.enter(PHONE, event)
    answers = [message.text for message in house.sent[before:]]
    await house.gone()
    return answers


async def with_a_request(house: House) -> None:
    await house.to_confirmation()
    await house.say("1")
    await house.say("قرائت")


async def mentions(database: Database, *names: str) -> int:
    """Rows of any table that name somebody."""
    found = 0
    async with database.read() as connection:
        for table in models.metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                found += any(str(value) in names for value in row)
    return found


async def nothing_is_left(house: House, database: Database, *conversations: str) -> bool:
    states = [await house.store.load(one, "") for one in conversations]
    written = [line for line in house.transcript.lines if line.conversation in conversations]
    timers = await house.store.claim_timers(now=house.now + 1e6, lease=0.0)
    left = await mentions(database, *conversations, CHAT)
    return not any(s.state for s in states) and not written and not timers and not left


async def test_a_customer_who_proves_to_be_it_is_forgotten_and_told_so(
    house: House, database: Database
) -> None:
    await with_a_request(house)
    await opens(house, "erase_me")
    assert await house.say(str(CODE)) == [ENDED], "nothing that was interrupted is gone back to"
    assert await nothing_is_left(house, database, PHONE)
    (kept,) = await house.requests.list()
    assert (kept.bill_id, kept.conversation, kept.address) == (BILL, None, None)
    assert len(await house.say("سلام")) == 1
    assert (await state(house.store, PHONE)).profile.subscriptions == []


async def test_who_has_not_proved_to_be_the_customer_erases_nothing(
    house: House, database: Database
) -> None:
    await with_a_request(house)
    await opens(house, "erase_me")
    assert await house.say("54321") == [SORRY]
    assert (await state(house.store, PHONE)).profile.subscriptions == [BILL]
    (kept,) = await house.requests.list()
    assert kept.conversation == PHONE


async def test_an_erasure_that_was_cut_short_is_finished_by_its_timer(
    house: House, store: _Failing, database: Database
) -> None:
    await with_a_request(house)
    await opens(house, "erase_me")
    store.fails = True
    assert await house.say(str(CODE)) == [ENDED]
    left = await state(store, PHONE)
    assert (left.profile.subscriptions, left.frames) == ([], []), "the dialog goes at once"
    store.fails = False
    house.now += ERASURE_SECONDS
    assert await Timers(store, house.door, lambda: house.now).ring() == 1  # type: ignore[arg-type]
    assert await nothing_is_left(house, database, PHONE)


async def test_a_linked_account_is_forgotten_with_its_number_and_may_begin_anew(
    house: House, store: Store, database: Database
) -> None:
    await with_a_request(house)
    await does(house, "contact", PHONE)
    ended = MESSAGES.text("ended", "telegram", "fa", {})
    assert await does(house, "open", "erase_me") == [ended]
    assert await nothing_is_left(house, database, PHONE, ACCOUNT)
    await does(house, "text", "منو")
    assert (await state(store, ACCOUNT)).phone == ""
    assert await state(store, PHONE) is None


async def test_a_caller_is_forgotten_with_the_end_of_the_call(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FLOWS, "main_menu", FLOWS["erase_me"])
    line = Line(house)
    await line.do("call")
    await line.keys(str(CODE))
    assert line.speech is not None
    assert line.speech.then == "hang_up"
    await line.do("hang_up")
    assert await nothing_is_left(house, database, PHONE)


async def test_lines_that_wait_to_be_written_down_are_forgotten_too(database: Database) -> None:
    writer, at = TranscriptWriter(database), instant(1_790_000_000.0)
    for conversation in (PHONE, ACCOUNT):
        writer.write(_line(conversation, at))
    await writer.forget(PHONE)
    await writer.close()
    async with database.read() as connection:
        left = (await connection.scalars(sa.select(models.transcript.c.conversation))).all()
    assert left == [ACCOUNT]


async def test_a_preferred_channel_outlives_the_conversation(
    house: House, store: Store, database: Database
) -> None:
    assert await Customers(database).profile("sms", PHONE) == Known()
    await opens(house, "prefer_sms")
    await store.erase(PHONE)
    await house.say("سلام")
    assert (await state(store, PHONE)).profile.preferred == "sms"


def _line(conversation: str, at: dt.datetime) -> Written:
    return Written(
        conversation=conversation,
        channel="sms",
        direction="in",
        message_id=f"m-{conversation}",
        text="سلام",
        segments=0,
        at=at,
    )
