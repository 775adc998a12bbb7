"""What the simulator's phones have received: bounded, in memory, readable from any point on."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from typing import Literal

import msgspec

from bots.simulation import Device, Devices, Event
from bots.sms.segments import measure

MESSAGES_PER_PHONE = 200
PHONES = 1_000

Side = Literal["phone", "line"]
Tick = Literal["delivered", "failed"]


class _Message(msgspec.Struct):
    event: Event
    tick: Event | None = None


class _Phone(Device):
    def __init__(self) -> None:
        super().__init__()
        self.messages: deque[_Message] = deque(maxlen=MESSAGES_PER_PHONE)

    def events(self) -> Iterator[Event]:
        for message in self.messages:
            yield message.event
            if message.tick is not None:
                yield message.tick

    def find(self, message_id: str, side: Side) -> _Message | None:
        for message in reversed(self.messages):
            if message.event.data["id"] == message_id and message.event.data["from"] == side:
                return message
        return None


class Network(Devices[_Phone]):
    """At most ``PHONES`` numbers, each with its latest messages: events ``message`` and ``delivery``, as
    the gateway's docstring describes them."""

    def __init__(self, sequence: Iterator[int]) -> None:
        super().__init__(_Phone, PHONES)
        self._sequence = sequence

    def deliver(
        self, number: str, message_id: str, side: Side, text: str, *, spoken: bool = False
    ) -> None:
        """Record a message written by ``side``, or what was ``spoken`` in a call; one that is known by its
        id already changes nothing."""
        phone = self.device(number)
        if phone.find(message_id, side) is not None:
            return
        size = measure(text)
        seq = next(self._sequence)
        data = {
            "seq": seq,
            "id": message_id,
            "from": side,
            "text": text,
            "encoding": size.encoding,
            "parts": size.segments,
            "spoken": spoken,
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        }
        phone.messages.append(_Message(Event(seq, "message", data)))
        phone.wake()

    def tick(self, number: str, message_id: str, status: Tick) -> None:
        """Say what became of a message that the phone sent; the latest word counts."""
        phone = self.device(number)
        message = phone.find(message_id, "phone")
        if message is None:  # pushed out by newer ones meanwhile
            return
        seq = next(self._sequence)
        data = {"seq": seq, "id": message_id, "status": status}
        message.tick = Event(seq, "delivery", data)
        phone.wake()
