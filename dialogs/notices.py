"""What a customer is told of the backend's news, in messages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dialogs.prompts import Prompt
from dialogs.services import SERVICES
from dialogs.values import Bill, Progress


def notice(service: str, progress: Progress, told: Collection[str] = ()) -> list[Prompt]:
    """The message that an event is worth, if any: one event never makes two.

    What is to be paid is told as soon as it is known and once: ``told`` holds the :func:`payable` of
    what the customer has already, be it from a receipt or from earlier news.
    """
    code = progress.tracking_code
    if progress.status == "rejected":
        return [_say("rejected", code=code, reason=progress.reason or "other")]
    title: dict[str, Any] = {"service": service, "code": code}
    due = payable(progress)
    if due is not None and due not in told:
        if progress.bill is None or progress.debt is not None:
            return balance(progress)
        return [_say("news-bill", **title, **bill_args(progress.bill))]
    known = SERVICES.get(service)
    stage = known.stage(progress.stage) if known else None
    if stage is None or not stage.notify:
        return []
    if progress.scheduled_on is not None:
        return [_say("news-scheduled", **title, date=progress.scheduled_on)]
    if progress.status == "completed":
        return [_say("news-completed", **title)]
    if due is not None:
        return []  # what this stage brings was told
    return [_say("news-stage", **title, stage=stage_name(service, progress.stage))]


def payable(progress: Progress) -> str | None:
    """What names the bill or balance that ``progress`` carries, if it carries one."""
    if progress.status == "rejected":
        return None
    if progress.debt is not None:
        return progress.tracking_code
    return progress.bill.payment_id if progress.bill is not None else None


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
