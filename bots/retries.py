"""When what a customer should get is tried again: the same for every channel."""

from __future__ import annotations

from typing import Final

MAX_ATTEMPTS: Final = 56
"""Failed attempts after which it is given up: some two hours of pauses, each half as long on average."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0


def pause(attempts: int) -> float:
    """Seconds after one more than so many failed attempts, before jitter (0 to 1) shortens them."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts, MAX_ATTEMPTS))
