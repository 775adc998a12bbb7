"""What the simulator's phones have received: bounded, in memory, readable from any point on.

Every change of a phone takes the next number of one sequence. A reader who knows the last number it
saw gets the rest, in order: the base of the page's reconnecting stream.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from bots.sms.segments import measure

MESSAGES_PER_PHONE = 200
PHONES = 1_000

Side = Literal["phone", "line"]
Tick = Literal["delivered", "failed"]


class PhoneEvent(msgspec.Struct, frozen=True):
    """``data`` is JSON: a message or a delivery tick, as the gateway's docstring describes them."""

    seq: int
    kind: Literal["message", "delivery"]
    data: dict[str, Any]


class _Message(msgspec.Struct):
    event: PhoneEvent
    tick: PhoneEvent | None = None


class _Phone:
    def __init__(self) -> None:
        self.messages: deque[_Message] = deque(maxlen=MESSAGES_PER_PHONE)
        self.changed = asyncio.Event()

    def find(self, message_id: str, side: Side) -> _Message | None:
        for message in reversed(self.messages):
            if message.event.data["id"] == message_id and message.event.data["from"] == side:
                return message
        return None

    def wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class Network:
    """At most ``PHONES`` numbers (the longest unused one makes room), each with its latest messages."""

    def __init__(self, sequence: Iterator[int]) -> None:
        self._sequence = sequence
        self._phones: OrderedDict[str, _Phone] = OrderedDict()
        self.closed = False

    def deliver(self, number: str, message_id: str, side: Side, text: str) -> None:
        """Record a message written by ``side``; one that is known by its id already changes nothing."""
        phone = self._phone(number)
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
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        }
        phone.messages.append(_Message(PhoneEvent(seq, "message", data)))
        phone.wake()

    def tick(self, number: str, message_id: str, status: Tick) -> None:
        """Say what became of a message that the phone sent; the latest word counts."""
        phone = self._phone(number)
        message = phone.find(message_id, "phone")
        if message is None:  # pushed out by newer ones meanwhile
            return
        seq = next(self._sequence)
        data = {"seq": seq, "id": message_id, "status": status}
        message.tick = PhoneEvent(seq, "delivery", data)
        phone.wake()

    def since(self, number: str, seq: int) -> list[PhoneEvent]:
        """Events of the phone after ``seq``, oldest first."""
        events = [
            event
            for message in self._phone(number).messages
            for event in (message.event, message.tick)
            if event is not None and event.seq > seq
        ]
        return sorted(events, key=lambda event: event.seq)

    def changed(self, number: str) -> asyncio.Event:
        """Set at the phone's next change. Take it before reading, so that no change falls between."""
        return self._phone(number).changed

    def close(self) -> None:
        """Wake every reader for good; ``closed`` tells them to leave."""
        self.closed = True
        for phone in self._phones.values():
            phone.changed.set()

    def _phone(self, number: str) -> _Phone:
        phone = self._phones.get(number)
        if phone is None:
            phone = self._phones[number] = _Phone()
            if self.closed:
                phone.changed.set()
            if len(self._phones) > PHONES:
                # Its readers are not woken: they come back by themselves at their next heartbeat.
                # Waking them would let too many open streams evict one another in a circle.
                self._phones.popitem(last=False)
        self._phones.move_to_end(number)
        return phone
