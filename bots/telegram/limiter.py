"""How fast a bot account may send: about one message a second to a chat, about thirty to all.

Rates of the Bot API: the lab's notes. They hold for one process; where several send for one account,
what is too much comes back as a 429 and is put off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

_AT_ONCE: Final = 0.1
"""Seconds' worth of the overall rate that may go out in the same moment."""
_SWEEP_FROM: Final = 1_000
"""Chats remembered before the idle ones are looked for."""


class Limiter:
    """Token buckets, each kept as the one time at which it will be full again.

    ``per_chat`` and ``overall`` are messages a second, ``burst`` those a chat may get at once after a
    pause. A place is taken when it is asked for and then slept for, so nothing is locked and those
    who wait for one chat are in nobody else's way.
    """

    def __init__(
        self,
        *,
        per_chat: float = 1.0,
        burst: int = 3,
        overall: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._chat_interval = 1.0 / per_chat
        self._chat_slack = (burst - 1) / per_chat
        self._interval = 1.0 / overall
        self._clock = clock
        self._sleep = sleep
        self._chats: dict[str, float] = {}
        self._full_at = 0.0
        self._sweep_at = _SWEEP_FROM

    def __len__(self) -> int:
        """Chats remembered."""
        return len(self._chats)

    async def wait(self, chat: str) -> None:
        """Return when the next message to ``chat`` may go out."""
        now = self._clock()
        full_at = max(self._chats.get(chat, now), now)
        self._chats[chat] = full_at + self._chat_interval
        if len(self._chats) > self._sweep_at:
            self._forget_idle(now)
        if (pause := full_at - self._chat_slack - now) > 0:
            await self._sleep(pause)
            now = self._clock()
        # Only now: a place among all, taken for a chat that still waits for itself, would stay empty.
        full_at = max(self._full_at, now)
        self._full_at = full_at + self._interval
        if (pause := full_at - _AT_ONCE - now) > 0:
            await self._sleep(pause)

    def _forget_idle(self, now: float) -> None:
        self._chats = {chat: full_at for chat, full_at in self._chats.items() if full_at > now}
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._chats))
