"""Numbers, amounts and days in words, as answers."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.answers import JalaliDate, Money, Number, RegisterReading, Wrong
from dialogs.calendar import from_jalali
from dialogs.values import Register

SATURDAY = from_jalali(1405, 8, 30)
METER = RegisterReading(Register(id="total", digits=6))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("چهل و پنج هزار و دویست و سی و یک", 45231),
        ("۱۲ هزار و ۳۰۰", 12300),
        ("دوازده‌هزار و سیصد", 12300),
        ("صد و بیست و سه هزار", 123000),
        ("شیش هزار و پونصد", 6500),
        ("chehel o panj hezar", 45000),
    ],
)
def test_a_reading_may_be_said_in_words(text: str, value: int) -> None:
    assert METER.parse(text, today=SATURDAY) == value


@pytest.mark.parametrize("text", ["چهل هزار سیب", "هزار میلیون", "و دویست", "دو سه", "بیست و", ""])
def test_words_that_are_no_number_are_named_so(text: str) -> None:
    with pytest.raises(Wrong) as raised:
        METER.parse(text, today=SATURDAY)
    assert raised.value.code == "letters"


def test_a_number_in_words_keeps_the_bounds() -> None:
    assert Number(1, 99).parse("بیست و پنج", today=SATURDAY) == 25
    with pytest.raises(Wrong, match="above"):
        Number(1, 99).parse("صد", today=SATURDAY)


@pytest.mark.parametrize(
    ("text", "rial"),
    [
        ("نیم میلیون تومان", 5_000_000),
        ("یک و نیم میلیون تومن", 15_000_000),
        ("دو میلیون و ۳۰۰ هزار تومان", 23_000_000),
        ("۷۵۰ تومن", 7_500_000),
        ("دو تومن و دویست", 22_000_000),
        ("پانصد هزار ریال", 500_000),
        ("هزار تومان", 10_000),
    ],
)
def test_an_amount_may_be_said_as_people_say_it(text: str, rial: int) -> None:
    assert Money().parse(text, today=SATURDAY) == rial


def test_thousands_without_a_unit_are_asked_again() -> None:
    with pytest.raises(Wrong, match="unit"):
        Money().parse("صد و بیست هزار", today=SATURDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("اول مهر", (1405, 7, 1)),
        ("۱۲ مهرماه", (1405, 7, 12)),
        ("بیست و هفت تیر", (1405, 4, 27)),
        ("سی‌ام آبان", (1405, 8, 30)),
        ("پانزدهم آذر ۱۴۰۴", (1404, 9, 15)),
        ("پنجشنبه", (1405, 9, 5)),
        ("سه‌شنبه هفته بعد", (1405, 9, 10)),
        ("سه‌شنبه بعد", (1405, 9, 3)),
        ("شنبه گذشته", (1405, 8, 23)),
        ("۳ روز دیگه", (1405, 9, 3)),
        ("دو روز پیش", (1405, 8, 28)),
        ("هفتم همین ماه", (1405, 8, 7)),
        ("پانزدهم ماه بعد", (1405, 9, 15)),
        ("آخر ماه", (1405, 8, 30)),
        ("پس‌فردا", (1405, 9, 2)),
        ("۰۵/۸/۳۰", (1405, 8, 30)),
        ("dirooz", (1405, 8, 29)),
    ],
)
def test_a_day_may_be_said_in_words(text: str, day: tuple[int, int, int]) -> None:
    assert JalaliDate().parse(text, today=SATURDAY) == from_jalali(*day)


def test_a_weekday_is_the_one_within_the_bounds() -> None:
    assert JalaliDate(days_back=30, latest=SATURDAY).parse(
        "پنجشنبه", today=SATURDAY
    ) == SATURDAY - dt.timedelta(2)


@pytest.mark.parametrize(
    "text", ["مهر", "هفته بعد", "دو ماه", "۳۱ آبانک", "تابستون", "سی و دوم آبان"]
)
def test_what_is_no_single_day_is_unclear(text: str) -> None:
    with pytest.raises(Wrong):
        JalaliDate().parse(text, today=SATURDAY)
