"""Iranian phone numbers, mobile and landline, as E.164. facts.md section 2.

The shapes are checked here and not by phonenumbers: it turns ``09123456abc`` into a number. Prefixes
of operators age, so a mobile's is not checked; area codes don't.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import id_digits
from dialogs.text import fold

_LANDLINE = re.compile(
    r"(?:1[137]|2[134568]|3[1458]|4[145]|5[1468]|6[16]|7[1467]|8[13467])[2-9]\d{7}", re.ASCII
)
"""Area code and local number."""


def _national_number(text: str) -> str:
    """The number as dialled within Iran. Raises ``Wrong`` ``letters`` or ``foreign``."""
    text = fold(text).lstrip("( ")
    international = text.startswith("+")
    digits = id_digits(text.removeprefix("+"))
    if digits.startswith("00"):
        international, digits = True, digits[2:]
    # A bare 98 is the country code only when what follows is a whole number.
    if digits.startswith("98") and (international or len(digits) >= 12):
        return "0" + digits[2:].removeprefix("0")
    if international:
        raise Wrong("foreign")
    return digits


@dataclass(frozen=True)
class Mobile(Answer[str]):
    """A mobile in any usual spelling: 0912…, 912…, 98912…, +98912…, 0098912…."""

    type: ClassVar[str] = "mobile"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "not_mobile", "foreign")

    @property
    def keys(self) -> Keys:
        return Keys(10, 14)

    def parse(self, text: str, *, today: dt.date) -> str:
        number = _national_number(text).removeprefix("0")
        if not number.startswith("9"):
            raise Wrong("not_mobile")
        if len(number) < 10:
            raise Wrong("short")
        if len(number) > 10:
            raise Wrong("long")
        return f"+98{number}"


@dataclass(frozen=True)
class Landline(Answer[str]):
    """A landline with its area code; without it nobody can tell the city."""

    type: ClassVar[str] = "landline"
    codes: ClassVar[tuple[str, ...]] = (
        "letters",
        "short",
        "long",
        "no_area_code",
        "area_code",
        "mobile",
        "foreign",
    )

    @property
    def keys(self) -> Keys:
        return Keys(10, 14)

    def parse(self, text: str, *, today: dt.date) -> str:
        dialled = _national_number(text)
        if len(dialled) == 8 and dialled[0] in "23456789":
            raise Wrong("no_area_code")
        number = dialled.removeprefix("0")
        if number.startswith("9") and len(number) == 10:
            raise Wrong("mobile")
        if len(number) < 10:
            raise Wrong("short")
        if len(number) > 10:
            raise Wrong("long")
        if not _LANDLINE.fullmatch(number):
            raise Wrong("area_code")
        return f"+98{number}"


@dataclass(frozen=True)
class Phone(Answer[str]):
    """A mobile or a landline with its area code: wherever somebody can be called."""

    type: ClassVar[str] = "phone"
    codes: ClassVar[tuple[str, ...]] = tuple(c for c in Landline.codes if c != "mobile")

    @property
    def keys(self) -> Keys:
        return Keys(10, 14)

    def parse(self, text: str, *, today: dt.date) -> str:
        try:
            return Landline().parse(text, today=today)
        except Wrong as wrong:
            if wrong.code != "mobile":
                raise
        return Mobile().parse(text, today=today)
