"""When operators take calls: the working hours of the settings, in Tehran."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from dialogs.calendar import TEHRAN

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of ``date.weekday()``."""
_SPAN = re.compile(r"(\w{3})(?:-(\w{3}))?\s+(\d{1,2}:\d{2})-(\d{1,2}:\d{2})", re.ASCII)


class _Span(msgspec.Struct, frozen=True):
    days: frozenset[int]
    opens: dt.time
    closes: dt.time


class Operators:
    """``sat-wed 07:30-14:30, thu 07:30-12:30``; nothing at all means never, ``always`` always.

    ``ValueError`` for anything else, a span over midnight included: write it as two.
    """

    def __init__(self, hours: str) -> None:
        self._always = hours.strip() == "always"
        spans = [] if self._always else [part for part in hours.split(",") if part.strip()]
        self._spans = tuple(map(_span, spans))

    def open_at(self, at: dt.datetime) -> bool:
        """Whether an operator takes a call at an aware instant."""
        here = at.astimezone(TEHRAN)
        return self._always or any(
            here.weekday() in span.days and span.opens <= here.time() < span.closes
            for span in self._spans
        )


def _span(text: str) -> _Span:
    match = _SPAN.fullmatch(text.strip().lower())
    if match is None or not {match[1], match[2] or match[1]} <= set(DAYS):
        raise ValueError(f"{text.strip()!r} is no span such as 'sat-wed 07:30-14:30'")
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    opens, closes = (dt.time.fromisoformat(each.zfill(5)) for each in (match[3], match[4]))
    if opens >= closes:
        raise ValueError(f"{text.strip()!r} closes before it opens")
    length = (last - first) % 7
    days = frozenset((first + offset) % 7 for offset in range(length + 1))
    return _Span(days, opens, closes)
