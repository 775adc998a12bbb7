"""The keypad table, and what every answer type makes of a keypad."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs import commands
from dialogs.answers import (
    Answer,
    BillId,
    Choice,
    Either,
    Mobile,
    Number,
    OneTimeCode,
    Option,
    RegisterReading,
    TrackingCode,
    Voice,
    YesNo,
)
from dialogs.values import Register
from ivr import keypad
from ivr.keypad import KEYS, RULES, Times, action, entry_for, times
from ivr.speech import Entry
from tests.answers.tables import RIGHT


def options(count: int) -> Choice:
    return Choice(tuple(Option(value=str(n), label="option-yes") for n in range(count)))


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        (BillId(), Entry("digits", 6, 13, "bill_id")),
        (TrackingCode(), Entry("digits", 10, 10, "tracking_code")),
        (RegisterReading(Register(id="peak", digits=5)), Entry("digits", 1, 5, "meter_reading")),
        (Number(max=120), Entry("digits", 1, 3, "number")),
        (Number(), Entry("digits", 1, 8, "number")),
        (YesNo(), Entry("menu", 1, 1, "yes_no")),
        (options(5), Entry("menu", 1, 1, "choice")),
        (options(8), Entry("menu", 1, 1, "choice")),
        (options(9), Entry("menu", 1, 2, "choice")),
        (options(14), Entry("menu", 1, 2, "choice")),
        (Either(options(1), OneTimeCode()), Entry("digits", 1, 5, "one_time_code")),
        (Either(options(1), Mobile()), Entry("digits", 1, 14, "mobile")),
        (Voice(), Entry("recording", 1, 60, "voice")),
    ],
)
def test_an_answer_type_says_how_it_is_keyed_in(answer: Answer[Any], entry: Entry) -> None:
    assert entry_for(answer) == entry


@pytest.mark.parametrize(
    ("answer", "text"),
    [(a, t) for a, t, _ in RIGHT if a.keys and t.isascii() and t.isdigit() and len(t) < 26],
)
def test_every_right_answer_that_is_digits_can_be_keyed_in(answer: Answer[Any], text: str) -> None:
    entry = entry_for(answer)
    assert entry.minimum <= len(text) <= entry.maximum


def test_every_key_has_exactly_one_rule_in_every_kind_of_entry() -> None:
    for kind in {rule.entry for rule in RULES}:
        keys = "".join(rule.keys for rule in RULES if rule.entry == kind)
        assert sorted(keys) == sorted(KEYS), kind


@pytest.mark.parametrize("name", ["back", "operator", "repeat"])
def test_the_keys_of_commands_are_the_signs_of_the_channel_neutral_table(name: str) -> None:
    keys = {key for rule in RULES for key in rule.keys if name in (rule.first, rule.later)}
    assert [commands.by_sign(key, "call") for key in keys] == [name]
    signs = {sign for command in commands.COMMANDS for sign in command.signs.get("call", ())}
    assert keys <= signs


def test_every_sign_for_a_call_is_a_key_of_a_menu() -> None:
    for command in commands.COMMANDS:
        for sign in command.signs.get("call", ()):
            assert action(Entry("menu"), sign, "") == command.name


@pytest.mark.parametrize("key", ["0", "9"])
def test_in_digits_a_command_key_is_a_digit(key: str) -> None:
    assert action(Entry("digits", 5, 5), key, "") == "digit"


def test_nine_is_an_option_where_there_are_so_many() -> None:
    assert action(entry_for(options(9)), "9", "") == "digit"
    assert action(entry_for(options(8)), "9", "") == "repeat"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry("menu"), Times(5, 3, 30)),
        (Entry("digits", 1, 6, "meter_reading"), Times(5, 3, 30)),
        (Entry("digits", 6, 13, "bill_id"), Times(7, 4, 60)),
        (Entry("digits", 10, 10, "tracking_code"), Times(10, 4, 60)),
        (Entry("digits", 5, 5, "one_time_code"), Times(20, 3, 30)),
    ],
)
def test_the_times(entry: Entry, expected: Times) -> None:
    assert times(entry) == expected


def test_the_longest_recording_is_a_minute() -> None:
    assert keypad.RECORDING_SECONDS == 60
