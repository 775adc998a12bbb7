"""Requests as the sandbox stores them: rows of its tables, and the events that announce a change.

Every function works on a connection inside a transaction.
"""

from __future__ import annotations

import sqlite3
import uuid
from typing import cast

import msgspec

from backend_adapter.sandbox.calendar import local_day
from backend_adapter.sandbox.course import TERMINAL, Rules
from backend_adapter.signing import StatusEvent
from dialogs.values import OpenRequest, Progress, ServiceRequest

_BILL_ID = "json_extract(CAST(body AS TEXT), '$.bill_id')"
_TO_PAY = "json_extract(CAST(progress AS TEXT), '$.bill.payment_id')"
"""As the indexes of the table have them."""


class UnknownRequest(Exception):
    """No request has this tracking code."""


class Refused(Exception):
    """The utility refuses; ``reason`` is the machine-readable one of ``Progress.reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def progress_of(connection: sqlite3.Connection, tracking_code: str) -> Progress:
    return msgspec.json.decode(_row(connection, tracking_code)["progress"], type=Progress)


def request_of(connection: sqlite3.Connection, tracking_code: str) -> ServiceRequest:
    return msgspec.json.decode(_row(connection, tracking_code)["body"], type=ServiceRequest)


def open_requests(connection: sqlite3.Connection, bill_id: str) -> list[OpenRequest]:
    """What is under way for a subscription, newest first."""
    found = []
    for row in connection.execute(
        f"SELECT body, progress FROM requests WHERE {_BILL_ID} = ?"  # noqa: S608 - our own constant
        " ORDER BY rowid DESC",
        (bill_id,),
    ):
        progress = msgspec.json.decode(row["progress"], type=Progress)
        if progress.status in TERMINAL:
            continue
        request = msgspec.json.decode(row["body"], type=ServiceRequest)
        found.append(
            OpenRequest(
                tracking_code=request.tracking_code,
                service=request.service,
                submitted_on=local_day(request.submitted_at),
            )
        )
    return found


def filed_before(connection: sqlite3.Connection, request: ServiceRequest) -> int:
    """How many requests came for the same subscription before this one."""
    before: int = connection.execute(
        f"SELECT count(*) FROM requests WHERE {_BILL_ID} = ?"  # noqa: S608 - our own constant
        " AND rowid < (SELECT rowid FROM requests WHERE tracking_code = ?)",
        (request.bill_id, request.tracking_code),
    ).fetchone()[0]
    return before


def to_be_paid(
    connection: sqlite3.Connection, bill_id: str, payment_id: str
) -> list[tuple[Progress, bool]]:
    """The requests whose bill this is, and whether each asks for a fee, which is in no balance."""
    rows = connection.execute(
        f"SELECT progress, fee_bill FROM requests WHERE {_TO_PAY} = ?",  # noqa: S608 - our own constant
        (payment_id,),
    ).fetchall()
    decoded = [
        (msgspec.json.decode(row["progress"], type=Progress), bool(row["fee_bill"])) for row in rows
    ]
    return [(p, fee) for p, fee in decoded if p.bill is not None and p.bill.bill_id == bill_id]


def mark_fee(connection: sqlite3.Connection, tracking_code: str) -> None:
    """Note that the bill of a request is a fee."""
    connection.execute("UPDATE requests SET fee_bill = 1 WHERE tracking_code = ?", (tracking_code,))


def book(connection: sqlite3.Connection, tracking_code: str, amount: int) -> None:
    """Note that the bill of a request was paid."""
    connection.execute(
        "INSERT INTO receipts (tracking_code, amount) VALUES (?, ?)", (tracking_code, amount)
    )


def booked(connection: sqlite3.Connection, tracking_code: str) -> int:
    """Rial paid for a request so far."""
    paid: int = connection.execute(
        "SELECT coalesce(sum(amount), 0) FROM receipts WHERE tracking_code = ?", (tracking_code,)
    ).fetchone()[0]
    return paid


def change(connection: sqlite3.Connection, progress: Progress, rules: Rules) -> None:
    """Store a later progress of a request and announce it."""
    service = request_of(connection, progress.tracking_code).service
    connection.execute(
        "UPDATE requests SET progress = ?, moves_at = ? WHERE tracking_code = ?",
        (
            msgspec.json.encode(progress),
            rules.moves_at(service, progress),
            progress.tracking_code,
        ),
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


def _row(connection: sqlite3.Connection, tracking_code: str) -> sqlite3.Row:
    row = connection.execute(
        "SELECT body, progress FROM requests WHERE tracking_code = ?", (tracking_code,)
    ).fetchone()
    if row is None:
        raise UnknownRequest
    return cast(sqlite3.Row, row)
