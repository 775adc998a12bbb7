"""What enters a conversation. Messages, timers and the backend's news use the same door."""

from __future__ import annotations

from typing import Literal

import msgspec

from dialogs.values import Progress


class Event(msgspec.Struct, frozen=True, kw_only=True):
    kind: Literal["text", "opt_out", "opt_in", "timer", "progress"]
    id: str
    """Unique within the conversation and the same when it is delivered again."""
    channel: str
    address: str
    at: float
    """POSIX seconds."""
    text: str = ""
    timer: str = ""
    progress: Progress | None = None
    service: str = ""
    """Catalogue key of the request that ``progress`` speaks of."""
