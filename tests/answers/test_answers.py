"""Every answer type against its table, and against hostile input."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.answers import (
    ANSWERS,
    Answer,
    Choice,
    JalaliDate,
    Money,
    Number,
    Option,
    RegisterReading,
    SpecError,
    Text,
    Wrong,
    YesNo,
    from_spec,
    option_numbers,
)
from dialogs.values import Register
from tests.answers.tables import MENU, METER, RIGHT, TODAY, WRONG

EACH_TYPE = list({answer.type: answer for answer, *_ in WRONG}.values())


def label(value: object) -> str:
    return value.type if isinstance(value, Answer) else ascii(value)[:40]


@pytest.mark.parametrize(("answer", "text", "value"), RIGHT, ids=label)
def test_a_right_answer_is_taken_and_comes_back_from_the_journal(
    answer: Answer[Any], text: str, value: Any
) -> None:
    parsed = answer.parse(text, today=TODAY)
    assert parsed == value
    assert type(parsed) is type(value)
    journal = json.loads(json.dumps(answer.dump(parsed)))
    assert answer.load(journal) == value


@pytest.mark.parametrize(("answer", "text", "code"), WRONG, ids=label)
def test_a_wrong_answer_is_named(answer: Answer[Any], text: str, code: str) -> None:
    with pytest.raises(Wrong) as raised:
        answer.parse(text, today=TODAY)
    assert raised.value.code == code


def test_every_type_and_every_code_has_a_row_in_the_tables() -> None:
    assert {answer.type for answer, *_ in RIGHT} == set(ANSWERS)
    shown = {(answer.type, code) for answer, _, code in WRONG}
    declared = {(name, code) for name, answer in ANSWERS.items() for code in answer.codes}
    assert shown == declared


def outcome(answer: Answer[Any], text: str) -> tuple[Wrong | None, Any]:
    try:
        return None, answer.parse(text, today=TODAY)
    except Wrong as wrong:
        return wrong, None


NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789۰۱۲۳۴۵۶۷۸۹٠٩１２²①१.,،٬'_/-+ ()#*\u200c\u200e\u200f\u202e\n"),
        st.sampled_from("هزار میلیون تومان ریال آبان بله خیر امروز شنبه"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize("answer", EACH_TYPE, ids=label)
@given(text=NASTY)
@settings(max_examples=150)
def test_whatever_comes_in_the_answer_is_a_value_or_a_declared_code(
    answer: Answer[Any], text: str
) -> None:
    wrong, value = outcome(answer, text)
    if wrong:
        assert str(wrong) == wrong.code
        assert wrong.code in answer.codes
    else:
        assert answer.load(answer.dump(value)) == value


@pytest.mark.parametrize("answer", EACH_TYPE, ids=label)
@pytest.mark.parametrize(
    "text",
    [
        "1" * 1000,
        "1," * 500,
        "1 " * 500,
        "۱٬" * 500,
        ".1" * 500,
        "ا" * 1000,
        "😀" * 1000,
        "\ud800",
        "1!" * 500,
    ],
)
def test_a_thousand_characters_are_answered_too(answer: Answer[Any], text: str) -> None:
    wrong, _ = outcome(answer, text)
    assert wrong
    assert wrong.code in answer.codes


@pytest.mark.parametrize(
    ("text", "utility"),
    [
        ("1117809000142", None),
        ("2050327604613", "water"),
        ("1117753200140", "landline"),
        ("10000000037", None),
    ],
)
def test_the_bill_of_another_utility_is_called_by_its_name(text: str, utility: str | None) -> None:
    with pytest.raises(Wrong) as raised:
        ANSWERS["bill_id"]().parse(text, today=TODAY)
    assert raised.value.args_.get("utility") == utility


def test_menus_never_use_the_operators_codes_11_and_12() -> None:
    assert option_numbers(0) == []
    assert option_numbers(10) == list(range(1, 11))
    assert option_numbers(12) == [*range(1, 11), 13, 14]


def test_a_channel_can_list_the_options_of_a_choice_and_of_yes_and_no() -> None:
    assert [option.label for option in MENU.options[:2]] == ["menu-reading", "menu-debt"]
    assert [option.label for option in YesNo("option-send").options] == ["option-send", "option-no"]


@pytest.mark.parametrize(
    "options",
    [
        (),
        (Option("a", "x"), Option("a", "y")),
        (Option("a", "x", keywords=("قبض برقي",)), Option("b", "y", keywords=("قبض‌برقی",))),
    ],
)
def test_doubtful_options_are_refused_when_they_are_declared(options: tuple[Option, ...]) -> None:
    with pytest.raises(ValueError):
        Choice(options)


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        (Number(1, 9), 10),
        (Number(1, 9), "5"),
        (Money(10), 9),
        (METER, 100_000),
        (METER, -1),
        (MENU, "gone"),
        (YesNo(), "yes"),
        (Text(2, 5), "x"),
        (JalaliDate(latest=TODAY), "2026-11-22"),
        (JalaliDate(), "1405/8/30"),
    ],
)
def test_a_kept_value_that_no_longer_fits_is_refused(answer: Answer[Any], raw: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        answer.load(raw)


@pytest.mark.parametrize(
    ("spec", "answer"),
    [
        ({"type": "number", "min": 1, "max": 99}, Number(1, 99)),
        ({"type": "text", "max": 200}, Text(max=200)),
        (
            {"type": "jalali_date", "days_back": 60, "days_ahead": 0},
            JalaliDate(days_back=60, days_ahead=0),
        ),
        ({"type": "jalali_date", "latest": dt.date(2026, 11, 21)}, JalaliDate(latest=TODAY)),
        (
            {"type": "meter_reading", "register": {"id": "peak", "digits": 5}},
            RegisterReading(Register(id="peak", digits=5)),
        ),
        (
            {"type": "choice", "options": [{"value": "a", "label": "m-a", "keywords": ["الف"]}]},
            Choice((Option("a", "m-a", keywords=("الف",)),)),
        ),
    ],
)
def test_a_catalogue_field_becomes_an_answer_type(
    spec: dict[str, Any], answer: Answer[Any]
) -> None:
    assert from_spec(spec) == answer


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"choice"}))
def test_every_type_but_a_choice_works_without_parameters(name: str) -> None:
    assert from_spec({"type": name}).type == name


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({}, "unknown answer type None"),
        ({"type": "colour"}, "unknown answer type 'colour'"),
        ({"type": ["number"]}, "unknown answer type"),
        ({"type": "number", "maximum": 3}, "number: unknown parameter maximum; it takes max, min"),
        ({"type": "bill_id", "min": 1}, "bill_id: unknown parameter min; it takes none"),
        ({"type": "number", "min": "1"}, "number: .*int"),
        ({"type": "number", "min": 5, "max": 1}, "min is above max"),
        ({"type": "text", "min": 0}, "min is 1 or more"),
        ({"type": "choice"}, "choice: .*options"),
        ({"type": "choice", "options": []}, "a choice needs options"),
        ({"type": "choice", "options": [{"value": "a", "text": "b"}]}, "choice: .*"),
        (
            {"type": "jalali_date", "earliest": "2026-01-02", "latest": "2026-01-01"},
            "earliest is after latest",
        ),
    ],
)
def test_a_field_that_describes_no_answer_type_says_why(spec: dict[str, Any], says: str) -> None:
    with pytest.raises(SpecError, match=says):
        from_spec(spec)
