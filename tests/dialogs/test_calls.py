"""Calls in the pure core: greeting, keys, silence, operators, hanging up and coming back."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from dialogs import limits
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.steps import HandOff, Remember, Submit, Write
from tests.dialogs.talk import BILL, NOON, PHONE, RIGHT_CODE, Talk, progress, utility
from tests.menus import way_to

LANDLINE = "+982112345678"
[READING] = way_to("submit_meter_reading")
PAYMENTS = [
    {
        "paid_on": "2026-08-01",
        "amount": 100_000 + n,
        "payment_id": "12908190",
        "reference": "1",
        "via": "app",
    }
    for n in range(5)
]


class PhoneTalk(Talk):
    """A talk by keys. ``desk`` is what becomes of a call for the operators."""

    def __init__(self, number: str = PHONE, desk: str = "transfer") -> None:
        super().__init__(self._answer)
        self.number, self.desk = number, desk
        self.state.address = number
        self._calls = itertools.count(1)
        self.call = ""

    def _answer(self, effect: Effect) -> Any:
        if isinstance(effect.step, HandOff) and effect.step.transfer:
            return self.desk
        if getattr(effect.step, "resource", "") == "payments":
            return PAYMENTS
        return utility(effect)

    def _on_phone(self, kind: Any, **fields: Any) -> list[str]:
        self.now += fields.pop("after", 1.0)
        asked = fields.pop("asked", self.turn.asked)
        event = Event(
            kind=kind,
            id=f"event-{next(self._ids)}",
            channel="call",
            address=self.number,
            at=self.now,
            call=self.call,
            asked=asked if kind == "keys" else "",
            **fields,
        )
        return self.enter(event)

    def dial(self, after: float = 1.0) -> list[str]:
        self.call = f"node/{next(self._calls)}"
        return self._on_phone("call", after=after)

    def press(self, keys: str, **fields: Any) -> list[str]:
        return self._on_phone("keys", text=keys, **fields)

    def choose(self, service: str) -> list[str]:
        """The way from the main menu to a service."""
        return [self.press(key) for key in way_to(service)][-1]

    def command(self, name: str) -> list[str]:
        return self._on_phone("command", text=name)

    def silence(self) -> list[str]:
        return self._on_phone("silence")

    def hang_up(self) -> list[str]:
        return self._on_phone("hang_up")

    def to_confirmation(self) -> None:
        self.dial()
        self.press(READING)
        self.press(BILL)
        assert self.press("1080") == ["reading-check"]


def test_a_call_begins_with_a_greeting_and_the_menu() -> None:
    talk = PhoneTalk()
    assert talk.dial() == ["welcome", "menu"]
    assert len(talk.prompts[-1].answer.options) <= 5  # type: ignore[union-attr]


def test_a_reading_by_keys_is_filed_and_followed_by_the_question_for_more() -> None:
    talk = PhoneTalk()
    talk.to_confirmation()
    assert talk.prompts[-1].fresh, "nobody confirms what was not heard"
    assert talk.press("1") == ["please-wait"]
    assert not talk.turn.asked
    assert talk.bring(progress()) == ["reading-done", "kept-by-sms", "anything-else"]
    (request,) = talk.submitted()
    assert request.fields["readings"] == [{"register": "total", "value": 1080}]
    assert talk.press("2") == ["goodbye"]
    assert talk.turn.hangs_up


def test_an_answer_to_another_question_than_the_open_one_is_not_taken() -> None:
    talk = PhoneTalk()
    talk.dial()
    old = talk.turn.asked
    talk.press("1")
    assert talk.press("1", asked=old) == ["bill"]
    assert not talk.submitted()


def test_silence_is_counted_apart_from_wrong_answers_and_ends_with_good_bye() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    assert talk.press("123") == ["wrong-bill_id-short", "bill"]
    assert talk.silence() == ["no-input", "bill"]
    assert talk.press("123") == ["wrong-bill_id-short", "example-bill_id", "bill"]
    assert talk.silence() == ["no-input-help", "example-bill_id", "bill"]
    assert talk.silence() == ["goodbye-silence"]
    assert talk.turn.hangs_up


def test_an_answer_resets_both_counts() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.silence()
    talk.press("123")
    talk.press(BILL)
    assert talk.silence() == ["no-input", "reading"]
    assert talk.press("1234567") == ["wrong-meter_reading-too_long", "reading"]


def test_three_wrong_answers_put_the_caller_through_with_what_is_known() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    for _ in range(2):
        talk.press("1234567")
    assert talk.press("1234567")[-1] == "operator-transfer"
    assert talk.turn.transfer is not None
    assert talk.turn.transfer.service == "submit_meter_reading"
    assert talk.turn.transfer.answers == {"bill": BILL}
    assert talk.hang_up() == [], "the operator goes on with it: nothing was broken off"


def test_outside_working_hours_a_call_back_is_taken() -> None:
    talk = PhoneTalk(desk="closed")
    talk.dial()
    talk.press(READING)
    assert talk.command("operator") == ["operator-closed", "call-back-number"]
    assert talk.press("1") == ["call-back-message"]
    recording = "ab" * 16
    assert talk._on_phone("recording", text=recording) == ["voice-check"]
    assert talk.press("2") == ["call-back-message"], "recorded once more"
    assert talk._on_phone("recording", text="empty") == ["wrong-voice-empty", "call-back-message"]
    talk._on_phone("recording", text=recording)
    assert talk.press("1")[0] == "call-back-taken"
    noted = talk.effects[-1]
    assert noted.reason == "call_back"
    assert noted.details["call_back"] == PHONE
    assert noted.details["matter"] == f"recording:{recording}"


def test_a_question_that_comes_back_is_not_answered_unheard() -> None:
    talk = PhoneTalk(desk="closed")
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    talk.command("operator")
    talk.press("1")
    talk._on_phone("recording", text="ab" * 16)
    assert talk.press("1")[-2:] == ["back-to", "reading"]
    assert any(prompt.fresh for prompt in talk.prompts)


def test_a_caller_without_a_number_is_asked_for_one() -> None:
    talk = PhoneTalk("call:7", desk="closed")
    talk.dial()
    assert talk.command("operator") == ["operator-closed", "call-back-phone"]


def test_a_dropped_call_goes_on_where_it_stopped_and_says_so() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    assert talk.hang_up() == ["call-dropped"]
    assert talk.dial(after=60.0) == ["welcome", "resumed", "reading"]


def test_a_dropped_call_goes_on_by_sms() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    talk.hang_up()
    assert talk.say("ادامه") == ["reading"]
    assert talk.say("1080") == ["reading-check"]
    talk.say("1")
    assert talk.submitted()


def test_what_was_begun_by_sms_goes_on_in_a_call() -> None:
    talk = PhoneTalk()
    talk.say(f"قرائت {BILL}")
    assert talk.dial() == ["welcome", "resumed", "reading"]


def test_after_a_long_time_the_caller_is_asked_whether_to_go_on() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    talk.hang_up()
    assert talk.dial(after=3 * 3600.0) == ["welcome", "resume-offer"]


def test_nothing_is_said_to_have_broken_off_after_good_bye_or_in_a_menu() -> None:
    talk = PhoneTalk()
    talk.dial()
    assert talk.hang_up() == []


def test_a_landline_gets_no_sms() -> None:
    talk = PhoneTalk(LANDLINE)
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    assert talk.hang_up() == []
    assert talk.dial() == ["welcome", "resumed", "reading"]


def test_a_proof_ends_with_the_call_and_does_not_pass_to_the_next_caller() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.choose("payment_history")
    talk.press(BILL)
    assert talk.press(RIGHT_CODE) == ["payments"]
    talk.hang_up()
    assert not talk.state.proofs
    assert talk.dial() == ["welcome", "resumed", "code-sent", "code"]
    assert talk.silence() == ["no-input", "code"]


def test_a_proof_by_message_does_not_open_a_call() -> None:
    talk = PhoneTalk()
    talk.say(f"سوابق پرداخت {BILL}")
    talk.say(RIGHT_CODE)
    assert talk.state.proofs
    talk.dial()
    assert not talk.state.proofs


def test_a_list_is_heard_in_threes_or_written() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.choose("payment_history")
    talk.press(BILL)
    talk.press(RIGHT_CODE)
    assert len(talk.prompts[-1].rows) == 3
    assert talk.press("2") == ["sent-by-sms", "anything-else"]
    pages = [step for step in talk.effects if isinstance(step, Write)]
    assert [len(page.rows) for page in pages] == [4, 1]


def test_a_list_is_not_offered_in_writing_to_a_landline() -> None:
    talk = PhoneTalk(LANDLINE)
    talk.dial()
    talk.choose("payment_history")
    talk.press(BILL)
    talk.press(RIGHT_CODE)
    assert len(talk.prompts[-1].answer.options) == 2  # type: ignore[union-attr]


def test_a_known_caller_chooses_a_subscription_instead_of_typing_it() -> None:
    talk = PhoneTalk()
    talk.state.profile.subscriptions = [BILL]
    talk.dial()
    assert talk.press(READING) == ["bill-choose"]
    assert talk.press("1") == ["reading"]
    assert talk.command("back") == ["bill-choose"]
    assert talk.press("2") == ["bill"]


def test_back_repeats_and_unknown_options_are_told_apart() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    assert talk.command("repeat") == ["bill"]
    assert talk.turn.repeats
    assert talk.command("back") == ["menu"]
    assert not talk.turn.repeats
    assert talk.press("8") == ["wrong-choice-unknown", "menu"]


def test_a_process_that_takes_a_call_over_repeats_what_was_said() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    assert talk._on_phone("adopted") == ["bill"]
    assert talk.turn.repeats


def test_a_call_whose_process_died_ends_by_its_timer() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    talk.press(BILL)
    timer = talk.turn.timers[-1]
    assert timer.due == talk.now + limits.CALL_SILENCE
    assert talk.ring(timer.name, after=limits.CALL_SILENCE) == ["call-dropped"]
    assert not talk.state.call


def test_news_for_the_number_are_not_told_to_whoever_calls_with_it() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    news = progress(scheduled_on=dt.date(2026, 10, 1), stage=3)
    assert talk.bring(news) == []
    assert [prompt.message for prompt in talk.turn.aside] == ["news-scheduled"]


def test_news_that_cannot_be_written_interrupt_the_caller_and_then_it_is_asked_again() -> None:
    talk = PhoneTalk(LANDLINE)
    talk.dial()
    talk.press(READING)
    news = progress(scheduled_on=dt.date(2026, 10, 1), stage=3)
    assert talk.bring(news) == ["news-scheduled", "bill"]
    assert talk.bring(progress(sequence=2)) == [], "what is no news interrupts nobody"


def test_what_was_filed_by_sms_is_not_told_to_whoever_calls_then() -> None:
    talk = PhoneTalk()
    talk.say(f"قرائت {BILL} 1080")
    talk.say("1")
    assert talk.dial() == ["welcome", "menu"]
    assert [prompt.message for prompt in talk.turn.aside] == ["filed"]


def test_what_was_proved_by_sms_is_not_told_to_a_caller_after_a_restart() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.say(f"سوابق پرداخت {BILL}")
    talk.say(RIGHT_CODE)
    assert "payments" not in talk._on_phone("adopted")
    assert not talk.state.proofs


def test_the_hang_up_of_an_earlier_call_does_not_end_this_one() -> None:
    talk = PhoneTalk()
    talk.dial()
    first = talk.call
    talk.dial()
    second, talk.call = talk.call, first
    talk.hang_up()
    assert talk.state.call == second


def test_a_message_during_a_call_leaves_the_call_alone() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.press(READING)
    assert talk.say("راهنما")[0] == "help"
    assert talk.state.call == talk.call


def test_too_many_turns_end_the_call_with_a_word() -> None:
    talk = PhoneTalk()
    talk.dial()
    for _ in range(limits.TURNS_PER_SESSION):
        talk.command("repeat")
    assert talk.prompts[-1].message == "too-many-turns"
    assert talk.turn.hangs_up


def test_a_defect_puts_the_caller_through(define: Any) -> None:
    def broken() -> Any:
        yield Remember("x")
        raise RuntimeError

    define("submit_meter_reading", broken)
    talk = PhoneTalk()
    talk.dial()
    assert talk.press(READING) == ["sorry-operator"]
    assert talk.turn.transfer is not None


def test_a_debt_that_takes_longer_does_not_hold_the_line() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.choose("declare_debt_balance")
    talk.press(BILL)
    talk.press("1080")
    assert [p.message for p in talk.prompts if p.heard] == ["debt-notice"], "the fee must be heard"
    talk.press("1")
    wait = next(t for t in talk.turn.timers if not t.name.startswith("call:"))
    assert talk.ring(wait.name, after=6.0) == ["debt-later", "kept-by-sms", "anything-else"]


@pytest.mark.parametrize("at", range(4))
def test_hanging_up_at_any_step_files_nothing(at: int) -> None:
    talk = PhoneTalk()
    talk.dial()
    for keys in (READING, BILL, "1080")[:at]:
        talk.press(keys)
    talk.hang_up()
    assert not any(isinstance(step, Submit) for step in talk.effects)
    assert talk.state.touched >= NOON
