"""A date of the Jalali calendar. facts.md section 5."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.calendar import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAYS, from_jalali, to_jalali
from dialogs.days import Day, around, days, full_year
from dialogs.text import fold, match_key

_GREGORIAN_YEARS = range(1900, 2101)
_MONTH_NUMBERS = {match_key(name): number for number, name in enumerate(MONTHS, 1)}
_MONTH_NUMBERS |= {"امرداد": 5, "ابان": 8, "اذر": 9}
_NUMERIC = re.compile(
    r"(\d{1,4})\s*[-/.٫،,‐–—\\ ]\s*(\d{1,2})\s*[-/.٫،,‐–—\\ ]\s*(\d{1,4})", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# Runs on a match key: no spaces, no ZWNJ. شنبه stands last so that it can't hide یکشنبه.
_WEEKDAY = "|".join(sorted(map(match_key, WEEKDAYS), key=len, reverse=True))
_NAMED = re.compile(
    rf"(?:{_WEEKDAY})?،?(\d{{1,2}})(?:ام|م)?({'|'.join(_MONTH_NUMBERS)})(?:ماه)?(?:سال)?(\d{{4}})?",
    re.ASCII,
)


@dataclass(frozen=True)
class JalaliDate(Answer[dt.date]):
    """A day: «۱۴۰۵/۸/۳۰», «۳۰/۸/۱۴۰۵», ``14050830``, «۳۰ آبان», «دیروز», «سه روز پیش», «شنبه».

    Bounds, all optional and included: two fixed dates, and days before and after today. Of a day
    without a year, the one nearest to today within the bounds is taken. ``too_early`` carries
    ``earliest``, ``too_late`` carries ``latest``.
    """

    type: ClassVar[str] = "jalali_date"
    value_type: ClassVar[Any] = dt.date
    codes: ClassVar[tuple[str, ...]] = ("unclear", "not_real", "gregorian", "too_early", "too_late")

    earliest: dt.date | None = None
    latest: dt.date | None = None
    days_back: int | None = None
    days_ahead: int | None = None

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError("earliest is after latest")

    @property
    def keys(self) -> Keys:
        return Keys(8, 8)

    def parse(self, text: str, *, today: dt.date) -> dt.date:
        day = self._read(text, today)
        earliest, latest = self._bounds(today)
        if earliest and day < earliest:
            raise Wrong("too_early", earliest=earliest)
        if latest and day > latest:
            raise Wrong("too_late", latest=latest)
        return day

    def load(self, raw: Any) -> dt.date:
        day = super().load(raw)
        if (self.earliest and day < self.earliest) or (self.latest and day > self.latest):
            raise msgspec.ValidationError("the date is out of bounds")
        return day

    def _bounds(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        earliest, latest = self.earliest, self.latest
        if self.days_back is not None:
            back = today - dt.timedelta(self.days_back)
            earliest = max(earliest, back) if earliest else back
        if self.days_ahead is not None:
            ahead = today + dt.timedelta(self.days_ahead)
            latest = min(latest, ahead) if latest else ahead
        return earliest, latest

    def _read(self, text: str, today: dt.date) -> dt.date:
        key = match_key(text)
        if numeric := _NUMERIC.fullmatch(fold(text).strip(" .،:")) or _COMPACT.fullmatch(key):
            year, month, day = numeric.groups()
            if len(day) == 4:
                year, day = day, year
            if len(year) == 2:
                year = str(full_year(year, today))
            return _real(int(year), int(month), int(day))
        if named := _NAMED.fullmatch(key):
            month_number, day_number = _MONTH_NUMBERS[named[2]], int(named[1])
            if named[3]:
                return _real(int(named[3]), month_number, day_number)
            return self._nearest(month_number, day_number, today)
        plain = fold(text).strip(" .،؛:!؟?")
        for day in days(plain, today):
            if (day.start, day.end) == (0, len(plain)):
                return self._meant(day, today)
        raise Wrong("unclear")

    def _meant(self, day: Day, today: dt.date) -> dt.date:
        """Of the days that the words allow, the one within the bounds: a reading was taken last Saturday."""
        if day.returns == "year":
            _, month, number = to_jalali(day.date)
            return self._nearest(month, number, today)
        earliest, latest = self._bounds(today)
        week = dt.timedelta(7)
        if day.returns == "week" and latest and day.date > latest >= day.date - week:
            return day.date - week
        if day.returns == "week" and earliest and day.date < earliest <= day.date + week:
            return day.date + week
        return day.date

    def _nearest(self, month: int, day: int, today: dt.date) -> dt.date:
        candidates = around(month, day, today)
        if not candidates:
            raise Wrong("not_real")
        earliest, latest = self._bounds(today)

        def distance(candidate: dt.date) -> tuple[bool, int]:
            outside = (earliest is not None and candidate < earliest) or (
                latest is not None and candidate > latest
            )
            return outside, abs((candidate - today).days)

        return min(candidates, key=distance)


def _real(year: int, month: int, day: int) -> dt.date:
    if year in _GREGORIAN_YEARS:
        raise Wrong("gregorian")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong("unclear")
    try:
        return from_jalali(year, month, day)
    except ValueError:
        raise Wrong("not_real") from None
