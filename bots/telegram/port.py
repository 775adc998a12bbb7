"""What a messenger does for us: implemented by a Bot API account and by the simulator."""

from __future__ import annotations

from typing import Protocol

from bots.telegram.chat import Post


class Messenger(Protocol):
    """One bot account. ``chat`` is the decimal id of a private chat, which is its account's id.

    Every method raises one of the errors below and nothing else; what the messenger counts as done
    already (an unchanged message, a message or query that is gone) is success.
    """

    name: str
    """The outbound channel: ``telegram`` or ``bale``."""

    async def post(self, chat: str, post: Post) -> int:
        """Send a new message and return the messenger's id of it."""
        ...

    async def edit(self, chat: str, message: int, text: str) -> None:
        """Replace the text (HTML) of a message of ours and take its keyboard away."""
        ...

    async def close_keyboard(self, chat: str, message: int) -> None:
        """Take the keyboard of a message of ours away."""
        ...

    async def toast(self, query: str, text: str) -> None:
        """End a button press; ``text``, where there is one, is shown for a moment."""
        ...

    async def download(self, file: str, *, limit: int) -> bytes:
        """The content of a file that a customer sent. Raises :class:`TooLarge` above ``limit`` bytes."""
        ...


class MessengerError(Exception):
    """Base. ``str()`` of it holds no token, name or text."""


class Later(MessengerError):
    """Not now: after ``seconds`` where the messenger says when (429), else after a while."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Unreachable(MessengerError):
    """The customer blocked the bot or deleted the account: nothing can be sent until they write."""


class Refused(MessengerError):
    """The messenger will never take this message."""


class TooLarge(MessengerError):
    """A file that is longer than it may be."""
