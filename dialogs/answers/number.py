"""Whole numbers and amounts of money. facts.md section 5."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from dialogs.amounts import whole_amount
from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import still_within, whole_number, within
from dialogs.text import fold

_DIGITS = 8
"""Keys of a number without an upper bound."""
_MONEY_DIGITS = 10
"""Keys of an amount: toman, below ten billion."""


@dataclass(frozen=True)
class Number(Answer[int]):
    """A whole number, not negative, between ``min`` and ``max`` (both included)."""

    type: ClassVar[str] = "number"
    value_type: ClassVar[Any] = int
    codes: ClassVar[tuple[str, ...]] = ("letters", "decimal", "below", "above")

    min: int | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        _check_bounds(self.min, self.max)

    @property
    def keys(self) -> Keys:
        return Keys(1, _DIGITS if self.max is None else len(str(max(self.max, 0))))

    def parse(self, text: str, *, today: dt.date) -> int:
        number = whole_number(text)
        within(number, self.min, self.max)
        return number

    def load(self, raw: Any) -> int:
        return still_within(super().load(raw), self.min, self.max)


_UNIT = re.compile(r"(?P<number>.*?)\s*(?:ریال|تومان|تومن|rials?|tomans?)", re.DOTALL)
_SCALE = re.compile(r"هزار|میلیون|ملیون|میلیارد|hezar|mil")
_DECIMAL_SCALED = re.compile(r"\d\s*[.٫/]\s*\d", re.ASCII)


@dataclass(frozen=True)
class Money(Answer[int]):
    """An amount in rial, ``min`` to ``max`` (rial, both included).

    Digits alone are rial in writing, as on every bill, and toman on a keypad, as every amount is spoken.
    «۱۲۰ هزار تومان» and «یک و نیم میلیون تومن» are understood; «۱۲۰ هزار» without a unit is not: people mean toman,
    bills mean rial, and ten times too much is no small mistake.
    """

    type: ClassVar[str] = "money"
    value_type: ClassVar[Any] = int
    codes: ClassVar[tuple[str, ...]] = ("letters", "decimal", "unit", "below", "above")

    min: int | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        _check_bounds(self.min, self.max)

    @property
    def keys(self) -> Keys:
        return Keys(1, _MONEY_DIGITS)

    def of_keys(self, digits: str) -> str:
        return f"{digits} تومان"

    def parse(self, text: str, *, today: dt.date) -> int:
        folded = fold(text).strip(" .!؟?،")
        amount = whole_amount(folded)
        if amount is None:
            named = _UNIT.fullmatch(folded)
            number = named["number"] if named else folded
            if _SCALE.search(number) and _DECIMAL_SCALED.search(number):
                raise Wrong("decimal")
            amount = whole_number(number)
            if _SCALE.search(number):
                raise Wrong("unit")
        within(amount, self.min, self.max)
        return amount

    def load(self, raw: Any) -> int:
        return still_within(super().load(raw), self.min, self.max)


def _check_bounds(low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError("min is above max")
