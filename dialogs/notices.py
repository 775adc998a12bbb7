"""What a customer is told of the backend's news, in messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from dialogs import limits
from dialogs.prompts import Prompt
from dialogs.services import CATALOGUE
from dialogs.services.catalogue import Stage
from dialogs.values import FOLLOW_UPS, Bill, Progress

CLOSED: Final = ("withdrawn", "declined")
"""Reasons of a refusal that the customer gave."""
_RESULTS: Final = (
    "meter_accurate",
    "meter_faulty",
    "bill_confirmed",
    "bill_corrected",
    "settled",
    "credited",
    "households_confirmed",
)
"""The results that have words (``Progress.result``)."""
_PASSING: Final = ("agreement", "invoice", "visit", "date")
"""Kinds of stages that are over for the customer once the request has left them."""


def notice(service: str, progress: Progress, told: Collection[str] = ()) -> list[Prompt]:
    """The message that an event is worth, if any: one event never makes two.

    What is to be paid is told as soon as it is known and once: ``told`` holds the :func:`payable` of
    what the customer has already, be it from a receipt or from earlier news, and the
    :func:`stage_mark` of the stages that were told.
    """
    code = progress.tracking_code
    title: dict[str, Any] = {"service": service, "code": code}
    if progress.status == "rejected":
        return [_refused(service, progress)]
    due = payable(progress)
    if due is not None and due not in told:
        if progress.bill is None or progress.debt is not None:
            return balance(progress)
        return [_say("news-bill", **title, **bill_args(progress.bill))]
    stage = stage_of(service, progress)
    if stage is None or not stage.notify or stage_mark(progress) in told:
        return []
    if progress.debt is not None or (due is not None and stage.kind in ("invoice", "payment")):
        return []  # what this stage brings was told
    return [_of_stage(stage, title, progress)]


def _refused(service: str, progress: Progress) -> Prompt:
    args = {"code": progress.tracking_code, "reason": progress.reason or "other"}
    if service in FOLLOW_UPS:
        return _say("news-reply-refused", service=service, reason=args["reason"])
    closed = progress.reason in CLOSED
    return _say("news-closed" if closed else "news-rejected", service=service, **args)


def _of_stage(stage: Stage, title: dict[str, Any], progress: Progress) -> Prompt:
    """News of a stage by its kind; where the backend doesn't say what belongs to it, its title alone."""
    named = {**title, "stage": stage_name(title["service"], progress.stage)}
    day, cost, refund = progress.scheduled_on, progress.cost, progress.refund
    match stage.kind:
        case "date" if day is not None:
            return _say("news-date", **named, date=day)
        case "agreement" if cost is not None:
            return _say("news-agreement", **title, amount=cost)
        case "agreement":
            return _say("news-agreement-free", **title)
        case "terms" if cost is not None:
            return _say("news-terms", **title, amount=cost)
        case "terms" | "refund" if refund:
            return _say("news-refund", **named, amount=refund)
        case "work":
            return _say("news-work", **named)
        case "archived":
            return _say("news-archived", **title)
        case _ if day is not None:
            return _say("news-scheduled", **title, date=day)
    if progress.result in _RESULTS:
        return _say("news-result", **named, result=progress.result)
    return _say("news-completed" if progress.status == "completed" else "news-stage", **named)


def stage_of(service: str, progress: Progress) -> Stage | None:
    """The stage that a request stands at; None for a service or stage that the catalogue hasn't."""
    known = CATALOGUE.get(service)
    return known.stage(progress.stage) if known else None


def awaits_reply(service: str, progress: Progress) -> bool:
    """Whether a request waits for its customer to agree to its terms, or not."""
    stage = stage_of(service, progress)
    return progress.status == "in_progress" and stage is not None and stage.kind == "agreement"


def payable(progress: Progress) -> str | None:
    """What names the bill or balance that ``progress`` carries, if it carries one."""
    if progress.status == "rejected":
        return None
    if progress.debt is not None:
        return progress.tracking_code
    return progress.bill.payment_id if progress.bill is not None else None


def remember_payable(told: list[str], progress: Progress) -> None:
    """Keep in mind that the customer is told of what ``progress`` has to be paid."""
    due = payable(progress)
    if due is not None and due not in told:
        told.append(due)
        del told[: -limits.TOLD]


def stage_mark(progress: Progress) -> str:
    """Names what a stage tells besides :func:`payable`: with another date it is told again."""
    tells = (progress.scheduled_on, progress.cost, progress.refund, progress.result)
    said = ":".join("" if one is None else str(one) for one in tells)
    return f"{progress.tracking_code}:{progress.stage}:{progress.status}:{said}"


def remember_stage(told: list[str], progress: Progress) -> None:
    """Keep in mind that the customer was told of this stage; of each request only the last one."""
    older = f"{progress.tracking_code}:"
    told[:] = [mark for mark in told if not mark.startswith(older)]
    told.append(stage_mark(progress))
    del told[: -limits.TOLD]


def is_outdated(service: str, progress: Progress, newer: Iterable[Progress]) -> bool:
    """Whether ``progress`` need not be told any more, given what came after it: its request has left a
    stage where something was to be done or awaited. A bill that is still to be paid is told."""
    later = [one for one in newer if one.tracking_code == progress.tracking_code]
    stage = stage_of(service, progress)
    if not later or stage is None or stage.kind not in _PASSING:
        return False
    return progress.bill is None or progress.bill != later[-1].bill


def balance(progress: Progress) -> list[Prompt]:
    """The declared debt: what is owed, a credit, or nothing."""
    debt = progress.debt
    if progress.status == "rejected" or debt is None:
        return [_say("rejected", code=progress.tracking_code, reason=progress.reason or "other")]
    args: dict[str, Any] = {"code": progress.tracking_code, "date": debt.as_of}
    if debt.amount < 0:
        prompts = [_say("debt-credit", **args, amount=-debt.amount)]
    elif debt.payment_id is None or debt.amount == 0:
        prompts = [_say("debt-none", **args)]
    else:
        pay = {"amount": debt.amount, "bill": debt.bill_id, "payment": debt.payment_id}
        prompts = [_say("debt-due", **args, **pay, due=debt.due or debt.as_of)]
    if debt.fee:
        prompts.append(_say("debt-fee", fee=debt.fee))
    return prompts


def bill_args(bill: Bill) -> dict[str, Any]:
    """The placeables of a payable bill."""
    return {
        "amount": bill.amount,
        "bill": bill.bill_id,
        "payment": bill.payment_id,
        "due": bill.due,
    }


def stage_name(service: str, number: int) -> str:
    """What the ``STAGE`` format of the messages names a stage by."""
    return f"{service}:{number}"


def _say(message: str, **args: Any) -> Prompt:
    return Prompt(message=message, args=args, keep=True)
