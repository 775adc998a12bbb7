"""What must hold before the sandbox takes a request of a service."""

from __future__ import annotations

import datetime as dt
import sqlite3

from backend_adapter.sandbox import accounts, holders, stored
from backend_adapter.sandbox.telling import CONSOLIDATION, PREPAYMENT, other_bills, prepaid
from dialogs.values import ServiceRequest


def require(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    preconditions: tuple[str, ...],
    today: dt.date,
) -> None:
    """Raise :class:`stored.Refused`, or :class:`accounts.UnknownBill`, unless all of them hold.

    The bills that are consolidated must be of one subscriber (catalogue service 28).
    """
    bill_id = request.bill_id
    if request.service == PREPAYMENT and prepaid(request) is None:
        raise stored.Refused("invalid_amount")
    if bill_id is None:
        return
    accounts.subscriber(connection, bill_id)
    for precondition in preconditions:
        reason = _missed(connection, request, bill_id, precondition, today)
        if reason is not None:
            raise stored.Refused(reason)
    for other in other_bills(request):
        accounts.subscriber(connection, other)
        if request.service == CONSOLIDATION and not holders.same(connection, bill_id, other):
            raise stored.Refused("other_subscriber")


def _missed(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    bill_id: str,
    precondition: str,
    today: dt.date,
) -> str | None:
    """The reason to refuse for, if this precondition does not hold."""
    match precondition:
        case "debt_settled" if accounts.debt(connection, bill_id, today).amount > 0:
            return "debt"
        case "no_open_request" if any(
            found.service == request.service for found in stored.open_requests(connection, bill_id)
        ):
            return "open_request"
        case "same_name" if not holders.holder(connection, bill_id).same_name:
            return "names_differ"
    return None
