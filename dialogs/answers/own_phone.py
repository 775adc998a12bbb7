"""The customer's own mobile: shared by a messenger's account, which proves it, or written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from dialogs.answers.base import UNWRITTEN, Answer
from dialogs.answers.phone import Mobile


class Given(msgspec.Struct, frozen=True):
    phone: str
    """E.164."""
    shared: bool
    """Whether the messenger vouches for it."""


@dataclass(frozen=True)
class OwnPhone(Answer[Given]):
    """A mobile of Iran."""

    type: ClassVar[str] = "own_phone"
    value_type: ClassVar[Any] = Given
    contact: ClassVar[str] = "option-share-phone"
    codes: ClassVar[tuple[str, ...]] = Mobile.codes

    def parse(self, text: str, *, today: dt.date) -> Given:
        phone = Mobile().parse(text.removeprefix(UNWRITTEN), today=today)
        return Given(phone, text.startswith(UNWRITTEN))
