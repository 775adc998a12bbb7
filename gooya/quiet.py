"""The hours in which nobody is woken by news, in Tehran."""

from __future__ import annotations

import datetime as dt
import re

from dialogs.calendar import TEHRAN
from gooya.clock import instant

_HOURS = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)


class QuietHours:
    """``22-8``: from one full hour to another, over midnight too; nothing at all for none.

    ``ValueError`` for anything else.
    """

    def __init__(self, hours: str) -> None:
        self._hours: tuple[int, int] | None = None
        if not hours.strip():
            return
        match = _HOURS.fullmatch(hours.strip())
        begins, ends = (int(match[1]), int(match[2])) if match else (0, 0)
        if begins == ends or max(begins, ends) > 23:
            raise ValueError(f"{hours.strip()!r} are no hours such as '22-8'")
        self._hours = begins, ends

    def until(self, at: float) -> float:
        """When the quiet hours around ``at`` end, in POSIX seconds; 0 for a moment outside of them."""
        if self._hours is None:
            return 0.0
        begins, ends = self._hours
        here = instant(at).astimezone(TEHRAN)
        if (here.hour - begins) % 24 >= (ends - begins) % 24:
            return 0.0
        end = here.replace(hour=ends, minute=0, second=0, microsecond=0)
        if end <= here:
            end += dt.timedelta(days=1)
        return end.timestamp()
