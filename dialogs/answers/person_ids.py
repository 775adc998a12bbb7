"""کد ملی of a person and شناسه ملی of an organisation. facts.md section 2."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from dialogs import ids
from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import id_digits


@dataclass(frozen=True)
class NationalId(Answer[str]):
    """Ten digits; 8 or 9 have lost their leading zeros and get them back."""

    type: ClassVar[str] = "national_id"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "check_digit")

    @property
    def keys(self) -> Keys:
        return Keys(8, 10)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        if len(digits) < 8:
            raise Wrong("short", count=len(digits))
        if len(digits) > 10:
            raise Wrong("long", count=len(digits))
        if not ids.national_id_is_valid(digits):
            raise Wrong("check_digit")
        return digits.zfill(10)


@dataclass(frozen=True)
class LegalId(Answer[str]):
    """Eleven digits."""

    type: ClassVar[str] = "legal_id"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "check_digit")

    @property
    def keys(self) -> Keys:
        return Keys(11, 11)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        if len(digits) < 11:
            raise Wrong("short", count=len(digits))
        if len(digits) > 11:
            raise Wrong("long", count=len(digits))
        if not ids.legal_id_is_valid(digits):
            raise Wrong("check_digit")
        return digits


@dataclass(frozen=True)
class PersonId(Answer[str]):
    """Either of them: eleven digits are an organisation's, fewer a person's."""

    type: ClassVar[str] = "person_id"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "check_digit")

    @property
    def keys(self) -> Keys:
        return Keys(8, 11)

    def parse(self, text: str, *, today: dt.date) -> str:
        organisation = len(id_digits(text)) >= 11
        return (LegalId() if organisation else NationalId()).parse(text, today=today)
