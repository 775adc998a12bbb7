"""کد پستی: ten digits, printed 12345-67890. facts.md section 2."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from dialogs import ids
from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import id_digits


@dataclass(frozen=True)
class PostalCode(Answer[str]):
    type: ClassVar[str] = "postal_code"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "invalid")

    @property
    def keys(self) -> Keys:
        return Keys(10, 10)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        if len(digits) < 10:
            raise Wrong("short", count=len(digits))
        if len(digits) > 10:
            raise Wrong("long", count=len(digits))
        if not ids.postal_code_is_valid(digits):
            raise Wrong("invalid")
        return digits
