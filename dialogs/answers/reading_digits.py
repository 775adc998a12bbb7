"""Digits out of what a customer typed: shared by all answer types that are made of them."""

from __future__ import annotations

import re

import msgspec

from dialogs.answers.base import Wrong
from dialogs.numerals import whole
from dialogs.text import fold

_SEPARATORS = str.maketrans("", "", " -_./()‐‑‒–—")
_AROUND_IDS = "#*:;؛،,()«»\"'"
_AROUND_NUMBERS = ' .!؟?:؛;«»()"#'
_GROUPED = re.compile(r"\d{1,3}([,،٬'’_ .])\d{3}(?:\1\d{3})*", re.ASCII)
_DECIMAL = re.compile(r"[\d,،٬'’_ ]*\d ?[.٫/,،] ?\d+", re.ASCII)


def id_digits(text: str) -> str:
    """The digits of an identifier, without separators, hidden marks and punctuation around it.

    Raises ``Wrong("letters")`` when there is anything else, or nothing.
    """
    digits = fold(text).strip(_AROUND_IDS).translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        raise Wrong("letters")
    return digits


def whole_number(text: str, *, grouped_by_point: bool = True) -> int:
    """A whole number of any size: «۱۲۳۴۵», «۱۲٬۳۴۵», ``12,345``, «۱۲ هزار و ۳۰۰», «دوازده هزار و سیصد».

    ``grouped_by_point`` says whether ``12.345`` is twelve thousand; on a meter it is a decimal.
    Raises ``Wrong`` with ``decimal``, or ``letters`` for all else, a sign included.
    """
    number = fold(text).strip(_AROUND_NUMBERS)
    if number.isascii() and number.isdigit():
        return int(number)
    grouped = _GROUPED.fullmatch(number)
    if grouped and (grouped[1] != "." or grouped_by_point):
        return int(re.sub(r"\D", "", number, flags=re.ASCII))
    in_words = whole(number)
    if in_words is not None:
        return in_words
    raise Wrong("decimal" if _DECIMAL.fullmatch(number) else "letters")


def within(number: int, low: int | None, high: int | None) -> None:
    """Raises ``Wrong`` ``below`` (with ``min``) or ``above`` (with ``max``); both bounds included."""
    if low is not None and number < low:
        raise Wrong("below", min=low)
    if high is not None and number > high:
        raise Wrong("above", max=high)


def still_within(number: int, low: int | None, high: int | None) -> int:
    """The same for a value from the journal: ``msgspec.ValidationError`` when it no longer fits."""
    try:
        within(number, low, high)
    except Wrong as wrong:
        raise msgspec.ValidationError(f"the value is {wrong.code} the bound") from None
    return number
