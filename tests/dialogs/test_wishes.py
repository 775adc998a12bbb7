"""What comes of a text by how sure its understanding is, whatever engine understood it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dialogs import entry
from dialogs.effects import Effect
from dialogs.entry import mentioned
from dialogs.nlu.port import Ranked, Understanding
from dialogs.services import SERVICES
from dialogs.steps import Understand
from tests.dialogs.talk import BILL, Talk

TEXT = "یک جملهٔ بلند که هیچ‌کدام از کلیدواژه‌ها در آن نیست"


class Talking(Talk):
    """Talk with an engine that takes every text for the same, as sure as it is told to be."""

    def __init__(self, **confidence: float) -> None:
        super().__init__()
        self.ranking = tuple(Ranked(intent, share) for intent, share in confidence.items())

    def _result(self, effect: Effect) -> Any:
        if isinstance(effect.step, Understand):
            return msgspec.to_builtins(Understanding(self.ranking))
        return super()._result(effect)


@pytest.mark.parametrize(
    ("confidence", "flow", "asked_back"),
    [
        ({"reconnect": 0.6}, "reconnect", []),
        ({"reconnect": 0.6, "meter_test": 0.1}, "reconnect", []),
        ({"reconnect": 0.6, "meter_test": 0.3}, "which_service", ["reconnect", "meter_test"]),
        ({"reconnect": 0.45}, "reconnect", []),
        ({"reconnect": 0.35, "meter_test": 0.02}, "which_service", ["reconnect", "meter_test"]),
        ({"greet": 0.6, "reconnect": 0.3}, "main_menu", []),
        ({"greet": 0.45, "reconnect": 0.4}, "reconnect", []),
        ({"deny": 0.7, "reconnect": 0.25}, "reconnect", []),
        ({"out_of_scope": 0.5, "reconnect": 0.1}, "which_service", ["reconnect"]),
        ({"out_of_scope": 0.9, "reconnect": 0.001}, "main_menu", []),
    ],
)
def test_a_first_text_is_followed_asked_back_or_met_by_what_can_be_done(
    confidence: dict[str, float], flow: str, asked_back: list[str]
) -> None:
    talk = Talking(**confidence)
    talk.say(TEXT)
    assert talk.flows == [flow]
    assert talk.top.args.get("services", []) == asked_back


def test_an_operator_is_offered_from_the_second_text_in_a_row_that_is_not_understood() -> None:
    talk = Talking(out_of_scope=0.9)
    assert "offer-operator" not in talk.say(TEXT)
    assert "offer-operator" in talk.say(TEXT)
    talk.say("۱")
    talk.say("منو")
    assert "offer-operator" not in talk.say(TEXT)


def test_a_refused_option_between_two_of_them_does_not_begin_the_count_anew() -> None:
    talk = Talking(out_of_scope=0.9)
    talk.say(TEXT)
    talk.say("۸")
    assert "offer-operator" in talk.say(TEXT)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("تست کنتور میخوام", "meter_test"),
        ("سلام، برق آزاد!", "free_rate_connection"),
        ("لطفا پیش پرداخت ثبت کنید", "prepayment"),
        ("کنتور", None),  # a part of other services' keywords
        ("برای خانه‌ام که تازه ساخته‌ام تست کنتور میخوام", None),  # too long
        ("تستِ کنتورها", None),  # no whole words
        ("", None),
    ],
)
def test_a_keyword_counts_inside_a_short_text_as_whole_words(
    text: str, service: str | None
) -> None:
    assert mentioned(text) == service


@pytest.mark.parametrize(
    ("confidence", "asked_back"),
    [
        ({"reconnect": 0.4}, None),
        ({"meter_test": 0.2, "reconnect": 0.15}, None),
        ({"reconnect": 0.7}, ["meter_test", "reconnect"]),
        ({"out_of_scope": 0.9}, ["meter_test"]),
        ({"cancel": 0.7}, ["meter_test"]),
    ],
)
def test_a_keyword_decides_where_the_engine_is_unsure_and_is_asked_back_where_it_differs(
    confidence: dict[str, float], asked_back: list[str] | None
) -> None:
    talk = Talking(**confidence)
    talk.say("تست کنتور میخوام")
    assert talk.flows == ["meter_test" if asked_back is None else "which_service"]
    assert talk.top.args.get("services") == asked_back


def test_a_keyword_does_not_count_against_an_engine_that_is_sure_of_another_service() -> None:
    talk = Talking(reconnect=0.9)
    talk.say("تست کنتور میخوام")
    assert talk.flows == ["reconnect"]


@pytest.mark.parametrize(
    ("confidence", "filed"),
    [
        ({"affirm": 0.9}, True),
        ({"affirm": 0.6, "deny": 0.3}, False),
        ({"affirm": 0.4}, False),
        ({"submit_meter_reading": 0.9, "affirm": 0.05}, False),
    ],
)
def test_nothing_is_filed_on_a_yes_that_may_be_something_else(
    confidence: dict[str, float], filed: bool
) -> None:
    talk = Talking(**confidence)
    talk.say(f"قرائت {BILL} 1100")
    talk.say("بله که گفتم دیگه")
    assert bool(talk.submitted()) is filed


def test_a_change_of_subject_needs_to_be_clear() -> None:
    for confidence, expected in ((0.79, ["submit_meter_reading"]), (0.81, ["meter_test"])):
        talk = Talking(meter_test=confidence)
        talk.say("قرائت")
        talk.say("این یکی نه، کنتور را امتحان کنید")
        assert talk.flows == expected


def test_what_was_interrupted_goes_on_unless_the_wish_brings_something_new() -> None:
    talk = Talking(submit_meter_reading=0.95)
    talk.say(f"قرائت {BILL}")
    first = talk.state.frames[0].uid
    talk.say("تست کنتور")
    assert "back-to" in talk.say("بریم سراغ قرائت قبلی")
    assert [frame.uid for frame in talk.state.frames] == [first]


def test_an_unclear_text_is_named_and_so_is_what_its_customer_came_to() -> None:
    talk = Talking(reconnect=0.3, meter_test=0.28, bill_review=0.2, thanks=0.1)
    talk.say(TEXT)
    unclear = talk.turn.unclear
    assert unclear is not None
    assert unclear.offered == "reconnect"
    assert [ranked.intent for ranked in unclear.ranking] == [
        "reconnect",
        "meter_test",
        "bill_review",
    ]
    talk.say("۲")
    assert talk.turn.chose == (unclear.key, "meter_test")
    talk.say("منو")
    talk.say("۱")
    assert talk.turn.chose == ("", "")


def test_a_text_that_is_understood_names_nothing() -> None:
    talk = Talking(reconnect=0.9)
    talk.say(TEXT)
    assert talk.turn.unclear is None


def test_a_synonym_that_an_operator_adds_works_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SERVICES["meter_test"]
    taught = {"fa": (*known.keywords["fa"], "سنجه"), "en": known.keywords["en"]}
    monkeypatch.setitem(SERVICES, "meter_test", msgspec.structs.replace(known, keywords=taught))
    entry._telling.cache_clear()
    try:
        talk = Talk()
        talk.say("سلام یه سنجه میخوام")
        assert "meter_test" in (talk.top.flow, *talk.top.args.get("services", ())[:1])
    finally:
        entry._telling.cache_clear()


def test_a_keyword_behind_a_greeting_opens_its_service() -> None:
    talk = Talk()
    talk.say("سلام تعمیر تابلو")
    assert talk.flows == ["repair_metering_equipment"]
