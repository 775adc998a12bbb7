"""Requests on their way: from stage to stage, by time, by payment, by the word of customer or utility.

Every function works on a connection inside a transaction, so a move, what it brings about and its
event are stored together or not at all.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid

import msgspec

from backend_adapter.sandbox import accounts, stored
from backend_adapter.sandbox.calendar import local_day
from backend_adapter.sandbox.course import TERMINAL, Course, Rules, Stage
from backend_adapter.sandbox.telling import CONSOLIDATION, RESULTS, Told, other_bills, told
from dialogs.ids import is_mobile, payment_amount
from dialogs.values import Debt, Progress, ServiceRequest

_CUSTOMER_DATA = "edit_customer_info"


class NoWay(Exception):
    """The stage can't follow, or tells no result."""


def advance(
    connection: sqlite3.Connection,
    tracking_code: str,
    rules: Rules,
    now: dt.datetime,
    *,
    to: str | None = None,
    result: str | None = None,
) -> Progress:
    """Move a request one stage on and announce it; one that is over stays as it is.

    ``to`` is the key of the stage, the usual one if None; ``result`` what that stage tells instead of
    the usual. A bill that was to be paid before the stage is paid by this.

    Raises:
        NoWay: ``to`` can't follow, or the stage has no result to tell.
    """
    progress = stored.progress_of(connection, tracking_code)
    request = stored.request_of(connection, tracking_code)
    course = rules.services.get(request.service)
    ways = _ways(course, progress)
    if course is None or not ways:
        if to is not None or result is not None:
            raise NoWay
        if progress.status in TERMINAL:
            return progress
        # Filed when the service had further stages.
        stored.change(connection, _changed(progress, Told(), now, status="completed"), rules)
        return stored.progress_of(connection, tracking_code)
    stage = ways[0] if to is None else next((way for way in ways if way.key == to), None)
    if stage is None or (result is not None and RESULTS.get(stage.key) is None):
        raise NoWay
    if stage.kind == "payment" and progress.bill is not None:
        pay(connection, progress.bill.bill_id, progress.bill.payment_id, rules, now)
    else:
        _reach(connection, request, course, stage, progress, rules, now, result)
    return stored.progress_of(connection, tracking_code)


def advance_due(connection: sqlite3.Connection, rules: Rules, now: dt.datetime) -> float | None:
    """Move every request whose time has come. POSIX seconds of the next one, ``None`` without one."""
    due = connection.execute(
        "SELECT tracking_code FROM requests WHERE moves_at <= ? ORDER BY moves_at LIMIT 200",
        (now.timestamp(),),
    ).fetchall()
    for row in due:
        advance(connection, row["tracking_code"], rules, now)
    next_one = connection.execute(
        "SELECT min(moves_at) FROM requests WHERE moves_at IS NOT NULL"
    ).fetchone()[0]
    return None if next_one is None else float(next_one)


def agree(
    connection: sqlite3.Connection, tracking_code: str, rules: Rules, now: dt.datetime
) -> None:
    """Go on after the customer agreed to the terms; to the refund where one is due, as in credit."""
    progress = stored.progress_of(connection, tracking_code)
    request = stored.request_of(connection, tracking_code)
    refund = _way_of_kind(rules.services.get(request.service), progress, "refund")
    if refund is not None and request.bill_id is not None:
        balance = accounts.debt(connection, request.bill_id, local_day(now)).amount
        if balance < 0:
            advance(connection, tracking_code, rules, now, to=refund.key)
            return
    advance(connection, tracking_code, rules, now)


def decline(
    connection: sqlite3.Connection, tracking_code: str, rules: Rules, now: dt.datetime
) -> None:
    """End a request whose terms the customer did not agree to: archived, or refused without that."""
    progress = stored.progress_of(connection, tracking_code)
    service = stored.request_of(connection, tracking_code).service
    archived = _way_of_kind(rules.services.get(service), progress, "archived")
    if archived is None:
        refuse(connection, tracking_code, "declined", rules, now)
    else:
        advance(connection, tracking_code, rules, now, to=archived.key)


def refuse(
    connection: sqlite3.Connection, tracking_code: str, reason: str, rules: Rules, now: dt.datetime
) -> Progress:
    """End a request where it stands, for ``reason``. Raises :class:`NoWay` for one that is over."""
    progress = stored.progress_of(connection, tracking_code)
    if progress.status in TERMINAL:
        raise NoWay
    refused = _changed(progress, Told(), now, status="rejected", reason=reason)
    stored.change(connection, refused, rules)
    return refused


def pay(
    connection: sqlite3.Connection, bill_id: str, payment_id: str, rules: Rules, now: dt.datetime
) -> Debt:
    """Register a payment of the amount in ``payment_id``; the debt that is left.

    A request whose bill this was goes on to its payment if that comes next; else it has nothing to pay
    any more and says so in an event. Energy lessens the debt, a fee is in no balance. Raises
    :class:`accounts.UnknownBill` for a bill id of nobody that no request is to pay for.
    """
    today = local_day(now)
    amount = payment_amount(payment_id)
    billed = stored.to_be_paid(connection, bill_id, payment_id)
    if not billed:
        accounts.subscriber(connection, bill_id)
    shares = {bill_id: amount}
    for progress, is_fee in billed:
        request = stored.request_of(connection, progress.tracking_code)
        stored.book(connection, progress.tracking_code, amount)
        if is_fee:
            shares = {}
        elif request.service == CONSOLIDATION:
            shares = _shares(connection, request, amount, today)
        course = rules.services.get(request.service)
        paid = _way_of_kind(course, progress, "payment")
        if course is None or paid is None:
            settled = msgspec.structs.replace(
                progress, sequence=progress.sequence + 1, at=now, bill=None
            )
            stored.change(connection, settled, rules)
        else:
            _reach(connection, request, course, paid, progress, rules, now)
    for bill, share in shares.items():
        connection.execute(
            "UPDATE subscribers SET balance = balance - ? WHERE bill_id = ?", (share, bill)
        )
    try:
        debt = accounts.debt(connection, bill_id, today)
    except accounts.UnknownBill:
        return Debt(bill_id=bill_id, as_of=today, amount=0)
    connection.execute(
        "INSERT INTO payments (bill_id, paid_on, amount, payment_id, reference, via)"
        " VALUES (?, ?, ?, ?, ?, 'web')",
        (bill_id, today.isoformat(), amount, payment_id, uuid.uuid4().hex[:12]),
    )
    return debt


def _shares(
    connection: sqlite3.Connection, request: ServiceRequest, amount: int, today: dt.date
) -> dict[str, int]:
    """What of a consolidated bill goes to which subscription: to the first what the others leave."""
    shares = {}
    for bill in other_bills(request):
        shares[bill] = min(amount, max(accounts.debt(connection, bill, today).amount, 0))
        amount -= shares[bill]
    return {**shares, str(request.bill_id): amount}


def _ways(course: Course | None, progress: Progress) -> list[Stage]:
    """The stages that may follow, the one to take first; none for a request that is over."""
    if course is None or progress.status in TERMINAL:
        return []
    here = course.at(progress.stage)
    ways = course.ways(here)

    def unfit(way: Stage) -> bool:
        nothing_to_pay = here.kind == "invoice" and way.kind == "payment" and progress.bill is None
        other_result = RESULTS.get(way.key) != progress.result
        return nothing_to_pay or (progress.result is not None and other_result)

    return sorted(ways, key=unfit)


def _way_of_kind(course: Course | None, progress: Progress, kind: str) -> Stage | None:
    return next((way for way in _ways(course, progress) if way.kind == kind), None)


def _reach(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    course: Course,
    stage: Stage,
    progress: Progress,
    rules: Rules,
    now: dt.datetime,
    result: str | None = None,
) -> None:
    """Put a request at a stage, with what is told there and what is done there."""
    tells = told(connection, request, stage, progress, now)
    if result is not None:
        tells = msgspec.structs.replace(tells, result=result)
    moved = _changed(
        progress,
        tells,
        now,
        status="in_progress" if stage.next else "completed",
        stage=course.number(stage),
        stages=len(course.stages),
    )
    stored.change(connection, moved, rules)
    mobile = request.fields.get("mobile")
    if (
        request.service == _CUSTOMER_DATA
        and stage.kind == "work"
        and isinstance(mobile, str)
        and is_mobile(mobile)
    ):
        connection.execute(
            "UPDATE subscribers SET mobile = ? WHERE bill_id = ?", (mobile, request.bill_id)
        )


def _changed(progress: Progress, tells: Told, now: dt.datetime, **changes: object) -> Progress:
    """The next progress of a request."""
    return msgspec.structs.replace(
        progress,
        sequence=progress.sequence + 1,
        at=now,
        **msgspec.structs.asdict(tells),
        **changes,
    )
