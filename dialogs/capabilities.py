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
    answers: int
    """Rows of a read-back that are confirmed at once."""
    typing: bool = True
    """Whether the customer can write words and numbers side by side; else keys give digits alone."""
    reading: bool = True
    """Whether the customer sees what was said and can keep it; else it is heard once."""
    account: bool = False
    """Whether who writes is an account of a messenger, which vouches for it and for the phone number
    that it shares."""
    pictures: bool = False
    """Whether the customer can be shown a picture."""
    photos: bool = False
    """Whether the customer can send photos and files."""
    paid: bool = False
    """Whether what is said costs the utility money by its length."""


_MESSENGER: Final = Capabilities(
    "telegram", rows=12, options=10, answers=20, account=True, pictures=True, photos=True
)

CHANNELS: Final = {
    "sms": Capabilities("sms", rows=4, options=8, answers=5, paid=True),
    "call": Capabilities("voice", rows=3, options=5, answers=6, typing=False, reading=False),
    "telegram": _MESSENGER,
    "bale": _MESSENGER,
}
