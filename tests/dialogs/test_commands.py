"""The commands: their table, and what each does in the middle of a flow."""

from __future__ import annotations

import pytest

from bots.sms.optout import opt
from dialogs import commands, limits
from dialogs.answers.choice import YesNo
from dialogs.flows.registry import FLOWS
from dialogs.messages import MESSAGES
from dialogs.steps import Ask, Flow, HandOff, Say
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import filing, question, three
from tests.dialogs.talk import BILL, Talk

WORDS = [(word, c.name) for c in commands.COMMANDS for word in c.words]


@pytest.mark.parametrize(("word", "name"), WORDS)
def test_every_word_is_its_command_however_it_is_typed(word: str, name: str) -> None:
    assert commands.by_word(word) == name
    assert commands.by_word(f"  {word.upper()}! ") == name
    assert commands.by_word(word.replace("ی", "ي").replace("ک", "ك")) == name


@pytest.mark.parametrize(("word", "name"), WORDS)
def test_a_word_inside_a_sentence_is_no_command(word: str, name: str) -> None:
    assert commands.by_word(f"{word} قبض من") is None


def test_no_word_stands_for_two_commands_and_none_is_an_opt_out_word() -> None:
    assert len(commands.WORDS) == len(WORDS)
    assert not [word for word, _ in WORDS if opt(word)]


@pytest.mark.parametrize("channel", ["sms", "call"])
def test_no_sign_of_a_channel_stands_for_two_commands(channel: str) -> None:
    signs = [sign for c in commands.COMMANDS for sign in c.signs.get(channel, ())]
    assert signs
    assert len(set(signs)) == len(signs)
    assert commands.by_sign("9", "sms") == "repeat"
    assert commands.by_sign("9", "another channel") is None


@pytest.fixture
def talk(define: Define) -> Talk:
    """Two of three numbers are given; the third is asked for."""
    define("x", three)
    talk = Talk()
    talk.open("x")
    talk.say("1")
    talk.say("2")
    return talk


def test_back_cuts_at_the_previous_answer(talk: Talk) -> None:
    assert talk.say("برگشت") == ["q"]
    assert talk.journal() == [("q.a", 1)]
    talk.say("برگشت")
    assert talk.journal() == []
    assert talk.say("برگشت") == ["menu"], "there is nothing before the first question"


def test_back_never_goes_over_a_filed_request(define: Define) -> None:
    define("x", filing)
    talk = Talk()
    talk.open("x")
    talk.say("5")
    talk.say("1")
    for _ in range(3):
        assert talk.say("برگشت") == ["q"]
        assert ("submit:submit_meter_reading", "1000000005") in talk.journal()
    assert talk.say("7") == ["bye"]
    assert len(talk.submitted()) == 1


def test_back_gives_no_new_tries_for_a_one_time_code() -> None:
    talk = Talk()
    assert talk.say(f"پرداخت {BILL}") == ["code-sent", "code"]
    assert talk.say("11111") == ["code-wrong", "code"]
    talk.say("برگشت")
    assert talk.say("22222") == ["code-wrong", "code"]
    talk.say("برگشت")
    assert talk.say("33333") == ["code-spent"]
    assert talk.state.challenge is None


def test_repeat_puts_the_question_again_without_any_step(talk: Talk) -> None:
    before = talk.journal()
    assert talk.say("تکرار") == ["q"]
    assert talk.journal() == before


def test_help_explains_and_puts_the_question_again(talk: Talk) -> None:
    assert talk.say("راهنما") == ["help", "example-number", "q"]
    assert Talk().say("راهنما") == ["help"]


def test_cancel_ends_the_flow_and_goes_back_to_the_interrupted_one(
    talk: Talk, define: Define
) -> None:
    talk.open("submit_meter_reading")
    assert talk.say("انصراف")[1:] == ["back-to", "q"]
    assert talk.say("انصراف") == ["cancelled"]
    assert talk.say("انصراف") == ["nothing-to-cancel"]


def test_operator_hands_over_and_the_flow_stays(talk: Talk) -> None:
    assert talk.say("کارشناس") == ["operator"]
    assert talk.effects == [HandOff("asked")]
    assert talk.say("3") == ["sum"]
    assert Talk().say("کارشناس") == ["operator"]


def test_language_is_changed_and_the_question_put_in_it(talk: Talk) -> None:
    assert talk.say("English") == ["language-set", "q"]
    assert talk.state.profile.language == "en"


def test_menu_interrupts_and_resume_goes_on(talk: Talk) -> None:
    assert talk.say("منو") == ["menu"]
    assert talk.say("ادامه") == ["q"]
    assert talk.say("3") == ["sum"]
    assert talk.say("ادامه") == ["nothing-to-resume", "menu"]


def test_a_sign_that_the_question_takes_is_an_answer(talk: Talk) -> None:
    assert talk.say("9") == ["sum"], "9 is a number before it is «repeat»"


def test_a_sign_that_the_question_refuses_is_a_command(define: Define) -> None:
    def yes_or_no() -> Flow[None]:
        yield Ask(message="sure", answer=YesNo())

    define("x", yes_or_no)
    talk = Talk()
    talk.open("x")
    assert talk.say("9") == ["sure"]
    assert talk.say("0") == ["cancelled"]


def test_every_flow_takes_every_command_at_its_first_question() -> None:
    for flow in FLOWS:
        for word in ("منو", "برگشت", "تکرار", "راهنما", "انصراف", "کارشناس", "ادامه"):
            talk = Talk()
            if flow == "resume_offer":
                talk.open("track_request")
                talk.open(flow, service="track_request")
            else:
                talk.open(flow)
            said = talk.say(word)
            assert said, (flow, word)
            assert "sorry" not in said, (flow, word)


# -- a stack of flows ----------------------------------------------------------------------------


def test_at_most_the_limit_of_interrupted_flows_is_kept_and_the_oldest_goes(
    define: Define,
) -> None:
    def one(name: str) -> None:
        def asks() -> Flow[None]:
            yield question(name)
            yield question(name + name)
            yield Say(message=f"end-{name}")

        define(name, asks)

    talk = Talk()
    names = [f"n{n}" for n in range(limits.STACK_DEPTH + 2)]
    for name in names:
        one(name)
    talk.say("منو")
    for name in names:
        talk.state.frames = [f for f in talk.state.frames if f.flow != "main_menu"]
        talk.open(name)
        talk.say("1")
        talk.say("منو")
    assert talk.flows == [*names[-limits.STACK_DEPTH :], "main_menu"]


def test_a_flow_that_is_opened_again_starts_anew_and_is_there_once() -> None:
    talk = Talk()
    talk.say(f"قرائت {BILL}")
    assert talk.say(f"قرائت {BILL}") == ["reading"]
    assert talk.flows == ["submit_meter_reading"]


def test_a_flow_nobody_answered_in_is_not_come_back_to() -> None:
    talk = Talk()
    talk.say("قرائت")
    talk.say("پیگیری")
    assert talk.flows == ["track_request"]


# -- wrong answers -------------------------------------------------------------------------------


def test_a_wrong_answer_is_explained_in_three_counted_levels(talk: Talk) -> None:
    wrong = "wrong-number-letters"
    assert talk.say("abc") == [wrong, "q"]
    assert talk.say("abc") == [wrong, "example-number", "q"]
    assert talk.say("abc") == [wrong, "offer-operator", "q"]
    assert talk.say("abc") == [wrong, "offer-operator", "q"]
    assert talk.say("3") == ["sum"]


def test_a_right_answer_starts_the_count_again(define: Define) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x")
    talk.say("abc")
    talk.say("abc")
    talk.say("1")
    assert talk.say("abc") == ["wrong-number-letters", "q"]


def test_every_command_message_exists_in_both_languages() -> None:
    for message in ("help", "cancelled", "operator", "sorry", "filed", "language-set"):
        for language in ("fa", "en"):
            assert MESSAGES.text(message, "sms", language, {"code": "1000000005"}) != message
