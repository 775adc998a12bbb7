"""Billed periods of two years, side by side: each period of the last year with its twin a year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.calendar import to_jalali
from dialogs.values import Consumption

YEAR = dt.timedelta(365)
_HALF_A_MONTH = dt.timedelta(15)


@dataclass
class Pair:
    """At least one of both is there."""

    recent: Consumption | None
    before: Consumption | None

    @property
    def both(self) -> list[Consumption]:
        return [period for period in (self.before, self.recent) if period]

    @property
    def middle(self) -> dt.date:
        """When the period is, or would be, in the last year."""
        return middle(self.recent) if self.recent else middle(self.both[0]) + YEAR


def middle(period: Consumption) -> dt.date:
    return period.start + (period.end - period.start) / 2


def pairs(periods: Iterable[Consumption]) -> list[Pair]:
    """The pairs of the two years that end with the newest period, oldest first; older periods are left out.

    Twins are found by their dates, since companies number their periods differently and don't read a
    meter on the same day every year: nearer to each other than half a period, or half a month. A period
    that was split or left out in one of the years stands alone.
    """
    ordered = sorted(periods, key=middle)
    if not ordered:
        return []
    last = max(period.end for period in ordered)
    found = [Pair(period, None) for period in ordered if middle(period) > last - YEAR]
    for period in (p for p in ordered if last - 2 * YEAR < middle(p) <= last - YEAR):
        apart = max(_HALF_A_MONTH, (period.end - period.start) / 2)
        free = [pair for pair in found if pair.before is None]
        twin = min(free, key=lambda pair: _distance(pair, period), default=None)
        if twin is not None and _distance(twin, period) < apart:
            twin.before = period
        else:
            found.append(Pair(None, period))
    return sorted(found, key=lambda pair: pair.middle)


def months(period: Consumption) -> tuple[int, int]:
    """The first and the last Jalali month, 1 to 12, of which at least half belongs to the period."""
    first, last = period.start + _HALF_A_MONTH, period.end - _HALF_A_MONTH
    if last < first:
        first = last = middle(period)
    return to_jalali(first)[1], to_jalali(last)[1]


def _distance(pair: Pair, period: Consumption) -> dt.timedelta:
    return abs(pair.middle - middle(period) - YEAR)
