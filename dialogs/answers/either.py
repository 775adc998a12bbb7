"""An answer, or one of a few options instead: a saved one, «that was all», «I have none»."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.choice import Choice, Option


class Either(Answer[Any]):
    """The value of an option by its number, keyword or label, else what ``inner`` makes of it.

    Whoever gives something that is neither is told what ``inner`` says: they meant an answer.
    """

    def __init__(self, choice: Choice, inner: Answer[Any]) -> None:
        self._choice = choice
        self._inner = inner
        self.type = inner.type  # type: ignore[misc]

    @property
    def options(self) -> tuple[Option, ...]:
        return self._choice.options

    @property
    def keys(self) -> Keys | None:
        return self._inner.keys and Keys(1, self._inner.keys.maximum)

    def with_labels(self, labels: Iterable[str]) -> Either:
        return Either(self._choice.with_labels(labels), self._inner)

    def parse(self, text: str, *, today: dt.date) -> Any:
        try:
            return self._choice.parse(text, today=today)
        except Wrong:
            return self._inner.parse(text, today=today)

    def load(self, raw: Any) -> Any:
        try:
            return self._choice.load(raw)
        except msgspec.ValidationError:
            return self._inner.load(raw)
