"""Whole numbers and amounts of money. facts.md section 5."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import still_within, whole_number, within
from dialogs.text import fold

_DIGITS = 8
"""Keys of a number without an upper bound."""
_MONEY_DIGITS = 11
"""Keys of an amount: rial, below a hundred billion."""


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


_SCALES = {"": 1, "هزار": 1_000, "میلیون": 1_000_000, "میلیارد": 1_000_000_000}
_RIAL_OF = {"ریال": 1, "rial": 1, "rials": 1, "تومان": 10, "تومن": 10, "toman": 10, "tomans": 10}
_AMOUNT = re.compile(
    rf"(?P<number>.*?\d)\s*(?P<scale>{'|'.join(filter(None, _SCALES))})?\s*(?P<unit>{'|'.join(_RIAL_OF)})?[ .!؟?،]*",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True)
class Money(Answer[int]):
    """An amount in rial, ``min`` to ``max`` (rial, both included).

    Digits alone are rial, as on every bill. «۱۲۰ هزار تومان» is understood; «۱۲۰ هزار» without a
    unit is not: people mean toman, bills mean rial, and ten times too much is no small mistake.
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

    def parse(self, text: str, *, today: dt.date) -> int:
        match = _AMOUNT.fullmatch(fold(text))
        if match is None:
            raise Wrong("letters")
        number = whole_number(match["number"])
        if match["scale"] and not match["unit"]:
            raise Wrong("unit")
        amount = number * _SCALES[match["scale"] or ""] * _RIAL_OF[match["unit"] or "ریال"]
        within(amount, self.min, self.max)
        return amount

    def load(self, raw: Any) -> int:
        return still_within(super().load(raw), self.min, self.max)


def _check_bounds(low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError("min is above max")
