"""The port every SMS gateway implements: one file a gateway, the same parts in the same order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol, runtime_checkable

import msgspec
from aiohttp import web

DeliveryStatus = Literal["accepted", "buffered", "delivered", "failed", "rejected", "blocked"]


class InboundSms(msgspec.Struct, frozen=True):
    """A message from a phone, whole (parts joined) and with a normalised sender."""

    gateway: str
    message_id: str
    """The gateway's id of the message: the same one when it is delivered again."""
    sender: str
    """E.164. A claim, not a proof."""
    receiver: str
    """The line it was sent to, as the gateway writes it."""
    text: str


class DeliveryReport(msgspec.Struct, frozen=True):
    message_id: str
    """Our own id of the outbound message."""
    status: DeliveryStatus


class SmsOut(msgspec.Struct, frozen=True):
    id: str
    """Our own id: idempotency key where the gateway has one."""
    to: str
    """E.164."""
    text: str


class SendError(Exception):
    """A send that did not work. The adapter says what it is, the sender decides what to do.

    ``retryable``: the same message may go through later. ``alarm``: an operator must act (credit,
    key, line), whatever happens to the message. ``str()`` holds no number, text or key.
    """

    def __init__(self, reason: str, *, retryable: bool, alarm: bool = False) -> None:
        super().__init__(reason)
        self.retryable = retryable
        self.alarm = alarm


Receive = Callable[[InboundSms], Awaitable[None]]
"""Handles one inbound message; returns when its turn is committed, raises when it could not be, and
then the adapter must not acknowledge it to its gateway."""
Report = Callable[[DeliveryReport], Awaitable[None]]


class Gateway(Protocol):
    name: str

    async def send(self, sms: SmsOut) -> None:
        """Return when the gateway has taken the message over. Raises :class:`SendError`."""
        ...

    def routes(self) -> Sequence[web.RouteDef]:
        """HTTP routes under ``/sms/<name>``; empty for a gateway that needs none."""
        ...

    async def start(self) -> None:
        """Open connections and start polling; returns at once, reconnects by itself."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Speaks(Protocol):
    """What a gateway has that can also call a phone and read a text out."""

    async def speak(self, sms: SmsOut) -> None:
        """Return when the gateway has taken the call over. Raises :class:`SendError`."""
        ...
