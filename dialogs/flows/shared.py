"""Sub-flows that several services need: which subscription, and the proof."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from dialogs.answers import BillId, OneTimeCode
from dialogs.answers.base import Answer, Wrong
from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.policy import Level
from dialogs.steps import (
    Ask,
    Away,
    CheckCode,
    Fetch,
    Flow,
    HandOff,
    Missing,
    Proved,
    Recall,
    Remember,
    Say,
    SendCode,
)


class SavedOrTyped(Answer[str]):
    """A saved subscription by its number in the list, or any bill id typed out."""

    type: ClassVar[str] = "bill_id"

    def __init__(self, saved: list[str]) -> None:
        self._choice = Choice(tuple(Option(b, "option-bill", {"bill": b}) for b in saved))
        self.options = self._choice.options
        self._bill_id = BillId()

    def parse(self, text: str, *, today: dt.date) -> str:
        """Raises what the bill id raises: whoever types more than a list number means an id."""
        try:
            return self._choice.parse(text, today=today)
        except Wrong:
            return self._bill_id.parse(text, today=today)


def choose_bill_id() -> Flow[str]:
    """Ask for the subscription: one used before, or a bill id."""
    saved: list[str] = yield Recall("subscriptions")
    if saved:
        bill_id: str = yield Ask(message="bill-saved", answer=SavedOrTyped(saved), slot="bill")
    else:
        bill_id = yield Ask(message="bill", answer=BillId())
    return bill_id


def choose_known(resource: str) -> Flow[tuple[str, Any]]:
    """Ask for a subscription until the backend knows it: (bill id, the resource or None if away).

    Raises :class:`Limited` after too many unknown ids.
    """
    while True:
        bill_id = yield from choose_bill_id()
        try:
            return bill_id, (yield Fetch(resource, bill_id))
        except Missing:
            yield Say(message="bill-unknown", args={"bill": bill_id})
        except Away:
            return bill_id, None


def too_many_unknown() -> Flow[None]:
    """The end of a flow whose customer tried too many unknown ids."""
    yield HandOff("unknown ids")
    yield Say(message="too-many-unknown")


def prove(bill_id: str, level: Level, purpose: str) -> Flow[bool]:
    """Have the customer prove a right to ``level``; False when the proof fails.

    One code, three tries, three codes an hour; the answers are the same for a subscription that has
    no registered number (facts.md section 7). A bill proved by a code is remembered.
    """
    if (yield Proved(bill_id, level)):
        return True
    while True:
        sent: str = yield SendCode(bill_id, purpose)
        if sent != "sent":
            yield Say(message=f"code-{sent}")
            return False
        verdict = "wrong"
        yield Say(message="code-sent")
        while verdict == "wrong":
            code: str | None = yield Ask(message="code", answer=OneTimeCode(), secret=True)
            verdict = yield CheckCode(bill_id, code, level)
            if verdict == "wrong":
                yield Say(message="code-wrong")
        if verdict == "right":
            yield Remember(bill_id)
            return True
        again: bool = yield Ask(message="code-spent", answer=YesNo(), ahead="drop")
        if not again:
            yield Say(message="ended")
            return False
