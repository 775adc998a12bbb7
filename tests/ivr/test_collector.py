"""The keypad rules at work, with the time in the test's hands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.collector import Collected, Collector
from ivr.keypad import KEYS, TYPE_AHEAD
from ivr.speech import Entry

MENU = Entry("menu")
LONG_MENU = Entry("menu", 1, 2)
BILL = Entry("digits", 6, 13, "bill_id")
READING = Entry("digits", 1, 5, "meter_reading")
CODE = Entry("digits", 5, 5, "one_time_code")
SILENCE = Collected("silence")


def keys(text: str) -> Collected:
    return Collected("keys", text)


def command(name: str) -> Collected:
    return Collected("command", name)


class Phone:
    """A collector, the time, and what came out."""

    def __init__(self, entry: Entry | None = None) -> None:
        self.collector = Collector()
        self.now = 100.0
        self.out: list[Collected] = []
        if entry is not None:
            self.ask(entry)

    def ask(self, entry: Entry, *, heard: bool = True) -> None:
        self._note(self.collector.ask(entry, self.now))
        if heard:
            self.collector.heard(self.now)

    def press(self, text: str, gap: float = 0.2) -> Phone:
        for key in text:
            self.wait(gap)
            self._note(self.collector.press(key, self.now))
        return self

    def wait(self, seconds: float) -> Phone:
        end = self.now + seconds
        deadline = self.collector.deadline
        if deadline is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self._note(self.collector.time_out(self.now))
        self.now = end
        return self

    def _note(self, collected: Collected | None) -> None:
        if collected is not None:
            self.out.append(collected)


# -- the seven known failures ----------------------------------------------------------------------


def test_a_digit_during_the_prompt_and_then_silence() -> None:
    phone = Phone()
    phone.ask(BILL, heard=False)
    phone.press("9")
    phone.collector.heard(phone.now)  # a report of the prompt's end that comes late
    phone.wait(3.9)
    assert phone.out == []
    phone.wait(0.2)
    assert phone.out == [keys("9")]


def test_the_total_timer_does_not_cut_off_someone_still_typing() -> None:
    phone = Phone(BILL).press("123456789012", gap=3.9).press("*", gap=3.9).press("1", gap=6)
    assert phone.now - 100 > 55
    assert phone.out == []
    phone.press("123456789012", gap=3.9)
    assert phone.now - 100 > 100
    assert phone.out == [keys("1123456789012")]


def test_a_terminator_alone_is_no_input() -> None:
    assert Phone(BILL).press("#").out == [SILENCE]


def test_more_digits_than_the_maximum_go_to_the_next_question() -> None:
    phone = Phone(CODE).press("1234567")
    assert phone.out == [keys("12345")]
    phone.ask(READING)
    assert phone.collector.typed == "67"


def test_a_key_between_two_prompts_is_kept() -> None:
    phone = Phone(MENU).press("1").press("2")
    assert phone.out == [keys("1")]
    phone.ask(MENU)
    assert phone.out == [keys("1"), keys("2")]


@pytest.mark.parametrize(
    ("entry", "expected"), [(MENU, keys("#")), (LONG_MENU, keys("#")), (READING, SILENCE)]
)
def test_a_hash_as_the_first_key(entry: Entry, expected: Collected) -> None:
    assert Phone(entry).press("#").out == [expected]


def test_keys_after_hang_up_ask_for_nothing() -> None:
    phone = Phone(BILL).press("12")
    phone.collector.close()
    phone.press("3456").wait(100)
    assert phone.out == []
    assert phone.collector.deadline is None


# -- the ends of an entry --------------------------------------------------------------------------


def test_a_full_length_entry_needs_no_terminator_and_swallows_one() -> None:
    phone = Phone(CODE).press("12345").press("#")
    phone.ask(MENU)
    assert phone.out == [keys("12345")]
    phone.press("#")
    assert phone.out == [keys("12345"), keys("#")]


def test_a_late_terminator_is_a_key_of_the_next_question() -> None:
    phone = Phone(CODE).press("12345")
    phone.ask(MENU)
    phone.press("#", gap=3.1)
    assert phone.out == [keys("12345"), keys("#")]


def test_a_terminator_behind_typed_ahead_digits_is_swallowed_however_long_the_turn_takes() -> None:
    phone = Phone().press("1#12345#2").wait(60)
    for entry in (MENU, CODE, MENU):
        phone.ask(entry)
    assert phone.out == [keys("1"), keys("12345"), keys("2")]


def test_fewer_digits_than_the_minimum_are_given_as_they_are() -> None:
    assert Phone(BILL).press("12#").out == [keys("12")]
    assert Phone(BILL).press("12").wait(4.1).out == [keys("12")]


def test_a_terminator_that_comes_just_after_the_time_out_is_swallowed() -> None:
    phone = Phone(READING).press("123").wait(3.5)
    phone.ask(MENU)
    phone.press("#")
    assert phone.out == [keys("123")]


def test_star_clears_and_goes_back_only_with_nothing_typed() -> None:
    phone = Phone(BILL).press("123*")
    assert (phone.out, phone.collector.typed) == ([], "")
    assert phone.press("*").out == [command("back")]


def test_clearing_starts_the_wait_for_the_first_digit_again() -> None:
    phone = Phone(BILL).press("1*").wait(6.9)
    assert phone.out == []
    assert phone.wait(0.2).out == [SILENCE]


def test_noise_that_is_cleared_again_and_again_ends_with_the_total() -> None:
    phone = Phone(BILL)
    while not phone.out:
        phone.press("1", gap=6.5)
        phone.press("*", gap=0.1)
    assert phone.out == [SILENCE]
    assert 60 < phone.now - 100 < 70


def test_the_first_digit_times_out_only_after_the_prompt() -> None:
    phone = Phone()
    phone.ask(MENU, heard=False)
    phone.wait(1_000)
    assert phone.out == []
    phone.collector.heard(phone.now)
    assert phone.wait(4.9).out == []
    assert phone.wait(0.2).out == [SILENCE]


@pytest.mark.parametrize(
    ("entry", "seconds"), [(MENU, 5), (READING, 5), (BILL, 7), (CODE, 20), (LONG_MENU, 5)]
)
def test_silence_everywhere_is_silence(entry: Entry, seconds: float) -> None:
    phone = Phone(entry).wait(seconds - 0.1)
    assert phone.out == []
    assert phone.wait(0.2).out == [SILENCE]


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("1", keys("1")),
        ("0", command("operator")),
        ("9", command("repeat")),
        ("*", command("back")),
    ],
)
def test_a_menu_takes_one_key(pressed: str, expected: Collected) -> None:
    assert Phone(MENU).press(pressed).out == [expected]


def test_a_long_menu_waits_for_the_second_digit() -> None:
    assert Phone(LONG_MENU).press("13").out == [keys("13")]
    assert Phone(LONG_MENU).press("10").out == [keys("10")]
    assert Phone(LONG_MENU).press("9").wait(3.1).out == [keys("9")]
    assert Phone(LONG_MENU).press("1#").out == [keys("1")]
    assert Phone(LONG_MENU).press("0").out == [command("operator")]


@pytest.mark.parametrize("noise", ["A", "D", "", "12", "۱", " ", "\n"])
def test_what_is_no_key_of_a_phone_does_nothing(noise: str) -> None:
    phone = Phone(BILL).press("1")
    before = phone.collector.deadline
    assert phone.collector.press(noise, phone.now + 1) is None
    assert (phone.collector.typed, phone.collector.deadline) == ("1", before)


# -- type-ahead ------------------------------------------------------------------------------------


def test_type_ahead_has_an_end() -> None:
    phone = Phone().press("1" * (TYPE_AHEAD + 5))
    assert phone.collector.ahead == TYPE_AHEAD


def test_type_ahead_can_be_forgotten() -> None:
    phone = Phone().press("123")
    phone.collector.forget()
    phone.ask(READING)
    assert (phone.out, phone.collector.typed) == ([], "")


def test_old_type_ahead_leaves_the_whole_time_for_the_next_digit() -> None:
    phone = Phone().press("1").wait(50)
    phone.ask(READING)
    assert phone.wait(2.9).out == []
    assert phone.wait(0.2).out == [keys("1")]


@given(
    entry=st.sampled_from([MENU, LONG_MENU, BILL, READING, CODE]),
    pressed=st.lists(st.tuples(st.sampled_from(KEYS + "AX"), st.floats(0, 30)), max_size=60),
)
def test_whatever_is_pressed_the_rules_hold(entry: Entry, pressed: list[tuple[str, float]]) -> None:
    phone = Phone(entry)
    for key, gap in pressed:
        before = len(phone.out)
        phone.press(key, gap=gap)
        for collected in phone.out[before:]:
            if collected.kind == "keys":
                assert collected.text == "#" or collected.text.isdigit()
                assert 1 <= len(collected.text) <= entry.maximum
            else:
                assert collected.text in ("", "back", "operator", "repeat")
        if not phone.collector.is_open:
            phone.ask(entry)
        assert phone.collector.ahead <= TYPE_AHEAD
        if phone.collector.is_open:
            assert phone.collector.deadline is not None
            assert phone.collector.deadline - phone.now < 20.1
