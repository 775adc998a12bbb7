"""What a request tells its customer at a stage: a bill, a date, a cost, a refund, a result."""

from __future__ import annotations

import datetime as dt
import sqlite3

import msgspec

from backend_adapter.sandbox import accounts, stored
from backend_adapter.sandbox.calendar import jalali_year, local_day
from backend_adapter.sandbox.course import Stage
from backend_adapter.sandbox.readings import DUE_DAYS, READING_SERVICES
from backend_adapter.sandbox.seed import COMPANY
from dialogs.ids import make_bill_id, make_payment_id
from dialogs.values import Bill, Progress, ServiceRequest

PREPAYMENT = "prepayment"
CONSOLIDATION = "consolidate_bills"
WITHDRAWAL = "withdraw_request"
_SETTLING = "settle_account"
_FEE = 1_200_000
"""Rial of the one fee that the sandbox asks for a service."""
_DEPOSIT = 900_000
"""Rial that come back where neither a fee nor a credit is returned, as at a removal."""
_FIRST_OWN_PERIOD, _OWN_PERIODS = 81, 19
"""Period codes of payment ids that stand for no billed period."""
_VISIT_DAYS = 3

RESULTS = {
    "result_announced": "meter_faulty",
    "meter_replacement_started": "meter_accurate",
    "bill_corrected": "bill_corrected",
    "bill_confirmed": "bill_confirmed",
    "settlement_bill_issued": "settled",
    "credit_booked": "credited",
    "household_count_checked": "households_confirmed",
}
"""The result that is told at a stage, by its key.

A meter test is usually won by the customer: by the paper the bill is then corrected and the fee paid
back, while the meter of a customer who was wrong is replaced (doubt in the service's file).
"""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of :class:`dialogs.values.Progress` that belong to a stage."""

    bill: Bill | None = None
    scheduled_on: dt.date | None = None
    cost: int | None = None
    refund: int | None = None
    result: str | None = None


def told(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    stage: Stage,
    progress: Progress,
    now: dt.datetime,
) -> Told:
    """What a request that stands at ``progress`` tells once it reaches ``stage``."""
    bill = progress.bill if stage.next else None
    match stage.kind:
        case "visit" | "date":
            return Told(bill=bill, scheduled_on=local_day(now) + dt.timedelta(_VISIT_DAYS))
        case "terms" if request.service == WITHDRAWAL:
            return Told(bill=bill, refund=_refund(connection, request, now))
        case "terms" | "agreement":
            return Told(bill=bill, cost=_FEE)
        case "invoice":
            return Told(bill=_invoice(connection, request, progress, now))
        case "payment":
            return Told()
        case "refund":
            return Told(bill=bill, refund=_refund(connection, request, now))
        case _:
            return Told(bill=bill, result=RESULTS.get(stage.key))


def prepaid(request: ServiceRequest) -> int | None:
    """Rial that a customer wants to pay ahead, in whole thousands; None where that can't be."""
    amount = request.fields.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1000 <= amount < 10**11:
        return None
    return amount // 1000 * 1000


def other_bills(request: ServiceRequest) -> list[str]:
    """The bill ids that a request names beside its own."""
    given = request.fields.get("other_bills")
    named = given if isinstance(given, list) else []
    return list(dict.fromkeys(str(bill) for bill in named if bill != request.bill_id))


def _invoice(
    connection: sqlite3.Connection, request: ServiceRequest, progress: Progress, now: dt.datetime
) -> Bill | None:
    today = local_day(now)
    if request.service in READING_SERVICES:
        return progress.bill  # issued with the answer to the reading
    if request.service == PREPAYMENT:
        return _own_bill(connection, request, prepaid(request) or 0, today)
    if request.service == CONSOLIDATION:
        owed = [
            max(accounts.debt(connection, bill, today).amount, 0)
            for bill in (request.bill_id, *other_bills(request))
            if bill is not None
        ]
        return _own_bill(connection, request, sum(owed), today)
    if request.service == _SETTLING:
        debt = accounts.debt(connection, request.bill_id or "", today)
        return accounts.as_bill(debt)
    stored.mark_fee(connection, request.tracking_code)
    return _own_bill(connection, request, _FEE, today)


def _own_bill(
    connection: sqlite3.Connection, request: ServiceRequest, amount: int, today: dt.date
) -> Bill | None:
    """A bill of this request alone, with a payment id unlike that of the requests before it."""
    if amount <= 0:
        return None
    bill_id = request.bill_id or _new_bill_id(connection, request.tracking_code)
    period = _FIRST_OWN_PERIOD + stored.filed_before(connection, request) % _OWN_PERIODS
    return Bill(
        bill_id=bill_id,
        payment_id=make_payment_id(bill_id, amount, jalali_year(today) % 10, period),
        amount=amount,
        due=today + dt.timedelta(DUE_DAYS),
    )


def _new_bill_id(connection: sqlite3.Connection, tracking_code: str) -> str:
    """The bill id of a connection that is to be: the same for a request, and nobody's yet."""
    file_code = int(tracking_code[:8])
    while True:
        bill_id = make_bill_id(file_code, COMPANY)
        try:
            accounts.subscriber(connection, bill_id)
        except accounts.UnknownBill:
            return bill_id
        file_code -= 1


def _refund(connection: sqlite3.Connection, request: ServiceRequest, now: dt.datetime) -> int:
    """Rial: what was paid for the request, or for the one that is withdrawn; else the credit."""
    if request.service == WITHDRAWAL:
        return stored.booked(connection, str(request.fields.get("request")))
    if paid := stored.booked(connection, request.tracking_code):
        return paid
    if request.bill_id is not None:
        balance = accounts.debt(connection, request.bill_id, local_day(now)).amount
        if balance < 0:
            return -balance
    return _DEPOSIT
