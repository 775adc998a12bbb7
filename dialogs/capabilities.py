"""What a channel can do. A flow asks for these and never for the channel's name."""

from __future__ import annotations

from typing import Final

import msgspec


class Capabilities(msgspec.Struct, frozen=True):
    variant: str
    """The attribute of a message that is this channel's own wording."""
    rows: int
    """Rows of a list that fit on one page of this channel."""
    options: int
    """Options that one question may have."""
    typing: bool = True
    """Whether the customer can write words and numbers side by side; else keys give digits alone."""
    reading: bool = True
    """Whether the customer sees what was said and can keep it; else it is heard once."""


CHANNELS: Final = {
    "sms": Capabilities("sms", rows=4, options=10),
    "call": Capabilities("voice", rows=3, options=5, typing=False, reading=False),
}
