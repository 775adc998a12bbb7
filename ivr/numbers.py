"""The number a call comes from, in one spelling."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dialogs.answers.base import Answer, Wrong
from dialogs.answers.phone import Landline, Mobile

_KINDS: Final[tuple[Answer[str], ...]] = (Mobile(), Landline())
_NO_DAY: Final = dt.date(2000, 1, 1)  # these answers don't depend on it


def e164(number: str) -> str:
    """``number`` as E.164 when it is an Iranian mobile or a landline with its area code, else empty.

    Carriers and PBXs write ``09…``, ``9…``, ``98…``, ``+98…`` and ``0098…`` (facts.md section 2). Empty is
    a caller without a number: extensions, foreign numbers, ``anonymous``. Never raises.
    """
    for kind in _KINDS:
        try:
            return kind.parse(number, today=_NO_DAY)
        except Wrong:
            continue
    return ""
