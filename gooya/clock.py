"""The one clock of a process, so that tests can move it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

Clock = Callable[[], float]
"""POSIX seconds."""

system: Clock = time.time


def instant(seconds: float) -> dt.datetime:
    """POSIX seconds as an aware UTC datetime."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
