"""Jalali dates and the date in Tehran. Rules: facts.md section 5.

Month and weekday names are our own table: jdatetime's come in English unless a process-wide locale is
set. Weekdays are written یکشنبه and پنجشنبه, as the voice clips say them.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import jdatetime

TEHRAN = ZoneInfo("Asia/Tehran")

FIRST_YEAR, LAST_YEAR = 1300, 1499
"""Jalali years we accept. jdatetime would take 2025 for a Jalali year without complaint."""

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
"""In the order of ``date.weekday()``: Monday first."""


def to_jalali(day: dt.date) -> tuple[int, int, int]:
    """Jalali year, month (1–12) and day (1–31) of a Gregorian date."""
    jalali = jdatetime.date.fromgregorian(year=day.year, month=day.month, day=day.day)
    return jalali.year, jalali.month, jalali.day


def from_jalali(year: int, month: int, day: int) -> dt.date:
    """The Gregorian date of a Jalali one. ValueError when there is no such day in 1300–1499."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Jalali years go from {FIRST_YEAR} to {LAST_YEAR}")
    gregorian: dt.date = jdatetime.date(year, month, day).togregorian()
    return gregorian


def tehran_today(instant: dt.datetime) -> dt.date:
    """The date in Tehran at an aware instant. ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(TEHRAN).date()
