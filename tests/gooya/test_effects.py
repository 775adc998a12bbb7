"""What the dialog asks of the world: limits on unknown ids and codes, and the seal of a code."""

from __future__ import annotations

from typing import Any

import pytest

from backend_adapter.port import Unavailable
from dialogs import limits
from dialogs.effects import Effect
from dialogs.engine import start
from dialogs.messages import MESSAGES
from dialogs.policy import Level
from dialogs.session import Challenge, Profile
from dialogs.steps import (
    Alert,
    CheckCode,
    Fetch,
    HandOff,
    Identify,
    Look,
    Match,
    MyRequests,
    Remember,
    SendCode,
    Submit,
)
from gooya.database.engine import Database
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, PERSON_ID, PHONE, House

UNKNOWN = "9985235404"
WRONG_ID = "1234567891"


@pytest.fixture
async def house(open_store: OpenStore, database: Database) -> House:
    return House(open_store(), database)


def effect(house: House, step: object, key: str = "key") -> Effect:
    conversation = start(house.event("سلام"), Profile(), PHONE)
    return Effect(step, conversation, "a_flow", key)  # type: ignore[arg-type]


async def test_a_look_up_answers_in_the_journals_form(house: House) -> None:
    found = (await house.effects.perform(effect(house, Fetch("last_reading", BILL)))).result
    assert found["values"] == {"total": 1000}
    assert found["read_on"] == "2026-08-01"


async def test_a_backend_that_is_away_is_a_result_and_not_an_error(house: House) -> None:
    async def away() -> None:
        raise Unavailable("refused")

    house.utility.before = away
    for step, result in (
        (Fetch("last_reading", BILL), {"failed": "away"}),
        (SendCode(BILL, "payment_history"), {"status": "away"}),
        (Identify(BILL, PERSON_ID), "away"),
        (Alert(bill_id=BILL, message="ended"), None),
    ):
        assert (await house.effects.perform(effect(house, step))).result == result


@pytest.mark.parametrize("step", [Fetch("last_reading", UNKNOWN), Look("1000000005")])
async def test_unknown_ids_are_counted_so_that_nobody_can_try_them_all(
    house: House, step: object
) -> None:
    results = [
        (await house.effects.perform(effect(house, step))).result["failed"]
        for _ in range(limits.WRONG_LOOKUPS + 2)
    ]
    assert results == ["missing"] * limits.WRONG_LOOKUPS + ["limited"] * 2
    house.now += limits.HOUR + 1.0
    assert (await house.effects.perform(effect(house, step))).result == {"failed": "missing"}


async def test_who_tried_too_many_unknown_ids_is_not_told_of_a_right_tracking_code_either(
    house: House,
) -> None:
    filed = Submit(service="submit_meter_reading", bill_id=BILL, fields={"readings": []})
    code = (await house.effects.perform(effect(house, filed))).result
    for _ in range(limits.WRONG_LOOKUPS):
        await house.effects.perform(effect(house, Look("1000000005")))
    assert (await house.effects.perform(effect(house, Look(code)))).result == {"failed": "limited"}
    bill = effect(house, Fetch("last_reading", BILL))
    assert (await house.effects.perform(bill)).result["values"] == {"total": 1000}
    house.now += limits.HOUR + 1.0
    assert "failed" not in (await house.effects.perform(effect(house, Look(code)))).result


async def test_the_same_key_submits_once(house: House) -> None:
    step = Submit(service="submit_meter_reading", bill_id=BILL, fields={"readings": []})
    first = await house.effects.perform(effect(house, step, "one"))
    again = await house.effects.perform(effect(house, step, "one"))
    other = await house.effects.perform(effect(house, step, "two"))
    assert first == again != other
    assert len(await house.requests.list()) == 2


async def test_codes_are_limited_by_the_hour(house: House) -> None:
    step = SendCode(BILL, "payment_history")
    done = [
        await house.effects.perform(effect(house, step, f"k{n}"))
        for n in range(limits.CODE_SENDS + 1)
    ]
    assert [d.result["status"] for d in done] == ["sent"] * limits.CODE_SENDS + ["limited"]
    assert [len(d.outbound) for d in done] == [1] * limits.CODE_SENDS + [0]
    assert {m.to for d in done for m in d.outbound} == {MOBILE}


async def test_a_number_that_others_write_gets_few_codes_and_keeps_those_for_its_bills(
    house: House,
) -> None:
    async def asks(of: str, by: str) -> tuple[str, int]:
        asked = effect(house, SendCode(of, "link_phone"), f"k-{by}")
        asked.conversation.id = by
        done = await house.effects.perform(asked)
        return done.result["status"], len(done.outbound)

    strangers = (f"telegram:{number}" for number in range(100))
    for sent in (3, 2, 0):
        answers = [await asks(MOBILE, next(strangers)) for _ in range(4)]
        assert answers == [("sent", 1)] * sent + [("limited", 0)] * (4 - sent)
        house.now += limits.HOUR + 1.0
    assert await asks(BILL, PHONE) == ("sent", 1)
    house.now += limits.DAY
    assert await asks(MOBILE, next(strangers)) == ("sent", 1)


@pytest.mark.parametrize("bill", [UNKNOWN, BILL])
async def test_without_a_registered_number_the_answer_is_the_same_but_nothing_goes_out(
    house: House, bill: str
) -> None:
    house.utility.mobile = None
    done = await house.effects.perform(effect(house, SendCode(bill, "payment_history")))
    assert done.result == {"status": "sent", "seal": "", "speakable": False}
    assert done.outbound == ()


async def test_a_seal_opens_to_its_code_bill_and_conversation_only(house: House) -> None:
    sent = await house.effects.perform(effect(house, SendCode(BILL, "payment_history")))
    seal = sent.result["seal"]
    assert str(CODE) not in seal

    async def right(code: str | None, bill: str = BILL, who: str = PHONE, seal: str = seal) -> bool:
        asked = effect(house, CheckCode(bill, code, Level.REGISTERED_MOBILE))
        asked.conversation.id = who
        asked.conversation.challenge = Challenge(bill, seal, house.now + 100.0)
        result: bool = (await house.effects.perform(asked)).result
        return result

    assert await right(str(CODE))
    assert not await right("54321")
    assert not await right(None)
    assert not await right(str(CODE), bill=UNKNOWN)
    assert not await right(str(CODE), who="+989120000003")
    assert not await right(str(CODE), seal=""), "no code went out"


async def test_a_hand_off_is_put_before_the_operators(house: House) -> None:
    await house.effects.perform(effect(house, HandOff("asked")))
    [handoff] = await house.handoffs.list()
    assert (handoff.reason, handoff.service, handoff.conversation) == ("asked", "a_flow", PHONE)


async def test_a_remembered_subscription_is_offered_in_a_new_conversation(house: House) -> None:
    await house.effects.perform(effect(house, Remember(BILL)))
    [answer] = await house.say("قرائت")
    assert BILL in answer
    assert MESSAGES.text("bill-saved", "sms", "fa", {}) in answer


async def result(house: House, step: object, key: str = "key") -> Any:
    return (await house.effects.perform(effect(house, step, key))).result


async def new_connection(house: House, **fields: Any) -> str:
    """The tracking code of a request without a subscription."""
    given = {"mobile": MOBILE, "national_id": PERSON_ID, **fields}
    submit = Submit(service="new_permanent_connection", bill_id=None, fields=given)
    code: str = await result(house, submit, f"new-{fields}")
    return code


# -- who somebody is -------------------------------------------------------------------------------


async def test_wrong_national_ids_are_counted_by_subscription_and_right_ones_are_not(
    house: House,
) -> None:
    right, wrong = Identify(BILL, PERSON_ID), Identify(BILL, WRONG_ID)
    for _ in range(limits.WRONG_IDENTITIES):
        assert await result(house, right) == "right"
        assert await result(house, wrong) == "wrong"
    assert await result(house, wrong) == "limited"
    assert await result(house, right) == "limited", "or the right one could still be found"
    house.now += limits.DAY + 1.0
    assert await result(house, right) == "right"


@pytest.mark.parametrize("of", [UNKNOWN, "1000000005"])
async def test_nobody_learns_whether_there_is_somebody_to_compare_with(
    house: House, of: str
) -> None:
    tried = [await result(house, Identify(of, WRONG_ID)) for _ in range(6)]
    assert tried == ["wrong"] * limits.WRONG_IDENTITIES + ["limited"]


async def test_the_applicant_of_a_new_connection_is_proved_by_what_the_request_says(
    house: House,
) -> None:
    code = await new_connection(house)
    sent = await house.effects.perform(effect(house, SendCode(code, "withdraw_request")))
    assert [message.to for message in sent.outbound] == [MOBILE]
    assert await result(house, Identify(code, WRONG_ID)) == "wrong"
    assert await result(house, Identify(code, PERSON_ID)) == "right"
    match = effect(house, Match(code, Level.REGISTERED_MOBILE))
    match.conversation.id = match.conversation.medium = MOBILE
    match.conversation.accounts = {MOBILE: 1.0}
    assert (await house.effects.perform(match)).result is True


async def test_a_company_is_proved_by_its_own_id(house: House) -> None:
    code = await new_connection(house, national_id=None, company_id="14007650912")
    assert await result(house, Identify(code, "14007650912")) == "right"
    assert await result(house, Identify(code, "None")) == "wrong"


async def test_the_tracking_code_of_a_request_for_a_subscription_proves_nothing_of_its_own(
    house: House,
) -> None:
    fields = {"mobile": PHONE, "national_id": PERSON_ID}
    code = await result(house, Submit(service="change_name", bill_id=BILL, fields=fields))
    sent = await house.effects.perform(effect(house, SendCode(code, "withdraw_request")))
    assert (sent.result["seal"], sent.outbound) == ("", ())
    assert await result(house, Identify(code, PERSON_ID)) == "wrong"


# -- the registered number -------------------------------------------------------------------------


async def test_the_registered_number_is_told_of_a_change_once(house: House) -> None:
    step = Alert(bill_id=BILL, message="alert-change", args={"code": "1000000005"})
    first, again = [await house.effects.perform(effect(house, step)) for _ in range(2)]
    (message,) = first.outbound
    assert (message.to, message.channel, message.conversation) == (MOBILE, "sms", "")
    assert "1000000005" in message.text
    assert again.outbound == first.outbound, "the same id is sent once"


async def test_without_a_registered_number_nobody_is_told(house: House) -> None:
    for bill in (BILL, UNKNOWN):
        house.utility.mobile = None
        done = await house.effects.perform(effect(house, Alert(bill_id=bill, message="ended")))
        assert done.outbound == ()


# -- requests and what follows them ----------------------------------------------------------------


async def test_own_requests_come_newest_first_without_follow_ups_and_without_others(
    house: House,
) -> None:
    first = await new_connection(house)
    second = await result(house, Submit(service="change_name", bill_id=BILL, fields={}), "b")
    reply = {"request": second, "agrees": True}
    await result(house, Submit(service="reply_to_terms", bill_id=BILL, fields=reply), "c")
    foreign = effect(house, Submit(service="change_name", bill_id=BILL, fields={}), "d")
    foreign.conversation.id = "+989120000003"
    await house.effects.perform(foreign)
    mine = await result(house, MyRequests())
    assert [(filed["tracking_code"], filed.get("bill_id")) for filed in mine] == [
        (second, BILL),
        (first, None),
    ]


@pytest.mark.parametrize("bill", [BILL, None])
async def test_documents_are_known_by_kind_whenever_they_were_sent(
    house: House, bill: str | None
) -> None:
    def documents(*kinds: str) -> list[dict[str, str]]:
        return [{"kind": kind, "attachment": "0" * 32} for kind in kinds]

    filed = Submit(service="change_name", bill_id=bill, fields={"documents": documents("deed")})
    if bill is None:
        filed = Submit(service="new_permanent_connection", bill_id=None, fields=filed.fields)
    code = await result(house, filed)
    later = {"request": code, "documents": documents("licence", "deed", "letter")}
    await result(house, Submit(service="send_documents", bill_id=None, fields=later), "later")
    other = {"request": "1000000005", "documents": documents("photo")}
    await result(house, Submit(service="send_documents", bill_id=bill, fields=other), "other")
    found = await result(house, Look(code))
    assert found["documents"] == ["deed", "licence", "letter"]
    (listed,) = await result(house, MyRequests())
    assert listed == found


async def test_a_follow_up_belongs_to_the_subscription_of_its_request_and_is_no_request_to_track(
    house: House,
) -> None:
    code = await result(house, Submit(service="change_name", bill_id=BILL, fields={}))
    reply = {"request": code, "agrees": False}
    told = await result(house, Submit(service="reply_to_terms", bill_id=None, fields=reply), "r")
    (stored,) = await house.requests.list(service="reply_to_terms")
    assert (stored.bill_id, stored.stages) == (BILL, 1)
    assert await result(house, Look(told)) == {"failed": "missing"}
