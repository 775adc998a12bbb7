"""The second half of a proof: what a right national id raises, for how long, and what is kept of it."""

from __future__ import annotations

import pytest

from dialogs import limits
from dialogs.answers import OneTimeCode, PersonId
from dialogs.flows.registry import FLOWS
from dialogs.messages import MESSAGES
from dialogs.policy import Level
from dialogs.session import encode
from dialogs.steps import Ask, CheckCode, Flow, Identify, MyRequests, Proved, Say, SendCode
from gooya.database.engine import Database
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, PERSON_ID, PHONE, House
from tests.gooya.test_erasing import opens

HIGHEST = Level.REGISTERED_MOBILE_AND_NATIONAL_ID
SORRY = MESSAGES.text("sorry", "sms", "fa", {})


def identify() -> Flow[None]:
    person_id: str | None = yield Ask(message="person-id", answer=PersonId(), secret=True)
    verdict: str = yield Identify(BILL, person_id)
    proved: bool = yield Proved(BILL, HIGHEST)
    yield Say(message="ended" if proved else f"person-id-{verdict}")


def prove_both() -> Flow[None]:
    yield SendCode(BILL, "payment_history")
    code: str | None = yield Ask(message="code", answer=OneTimeCode(), secret=True)
    yield CheckCode(BILL, code, Level.REGISTERED_MOBILE)
    yield from identify()


def my_requests() -> Flow[None]:
    yield MyRequests()
    yield Say(message="ended")


@pytest.fixture
async def house(
    open_store: OpenStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> House:
    for flow in (identify, prove_both, my_requests):
        monkeypatch.setitem(FLOWS, flow.__name__, flow)
    return House(open_store(), database)


def text(message: str) -> str:
    return MESSAGES.text(message, "sms", "fa", {})


async def test_a_right_national_id_raises_the_proof_but_does_not_prolong_it(house: House) -> None:
    await opens(house, "prove_both")
    await house.say(str(CODE))
    proved_until = (await house.conversation()).proofs[BILL][1]
    assert await house.say(PERSON_ID, after=60.0) == [text("ended")]
    assert (await house.conversation()).proofs == {BILL: [float(HIGHEST), proved_until]}
    assert proved_until < house.now + limits.PROOF_LIFE


async def test_a_wrong_national_id_leaves_the_proof_as_it_was(house: House) -> None:
    await opens(house, "prove_both")
    await house.say(str(CODE))
    assert await house.say("1234567891") == [text("person-id-wrong")]
    assert (await house.conversation()).proofs[BILL][0] == Level.REGISTERED_MOBILE


async def test_a_national_id_without_the_code_before_it_counts_for_nothing(house: House) -> None:
    await opens(house, "identify")
    assert await house.say(PERSON_ID) == [SORRY]
    assert "identify" not in house.utility.lookups


async def test_the_national_id_is_in_no_journal_transcript_or_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await opens(house, "prove_both")
    await house.say(str(CODE))
    await house.say(PERSON_ID)
    assert PERSON_ID.encode() not in encode(await house.conversation())
    assert not [line for line in house.transcript.lines if PERSON_ID in line.text]
    assert PERSON_ID not in caplog.text


async def test_a_senders_number_alone_shows_nobody_its_requests(house: House) -> None:
    assert await opens(house, "my_requests") == [SORRY]
    conversation = await house.conversation()
    assert conversation.phone == PHONE
