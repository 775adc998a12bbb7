"""How amounts, numbers and dates are written, and the Jalali calendar (facts.md section 5)."""

from __future__ import annotations

import datetime as dt

import pytest
from fluent_compiler.bundle import FluentBundle
from hypothesis import given
from hypothesis import strategies as st

from dialogs import formats
from dialogs.calendar import from_jalali, tehran_today, to_jalali
from dialogs.formats import FUNCTIONS, WORST, Lang

DAY = dt.date(2017, 1, 10)  # سه‌شنبه ۲۱ دی ۱۳۹۵


@pytest.mark.parametrize(
    ("amount", "fa", "en"),
    [
        (1_234_000, "۱٬۲۳۴٬۰۰۰ ریال (۱۲۳٬۴۰۰ تومان)", "1,234,000 rial (123,400 toman)"),
        (0, "۰ ریال (۰ تومان)", "0 rial (0 toman)"),
        (1_005, "۱٬۰۰۵ ریال", "1,005 rial"),
        (-5_000, "\u200e−۵٬۰۰۰ ریال (\u200e−۵۰۰ تومان)", "-5,000 rial (-500 toman)"),
    ],
)
def test_money_is_written_in_rial_with_its_toman(amount: int, fa: str, en: str) -> None:
    assert formats.money(amount, "fa") == fa
    assert formats.money(amount, "en") == en


def test_numbers_and_energy_are_grouped_by_thousands() -> None:
    assert formats.number(999) == "۹۹۹"
    assert formats.number(12_345) == "۱۲٬۳۴۵"
    assert formats.number(-12_345, "en") == "-12,345"
    assert formats.rial(10_000) == "۱۰٬۰۰۰ ریال"
    assert formats.kwh(1_234) == "۱٬۲۳۴ کیلووات‌ساعت"
    assert formats.kwh(1_234, "en") == "1,234 kWh"


def test_what_is_no_whole_number_is_not_written_as_one() -> None:
    with pytest.raises(TypeError):
        formats.number("12")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        formats.number(1.5)  # type: ignore[arg-type]


def test_ids_have_ascii_digits_in_every_language() -> None:
    assert formats.digits("۹۹۸۵۲۳۵۴۰۴۱۲۴") == "9985235404124"
    assert FUNCTIONS["fa"]["ID"]("9985235404124") == FUNCTIONS["en"]["ID"]("9985235404124")


def test_dates_are_jalali_in_every_language() -> None:
    assert formats.date(DAY) == "۱۳۹۵/۱۰/۲۱"
    assert formats.date(DAY, "en") == "1395/10/21"


def test_an_instant_is_written_as_its_date_in_tehran() -> None:
    late = dt.datetime(2017, 1, 9, 21, 0, tzinfo=dt.UTC)
    assert formats.date(late, "en") == "1395/10/21"


def test_a_text_of_a_customer_is_one_clipped_line() -> None:
    assert formats.text("سطر یک\nسطر\u202e دو") == "سطر یک سطر دو"
    assert len(formats.text("م" * 100)) == formats.TEXT_UNITS


ARGUMENTS = {
    "NUMBER": 1234,
    "RIAL": 1000,
    "MONEY": 1_234_000,
    "KWH": 7,
    "ID": "123",
    "DATE": DAY,
    "TEXT": "سلام",
}


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_fluent_messages_call_the_functions_with_plain_values(lang: Lang, name: str) -> None:
    bundle = FluentBundle.from_string(
        lang, f"m = a {{ {name}($value) }} z\n", functions=FUNCTIONS[lang], use_isolating=False
    )
    assert bundle.check_messages() == []
    text, errors = bundle.format("m", {"value": ARGUMENTS[name]})
    assert errors == []
    assert text == f"a {FUNCTIONS[lang][name](ARGUMENTS[name])} z"


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_worst_case_of_a_function_is_at_least_as_long_as_plausible_values(lang: Lang) -> None:
    worst = WORST[lang]
    assert worst.keys() == FUNCTIONS[lang].keys()
    for name, argument in ARGUMENTS.items():
        assert len(worst[name]) >= len(FUNCTIONS[lang][name](argument))


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        (dt.date(2025, 3, 20), (1403, 12, 30)),
        (dt.date(2025, 3, 21), (1404, 1, 1)),
        (dt.date(2026, 3, 20), (1404, 12, 29)),
        (dt.date(2026, 3, 21), (1405, 1, 1)),
        (dt.date(2026, 11, 21), (1405, 8, 30)),
        (dt.date(2030, 3, 20), (1408, 12, 30)),
        (dt.date(2030, 3, 21), (1409, 1, 1)),
        (dt.date(1979, 2, 11), (1357, 11, 22)),
    ],
)
def test_known_days_convert_both_ways(gregorian: dt.date, jalali: tuple[int, int, int]) -> None:
    assert to_jalali(gregorian) == jalali
    assert from_jalali(*jalali) == gregorian


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1404, 12, 30),
        (1405, 7, 31),
        (1405, 13, 1),
        (1405, 0, 1),
        (1405, 1, 0),
        (2025, 1, 1),
        (1299, 1, 1),
    ],
)
def test_a_day_that_does_not_exist_is_refused(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError):
        from_jalali(year, month, day)


@given(st.dates(dt.date(1921, 3, 21), dt.date(2121, 3, 20)))
def test_every_day_of_our_years_comes_back(day: dt.date) -> None:
    assert from_jalali(*to_jalali(day)) == day


def test_today_in_tehran_changes_at_half_past_eight_in_the_evening_utc() -> None:
    assert tehran_today(dt.datetime(2026, 7, 1, 20, 29, tzinfo=dt.UTC)) == dt.date(2026, 7, 1)
    assert tehran_today(dt.datetime(2026, 7, 1, 20, 30, tzinfo=dt.UTC)) == dt.date(2026, 7, 2)
    with pytest.raises(ValueError):
        tehran_today(dt.datetime(2026, 7, 1, 20, 30))
