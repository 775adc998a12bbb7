"""The answer to announced terms: «موافقم» or «موافق نیستم» (a stage of the kind ``agreement``)."""

from __future__ import annotations

from typing import Any

from dialogs.answers.choice import Option, YesNo
from dialogs.flows.finding import find_request
from dialogs.flows.own import is_own
from dialogs.flows.registry import flow
from dialogs.flows.shared import follow_up, pick
from dialogs.notices import awaits_reply
from dialogs.steps import Ask, Filed, Flow, MyRequests, Say

_AGREE = ("موافق", "قبول", "قبول دارم", "می‌پذیرم", "agree", "i agree", "accept")
_DISAGREE = (
    "موافق نیستم",
    "مخالفم",
    "مخالف",
    "قبول ندارم",
    "نمی‌پذیرم",
    "disagree",
    "i disagree",
    "i don't agree",
    "decline",
)


@flow("terms")
def terms(code: str = "", service: str = "", cost: int | None = None) -> Flow[None]:
    """Ask for the answer that a request waits for: the one of which news tell with these values, or else
    one of the customer's own, or the one with the tracking code that the customer gives."""
    if code:
        yield from reply(service, code, cost)
        return
    filed = yield from _waiting()
    if filed is not None:
        yield from reply(filed.service, filed.progress.tracking_code, filed.progress.cost)


def _waiting() -> Flow[Filed | None]:
    own: list[Filed] = []
    if (yield from is_own()):
        own = yield MyRequests()
    waiting = {
        filed.progress.tracking_code: filed
        for filed in own
        if awaits_reply(filed.service, filed.progress)
    }
    if len(waiting) == 1:
        return next(iter(waiting.values()))
    if waiting:
        options = [
            Option(code, "option-request-code", {"service": filed.service, "code": code})
            for code, filed in waiting.items()
        ]
        return waiting[(yield from pick("terms-which", options, page="rows"))]
    found = yield from find_request("terms-code")
    if found is None or awaits_reply(found.service, found.progress):
        return found
    yield Say(message="terms-none", args={"code": found.progress.tracking_code})
    return None


def reply(service: str, code: str, cost: int | None) -> Flow[None]:
    """Ask whether the customer agrees to ``cost`` (rial; None where none is announced), and send the
    answer. No agreement ends the request, so that is asked twice."""
    title: dict[str, Any] = {"service": service, "code": code}
    while True:
        agrees: bool = yield Ask(
            message="terms-free" if cost is None else "terms",
            answer=YesNo("option-agree", "option-disagree", yes_words=_AGREE, no_words=_DISAGREE),
            args=title if cost is None else {**title, "amount": cost},
            ahead="drop",
        )
        if agrees:
            break
        sure: bool = yield Ask(
            message="terms-decline",
            answer=YesNo("option-decline", "option-keep-request"),
            args=title,
            ahead="drop",
        )
        if sure:
            break
    fields = {"request": code, "agrees": agrees}
    if (yield from follow_up("reply_to_terms", fields)):
        yield Say(message="terms-agreed" if agrees else "terms-declined", args=title)
