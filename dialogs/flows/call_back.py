"""A call-back request, where no operator can take the call now."""

from __future__ import annotations

from dialogs.answers import Phone
from dialogs.answers.choice import YesNo
from dialogs.flows.registry import flow
from dialogs.flows.shared import ask_words
from dialogs.steps import Ask, Flow, HandOff, Recall, Say


@flow("call_back")
def call_back(service: str, reason: str) -> Flow[None]:
    """Take number and matter for the operators. ``service`` is the flow that needed them."""
    number: str = yield Recall("phone")
    right = False
    if number:
        dialled = {"number": number.replace("+98", "0", 1)}
        right = yield Ask(message="call-back-number", answer=YesNo(), args=dialled, ahead="drop")
    if not right:
        number = yield Ask(message="call-back-phone", answer=Phone())
    matter = yield from ask_words("call-back-message")
    details = {"call_back": number, "matter": matter, "for": service, "because": reason}
    yield HandOff("call_back", details, transfer=False)
    yield Say(message="call-back-taken", keep=True)
