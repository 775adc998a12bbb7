"""What customers do in a chat, taken out of the Bot API's updates: the contract with the wiring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

Kind = Literal[
    "text",
    "command",  # ``text`` is a name of dialogs.commands: menu, back, help, cancel … or ``start``
    "open",  # a deep link or a command with a value: ``text`` is "<flow> <value>"
    "press",  # a button: ``text`` is the option's number or "command:<name>", ``asked`` its question
    "contact",  # ``text`` is the account's own number in E.164, or empty: somebody else's
    "files",  # photos or documents
    "other",  # what no question takes: ``text`` is sticker, location, voice, video, edited, poll …
    "unreachable",  # the customer blocked the bot
    "group",  # somebody speaks to the bot in a group
]


class File(msgspec.Struct, frozen=True):
    """A photo (the largest size of it) or a document; ``id`` is for ``Messenger.download``."""

    id: str
    content_type: str
    """As the sender's app claims; ``image/jpeg`` for photos."""
    size: int
    """Bytes as the messenger says; 0 where it doesn't."""


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """The update's id: the same when it is delivered again. An album has that of its first part."""
    chat: str
    kind: Kind
    text: str = ""
    asked: str = ""
    source: str = ""
    """JSON of :class:`bots.telegram.chat.Pressed` for a press."""
    files: tuple[File, ...] = ()


Handle = Callable[[Inbound], Awaitable[None]]
"""Handles one thing for good: when it returns, that is committed. Raises when it could not be, and
then the update stays in the inbox."""
