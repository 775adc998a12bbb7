"""What the dialog asks of the world: limits on unknown ids and codes, and the seal of a code."""

from __future__ import annotations

import pytest

from backend_adapter.port import Unavailable
from dialogs import limits
from dialogs.engine import start
from dialogs.messages import MESSAGES
from dialogs.policy import Level
from dialogs.replay import Effect
from dialogs.session import Challenge, Profile
from dialogs.steps import CheckCode, Fetch, HandOff, Look, Remember, SendCode, Submit
from gooya.database.engine import Database
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, PHONE, House

UNKNOWN = "9985235404"


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
    assert done.result == {"status": "sent", "seal": ""}
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
