"""The hours in which news wait."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.calendar import TEHRAN
from gooya.quiet import QuietHours


def at(hour: int, minute: int = 0, day: int = 1) -> float:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN).timestamp()


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22-8", at(21, 59), 0.0),
        ("22-8", at(22), at(8, day=2)),
        ("22-8", at(0), at(8)),
        ("22-8", at(7, 59), at(8)),
        ("22-8", at(8), 0.0),
        ("13-15", at(14, 30), at(15)),
        ("13-15", at(15), 0.0),
        ("22-0", at(23), at(0, day=2)),
        ("", at(3), 0.0),
        (" ", at(3), 0.0),
    ],
)
def test_quiet_hours_end_in_tehran(hours: str, now: float, until: float) -> None:
    assert QuietHours(hours).until(now) == until


@pytest.mark.parametrize("hours", ["22", "22-24", "8-8", "22:00-8:00", "night", "-3-4", "۲۲-۸"])
def test_other_words_are_no_quiet_hours(hours: str) -> None:
    with pytest.raises(ValueError, match="no hours"):
        QuietHours(hours)
