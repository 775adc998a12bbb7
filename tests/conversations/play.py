"""Plays one conversation in a world and checks everything it says about it."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from typing import Any

from backend_adapter.sandbox import SubscriberCard
from bots.sms.segments import measure
from dialogs import formats
from dialogs.calendar import tehran_today, to_jalali
from dialogs.ids import (
    check_digit,
    make_bill_id,
    make_payment_id,
    tracking_code_is_valid,
)
from dialogs.limits import SEGMENT_BUDGETS
from dialogs.services import SERVICES
from gooya.clock import instant
from ivr import spoken
from ivr.book import book
from tests.conversations.case import Case, Turn
from tests.conversations.world import OTP, PATIENCE, World
from tests.menus import way_to

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.(\w+))?([+-]\d+)?(?::(fa|ar|spoken|middle|short))?\}")
_DIGITS = {
    "fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
}
_CODE = re.compile(
    r"(?:^|(?<!نمونه)(?<!Example): |درخواست )([0-9]{10})(?: پذیرفته|$)", re.MULTILINE
)
_OWN = ("my_requests", "subscriptions", "my_settings")
_WAYS = {flow: " ".join(way_to(flow)) for flow in (*SERVICES, *_OWN)}
"""What a caller presses in the menus."""
_LONGEST = max(SEGMENT_BUDGETS["list"], SEGMENT_BUDGETS["helped"])
"""Segments of one message; forms are read back in ``services/``."""
_FREE_FILE_CODES = 9_000_000
"""From here on: the sandbox draws longer file codes."""


class Play:
    def __init__(self, world: World, case: Case) -> None:
        self.world = world
        self.case = case
        self.person: SubscriberCard = world.cast.take(case.who)
        self.second = world.cast.take(case.second) if case.second else None
        self.code = ""
        self._today = tehran_today(instant(world.clock()))
        self.phone = self.fill(case.phone)
        self._last = ("", "", "")

    async def run(self) -> None:
        try:
            for number, turn in enumerate(self.case.turns, 1):
                try:
                    await self.turn(turn)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"turn {number} ({turn}): {error!r}") from error
            await self.check_backend()
        finally:
            if any(turn.fault for turn in self.case.turns):
                await self.world.sandbox("DELETE", "faults")

    async def turn(self, turn: Turn) -> list[str]:
        await self.happen(turn)
        phone = self.fill(turn.from_) if turn.from_ else self.phone
        if turn.repeat_delivery:
            await self.world.send(*self._last)
        if turn.together:
            texts = [self.fill(text) for text in turn.together]
            ids = [uuid.uuid4().hex for _ in texts]
            sends = (self.world.send(phone, t, i) for t, i in zip(texts, ids, strict=True))
            await asyncio.gather(*sends)
        if turn.send is not None:
            for again in range(turn.times):
                if again:
                    await self.world.replies(phone)
                self._last = (phone, self.fill(turn.send), uuid.uuid4().hex)
                await self.world.send(*self._last)
        until = tuple(map(self.fill, turn.expect)) if turn.pending else None
        replies = await self.world.replies(phone, until)
        self.check(turn, replies)
        self.check_messages(turn, replies)
        return replies

    async def happen(self, turn: Turn) -> None:
        if turn.wait:
            self.world.clock.ahead += seconds(turn.wait)
        if turn.fault:
            await self.world.sandbox("POST", "faults", json=turn.fault)
        if turn.heal:
            await self.world.sandbox("DELETE", "faults")
        bill = self.person.bill_id
        for number in range(turn.pays):
            order = {"bill_id": bill, "payment_id": make_payment_id(bill, 1_000, 5, number + 1)}
            await self.world.sandbox("POST", "payments", json=order)
        if turn.advance:
            await self.world.forwarded()
            before = await self.events()
            await self.world.sandbox("POST", "advance", json={"tracking_code": self.code})
            async with asyncio.timeout(PATIENCE):
                while await self.events() == before:
                    await asyncio.sleep(0.01)

    async def events(self) -> int:
        tracked = await self.world.running.parts.reader.by_tracking_code(self.code)
        return len(tracked.events) if tracked else 0

    def check(self, turn: Turn, replies: list[str]) -> None:
        """Hold what was answered, in writing, against what the turn says of it."""
        for code in _CODE.findall("\n".join(replies)):
            if tracking_code_is_valid(code):
                self.code = code
        said = "\n".join(replies)
        for word in turn.expect:
            assert self.fill(word) in said, f"expected {self.fill(word)!r} in {said!r}"
        for word in turn.absent:
            assert self.fill(word) not in said, f"did not expect {self.fill(word)!r} in {said!r}"
        if turn.silent:
            assert not replies, f"expected silence, got {said!r}"

    def check_messages(self, turn: Turn, messages: list[str]) -> None:
        """What is so of SMS alone."""
        if turn.messages is not None:
            assert len(messages) == turn.messages, f"{len(messages)} messages: {messages!r}"
        for message in messages:
            cost = measure(message).segments
            assert cost <= _LONGEST, f"{cost} segments: {message!r}"

    async def check_backend(self) -> None:
        case = self.case
        if case.readings is None and case.requests is None and case.documents is None:
            return
        await self.world.forwarded()
        bill = {"bill_id": self.person.bill_id}
        if case.readings is not None:
            stored = await self.world.sandbox("GET", "readings", params=bill)
            given = [r["counters"] for r in stored if r["source"] == "customer"]
            wanted = [
                {k: int(self.fill(str(v))) for k, v in reading.items()} for reading in case.readings
            ]
            assert given == wanted, f"the backend has {given}, expected {wanted}"
        stored = await self.world.sandbox("GET", "requests", params=bill)
        mine = [r["request"] for r in stored if r["request"]["bill_id"] == self.person.bill_id]
        if case.requests is not None:
            services = [request["service"] for request in mine]
            assert services == case.requests, f"the backend has {services}"
        if case.documents is not None:
            documents = [len(request.get("attachments", ())) for request in mine]
            assert documents == case.documents, f"the backend has {documents} documents"

    def fill(self, text: str) -> str:
        """Replace the placeholders."""
        return _PLACEHOLDER.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        name, field, add, digits = match.groups()
        value: Any = self._named(name)
        if name == "day":
            value, add = formats.date(value + dt.timedelta(int(add)), "en"), None
        if field:
            value = value[field]
        text = str(int(value) + int(add)) if add else str(value)
        if digits in ("spoken", "middle"):
            clips = (spoken.middle if digits == "middle" else spoken.identifier)(text, "fa")
            return " ".join(filter(None, map(book("fa").text_of, clips)))
        if digits == "short":
            return formats.middle(text)
        return text.translate(_DIGITS[digits]) if digits else text

    def _named(self, name: str) -> Any:
        bill = self.person.bill_id
        if name == "to":
            return _WAYS
        if name.startswith("unknown"):
            number = int(name.removeprefix("unknown"))
            return make_bill_id(_FREE_FILE_CODES + number, "041")
        values: dict[str, Any] = {
            "bill": bill,
            "second": self.second and self.second.bill_id,
            "mobile": self.person.mobile or f"+98935{int(bill) % 10**7:07d}",
            "landline": f"+9821{int(bill) % 10**8:08d}",
            "account": f"+98939{int(bill) % 10**7:07d}",
            "stranger": f"+98936{int(bill) % 10**7:07d}",
            "last": self.person.values,
            "otp": f"{OTP:05d}",
            "person": self.person.person_id,
            "code": self.code,
            "day": self._today,
            "year": to_jalali(self._today)[0],
            "misread": bill[:-1] + str((int(bill[-1]) + 1) % 10),
            "water": _bill_of("1"),
            "gas": _bill_of("3"),
            "thousand": "سلام " * 200,
            "longest": "سلام" * 1024,
            "endless": "سلام " * 2_000,
        }
        return values[name]


def seconds(wait: str) -> int:
    """How long ``45m`` is."""
    return int(wait[:-1]) * _UNITS[wait[-1]]


def _bill_of(utility: str) -> str:
    body = f"1234567041{utility}"
    return body + str(check_digit(body))
