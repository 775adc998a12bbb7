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

from dialogs.calendar import tehran_today, to_jalali
from dialogs.text import clip, displayable, latin_digits, persian_digits

Lang = Literal["fa", "en"]
TEXT_UNITS = 40
"""UTF-16 units that a customer's own text may take within a message."""

_RIAL = {"fa": "ریال", "en": "rial"}
_TOMAN = {"fa": "تومان", "en": "toman"}
_KWH = {"fa": "کیلووات‌ساعت", "en": "kWh"}


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


def middle(identifier: str) -> str:
    """The digits by which a company's bill ids differ, without the id: the last four of the file code.
    All that follows them is the same for every bill (facts.md section 1)."""
    return digits(identifier)[-9:-5]


def time(value: str, lang: Lang = "fa") -> str:
    """A time of the day given as ``HH:MM``: «۷:۳۰». ValueError for anything else."""
    moment = dt.time.fromisoformat(value)
    text = f"{moment.hour}:{moment.minute:02d}"
    return persian_digits(text) if lang == "fa" else text


def recording(attachment: str, lang: Lang = "fa") -> str:
    """What a customer recorded, named where it can't be heard."""
    return {"fa": "پیام صوتی", "en": "voice message"}[lang]


def text(value: str) -> str:
    """A customer's or a backend's own text on one line, at most :data:`TEXT_UNITS` long."""
    return clip(displayable(value), TEXT_UNITS)


def _plain_date(day: dt.date) -> dt.date:
    return tehran_today(day) if isinstance(day, dt.datetime) else day


def _functions(lang: Lang) -> dict[str, Callable[..., str]]:
    # Fluent takes the number of arguments from the signature, and named ones must be literals in the
    # message: so each is wrapped to take one positional argument.
    return {
        "NUMBER": lambda value: number(value, lang),
        "RIAL": lambda amount: rial(amount, lang),
        "MONEY": lambda amount: money(amount, lang),
        "KWH": lambda value: kwh(value, lang),
        "ID": digits,
        "DATE": lambda day: date(day, lang),
        "MIDDLE": middle,
        "TIME": lambda value: time(value, lang),
        "RECORDING": lambda attachment: recording(attachment, lang),
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
    "ID": "9" * 13,
    "DATE": dt.date(2026, 5, 20),
    "MIDDLE": "9" * 13,
    "TIME": "23:59",
    "RECORDING": "",
    "TEXT": "م" * TEXT_UNITS,
}
WORST: dict[Lang, dict[str, str]] = {
    lang: {name: function(_WORST_ARGUMENTS[name]) for name, function in functions.items()}
    for lang, functions in FUNCTIONS.items()
}
"""The longest plausible rendering of each function, by language and name."""
