"""Requests in the sandbox: taken once per idempotency key, moved stage by stage, announced by events.

Every function works on a connection inside a transaction, so a request, its reading, its answer and
its event are stored together or not at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import sqlite3
import uuid
from collections.abc import Mapping

import msgspec

from backend_adapter.sandbox import accounts, attachments
from backend_adapter.sandbox.calendar import jalali_year, local_day
from backend_adapter.sandbox.readings import (
    DUE_DAYS,
    READING_SERVICES,
    SETTLEMENT,
    Refused,
    take_reading,
)
from backend_adapter.signing import StatusEvent
from dialogs.ids import make_payment_id, payment_amount
from dialogs.values import Bill, Debt, Progress, ServiceRequest

_TERMINAL = ("completed", "rejected")
_FEE = 1_200_000
"""Rial of the one fee that the sandbox asks for a service whose stages announce one."""
_FEE_PERIOD = 81
"""Period code of a fee's payment id, that no billed period has."""
_VISIT_DAYS = 3


class Clash(Exception):
    """The idempotency key or the tracking code came before with another submission."""


class UnknownRequest(Exception):
    """No request has this tracking code."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How requests move: stage names by service key (or their number), seconds for each stage."""

    stages: Mapping[str, tuple[str, ...]]
    seconds: float
    announce: bool
    """Whether there is somebody to send events to."""

    def moves_at(self, progress: Progress) -> float | None:
        if progress.status in _TERMINAL or not math.isfinite(self.seconds):
            return None
        return progress.at.timestamp() + self.seconds


def stage_names(stages: Mapping[str, int | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The names of every service's stages; ``stage_1`` and so on where only the number is known.

    ValueError for a service without stages.
    """
    named = {
        service: tuple(f"stage_{n}" for n in range(1, names + 1))
        if isinstance(names, int)
        else tuple(names)
        for service, names in stages.items()
    }
    for service, names in named.items():
        if not names:
            raise ValueError(f"service {service} has no stages")
    return named


def take(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    body: bytes,
    key: str,
    rules: Rules,
    now: dt.datetime,
) -> tuple[Progress, bool]:
    """The answer to a submission, and whether it is a repeated one. :class:`Clash` when it is neither
    new nor the same as before, :class:`attachments.Missing` when one of its files is."""
    compared = msgspec.json.decode(body)
    compared.pop("attachments", None)
    canonical = msgspec.json.encode(compared, order="sorted")
    digest = hashlib.sha256(canonical).hexdigest()
    before = connection.execute(
        "SELECT digest, first_answer FROM requests WHERE idempotency_key = ?", (key,)
    ).fetchone()
    if before is not None:
        if before["digest"] != digest:
            raise Clash
        return msgspec.json.decode(before["first_answer"], type=Progress), True
    if connection.execute(
        "SELECT 1 FROM requests WHERE tracking_code = ?", (request.tracking_code,)
    ).fetchone():
        raise Clash
    attachments.require(connection, request.attachments)
    progress = _begin(connection, request, key, rules, now)
    answer = msgspec.json.encode(progress)
    connection.execute(
        "INSERT INTO requests (tracking_code, idempotency_key, digest, body, first_answer, progress,"
        " moves_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            request.tracking_code,
            key,
            digest,
            msgspec.json.encode(request),
            answer,
            answer,
            rules.moves_at(progress),
        ),
    )
    return progress, False


def progress_of(connection: sqlite3.Connection, tracking_code: str) -> Progress:
    row = connection.execute(
        "SELECT progress FROM requests WHERE tracking_code = ?", (tracking_code,)
    ).fetchone()
    if row is None:
        raise UnknownRequest
    return msgspec.json.decode(row["progress"], type=Progress)


def advance(
    connection: sqlite3.Connection, tracking_code: str, rules: Rules, now: dt.datetime
) -> Progress:
    """Move a request one stage on and announce it; one that came to its end stays as it is."""
    progress = progress_of(connection, tracking_code)
    if progress.status in _TERMINAL:
        return progress
    request = _request_of(connection, tracking_code)
    names = rules.stages.get(request.service, ())
    stage = min(progress.stage + 1, progress.stages)
    name = names[stage - 1] if stage <= len(names) else ""
    bill = progress.bill
    if request.service not in READING_SERVICES:
        bill = _fee_bill(connection, request, name, bill, now)
    waits = any(word in name for word in ("visit", "date_announced"))
    moved = msgspec.structs.replace(
        progress,
        sequence=progress.sequence + 1,
        status="completed" if stage == progress.stages else "in_progress",
        stage=stage,
        at=now,
        bill=bill,
        scheduled_on=local_day(now) + dt.timedelta(_VISIT_DAYS) if waits else None,
    )
    _store(connection, moved, rules)
    return moved


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


def pay(
    connection: sqlite3.Connection, bill_id: str, payment_id: str, rules: Rules, now: dt.datetime
) -> Debt:
    """Register a payment of the amount in ``payment_id``; the debt that is left.

    Energy lessens the debt; a fee, which is in no balance, only settles its request. A request whose
    bill this was has nothing to pay any more and says so in an event.
    """
    today = local_day(now)
    accounts.subscriber(connection, bill_id)
    amount = payment_amount(payment_id)
    paid_fee = False
    for row in connection.execute("SELECT progress, fee_bill FROM requests").fetchall():
        progress = msgspec.json.decode(row["progress"], type=Progress)
        bill = progress.bill
        if bill is None or (bill.bill_id, bill.payment_id) != (bill_id, payment_id):
            continue
        paid_fee = paid_fee or bool(row["fee_bill"])
        settled = msgspec.structs.replace(
            progress, sequence=progress.sequence + 1, at=now, bill=None
        )
        _store(connection, settled, rules)
    connection.execute(
        "INSERT INTO payments (bill_id, paid_on, amount, payment_id, reference, via)"
        " VALUES (?, ?, ?, ?, ?, 'web')",
        (bill_id, today.isoformat(), amount, payment_id, uuid.uuid4().hex[:12]),
    )
    if not paid_fee:
        connection.execute(
            "UPDATE subscribers SET balance = balance - ? WHERE bill_id = ?", (amount, bill_id)
        )
    return accounts.debt(connection, bill_id, today)


def _begin(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    key: str,
    rules: Rules,
    now: dt.datetime,
) -> Progress:
    names = rules.stages.get(request.service)
    count = len(names) if names else 1
    bill: Bill | None = None
    debt: Debt | None = None
    try:
        if names is None:
            raise Refused("unknown_service")
        if request.service in READING_SERVICES:
            bill, debt = take_reading(connection, request, key, now)
        elif request.bill_id is not None:
            accounts.subscriber(connection, request.bill_id)
    except accounts.UnknownBill:
        refusal: str | None = "unknown_subscription"
    except Refused as refused:
        refusal = refused.reason
    else:
        refusal = None
    settled = request.service == SETTLEMENT and refusal is None
    return Progress(
        tracking_code=request.tracking_code,
        sequence=1,
        status="rejected" if refusal else "completed" if settled else "accepted",
        stage=count if settled else 1,
        stages=count,
        at=now,
        reason=refusal,
        bill=bill,
        debt=debt,
    )


def _fee_bill(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    stage: str,
    bill: Bill | None,
    now: dt.datetime,
) -> Bill | None:
    """What a service asks for: a fee from the stage that announces it to the one that has it paid."""
    if "paid" in stage or "executed" in stage:
        return None
    if bill is not None or request.bill_id is None or not _announces_fee(stage):
        return bill
    today = local_day(now)
    connection.execute(
        "UPDATE requests SET fee_bill = 1 WHERE tracking_code = ?", (request.tracking_code,)
    )
    return Bill(
        bill_id=request.bill_id,
        payment_id=make_payment_id(request.bill_id, _FEE, jalali_year(today) % 10, _FEE_PERIOD),
        amount=_FEE,
        due=today + dt.timedelta(DUE_DAYS),
    )


def _announces_fee(stage: str) -> bool:
    return "invoice" in stage or "terms" in stage


def _request_of(connection: sqlite3.Connection, tracking_code: str) -> ServiceRequest:
    row = connection.execute(
        "SELECT body FROM requests WHERE tracking_code = ?", (tracking_code,)
    ).fetchone()
    return msgspec.json.decode(row["body"], type=ServiceRequest)


def _store(connection: sqlite3.Connection, progress: Progress, rules: Rules) -> None:
    connection.execute(
        "UPDATE requests SET progress = ?, moves_at = ? WHERE tracking_code = ?",
        (msgspec.json.encode(progress), rules.moves_at(progress), progress.tracking_code),
    )
    if rules.announce:
        event = StatusEvent(event_id=str(uuid.uuid4()), progress=progress)
        connection.execute(
            "INSERT INTO events (event_id, tracking_code, body, send_at) VALUES (?, ?, ?, ?)",
            (
                event.event_id,
                progress.tracking_code,
                msgspec.json.encode(event),
                progress.at.timestamp(),
            ),
        )
