"""Sub-flows that several services need: options in pages, which subscription, words,
and the proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from dialogs.answers import BillId, OneTimeCode, Text, Voice
from dialogs.answers.base import Answer, Wrong
from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.answers.voice import attachment
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
    Revise,
    Say,
    SendCode,
)

_MORE, _OTHER = "more", "other"


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


def pick(
    message: str, options: Sequence[Option], *, more: str = "option-more", **ask: Any
) -> Flow[str]:
    """Ask for one of ``options``, as many at a time as the channel can offer; ``more`` labels the way
    to the others. ``ask`` is what else the question needs."""
    size: int = yield Recall("options")
    number = 1
    while True:
        page = options if len(options) <= size else options[: size - 1]
        last = (Option(_MORE, more),) if len(page) < len(options) else ()
        slot = str(number) if number > 1 else ""
        answer = Choice((*page, *last))
        value: str = yield Ask(message=message, answer=answer, slot=slot, **ask)
        if value != _MORE:
            return value
        options = options[len(page) :]
        number += 1


def choose_bill_id() -> Flow[str]:
    """Ask for the subscription: one used before, or a bill id."""
    saved: list[str] = yield Recall("subscriptions")
    typing: bool = yield Recall("typing")
    if saved and typing:
        bill_id: str = yield Ask(message="bill-saved", answer=SavedOrTyped(saved), slot="bill")
        return bill_id
    if saved:
        offered = [Option(bill, "option-bill", {"bill": bill}) for bill in saved]
        chosen = yield from pick("bill-choose", [*offered, Option(_OTHER, "option-other-bill")])
        if chosen != _OTHER:
            return chosen
    bill_id = yield Ask(message="bill", answer=BillId())
    return bill_id


def ask_words(message: str, slot: str = "") -> Flow[str]:
    """Ask for free text: written, or else spoken, played back and confirmed.

    Returns the words or ``recording:<attachment id>``.
    """
    typing: bool = yield Recall("typing")
    if typing:
        written: str = yield Ask(message=message, slot=slot, answer=Text())
        return written
    question = Ask(message=message, slot=slot, answer=Voice(), ahead="drop")
    words: str = yield question
    recorded = attachment(words)
    if recorded is not None:
        right: bool = yield Ask(
            message="voice-check",
            slot=slot,
            answer=YesNo("option-keep", "option-again"),
            args={"recording": recorded},
            ahead="drop",
        )
        if not right:
            yield Revise(question.key)
    return words


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
    yield HandOff("unknown ids", transfer=False)
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
