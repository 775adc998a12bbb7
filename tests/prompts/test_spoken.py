"""How values are spoken. Rules: facts.md section 5."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.calendar import from_jalali
from ivr import spoken
from ivr.inventory import inventory

TODAY = from_jalali(1405, 9, 1)

NUMBERS = [
    (0, "صفر", "zero"),
    (9, "نه", "nine"),
    (18, "هجده", "eighteen"),
    (20, "بیست", "twenty"),
    (21, "بیست و یک", "twenty one"),
    (100, "صد", "one hundred"),
    (105, "صد و پنج", "one hundred five"),
    (416, "چهارصد و شانزده", "four hundred sixteen"),
    (699, "ششصد و نود و نه", "six hundred ninety nine"),
    (1000, "هزار", "one thousand"),
    (1001, "هزار و یک", "one thousand one"),
    (2000, "دو هزار", "two thousand"),
    (
        1_234_000,
        "یک میلیون و دویست و سی و چهار هزار",
        "one million two hundred thirty four thousand",
    ),
    (1_001_000, "یک میلیون و هزار", "one million one thousand"),
    (3_000_000_007, "سه میلیارد و هفت", "three billion seven"),
    (-5, "منفی پنج", "minus five"),
]


@pytest.mark.parametrize(("value", "persian", "english"), NUMBERS)
def test_a_number_is_spoken_in_words(value: int, persian: str, english: str) -> None:
    assert spoken.words(spoken.number(value, "fa"), "fa") == persian
    assert spoken.words(spoken.number(value, "en"), "en") == english


def understood(words: str) -> int:
    """The number that a listener understands."""
    prefix = "fa/number/"
    names = {k.removeprefix(prefix): w for k, w in inventory("fa").items() if k.startswith(prefix)}
    texts = {word.text: name for name, word in names.items()}
    total = group = 0
    for word in words.split():
        if word == "و":
            continue
        name = texts[word]
        scale = {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(name)
        if scale is None:
            group += int(name)
        else:
            total, group = total + (group or 1) * scale, 0
    return total + group


@given(st.integers(0, spoken.GREATEST))
def test_a_listener_understands_the_number_that_was_meant(value: int) -> None:
    keys = spoken.number(value, "fa")
    assert understood(spoken.words(keys, "fa")) == value
    assert not keys[-1].endswith("-and")


@given(st.integers(-spoken.GREATEST, spoken.GREATEST), st.sampled_from(["fa", "en"]))
def test_every_number_is_made_of_clips_that_exist(value: int, language: str) -> None:
    assert set(spoken.number(value, language)) <= inventory(language).keys()


def test_a_number_uses_the_clip_with_its_and() -> None:
    assert spoken.number(1025, "fa") == [
        "fa/number/thousand-and",
        "fa/number/20-and",
        "fa/number/5",
    ]


IDS = [
    ("9985235404124", "نه نه هشت پنج، دو سه پنج چهار، صفر چهار یک دو چهار"),
    ("123456789012", "یک دو سه چهار، پنج شش هفت هشت، نه صفر یک دو"),
    ("10000123455", "یک صفر صفر صفر، صفر یک دو، سه چهار پنج پنج"),
    ("7705602008", "هفت هفت صفر، پنج شش صفر، دو صفر صفر هشت"),
    ("123456789", "یک دو سه، چهار پنج شش، هفت هشت نه"),
    ("1234567", "یک دو سه، چهار پنج شش هفت"),
    ("12345", "یک دو، سه چهار پنج"),
    ("1521", "یک پنج دو یک"),
    ("7", "هفت"),
]


@pytest.mark.parametrize(("identifier", "words"), IDS)
def test_an_id_is_spoken_in_groups_of_digits(identifier: str, words: str) -> None:
    assert spoken.words(spoken.identifier(identifier, "fa"), "fa") == words


def test_the_last_digit_of_an_id_falls_and_its_groups_are_apart() -> None:
    assert spoken.identifier("12345", "en") == [
        *("en/digit/1", "en/digit/2", "pause/250", "en/digit/3", "en/digit/4", "en/digit/5-end"),
    ]


def test_bills_of_one_company_are_told_apart_by_their_middle_digits() -> None:
    assert spoken.words(spoken.middle("9985235404124", "fa"), "fa") == "دو سه پنج چهار"


MONEY = [
    (1_234_000, "صد و بیست و سه هزار و چهارصد تومان", "toman"),
    (10, "یک تومان", "toman"),
    (0, "صفر تومان", "toman"),
    (1_235, "هزار و دویست و سی و پنج ریال", "rial"),
    (-50_000, "منفی پنج هزار تومان", "toman"),
]


@pytest.mark.parametrize(("amount", "words", "unit"), MONEY)
def test_an_amount_is_spoken_with_its_unit(amount: int, words: str, unit: str) -> None:
    assert spoken.words(spoken.rial(amount, "fa"), "fa") == words
    assert spoken.words(spoken.rial(amount, "en"), "en").endswith(unit)


DATES = [
    ((1405, 8, 30), "سی‌ام آبان", "the thirtieth of Aban"),
    ((1405, 1, 1), "یکم فروردین", "the first of Farvardin"),
    ((1405, 6, 31), "سی و یکم شهریور", "the thirty-first of Shahrivar"),
    (
        (1403, 12, 30),
        "سی‌ام اسفند سال هزار و چهارصد و سه",
        "the thirtieth of Esfand in the year one thousand four hundred three",
    ),
]


@pytest.mark.parametrize(("jalali", "persian", "english"), DATES)
def test_a_date_has_its_year_only_when_that_is_another(
    jalali: tuple[int, int, int], persian: str, english: str
) -> None:
    day = from_jalali(*jalali)
    assert spoken.words(spoken.date(day, "fa", TODAY), "fa") == persian
    assert spoken.words(spoken.date(day, "en", TODAY), "en") == english


def test_an_instant_is_its_date_in_tehran() -> None:
    late = dt.datetime(2026, 11, 21, 21, 0, tzinfo=dt.UTC)
    assert spoken.words(spoken.date(late, "fa", TODAY), "fa") == "یکم آذر"


TIMES = [
    ("07:30", "ساعت هفت و سی دقیقه", "seven thirty"),
    ("7:05", "ساعت هفت و پنج دقیقه", "seven oh five"),
    ("12:00", "ساعت دوازده", "twelve o'clock"),
    ("23:45", "ساعت بیست و سه و چهل و پنج دقیقه", "twenty three forty five"),
]


@pytest.mark.parametrize(("time", "persian", "english"), TIMES)
def test_a_time_is_spoken(time: str, persian: str, english: str) -> None:
    assert spoken.words(spoken.time(time, "fa"), "fa") == persian
    assert spoken.words(spoken.time(time, "en"), "en") == english


def test_an_option_is_spoken_with_its_key() -> None:
    assert spoken.option(3, "fa") == ["fa/option-number/3"]
    assert spoken.words(spoken.option(3, "fa"), "fa") == "عدد سه"
    assert spoken.words(spoken.option(13, "fa"), "fa") == "عدد سیزده"
    assert spoken.words(spoken.option(2, "en"), "en") == "press two"


UNSPEAKABLE: list[tuple[str, Any]] = [
    ("NUMBER", None),
    ("NUMBER", 10**12),
    ("NUMBER", 1.5),
    ("RIAL", "12"),
    ("ID", "12a"),
    ("ID", ""),
    ("ID", None),
    ("MIDDLE", None),
    ("DATE", "2026-11-22"),
    ("TIME", "24:00"),
    ("TIME", "half past"),
    ("SERVICE", "nowhere"),
    ("STAGE", "track_request:99"),
    ("RECORDING", "../secret"),
]


@pytest.mark.parametrize(("function", "value"), UNSPEAKABLE)
def test_what_cannot_be_spoken_is_refused(function: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        spoken.functions("fa", TODAY)[function](value)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_the_functions_say_is_in_the_inventory(language: str) -> None:
    says = spoken.functions(language, TODAY)
    keys = [key for digit in "0123456789" for key in says["ID"](digit * 3)]
    keys += [key for h in range(24) for m in range(60) for key in says["TIME"](f"{h}:{m:02}")]
    days = (dt.date(2024, 3, 20) + dt.timedelta(days) for days in range(1500))
    keys += [key for day in days for key in says["DATE"](day)]
    keys += [key for n in (*range(1, 11), 13, 20) for key in spoken.option(n, language)]
    keys += says["KWH"](1200) + says["RIAL"](15)
    assert {key for key in keys if not key.startswith("pause/")} <= inventory(language).keys()
