"""What happens in a chat: the contract between presenter, outbound queue, sender and simulator.

Each of these is the text of one outbound message (:class:`dialogs.store.Outbound`), in order.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Button(msgspec.Struct, frozen=True):
    """A button under a question. ``data`` comes back when it is pressed: at most 64 bytes, and nothing
    in it that names a customer."""

    label: str
    data: str


class Picture(msgspec.Struct, frozen=True):
    """Something to look at, drawn when it is sent. ``rows`` are builtins of the value type:
    :class:`dialogs.values.Consumption` or :class:`dialogs.values.Payment`, newest first."""

    kind: Literal["consumption", "payments"]
    language: str
    rows: list[dict[str, Any]]


class Post(msgspec.Struct, frozen=True, tag="post", omit_defaults=True):
    """A new message. ``text`` is HTML as Telegram takes it (``b``, ``code``; ``& < >`` escaped)."""

    text: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons under the message, the first of a row at its left as the messenger shows it."""
    contact: str = ""
    """Label of a key below the chat that shares the account's own phone number."""
    picture: Picture | None = None
    """Sent as a photo with ``text`` as its caption."""


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """The question in ``message`` was answered by a button: it becomes ``text`` and loses its keyboard."""

    message: int
    text: str


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """The last question was answered by writing: its keyboard goes."""


class Toast(msgspec.Struct, frozen=True, tag="toast", omit_defaults=True):
    """The end of a button press, which the messenger shows as going on until then."""

    query: str
    text: str = ""


Act = Post | Answered | Closed | Toast

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Act] = msgspec.json.Decoder(Act)


def encode(act: Act) -> str:
    """For ``Outbound.text``."""
    return _encoder.encode(act).decode()


def decode(text: str) -> Act:
    """Raises ``msgspec.MsgspecError``."""
    return _decoder.decode(text)


class Pressed(msgspec.Struct, frozen=True):
    """The button press an event came from: what :class:`Answered` and :class:`Toast` are made of."""

    query: str
    message: int | None
    """None where the messenger no longer has the message."""
    text: str
    """The message as HTML."""
    label: str
    """What stood on the button."""


def pressed(source: str) -> Pressed:
    """The press that an inbound event's ``source`` holds. Raises ``msgspec.MsgspecError``."""
    return msgspec.json.decode(source, type=Pressed)
