"""Codes that we gave out ourselves: tracking codes and one-time codes. DESIGN.md section 7."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from dialogs import ids
from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import id_digits


@dataclass(frozen=True)
class TrackingCode(Answer[str]):
    """Ten digits with a check digit; a bill id given in its place is named as such."""

    type: ClassVar[str] = "tracking_code"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "check_digit", "bill_id")

    @property
    def keys(self) -> Keys:
        return Keys(10, 10)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        if ids.tracking_code_is_valid(digits):
            return digits
        if ids.is_electricity(ids.canonical(digits)):
            raise Wrong("bill_id")
        if len(digits) < 10:
            raise Wrong("short", count=len(digits))
        if len(digits) > 10:
            raise Wrong("long", count=len(digits))
        raise Wrong("check_digit")


@dataclass(frozen=True)
class OneTimeCode(Answer[str]):
    """Five digits. Whether they are the right ones is not known here."""

    type: ClassVar[str] = "one_time_code"
    codes: ClassVar[tuple[str, ...]] = ("letters", "length")

    @property
    def keys(self) -> Keys:
        return Keys(5, 5)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        if len(digits) != 5:
            raise Wrong("length")
        return digits
