"""What a channel can do. A flow asks for these and never for the channel's name."""

from __future__ import annotations

from typing import Final

import msgspec


class Capabilities(msgspec.Struct, frozen=True):
    free_text: bool
    """The customer can type words."""
    rows: int
    """Rows of a list that fit on one page of this channel."""


CHANNELS: Final = {
    "sms": Capabilities(free_text=True, rows=4),
}
