"""One of several options, and yes or no."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Protocol, runtime_checkable

import msgspec

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.text import match_key

_OPT_OUT_NUMBERS = (11, 12)
"""Sent to a line, 11 unsubscribes from it and 12 subscribes again (facts.md section 6)."""
_NUMBERED = re.compile(r"(?:گزینه|شماره|مورد|option|number)?(\d{1,3})", re.ASCII)


def option_numbers(count: int) -> list[int]:
    """The numbers of ``count`` options: 1, 2, … without 11 and 12, which belong to the operators."""
    numbers: list[int] = []
    number = 0
    while len(numbers) < count:
        number += 1
        if number not in _OPT_OUT_NUMBERS:
            numbers.append(number)
    return numbers


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is stored, what is shown and what is accepted are three things."""

    value: str
    label: str
    """Id of the message that shows it; a label that is data is a message with one placeable."""
    args: dict[str, Any] = {}
    """Placeables of the label."""
    keywords: tuple[str, ...] = ()
    """Words that choose it, besides number, value and label, in any language."""


@runtime_checkable
class Labelled(Protocol):
    """An answer that can be given by the text of an option's label, as the customer sees it."""

    @property
    def options(self) -> tuple[Option, ...]: ...

    def with_labels(self, labels: Iterable[str]) -> Answer[Any]:
        """The same answer that takes the texts of the labels, in the order of the options, too."""
        ...


@dataclass(frozen=True)
class Choice(Answer[str]):
    """The value of the option whose number, keyword, value or label was given.

    ``labels`` are the texts of the labels as the customer sees them, put in by whoever has the
    messages (:meth:`with_labels`). A label that two options share chooses neither of them.
    ValueError for options without or with doubtful names.
    """

    type: ClassVar[str] = "choice"
    codes: ClassVar[tuple[str, ...]] = ("unknown",)

    options: tuple[Option, ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError("a choice needs options")
        for kind, names in (
            ("value", [option.value for option in self.options]),
            ("keyword", [word for option in self.options for word in _keys(option.keywords)]),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"two options share a {kind}")

    @property
    def keys(self) -> Keys:
        # Where 9 is an option it can no longer be a command, so such a menu waits for a second digit.
        return Keys(1, 1 if len(self.options) < 9 else 2)

    def parse(self, text: str, *, today: dt.date) -> str:
        key = match_key(text)
        numbers = option_numbers(len(self.options))
        if (number := _number(key)) in numbers:
            return self.options[numbers.index(number)].value
        for option in self.options:
            if key and (key in _keys(option.keywords) or key == match_key(option.value)):
                return option.value
        chosen = _labelled(key, self.labels)
        if chosen is None:
            raise Wrong("unknown")
        return self.options[chosen].value

    def load(self, raw: Any) -> str:
        value = super().load(raw)
        if all(option.value != value for option in self.options):
            raise msgspec.ValidationError("the option is no longer offered")
        return value

    def with_labels(self, labels: Iterable[str]) -> Choice:
        """The same choice that takes the texts of its labels, in the order of the options, too."""
        return replace(self, labels=tuple(labels))


def _number(key: str) -> int:
    """The option number in a match key («۲.», «گزینه ۲»), or 0."""
    numbered = _NUMBERED.fullmatch(key)
    return int(numbered[1]) if numbered else 0


def _labelled(key: str, labels: tuple[str, ...]) -> int | None:
    found = [index for index, label in enumerate(labels) if key and match_key(label) == key]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _keys(keywords: tuple[str, ...]) -> frozenset[str]:
    # A flow that is replayed builds its choices anew every turn, from the same few tuples.
    return frozenset(map(match_key, keywords))


# fmt: off
_YES = (
    "بله", "بلی", "آره", "اره", "آری", "اری", "باشه", "درسته", "درست", "درست است", "بله درسته", "صحیح",
    "صحیحه", "تایید", "تأیید", "تایید می‌کنم", "تأیید می‌کنم", "موافقم", "yes", "y", "ok", "okay",
)
_NO = (
    "خیر", "نه", "نخیر", "نه خیر", "نادرست", "غلط", "غلطه", "اشتباه", "اشتباهه", "نیست", "درست نیست",
    "نه درست نیست", "صحیح نیست", "no", "n", "nope",
)
# fmt: on
_YES_KEYS = frozenset(map(match_key, _YES))
_NO_KEYS = frozenset(map(match_key, _NO))


@dataclass(frozen=True)
class YesNo(Answer[bool]):
    """1 or بله, 2 or خیر, and what people say for them.

    ``yes`` and ``no`` are the message ids of the two labels where a question has its own («ارسال»,
    «اصلاح»); ``yes_words`` and ``no_words`` are taken besides, and so are ``labels`` (as for
    :class:`Choice`).
    """

    type: ClassVar[str] = "yes_no"
    value_type: ClassVar[Any] = bool
    codes: ClassVar[tuple[str, ...]] = ("unclear",)

    yes: str = "option-yes"
    no: str = "option-no"
    yes_words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[Option, Option]:
        """Both answers as options, for channels that list them: 1 is yes, 2 is no."""
        return (
            Option(value="yes", label=self.yes, keywords=self.yes_words),
            Option(value="no", label=self.no, keywords=self.no_words),
        )

    @property
    def keys(self) -> Keys:
        return Keys(1, 1)

    def parse(self, text: str, *, today: dt.date) -> bool:
        key = match_key(text)
        number = _number(key)
        if number in (1, 2):
            return number == 1
        # The question's own words come first: «درست» may be the label of "no, let me correct it".
        for word_keys, meaning in ((_keys(self.yes_words), True), (_keys(self.no_words), False)):
            if key in word_keys:
                return meaning
        chosen = _labelled(key, self.labels)
        if chosen is not None:
            return chosen == 0
        if key in _YES_KEYS:
            return True
        if key in _NO_KEYS:
            return False
        raise Wrong("unclear")

    def with_labels(self, labels: Iterable[str]) -> YesNo:
        """The same question that takes the texts of its two labels too."""
        return replace(self, labels=tuple(labels))
