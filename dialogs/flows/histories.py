"""Payments and consumption of two years, newest first, paged (catalogue services 24 and 25)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.flows.registry import flow
from dialogs.flows.shared import choose_bill_id, prove
from dialogs.ids import is_mobile
from dialogs.policy import Level
from dialogs.steps import (
    Ask,
    Away,
    Drawing,
    Fetch,
    Flow,
    Limited,
    Missing,
    Recall,
    Row,
    Say,
    Write,
)
from dialogs.values import Consumption, Payment

_GO_ON = YesNo("option-next", "option-end")
_GO_ON_OR_WRITE = Choice(
    (
        Option("next", "option-next"),
        Option("write", "option-by-sms"),
        Option("end", "option-end"),
    )
)


@flow("payment_history")
def payment_history() -> Flow[None]:
    yield from _history("payments", "payment_history", _payment_row, _paid)


@flow("consumption_history")
def consumption_history() -> Flow[None]:
    yield from _history("consumption", "consumption_history", _consumption_row, _used)


def _payment_row(payment: Payment) -> Row:
    return Row("row-payment", {"date": payment.paid_on, "amount": payment.amount})


def _paid(payments: Sequence[Payment]) -> dict[str, Any]:
    return {"count": len(payments), "amount": sum(p.amount for p in payments)}


def _consumption_row(period: Consumption) -> Row:
    message = "row-consumption-estimated" if period.estimated else "row-consumption"
    args = {"date": period.end, "kwh": period.total_kwh, "amount": period.amount}
    return Row(message, args)


def _used(periods: Sequence[Consumption]) -> dict[str, Any]:
    return {
        "count": len(periods),
        "kwh": sum(p.total_kwh for p in periods),
        "amount": sum(p.amount for p in periods),
    }


def _history(
    resource: Literal["consumption", "payments"],
    service: str,
    row: Callable[[Any], Row],
    totals: Callable[[Sequence[Any]], dict[str, Any]],
) -> Flow[None]:
    bill_id = yield from choose_bill_id()
    if not (yield from prove(bill_id, Level.REGISTERED_MOBILE, service)):
        return
    try:
        items: list[Any] = yield Fetch(resource, bill_id)
    except (Away, Missing, Limited):
        yield Say(message="backend-away")
        return
    if not items:
        yield Say(message=f"{resource}-none")
        return
    size: int = yield Recall("rows")
    writing = yield from _can_be_written()
    head = totals(items)
    pictures: bool = yield Recall("pictures")
    if pictures:
        drawing = Drawing(resource, [msgspec.to_builtins(item) for item in items])
        yield Say(message=f"picture-of-{resource}", args=head, drawing=drawing)
    pages = [items[at : at + size] for at in range(0, len(items), size)]
    for number, page in enumerate(pages, 1):
        rows = tuple(row(item) for item in page)
        message = resource if number == 1 else "history-page"
        args = head if number == 1 else {"number": number, "pages": len(pages)}
        if number == len(pages):
            yield Say(message=message, args=args, rows=rows)
            return
        then: bool | str = yield Ask(
            message=message,
            slot=str(number),
            answer=_GO_ON_OR_WRITE if writing else _GO_ON,
            args=args,
            rows=rows,
            ahead="drop",
        )
        if then == "write":
            yield from _write(resource, head, [row(item) for item in items])
            return
        if then in (False, "end"):
            yield Say(message="ended")
            return


def _can_be_written() -> Flow[bool]:
    """Whether a list that can only be heard should be offered in writing."""
    reading: bool = yield Recall("reading")
    if reading:
        return False
    phone: str = yield Recall("phone")
    return is_mobile(phone)


def _write(resource: str, head: dict[str, Any], rows: list[Row]) -> Flow[None]:
    size: int = yield Recall("written rows")
    pages = [tuple(rows[at : at + size]) for at in range(0, len(rows), size)]
    for number, page in enumerate(pages, 1):
        message = resource if number == 1 else "history-page"
        args = head if number == 1 else {"number": number, "pages": len(pages)}
        yield Write(message=message, args=args, rows=page, slot=str(number))
    yield Say(message="sent-by-sms")
