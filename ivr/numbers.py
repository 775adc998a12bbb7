"""The number a call comes from, in one spelling."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dialogs.answers.base import Wrong
from dialogs.answers.phone import Phone

_NO_DAY: Final = dt.date(2000, 1, 1)  # the answer doesn't depend on it


def e164(number: str) -> str:
    """``number`` as E.164 when it is an Iranian mobile or a landline with its area code, else empty.

    Carriers and PBXs write ``09…``, ``9…``, ``98…``, ``+98…`` and ``0098…`` (facts.md section 2). Empty is
    a caller without a number: extensions, foreign numbers, ``anonymous``. Never raises.
    """
    try:
        return Phone().parse(number, today=_NO_DAY)
    except Wrong:
        return ""
