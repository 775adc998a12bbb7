"""Waiting for the backend: ended by its answer, by time, or by the customer."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs import limits
from dialogs.steps import Flow, Say, Submit, Wait
from dialogs.values import Debt
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import question, three, waiting
from tests.dialogs.talk import BILL, Talk, progress

CODE = "1000000005"


@pytest.fixture
def talk(define: Define) -> Talk:
    """A talk that waits for the outcome of a request."""
    define("x", waiting)
    talk = Talk()
    assert talk.open("x") == []
    assert talk.top.waiting == CODE
    return talk


def test_the_outcome_ends_the_wait_and_its_timer(talk: Talk) -> None:
    timer = talk.turn.timers[0]
    assert timer.due == talk.now + 10.0
    assert talk.bring(progress()) == ["outcome-in_progress"]
    assert talk.turn.cancelled == [timer.name]
    assert talk.ring(timer.name) == [], "a timer that rang too late says nothing"


def test_time_ends_the_wait(talk: Talk) -> None:
    timer = talk.turn.timers[0]
    assert talk.ring(timer.name, after=10.0) == ["outcome-later"]
    assert timer.name in talk.turn.cancelled
    assert talk.state.frames == []


def test_the_customers_next_message_ends_the_wait_and_is_answered(talk: Talk) -> None:
    assert talk.say("قرائت") == ["outcome-later", "bill-saved"]


def test_an_outcome_after_the_wait_comes_as_news(talk: Talk) -> None:
    talk.say("سلام")
    assert talk.bring(progress(status="rejected", reason="other")) == ["news-rejected"]


def test_the_outcome_of_an_older_request_does_not_end_the_wait_of_a_newer_one(talk: Talk) -> None:
    assert talk.bring(progress("1000000018", status="rejected", reason="other")) == [
        "news-rejected"
    ]
    assert talk.top.waiting == CODE


def test_an_outcome_that_comes_before_the_wait_is_stored_is_not_missed(define: Define) -> None:
    define("x", waiting)
    talk = Talk()
    talk.bring(progress(status="completed"))
    assert talk.open("x") == ["outcome-completed"]
    assert talk.state.news is None
    assert talk.turn.timers == []


def test_a_timer_of_an_ended_wait_repeats_no_question(define: Define) -> None:
    def waits_then_asks() -> Flow[None]:
        yield from waiting()
        yield question("a")

    define("x", waits_then_asks)
    talk = Talk()
    talk.open("x")
    timer = talk.turn.timers[0]
    assert talk.say("سلام") == ["outcome-later", "q"]
    assert talk.ring(timer.name) == []
    assert talk.ring("unknown:3") == []
    assert talk.turn.cancelled == ["unknown:3"]


def test_the_text_that_ended_a_wait_answers_no_question_that_comes_only_now(define: Define) -> None:
    define("below", three)
    define("x", waiting)
    talk = Talk()
    talk.open("below")
    talk.say("1")
    talk.open("x")
    assert talk.say("55") == ["outcome-later", "back-to", "q"]
    assert talk.flows == ["below"]
    assert talk.journal() == [("q.a", 1)]


def test_a_wait_that_quits_ends_the_flow_when_the_customer_goes_on(define: Define) -> None:
    def quits() -> Flow[None]:
        code = yield Submit(service="submit_meter_reading", bill_id=BILL, fields={})
        yield Wait(tracking_code=code, seconds=1.0)
        yield Say(message="later")
        yield Wait(tracking_code=code, seconds=300.0, slot="limit", quits=True)
        yield Say(message="too late")

    define("x", quits)
    talk = Talk()
    talk.open("x")
    assert talk.ring(talk.turn.timers[0].name) == ["later"]
    assert talk.say("سلام") == ["menu"], "300 seconds have not passed: nobody says so"
    assert "x" not in talk.flows
    talk.say("انصراف")
    talk.open("x")
    assert talk.say("سلام") == ["later", "menu"]


# -- the debt, which is calculated later (declare_debt_balance) ------------------------------------


def declared() -> Talk:
    talk = Talk()
    assert talk.say(f"بدهی {BILL} 1060")[-1] == "debt-check"
    assert talk.say("1") == []
    return talk


def balance() -> Debt:
    return Debt(bill_id=BILL, as_of=dt.date(2026, 9, 21), amount=0)


def test_a_debt_that_is_calculated_at_once_is_the_answer() -> None:
    assert declared().bring(progress(debt=balance())) == ["debt-none"]


def test_a_debt_request_that_was_only_taken_is_not_called_rejected() -> None:
    talk = declared()
    assert talk.bring(progress()) == ["debt-later"]
    assert talk.bring(progress(debt=balance())) == ["debt-none"]


def test_a_debt_that_takes_longer_than_its_limit_is_apologised_for() -> None:
    talk = declared()
    assert talk.ring(talk.turn.timers[0].name, after=limits.OUTCOME_SECONDS) == ["debt-later"]
    timer = talk.turn.timers[0]
    assert timer.due - talk.now == 300.0 - limits.OUTCOME_SECONDS
    assert talk.ring(timer.name, after=294.0) == ["debt-late"]
