"""Calls through the door on real stores: what is spoken, what is queued, what follows by SMS."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
import sqlalchemy as sa

from dialogs import limits
from dialogs.events import Event
from dialogs.store import Store, StoreUnavailable
from dialogs.values import Bill, Progress
from gooya.clock import instant
from gooya.database import models
from gooya.database.attachments import MAX_BYTES, Attachment, Attachments
from gooya.database.customers import Customers
from gooya.database.engine import Database
from gooya.database.submissions import NewRequest
from gooya.operators import Operators
from gooya.speaking import CALLS
from ivr.book import book
from ivr.speech import Speech, decode
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, PHONE, START, House
from tests.menus import way_to

LANDLINE = "+982112345678"
_events = itertools.count(1)
[READING], PAYMENTS = way_to("submit_meter_reading"), way_to("payment_history")


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return open_store()


@pytest.fixture
async def house(store: Store, database: Database) -> House:
    return House(store, database)


class Line:
    """A phone in the house: keys in, what is heard out."""

    def __init__(self, house: House, number: str = PHONE, call: str = "node/1") -> None:
        self.house, self.number, self.call = house, number, call
        self.speech: Speech | None = None

    async def do(self, kind: Any, text: str = "") -> str:
        """The words that answer it."""
        self.house.now += 1.0
        event = Event(
            kind=kind,
            id=f"event-{next(_events)}",
            channel="call",
            address=self.number,
            at=self.house.now,
            text=text,
            asked=self.speech.asked if self.speech and kind == "keys" else "",
            call=self.call,
        )
        self.speech = await self.house.door.enter(self.number, event)
        return self.words()

    def words(self) -> str:
        return " ".join(map(book("fa").text_of, self.speech.clips)) if self.speech else ""

    async def keys(self, *entries: str) -> str:
        said = ""
        for entry in entries:
            said = await self.do("keys", entry)
        return said

    async def file_a_reading(self) -> str:
        await self.do("call")
        await self.keys(READING, BILL, "1060", "1")
        (request,) = await requests_of(self.house)
        return str(request.tracking_code)

    async def outcome(self, code: str) -> None:
        due = dt.date(2026, 10, 1)
        bill = Bill(bill_id=BILL, payment_id="12908190", amount=129_000, due=due)
        progress = Progress(
            tracking_code=code,
            sequence=1,
            status="in_progress",
            stage=3,
            stages=4,
            at=instant(START),
            bill=bill,
        )
        event = Event(
            kind="progress",
            id=f"event:{code}",
            channel="call",
            address=self.number,
            at=self.house.now,
            progress=progress,
            service="submit_meter_reading",
        )
        await self.house.door.enter(self.number, event)


async def requests_of(house: House) -> list[Any]:
    database = house.requests._database
    async with database.read() as connection:
        return list((await connection.execute(sa.select(models.requests))).all())


async def queued(house: House, channel: str) -> list[str]:
    batches = await house.store.claim_outbound(channel, now=house.now + 61.0, lease=1.0)
    return [message.text for batch in batches for message in batch.messages]


async def test_what_a_key_is_answered_comes_back_and_waits_in_no_queue(house: House) -> None:
    line = Line(house)
    assert "سلام" in await line.do("call")
    assert "شناسهٔ قبض" in await line.keys(READING)
    assert line.speech is not None
    assert line.speech.entry is not None
    assert (line.speech.entry.minimum, line.speech.entry.maximum) == (6, 13)
    assert house.sent == []
    assert await queued(house, CALLS + "node") == []


async def test_news_for_a_caller_wait_for_the_process_that_has_the_call(house: House) -> None:
    line = Line(house)
    code = await line.file_a_reading()
    assert line.speech is not None
    assert line.speech.then == "wait"
    await line.outcome(code)
    assert house.sent == [], "this process does not speak for that node"
    (spoken,) = await queued(house, CALLS + "node")
    line.speech = decode(spoken)
    assert "قرائت شما ثبت شد" in line.words()
    assert "تومان" in line.words()
    assert line.speech.then == "listen"


async def test_what_ears_cannot_keep_follows_by_sms_once(house: House) -> None:
    line = Line(house)
    code = await line.file_a_reading()
    await line.outcome(code)
    await line.keys("2")
    assert await line.do("hang_up") == ""
    (message,) = house.sent
    assert message.to == PHONE
    assert code in message.text
    assert "12908190" in message.text
    await line.do("hang_up")
    assert len(house.sent) == 1


async def test_a_landline_hears_what_to_pay_with_and_gets_no_sms(house: House) -> None:
    line = Line(house, LANDLINE)
    code = await line.file_a_reading()
    await line.outcome(code)
    (spoken,) = await queued(house, CALLS + "node")
    line.speech = decode(spoken)
    assert "شناسهٔ پرداخت" in line.words()
    await line.do("hang_up")
    assert house.sent == []


async def test_a_receipt_for_an_sms_is_not_spoken_to_a_caller(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await house.to_confirmation()
    await house.say("1")
    (request,) = await requests_of(house)
    await line.outcome(request.tracking_code)
    assert await queued(house, CALLS + "node") == []
    assert request.tracking_code in house.sent[-1].text


async def test_what_a_call_that_ended_unseen_left_to_be_written_is_sent(house: House) -> None:
    line = Line(house)
    code = await line.file_a_reading()
    await line.outcome(code)
    line.call = "node/2"
    await line.do("call")
    assert [code in message.text for message in house.sent] == [True]


async def test_an_outcome_after_the_call_comes_by_sms(house: House) -> None:
    line = Line(house)
    code = await line.file_a_reading()
    await line.do("hang_up")
    await line.outcome(code)
    assert any("12908190" in message.text for message in house.sent)
    assert await queued(house, CALLS + "node") == []


async def test_repeat_says_all_that_was_said_last(house: House) -> None:
    line = Line(house)
    await line.do("call")
    refused = await line.keys("8")
    assert await line.do("command", "repeat") == refused


async def test_a_process_that_takes_the_call_over_says_it_again(house: House) -> None:
    line = Line(house)
    await line.do("call")
    asked = await line.keys(READING)
    before = line.speech
    assert await line.do("adopted") == asked
    assert before is not None
    assert line.speech is not None
    assert line.speech.sequence > before.sequence
    assert line.speech.asked == before.asked


async def test_one_time_codes_are_in_no_transcript(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await line.keys(*PAYMENTS, BILL, f"{CODE:05d}")
    await line.do("hang_up")
    await house.say(f"سوابق پرداخت {BILL}")
    await house.say(f"{CODE:05d}")
    (sent, *_) = [message for message in house.sent if message.to == MOBILE]
    assert str(CODE) in sent.text
    assert house.transcript.lines
    assert not [entry for entry in house.transcript.lines if str(CODE) in entry.text]


async def test_the_transcript_holds_what_was_keyed_and_what_was_said(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await line.keys(READING, BILL)
    written = [(entry.direction, entry.channel, entry.text) for entry in house.transcript.lines]
    assert ("in", "call", BILL) in written
    assert any("رقم‌های سیاه کنتور" in text for direction, _, text in written if direction == "out")


async def test_a_caller_for_the_operators_is_put_through_with_what_is_known(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await line.keys(READING, BILL)
    await line.do("command", "operator")
    assert line.speech is not None
    assert line.speech.then == "transfer"
    assert line.speech.variables["GOOYA_CALLER"] == PHONE
    assert line.speech.variables["GOOYA_SERVICE"] == "submit_meter_reading"
    assert BILL in line.speech.variables["GOOYA_ANSWERS"]
    (noted,) = await house.handoffs.list()
    assert (noted.reason, noted.channel) == ("asked", "call")


async def test_a_mobile_that_calls_is_the_customer_that_writes(
    house: House, database: Database
) -> None:
    line = Line(house)
    await line.file_a_reading()
    known = await Customers(database).profile("sms", PHONE)
    assert known.bill_ids == (BILL,)
    assert (await Customers(database).profile("call", PHONE)) == known


async def test_callers_without_a_number_are_different_customers(
    house: House, database: Database
) -> None:
    for call in ("1", "2"):
        await Line(house, f"call:{call}", f"node/{call}").do("call")
    first, second = Line(house, "call:1", "node/1"), Line(house, "call:2", "node/2")
    await first.keys(READING, BILL, "1060", "1")
    await second.do("call")
    assert (await Customers(database).profile("call", "call:2")).bill_ids == ()


async def test_a_recording_becomes_part_of_the_request_that_names_it(
    house: House, database: Database
) -> None:
    attachments = Attachments(database)
    sound = Attachment(content_type="audio/wav", content=b"RIFF", seconds=2.0)
    mine = await attachments.add(PHONE, sound, instant(START))
    foreign = await attachments.add(LANDLINE, sound, instant(START))
    line = Line(house)
    await line.file_a_reading()
    (request,) = await requests_of(house)
    requests = house.effects._requests
    await requests.submit(
        NewRequest(
            idempotency_key="k",
            service="submit_meter_reading",
            bill_id=BILL,
            conversation=PHONE,
            channel="call",
            address=PHONE,
            language="fa",
            fields={"name": f"recording:{mine}", "address": f"recording:{foreign}", "n": 1},
            stages=4,
            submitted_at=instant(START),
        )
    )
    async with database.read() as connection:
        rows = (
            await connection.execute(
                sa.select(models.attachments.c.id, models.attachments.c.request_id)
            )
        ).all()
    linked = {row.id: row.request_id for row in rows}
    assert linked[mine] is not None
    assert linked[mine] != request.id
    assert linked[foreign] is None, "an attachment of somebody else stays where it is"


async def test_attachments_are_bounded_and_found_by_their_own_conversation(
    database: Database,
) -> None:
    attachments = Attachments(database)
    sound = Attachment(content_type="audio/wav", content=b"RIFF", seconds=2.0)
    id_ = await attachments.add(PHONE, sound, instant(START))
    assert await attachments.find(id_, PHONE) == sound
    assert await attachments.find(id_, LANDLINE) is None
    too_much = Attachment(content_type="audio/wav", content=b"0" * (MAX_BYTES + 1))
    with pytest.raises(ValueError, match="at most"):
        await attachments.add(PHONE, too_much, instant(START))


async def test_forgetting_a_customer_erases_the_recordings(
    house: House, database: Database
) -> None:
    attachments = Attachments(database)
    sound = Attachment(content_type="audio/wav", content=b"RIFF")
    id_ = await attachments.add(PHONE, sound, instant(START))
    await Customers(database).forget("call", PHONE, PHONE, instant(START))
    assert await attachments.find(id_) is None


async def test_a_robot_on_the_phone_is_stopped_by_its_turns(house: House) -> None:
    line = Line(house)
    await line.do("call")
    for _ in range(limits.TURNS_PER_SESSION):
        await line.do("command", "repeat")
    assert line.speech is not None
    assert line.speech.then == "hang_up"


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        ("always", "2026-11-20T23:00", True),
        ("", "2026-11-21T10:00", False),
        ("sat-wed 07:30-14:30", "2026-11-21T10:00", True),  # Saturday
        ("sat-wed 07:30-14:30", "2026-11-20T10:00", False),  # Friday
        ("sat-wed 07:30-14:30", "2026-11-21T07:29", False),
        ("sat-wed 07:30-14:30", "2026-11-21T14:30", False),
        ("sat-wed 7:30-14:30, thu 07:30-12:30", "2026-11-26T12:00", True),  # Thursday
        ("sat-wed 7:30-14:30, thu 07:30-12:30", "2026-11-26T13:00", False),
    ],
)
def test_operators_take_calls_in_their_hours_in_tehran(hours: str, at: str, is_open: bool) -> None:
    moment = dt.datetime.fromisoformat(f"{at}+03:30")
    assert Operators(hours).open_at(moment) is is_open


@pytest.mark.parametrize(
    "hours", ["9-17", "sat-wed", "sat 14:30-07:30", "xyz 07:30-14:30", "sat 25:00-26:00"]
)
def test_hours_that_mean_nothing_are_refused(hours: str) -> None:
    with pytest.raises(ValueError):
        Operators(hours)


async def test_a_hand_off_is_noted_once_when_its_turn_runs_again(
    house: House, store: Store
) -> None:
    line = Line(house)
    await line.do("call")
    commit = store.commit
    failures = [StoreUnavailable("away"), StoreUnavailable("away")]

    async def away(wanted: Any) -> Any:
        if failures:
            raise failures.pop()
        return await commit(wanted)

    store.commit = away  # type: ignore[method-assign]
    event = Event(
        kind="command",
        id="again",
        channel="call",
        address=PHONE,
        at=house.now,
        text="operator",
        call=line.call,
    )
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await house.door.enter(PHONE, event)
    speech = await house.door.enter(PHONE, event)
    assert speech is not None
    assert speech.then == "transfer"
    assert len(await house.handoffs.list()) == 1


async def test_what_was_proved_by_message_is_not_heard_in_a_call(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await house.say(f"سوابق پرداخت {BILL}")
    await house.say(f"{CODE:05d}")
    await line.do("command", "repeat")
    assert not (await house.conversation()).proofs


async def test_what_was_proved_in_a_call_is_not_shown_by_message(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await line.keys(*PAYMENTS, BILL, f"{CODE:05d}")
    await line.do("hang_up")
    (said, *_) = await house.say("ادامه")
    assert "پرداخت در دو سال" not in said
    assert not (await house.conversation()).proofs


async def test_calls_that_break_off_again_and_again_cost_one_message(house: House) -> None:
    line = Line(house)
    for call in range(5):
        line.call = f"node/{call}"
        await line.do("call")
        if not call:
            await line.keys(READING, BILL)
        await line.do("hang_up")
    assert len(house.sent) == 1


async def test_a_transfer_that_a_restart_interrupted_is_made_up_for(house: House) -> None:
    line = Line(house)
    await line.do("call")
    await line.do("command", "operator")
    before = line.speech
    await line.do("adopted")
    assert before is not None
    assert line.speech is not None
    assert (line.speech.then, line.speech.variables) == (before.then, before.variables)


async def test_a_caller_hears_a_word_while_the_backend_works(house: House) -> None:
    line = Line(house)
    await line.file_a_reading()
    assert line.words().count("صبر کنید") == 2


async def test_a_key_after_a_cancelling_sms_files_nothing(house: House) -> None:
    """The process remembers its callers' conversations, but files nothing on a memory."""
    line = Line(house)
    await line.do("call")
    await line.keys(READING, BILL, "1060")
    await house.say("انصراف")
    await line.keys("1")
    assert await requests_of(house) == []


async def test_keys_go_on_after_another_process_moved_the_conversation(
    house: House, database: Database, open_store: OpenStore
) -> None:
    other = House(open_store(), database)
    line = Line(house)
    await line.do("call")
    await line.keys(READING)
    other.now = house.now
    await other.say(BILL)
    said = await line.do("command", "repeat")
    assert "رقم‌های سیاه کنتور" in said
    assert "مصرف" not in await line.keys("1060")
    await line.keys("1")
    assert len(await requests_of(house)) == 1
