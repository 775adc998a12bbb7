"""What a channel can do. A flow asks for these and never for the channel's name."""

from __future__ import annotations

from typing import Final

import msgspec


class Capabilities(msgspec.Struct, frozen=True):
    rows: int
    """Rows of a list that fit on one page of this channel."""


CHANNELS: Final = {
    "sms": Capabilities(rows=4),
}
