"""A name, an address, a description: words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from dialogs.answers.base import Answer, Wrong
from dialogs.text import displayable


@dataclass(frozen=True)
class Text(Answer[str]):
    """One line in the customer's own spelling, ``min`` to ``max`` characters, with a letter in it.

    ``short`` carries ``min``, ``long`` carries ``max``; ``no_letters`` is digits or signs alone,
    of which digits are taken where ``letters`` is false: a letter's number is «۱۴۰۵/۱۲۳» or «ص-۱۲».
    """

    type: ClassVar[str] = "text"
    codes: ClassVar[tuple[str, ...]] = ("short", "long", "no_letters")

    min: int = 1
    max: int = 500
    letters: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.min <= self.max:
            raise ValueError("min is 1 or more and not above max")

    def parse(self, text: str, *, today: dt.date) -> str:
        words = displayable(text)
        if len(words) > self.max:
            raise Wrong("long", max=self.max)
        told = str.isalpha if self.letters else str.isalnum
        if words and not any(map(told, words)):
            raise Wrong("no_letters")
        if len(words) < self.min:
            raise Wrong("short", min=self.min)
        return words

    def load(self, raw: Any) -> str:
        words = super().load(raw)
        if not self.min <= len(words) <= self.max:
            raise msgspec.ValidationError("the text is too short or too long")
        return words
