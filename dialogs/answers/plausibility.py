"""Whether a meter reading can be true, seen from the last one. facts.md section 3, "Plausibility"."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from dialogs.values import LastReading, Register, Value

FACTOR = 3.0
"""How many times the average daily use is still believed."""
LEAST_DAILY_KWH = 5.0
"""An average below this counts as this: a flat that stood empty may be lived in again."""

Kind = Literal["ok", "lower", "rollover", "high", "zero"]


class Verdict(Value, frozen=True):
    """What a reading means. ``rollover`` is plausible too: the counter passed its highest number."""

    kind: Kind
    kwh: int | None = None
    """Consumption since the last reading; None where it can't be told (``lower``, a register that
    had no reading yet, and ``demand``, which counts no energy)."""


def judge(last: LastReading, register: Register, value: int, today: dt.date) -> Verdict:
    """Compare ``value`` (the counter of ``register``, read on ``today``) with the last reading.

    Consumption is the difference times the register's multiplier. It is ``high`` when its use a day
    (at least one day) is over :data:`FACTOR` times the average. A value below the last one is a
    ``rollover`` when that would be plausible, else ``lower``.
    """
    previous = last.values.get(register.id)
    if previous is None:
        return Verdict(kind="ok")
    if register.id == "demand":
        # A maximeter starts again from zero after every reading: only its height can be odd.
        return Verdict(kind="high" if 0 < FACTOR * previous < value else "ok")
    days = max(1, (today - last.read_on).days)
    limit = FACTOR * max(last.daily_use.get(register.id, 0.0), LEAST_DAILY_KWH) * days
    if value < previous:
        wrapped = (value + 10**register.digits - previous) * register.multiplier
        if 0 < wrapped <= limit:
            return Verdict(kind="rollover", kwh=wrapped)
        return Verdict(kind="lower")
    consumption = (value - previous) * register.multiplier
    if consumption == 0:
        return Verdict(kind="zero", kwh=0)
    return Verdict(kind="high" if consumption > limit else "ok", kwh=consumption)
