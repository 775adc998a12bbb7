"""How numbers, amounts, dates and ids are written in messages, per language.

Rules: facts.md section 5. ``fa`` writes Persian digits grouped by U+066C and Jalali dates; ``en``
writes ASCII digits and keeps Jalali dates, as numbers. Ids have ASCII digits in both, so that they can
be pasted into a bank's app. :data:`FUNCTIONS` is what the Fluent messages call, :data:`WORST` what the
SMS budget lint counts in their place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from dialogs.calendar import MONTHS, WEEKDAYS, tehran_today, to_jalali
from dialogs.text import clip, displayable, latin_digits, persian_digits

Lang = Literal["fa", "en"]
TEXT_UNITS = 40
"""UTF-16 units that a customer's own text may take within a message."""

_RIAL = {"fa": "ریال", "en": "rial"}
_TOMAN = {"fa": "تومان", "en": "toman"}
_KWH = {"fa": "کیلووات‌ساعت", "en": "kWh"}

_ORDINALS = (
    "یکم",
    "دوم",
    "سوم",
    "چهارم",
    "پنجم",
    "ششم",
    "هفتم",
    "هشتم",
    "نهم",
    "دهم",
    "یازدهم",
    "دوازدهم",
    "سیزدهم",
    "چهاردهم",
    "پانزدهم",
    "شانزدهم",
    "هفدهم",
    "هجدهم",
    "نوزدهم",
    "بیستم",
)


def number(value: int, lang: Lang = "fa") -> str:
    """«۱٬۲۳۴» or ``1,234``. TypeError for what is no whole number."""
    if not isinstance(value, int):
        raise TypeError("a number is written from an int")
    grouped = f"{abs(int(value)):,}"
    if lang == "fa":
        # An LRM before the sign keeps it left of the number in a right-to-left line.
        return ("\u200e−" if value < 0 else "") + persian_digits(grouped).replace(",", "٬")
    return ("-" if value < 0 else "") + grouped


def rial(amount: int, lang: Lang = "fa") -> str:
    """An amount in rial alone: «۱٬۲۳۴٬۰۰۰ ریال»."""
    return f"{number(amount, lang)} {_RIAL[lang]}"


def money(amount: int, lang: Lang = "fa") -> str:
    """An amount in rial with its toman: «۱٬۲۳۴٬۰۰۰ ریال (۱۲۳٬۴۰۰ تومان)».

    An amount that is no whole number of toman is written in rial alone.
    """
    if amount % 10:
        return rial(amount, lang)
    toman = amount // 10
    return f"{rial(amount, lang)} ({number(toman, lang)} {_TOMAN[lang]})"


def kwh(value: int, lang: Lang = "fa") -> str:
    """Energy: «۱٬۲۳۴ کیلووات‌ساعت»."""
    return f"{number(value, lang)} {_KWH[lang]}"


def digits(identifier: str | int) -> str:
    """An id in ASCII digits, ungrouped, in every language."""
    return latin_digits(str(identifier))


def date(day: dt.date, lang: Lang = "fa") -> str:
    """Jalali, numeric: «۱۴۰۵/۰۸/۳۰». An aware datetime is taken as its date in Tehran."""
    year, month, day_of_month = to_jalali(_plain_date(day))
    text = f"{year:04d}/{month:02d}/{day_of_month:02d}"
    return persian_digits(text) if lang == "fa" else text


def long_date(day: dt.date, today: dt.date | None = None, lang: Lang = "fa") -> str:
    """«سه‌شنبه ۲۱ دی ۱۳۹۵»; without the year when it is the running one. Numeric in ``en``."""
    if lang != "fa":
        return date(day, lang)
    day = _plain_date(day)
    year, month, day_of_month = to_jalali(day)
    text = f"{WEEKDAYS[day.weekday()]} {day_of_month} {MONTHS[month - 1]}"
    if today is None or to_jalali(_plain_date(today))[0] != year:
        text = f"{text} {year}"
    return persian_digits(text)


def ordinal(value: int, lang: Lang = "fa") -> str:
    """«بیست و یکم» or ``21st``, for 1–99. ValueError beyond."""
    if not 1 <= value <= 99:
        raise ValueError("ordinals are written from 1 to 99")
    if lang == "fa":
        return _persian_ordinal(value)
    suffix = (
        "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    )
    return f"{value}{suffix}"


_TENS = ("بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")


def _persian_ordinal(value: int) -> str:
    if value <= 20:
        return _ORDINALS[value - 1]
    tens = _TENS[value // 10 - 2]
    if value % 10 == 0:
        return "سی‌ام" if value == 30 else f"{tens}م"
    return f"{tens} و {_ORDINALS[value % 10 - 1]}"


def text(value: str) -> str:
    """A customer's or a backend's own text on one line, at most :data:`TEXT_UNITS` long."""
    return clip(displayable(value), TEXT_UNITS)


def _plain_date(day: dt.date) -> dt.date:
    return tehran_today(day) if isinstance(day, dt.datetime) else day


def _functions(lang: Lang) -> dict[str, Callable[..., str]]:
    # Fluent takes the number of arguments from the signature, and named ones must be literals in the
    # message: so each is wrapped to take positional arguments only. LONGDATE($day) or ($day, $today).
    def long_date_(*days: dt.date) -> str:
        day, today = days if len(days) == 2 else (days[0], None)
        return long_date(day, today, lang)

    return {
        "NUMBER": lambda value: number(value, lang),
        "RIAL": lambda amount: rial(amount, lang),
        "MONEY": lambda amount: money(amount, lang),
        "KWH": lambda value: kwh(value, lang),
        "ORDINAL": lambda value: ordinal(value, lang),
        "ID": digits,
        "DATE": lambda day: date(day, lang),
        "LONGDATE": long_date_,
        "TEXT": text,
    }


FUNCTIONS: dict[Lang, dict[str, Callable[..., str]]] = {
    "fa": _functions("fa"),
    "en": _functions("en"),
}
"""Functions for the messages, by language and name."""

_WORST_ARGUMENTS: dict[str, Any] = {
    "NUMBER": 99_999_999,  # a counter of eight digits
    "RIAL": 99_999_999_000,  # the largest amount of a payment id
    "MONEY": 99_999_999_000,
    "KWH": 99_999_999,
    "ORDINAL": 54,
    "ID": "9" * 13,
    "DATE": dt.date(2026, 5, 20),
    "LONGDATE": dt.date(2026, 5, 20),  # چهارشنبه ۳۰ اردیبهشت ۱۴۰۵
    "TEXT": "م" * TEXT_UNITS,
}
WORST: dict[Lang, dict[str, str]] = {
    lang: {name: function(_WORST_ARGUMENTS[name]) for name, function in functions.items()}
    for lang, functions in FUNCTIONS.items()
}
"""The longest plausible rendering of each function, by language and name."""
