"""A one-time code that is spoken in a call, where the host can make one."""

from __future__ import annotations

from typing import Any

from dialogs import limits
from dialogs.effects import Effect
from dialogs.steps import CheckCode, Fetch, SendCode
from tests.dialogs.talk import BILL, RIGHT_CODE, Talk, same, utility

OPTION = "option-code-by-call"


def speaks(effect: Effect) -> Any:
    """A utility whose host can make calls."""
    if isinstance(effect.step, SendCode):
        return {"status": "sent", "seal": "seal", "speakable": True}
    return utility(effect)


def sent(talk: Talk) -> list[bool]:
    """Of every code that was sent, whether it was spoken."""
    return [step.spoken for step in talk.effects if isinstance(step, SendCode)]


def offered(talk: Talk) -> list[str]:
    return [option.label for option in getattr(talk.prompts[-1].answer, "options", ())]


def test_a_call_is_offered_where_one_can_be_made_and_not_twice() -> None:
    talk = Talk(speaks)
    assert talk.say(f"پرداخت {BILL}") == ["code-sent", "code"]
    assert offered(talk) == [OPTION]
    assert talk.say("1") == ["code-called", "code"]
    assert offered(talk) == []
    assert sent(talk) == [False, True]
    assert talk.say(RIGHT_CODE) == ["payments-none"]


def test_without_a_host_that_calls_the_question_is_for_the_code_alone() -> None:
    talk = Talk()
    talk.say(f"پرداخت {BILL}")
    assert offered(talk) == []
    assert talk.say("1") == ["wrong-one_time_code-length", "code"]
    assert sent(talk) == [False]


def test_the_call_is_asked_for_by_what_its_label_says_and_in_words() -> None:
    for words in ("شنیدن کد با تماس", "تماس", "زنگ"):
        talk = Talk(speaks)
        talk.say(f"پرداخت {BILL}")
        assert talk.say(words) == ["code-called", "code"], words


def test_that_a_call_was_wanted_is_replayed_and_no_code_is_kept() -> None:
    talk = Talk(speaks)
    talk.say(f"پرداخت {BILL}")
    talk.say("1")
    assert [value for key, value in talk.journal() if key == "code"] == ["call"]
    before = len(talk.effects)
    assert talk.say("تکرار") == ["code"], "no step is taken twice"
    assert talk.effects[before:] == []
    assert talk.say("11111") == ["code-wrong", "code"]
    assert [value for key, value in talk.journal() if key == "code"] == ["call", None]
    assert talk.say(RIGHT_CODE) == ["payments-none"]
    assert RIGHT_CODE not in str(talk.state)


def test_a_turn_that_goes_through_the_store_ends_as_one_that_does_not() -> None:
    stored, fresh = Talk(speaks), Talk(speaks, stored=False)
    for talk in (stored, fresh):
        for text in (f"پرداخت {BILL}", "1", "11111"):
            talk.say(text)
    assert same(stored.state, fresh.state)


def test_back_leads_to_the_question_with_the_call_and_choosing_it_again_calls_again() -> None:
    talk = Talk(speaks)
    talk.say(f"پرداخت {BILL}")
    talk.say("1")
    assert talk.say("برگشت") == ["code"]
    assert offered(talk) == [OPTION]
    assert talk.say(RIGHT_CODE) == ["payments-none"], "the code of the call still counts"
    again = Talk(speaks)
    for text in (f"پرداخت {BILL}", "1", "برگشت", "1"):
        again.say(text)
    assert sent(again) == [False, True, True]
    assert len(set(again.keys)) == len(again.keys), "each call is one of its own"


def test_a_spent_code_is_followed_by_one_in_writing_with_the_call_on_offer() -> None:
    talk = Talk(speaks)
    for text in (f"پرداخت {BILL}", "1", "11111", "11111"):
        talk.say(text)
    assert talk.say("11111") == ["code-spent"]
    assert talk.say("بله") == ["code-sent", "code"]
    assert offered(talk) == [OPTION]


def test_a_call_over_the_limit_is_refused_as_an_sms_is() -> None:
    def limited(effect: Effect) -> Any:
        if isinstance(effect.step, SendCode) and effect.step.spoken:
            return {"status": "limited"}
        return speaks(effect)

    talk = Talk(limited)
    talk.say(f"پرداخت {BILL}")
    assert talk.say("1")[0] == "code-limited"
    assert Fetch("payments", BILL) not in talk.effects


def test_a_figure_that_came_with_the_wish_is_neither_the_code_nor_the_wish_for_a_call() -> None:
    talk = Talk(speaks)
    assert talk.say(f"پرداخت {BILL} 1") == ["code-sent", "code"]
    assert sent(talk) == [False]
    assert not any(isinstance(step, CheckCode) for step in talk.effects)


def test_after_a_long_silence_nobody_is_called_for_an_old_wish() -> None:
    talk = Talk(speaks)
    talk.say(f"پرداخت {BILL}")
    talk.say("1")
    talk.say("سلام", after=limits.SESSION_IDLE + 1.0)
    assert talk.say("1") == ["code-sent", "code"]
    assert sent(talk) == [False, True, False]
