"""First messages: keywords, one-shot messages, bare ids, the star code."""

from __future__ import annotations

import pytest

from dialogs import limits
from dialogs.answers.reading_digits import whole_number
from dialogs.entry import Opening, by_id, opening
from dialogs.services import SERVICES
from dialogs.steps import Flow, Say
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import filing, question, three
from tests.dialogs.talk import BILL, Talk

CODE = "1000000005"


@pytest.mark.parametrize(
    ("word", "flow"), [(w, s.key) for s in SERVICES.values() for w in s.words()]
)
def test_every_keyword_opens_its_service(word: str, flow: str) -> None:
    assert opening(word) == Opening(flow)
    assert opening(f" {word.upper()} .") == Opening(flow)


def test_a_one_shot_message_carries_its_answers() -> None:
    assert opening("قرائت ۹۹۸۵۲۳۵۴۰۴۱۲۴ ۴۵۲۳۱") == Opening(
        "submit_meter_reading", ("9985235404124", "45231")
    )


@pytest.mark.parametrize(
    "text",
    [
        "قرائت ۹۹۸۵۲۳۵۴۰۴۱۲۴ 45231",
        "قرائت\n۹۹۸۵۲۳۵۴۰۴۱۲۴\n45231",
        "قرائت - 9985235404124 - 45231",
        "قرائت: «9985235404124» (45231).",
        "قرائت 9985235404124، 45231",
    ],
)
def test_ids_and_figures_may_stand_in_brackets_and_apart_in_any_way(text: str) -> None:
    assert opening(text) == Opening("submit_meter_reading", ("9985235404124", "45231"))


@pytest.mark.parametrize("figure", ["۸۲٬۱۱۰", "82,110", "۸۲،۱۱۰", "82'110", "82_110"])
def test_a_figure_may_be_grouped_as_we_print_it(figure: str) -> None:
    wish = opening(f"قرائت {BILL} {figure}")
    assert wish is not None
    assert wish.ahead[0] == BILL
    assert whole_number(wish.ahead[1]) == 82110


@pytest.mark.parametrize("words", ["کد پیگیری", "پیگیری کد", "کد پیگیری:"])
def test_a_tracking_code_may_come_with_its_name(words: str) -> None:
    assert opening(f"{words} {CODE}") == Opening("track_request", (CODE,))


@pytest.mark.parametrize(
    "text",
    ["قرائت من چی شد", "سلام قرائت", "قرائت 123 لطفا", "123", "", "   ", "#", "*2*123456#", "؟"],
)
def test_a_keyword_in_a_sentence_and_anything_else_is_no_wish(text: str) -> None:
    assert opening(text) is None


def test_the_star_code_ties_the_phone_to_the_bill() -> None:
    for text in (f"*1*{BILL}#", f"*۱*{BILL}#", f" * 1 * {BILL} "):
        assert opening(text) == Opening("link_subscription", (BILL,))


def test_no_message_carries_more_answers_than_the_limit() -> None:
    wish = opening("قرائت " + "1 " * 400)
    assert wish is not None
    assert len(wish.ahead) == limits.TYPE_AHEAD


def test_a_bare_id_is_understood_by_its_check_digits() -> None:
    assert by_id(CODE) == Opening("track_request", (CODE,))
    assert by_id(BILL) == Opening("main_menu", (BILL,))
    assert by_id("1000000006") is None
    assert by_id("abc") is None


@pytest.mark.parametrize("said_before", [[], ["سلام"]])
def test_a_bare_bill_id_waits_for_the_service_to_be_chosen(said_before: list[str]) -> None:
    talk = Talk()
    for text in said_before:
        talk.say(text)
    assert talk.say(BILL) == ["menu"]
    number = list(SERVICES).index("submit_meter_reading") + 1
    assert talk.say(str(number)) == ["reading"], "the bill is known already"


# -- type-ahead ----------------------------------------------------------------------------------


def test_answers_typed_ahead_are_taken_by_the_questions_that_follow(define: Define) -> None:
    define("x", three)
    talk = Talk()
    assert talk.open("x", ahead=("1", "2", "3")) == ["sum"]
    assert talk.prompts[0].args == {"total": 6}


def test_a_wrong_answer_ahead_is_refused_and_the_rest_forgotten(define: Define) -> None:
    define("x", three)
    talk = Talk()
    assert talk.open("x", ahead=("1", "abc", "3")) == ["wrong-number-letters", "q"]
    assert talk.top.ahead == []
    assert talk.journal() == [("q.a", 1)]


def test_a_confirmation_is_never_answered_ahead(define: Define) -> None:
    define("x", filing)
    talk = Talk()
    assert talk.open("x", ahead=("5", "1", "1")) == ["sure"]
    assert talk.top.ahead == []
    assert talk.submitted() == []


def test_a_question_may_leave_what_was_typed_ahead_to_those_behind_it(define: Define) -> None:
    def leaves() -> Flow[None]:
        a = yield question("a", ahead="leave")
        b = yield question("b")
        yield Say(message="both", args={"ab": (a, b)})

    define("x", leaves)
    talk = Talk()
    assert talk.open("x", ahead=("7",)) == ["q"]
    assert talk.say("1") == ["both"]
    assert talk.prompts[0].args == {"ab": (1, 7)}


def test_back_forgets_what_was_typed_ahead(define: Define) -> None:
    define("x", three)
    talk = Talk()
    talk.open("x", ahead=("1",))
    talk.top.ahead.append("3")
    assert talk.say("برگشت") == ["q"]
    assert talk.top.ahead == []
