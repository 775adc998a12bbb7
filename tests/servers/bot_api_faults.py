"""What goes wrong between a bot and the Bot API: on demand, at random, or for being too fast."""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

How = Literal["429", "500", "502", "cut-before", "cut-after", "slow"]
"""An answer with that status, nothing done; the connection cut before or after the work; the work
done and answered too late."""

SPARED = frozenset(
    ["getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "setMyCommands"]
)
"""Methods that random trouble leaves alone."""


@dataclass
class Fault:
    how: How
    method: str = "*"
    chat: int | None = None
    count: int = 1
    retry_after: float | None = None
    seconds: float = 0.0


@dataclass
class Trouble:
    """Shares of all calls (``rate_429`` … ``cut_after``) and of all updates (``duplicates``, ``late``)."""

    rate_429: float = 0.0
    retry_after: float | None = 1
    rate_5xx: float = 0.0
    cut_before: float = 0.0
    cut_after: float = 0.0
    duplicates: float = 0.0
    late: float = 0.0


@dataclass
class Faults:
    seed: int
    queue: list[Fault] = field(default_factory=list)
    trouble: Trouble = field(default_factory=Trouble)
    duplicates: int = 0
    late: int = 0

    def __post_init__(self) -> None:
        self._draws: Counter[tuple[str, int]] = Counter()

    def of_call(self, method: str, chat: int) -> Fault | None:
        for fault in self.queue:
            if fault.method in ("*", method) and fault.chat in (None, chat):
                fault.count -= 1
                if fault.count <= 0:
                    self.queue.remove(fault)
                return fault
        if method in SPARED:
            return None
        trouble = self.trouble
        shares: tuple[tuple[How, float], ...] = (
            ("429", trouble.rate_429),
            ("502", trouble.rate_5xx),
            ("cut-before", trouble.cut_before),
            ("cut-after", trouble.cut_after),
        )
        if not any(share for _, share in shares):
            return None
        drawn = self._draw(method, chat)
        for how, share in shares:
            if drawn < share:
                return Fault(how, retry_after=trouble.retry_after)
            drawn -= share
        return None

    def of_update(self, queue: int) -> tuple[bool, bool]:
        """Whether it comes twice, and whether the next one overtakes it."""
        again = self.trouble.duplicates > 0 and self._draw("again", queue) < self.trouble.duplicates
        late = self.trouble.late > 0 and self._draw("late", queue) < self.trouble.late
        if self.duplicates:
            self.duplicates, again = self.duplicates - 1, True
        if self.late:
            self.late, late = self.late - 1, True
        return again, late

    def _draw(self, what: str, whose: int) -> float:
        """Depends on the seed and on how many were drawn for the same thing, not on what goes on
        beside it: chats that run side by side don't change each other's trouble."""
        nth = self._draws[what, whose]
        self._draws[what, whose] += 1
        drawn = hashlib.blake2b(f"{self.seed} {what} {whose} {nth}".encode(), digest_size=8)
        return int.from_bytes(drawn.digest()) / 2**64


@dataclass
class Rates:
    """Token buckets: one for all chats that holds a second's worth, one a chat that holds ``burst``."""

    per_chat: float
    burst: float
    overall: float
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._buckets: dict[int | None, tuple[float, float]] = {}

    def refused(self, chat: int) -> int:
        """Whole seconds to wait, 0 where the message may pass. A refused one uses nothing up."""
        now = self.clock()
        buckets: list[tuple[int | None, float, float]] = [
            (chat, self.per_chat, self.burst),
            (None, self.overall, self.overall),
        ]
        left = {}
        for key, rate, size in buckets:
            tokens, at = self._buckets.get(key, (size, now))
            tokens = min(size, tokens + (now - at) * rate)
            if tokens < 1:
                return max(1, math.ceil((1 - tokens) / rate))
            left[key] = (tokens - 1, now)
        self._buckets |= left
        return 0
