"""A flow and its journal: the same from memory and from the store, whatever the code became."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.answers.choice import YesNo
from dialogs.answers.number import Number
from dialogs.session import Frame
from dialogs.steps import Ask, Fetch, Flow, HandOff, Open, Recall, Remember, Revise, Say, Submit
from dialogs.values import LastReading
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import filing, question, revising, three
from tests.dialogs.talk import BILL, Talk, same

TEXTS = st.sampled_from(
    ["1", "2", "9", "0", "*", "#", "۵۰", "1060", "abc", "بله", "خیر", "قرائت", "منو", "برگشت",
     "ادامه", "انصراف", "کارشناس", "راهنما", "english", "?", "", "12345", "پرداخت " + BILL,
     f"قرائت {BILL} 1060", BILL, f"*1*{BILL}#", "بدهی", "1000000005", "سلام " * 300]
)  # fmt: skip
SILENCES = st.sampled_from([1.0, 200.0, 1000.0, 2000.0, 8 * 86400.0])


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXTS, SILENCES), max_size=14))
def test_a_talk_kept_in_memory_and_one_stored_after_every_turn_are_the_same(
    said: list[tuple[str, float]],
) -> None:
    kept, stored = Talk(stored=False), Talk()
    for text, silence in said:
        assert kept.say(text, after=silence) == stored.say(text, after=silence)
        assert kept.turn.timers == stored.turn.timers
        assert same(kept.state, stored.state)
    assert kept.keys == stored.keys
    assert "sorry" not in [p.message for p in stored.prompts]


def test_an_effect_is_asked_for_once_however_often_the_flow_is_replayed(define: Define) -> None:
    def looks_first() -> Flow[None]:
        last: LastReading = yield Fetch("last_reading", BILL)
        yield question("a", args={"last": last.values["total"]})
        yield question("b")
        yield Say(message="done")

    define("x", looks_first)
    talk = Talk()
    assert talk.open("x") == ["q"]
    talk.say("1")
    assert talk.say("2") == ["done"]
    assert talk.effects == [Fetch("last_reading", BILL)]


def test_an_effect_key_is_the_same_when_the_turn_runs_again_and_never_another_steps(
    define: Define,
) -> None:
    def files_twice() -> Flow[None]:
        for fields in ({"n": 1}, {"n": 2}, {"n": 2}):
            yield Submit(service="submit_meter_reading", bill_id=BILL, fields=fields)

    define("x", files_twice)
    keys = []
    for _ in range(2):
        talk = Talk()
        talk.open("x")
        keys.append(talk.keys)
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 3


def test_a_secret_answer_reaches_the_flow_but_not_the_journal(define: Define) -> None:
    heard: list[Any] = []

    def asks_a_secret() -> Flow[None]:
        heard.append((yield question("pin", secret=True)))
        yield question("b")

    define("x", asks_a_secret)
    talk = Talk()
    talk.open("x")
    talk.say("42")
    assert heard[-1] == 42
    assert talk.journal() == [("q.pin", None)]


# -- changed answers -----------------------------------------------------------------------------


def test_a_revised_answer_keeps_the_others_and_asks_for_confirmation_again(define: Define) -> None:
    define("x", revising)
    talk = Talk()
    talk.open("x")
    for text in ("1", "2", "1"):
        talk.say(text)
    assert talk.say("2") == ["q"]
    assert talk.say("7") == ["sure"], "b and the colour are kept"
    assert talk.prompts[0].args == {"a": 7, "b": 2, "colour": "red"}
    assert talk.say("1") == ["done"]


def test_a_kept_answer_that_no_longer_validates_is_asked_again(define: Define) -> None:
    def at_least_a() -> Flow[None]:
        a = yield question("a")
        b = yield Ask(message="q", slot="b", answer=Number(min=a))
        c = yield question("c")
        sure = yield Ask(message="sure", answer=YesNo(), ahead="drop")
        if not sure:
            yield Revise("q.a")
        yield Say(message="done", args={"abc": (a, b, c)})

    define("x", at_least_a)
    talk = Talk()
    talk.open("x")
    for text in ("1", "5", "9"):
        talk.say(text)
    talk.say("خیر")
    assert talk.say("6") == ["q"]
    assert talk.prompts[0].answer == Number(min=6), "5 is too little now"
    assert talk.say("8") == ["sure"]
    talk.say("بله")
    assert talk.prompts[0].args == {"abc": (6, 8, 9)}


# -- new code under a live conversation ----------------------------------------------------------


def test_a_question_that_changed_its_meaning_is_asked_again_and_the_answers_before_it_stay(
    define: Define,
) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x")
    talk.say("1")
    talk.say("2")

    def newer() -> Flow[None]:
        a = yield question("a")
        b = yield question("b2")
        yield Say(message="sum", args={"total": a + b})

    define("x", newer)
    assert talk.say("3") == ["q"], "3 was meant for a question that is gone"
    assert talk.journal() == [("q.a", 1)]
    talk.say("30")
    assert talk.prompts[0].args == {"total": 31}


def test_an_answer_is_not_taken_by_a_question_that_its_customer_never_saw(define: Define) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x")

    def newer() -> Flow[None]:
        sure = yield Ask(message="sure", answer=YesNo())
        yield Say(message=f"sure-{sure}")

    define("x", newer)
    assert talk.say("1") == ["sure"], "1 answered the number, it is no yes"
    assert talk.say("1") == ["sure-True"]


def test_a_sign_is_a_command_at_a_question_that_its_customer_never_saw(define: Define) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x")

    def newer() -> Flow[None]:
        yield question("z")

    define("x", newer)
    assert talk.say("0") == ["cancelled"]


def test_an_answer_that_the_new_code_refuses_is_asked_again(define: Define) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x")
    talk.say("90")

    def stricter() -> Flow[None]:
        a = yield Ask(message="q", slot="a", answer=Number(max=10))
        yield Say(message="sum", args={"total": a})

    define("x", stricter)
    assert talk.say("5") == ["q"]
    talk.say("5")
    assert talk.prompts[0].args == {"total": 5}


def test_a_filed_request_is_never_filed_again_by_new_code(define: Define) -> None:
    define("x", filing)
    talk = Talk()
    talk.open("x")
    talk.say("5")
    assert talk.say("1") == ["receipt", "q"]

    def newer() -> Flow[None]:
        value = yield question("a")
        yield question("new")
        yield Submit(service="submit_meter_reading", bill_id=BILL, fields={"v": value})

    define("x", newer)
    assert talk.say("سلام") == ["menu"], "the flow is over; the text is a first word"
    assert len(talk.submitted()) == 1


def test_a_filed_request_whose_receipt_was_not_said_is_told_of_by_new_code(define: Define) -> None:
    def older() -> Flow[None]:
        yield question("a")
        yield Submit(service="submit_meter_reading", bill_id=BILL, fields={})
        yield question("b")

    define("x", older)
    talk = Talk()
    talk.open("x")
    talk.say("5")
    define("x", three)
    said = talk.say("منو")
    assert said == ["menu"]
    assert talk.say("ادامه") == ["filed"]
    assert talk.prompts[0].args == {"code": "1000000005"}
    assert len(talk.submitted()) == 1


def test_a_flow_that_is_gone_is_apologised_for_and_strands_nobody() -> None:
    talk = Talk()
    talk.say("منو")
    talk.state.frames.append(Frame("uid", "a flow of last year"))
    assert talk.say("5") == ["sorry"]
    assert talk.say("سلام") == ["menu"]


# -- defects of flows ----------------------------------------------------------------------------


def circles() -> Flow[None]:
    while True:
        yield Recall("rows")


def asks_for_nothing() -> Flow[None]:
    yield Revise("q.never asked")


def opens_itself() -> Flow[None]:
    yield Open("x")


def raises() -> Flow[None]:
    yield Say(message="first")
    raise KeyError(BILL)


@pytest.mark.parametrize("broken", [circles, asks_for_nothing, opens_itself, raises])
def test_a_flow_that_fails_is_dropped_with_an_apology(
    define: Define, broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    define("x", broken)
    talk = Talk()
    assert talk.open("x")[-1] == "sorry"
    assert talk.state.frames == []
    assert talk.say("سلام") == ["menu"], "the conversation goes on"
    record = next(r for r in caplog.records if r.levelno == logging.ERROR)
    assert record.__dict__["flow"] == "x"
    assert BILL not in caplog.text + str(record.__dict__)


def test_a_flow_that_fails_after_filing_tells_the_tracking_code(define: Define) -> None:
    def files_and_fails() -> Flow[None]:
        yield Submit(service="submit_meter_reading", bill_id=BILL, fields={})
        raise ValueError

    define("x", files_and_fails)
    talk = Talk()
    assert talk.open("x") == ["filed"]
    assert talk.prompts[0].args == {"code": "1000000005"}


def test_what_was_said_before_a_failure_stays_said(define: Define) -> None:
    define("x", raises)
    assert Talk().open("x") == ["first", "sorry"]


def test_one_time_steps_are_performed_in_the_order_of_the_flow(define: Define) -> None:
    def several() -> Flow[None]:
        yield Remember(BILL)
        yield HandOff("reason")

    define("x", several)
    talk = Talk()
    talk.open("x")
    assert talk.effects == [Remember(BILL), HandOff("reason")]
    assert talk.state.profile.subscriptions == [BILL]
