"""Requests in the sandbox: taken once per idempotency key, accepted or refused.

Every function works on a connection inside a transaction, so a request, its reading and its answer
are stored together or not at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3

import msgspec

from backend_adapter.sandbox import accounts, attachments, conditions, follow_ups
from backend_adapter.sandbox.calendar import local_day
from backend_adapter.sandbox.course import Rules
from backend_adapter.sandbox.readings import READING_SERVICES, SETTLEMENT, take_reading
from backend_adapter.sandbox.stored import Refused
from dialogs.values import Bill, Debt, Progress, ServiceRequest


class Clash(Exception):
    """The idempotency key or the tracking code came before with another submission."""


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
            rules.moves_at(request.service, progress),
        ),
    )
    return progress, False


def _begin(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    key: str,
    rules: Rules,
    now: dt.datetime,
) -> Progress:
    course = rules.services.get(request.service)
    count = len(course.stages) if course else 1
    at_once = request.service in follow_ups.AT_ONCE
    bill: Bill | None = None
    debt: Debt | None = None
    refusal: str | None = None
    try:
        if course is None and not at_once:
            raise Refused("unknown_service")
        if request.service in READING_SERVICES:
            bill, debt = take_reading(connection, request, key, now)
        elif course is not None:
            conditions.require(connection, request, course.preconditions, local_day(now))
        if request.service in follow_ups.ALL:
            follow_ups.follow(connection, request, rules, now)
    except accounts.UnknownBill:
        refusal = "unknown_subscription"
    except Refused as refused:
        refusal = refused.reason
    done = refusal is None and (at_once or request.service == SETTLEMENT)
    return Progress(
        tracking_code=request.tracking_code,
        sequence=1,
        status="rejected" if refusal else "completed" if done else "accepted",
        stage=count if done else 1,
        stages=count,
        at=now,
        reason=refusal,
        bill=bill,
        debt=debt,
    )
