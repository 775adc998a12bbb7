"""What a customer says where keys can't write it: a recording, kept as an attachment."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Answer, Wrong
from dialogs.answers.free_text import Text

_ATTACHMENT = re.compile(r"[0-9a-f]{32}")
_PREFIX = "recording:"


@dataclass(frozen=True)
class Voice(Answer[str]):
    """``recording:<attachment id>``, or the words of a customer who writes after all.

    The channel records and stores the sound before the dialog sees its id (32 hexadecimal digits);
    in its place come ``empty`` when nothing was said and ``unreadable`` when the sound can't be used.
    Whether an attachment is the customer's own is for the host to check.
    """

    type: ClassVar[str] = "voice"
    codes: ClassVar[tuple[str, ...]] = ("empty", "unreadable", "keys")

    def parse(self, text: str, *, today: dt.date) -> str:
        if text in ("empty", "unreadable"):
            raise Wrong(text)
        if _ATTACHMENT.fullmatch(text):
            return _PREFIX + text
        try:
            return Text().parse(text, today=today)
        except Wrong:
            raise Wrong("keys") from None


def attachment(value: object) -> str | None:
    """The id of the attachment that an answer is, if it is one."""
    if isinstance(value, str) and _ATTACHMENT.fullmatch(value.removeprefix(_PREFIX)):
        return value.removeprefix(_PREFIX) if value.startswith(_PREFIX) else None
    return None
