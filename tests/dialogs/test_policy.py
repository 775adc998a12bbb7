"""Who may see what: denied by default, proved by a code, and the proof ends."""

from __future__ import annotations

import pytest

from dialogs import limits, policy
from dialogs.policy import Denied, Level
from dialogs.steps import Fetch, Flow, Say, SendCode, Submit
from tests.dialogs.conftest import Define
from tests.dialogs.talk import BILL, NOON, RIGHT_CODE, Talk, utility

PROTECTED = [r for r, level in policy.RESOURCES.items() if level > Level.BILL_ID]
OTHER = "9985235404"


@pytest.mark.parametrize("resource", PROTECTED)
def test_a_flow_that_looks_something_up_without_a_proof_is_denied(
    define: Define, resource: str
) -> None:
    def forgets_to_ask() -> Flow[None]:
        yield Fetch(resource, BILL)
        yield Say(message="secret")

    define("x", forgets_to_ask)
    talk = Talk()
    assert talk.open("x") == ["sorry"]
    assert talk.effects == []


def test_what_names_a_customer_is_protected_and_readings_need_the_bill_id_only() -> None:
    assert set(PROTECTED) == {"payments", "consumption", "open_requests", "holder"}
    policy.check(Level.BILL_ID, BILL, {}, NOON)
    with pytest.raises(Denied):
        policy.check(Level.BILL_ID, None, {}, NOON)


def test_a_proof_counts_for_its_bill_and_its_time_only() -> None:
    proofs = {BILL: [float(Level.REGISTERED_MOBILE), NOON + 10.0]}
    assert policy.proved(BILL, proofs, NOON) is Level.REGISTERED_MOBILE
    assert policy.proved(BILL, proofs, NOON + 10.0) is Level.BILL_ID
    assert policy.proved(OTHER, proofs, NOON) is Level.BILL_ID
    assert policy.proved(None, proofs, NOON) is Level.PUBLIC
    with pytest.raises(Denied):
        policy.check(Level.REGISTERED_MOBILE_AND_NATIONAL_ID, BILL, proofs, NOON)


def test_every_sensitivity_has_its_level_and_an_unknown_one_is_an_error() -> None:
    assert Level.named("registered_mobile") is Level.REGISTERED_MOBILE
    with pytest.raises(KeyError):
        Level.named("anybody")


def test_a_right_code_opens_the_history_and_is_kept_nowhere() -> None:
    talk = Talk()
    talk.say(f"پرداخت {BILL}")
    assert talk.say(RIGHT_CODE) == ["payments-none"]
    assert RIGHT_CODE not in str(talk.state)
    assert talk.say(f"پرداخت {BILL}") == ["payments-none"], "no second code within its life"
    talk.now += limits.PROOF_LIFE
    assert talk.say(f"پرداخت {BILL}") == ["code-sent", "code"]


def test_three_wrong_codes_spend_the_challenge_and_a_right_one_is_too_late() -> None:
    talk = Talk()
    talk.say(f"پرداخت {BILL}")
    assert [talk.say("11111")[0] for _ in range(3)] == ["code-wrong", "code-wrong", "code-spent"]
    assert talk.say(RIGHT_CODE)[0] == "wrong-yes_no-unclear"
    assert Fetch("payments", BILL) not in talk.effects


def test_a_code_is_spent_when_its_life_is_over() -> None:
    talk = Talk()
    talk.say(f"پرداخت {BILL}")
    assert talk.say(RIGHT_CODE, after=limits.CODE_LIFE + 1.0) == ["code-spent"]
    assert talk.say("بله") == ["code-sent", "code"]
    assert talk.say(RIGHT_CODE) == ["payments-none"]
    assert len([s for s in talk.effects if isinstance(s, SendCode)]) == 2


def test_what_a_proof_opened_is_not_shown_again_after_silence() -> None:
    payment = {
        "paid_on": "2026-01-01",
        "amount": 1000,
        "payment_id": "1234567890123",
        "reference": "1",
        "via": "bank",
    }

    def answers(effect: object) -> object:
        step = effect.step  # type: ignore[attr-defined]
        if isinstance(step, Fetch) and step.resource == "payments":
            return [payment] * 9
        return utility(effect)  # type: ignore[arg-type]

    talk = Talk(answers)
    talk.say(f"پرداخت {BILL}")
    assert talk.say(RIGHT_CODE) == ["payments"]
    talk.say("سلام", after=limits.SESSION_IDLE + 1.0)
    assert talk.say("1") == ["code-sent", "code"]
    assert talk.state.proofs == {}
    assert talk.say(RIGHT_CODE) == ["payments"]


def test_a_flow_may_not_file_what_was_not_proved(define: Define) -> None:
    def files() -> Flow[None]:
        yield Submit(service="payment_history", bill_id=BILL, fields={})

    define("x", files)
    talk = Talk()
    assert talk.open("x") == ["sorry"]
    assert talk.submitted() == []
