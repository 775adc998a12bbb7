"""Reading cycles: billed periods of two Jalali months, counted back from today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from zoneinfo import ZoneInfo

import jdatetime
import msgspec

Clock = Callable[[], dt.datetime]
"""Gives the present instant, aware, in UTC."""
TEHRAN = ZoneInfo("Asia/Tehran")
_LAST_SAFE_DAY = 29
"""The shortest Jalali month, Esfand, has this many days."""


class BilledPeriod(msgspec.Struct, frozen=True):
    """``year`` and ``period`` (1 to 6) are Jalali, ``start`` and ``end`` the days of the readings."""

    year: int
    period: int
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def local_day(instant: dt.datetime) -> dt.date:
    """The day it is in Tehran at an aware ``instant``."""
    return instant.astimezone(TEHRAN).date()


def billed_periods(today: dt.date, *, days_ago: int, count: int) -> list[BilledPeriod]:
    """``count`` periods, oldest first, the last of which was read ``days_ago`` days before today.

    That day is moved to the 29th where its month has more days, so that every second month has it.
    """
    last = jdatetime.date.fromgregorian(date=today - dt.timedelta(days_ago))
    day = min(last.day, _LAST_SAFE_DAY)
    months = last.year * 12 + last.month - 1
    reads = [
        jdatetime.date(month // 12, month % 12 + 1, day)
        for month in range(months - 2 * count, months + 1, 2)
    ]
    return [
        BilledPeriod(end.year, (end.month + 1) // 2, start.togregorian(), end.togregorian())
        for start, end in pairwise(reads)
    ]


def next_period(year: int, period: int) -> tuple[int, int]:
    """The period that runs after a billed one."""
    return (year + 1, 1) if period == 6 else (year, period + 1)


def jalali_year(day: dt.date) -> int:
    return int(jdatetime.date.fromgregorian(date=day).year)
