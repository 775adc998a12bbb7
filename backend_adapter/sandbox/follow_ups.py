"""What a customer sends after a request: a withdrawal, a reply to its terms, further documents.

Each is a request of its own whose ``fields.request`` is the tracking code of the earlier one, its
target here. All raise :class:`stored.Refused`.
"""

from __future__ import annotations

import datetime as dt
import sqlite3

from backend_adapter.sandbox import moving, stored
from backend_adapter.sandbox.course import Rules
from backend_adapter.sandbox.telling import WITHDRAWAL
from dialogs.values import Progress, ServiceRequest

REPLY = "reply_to_terms"
DOCUMENTS = "send_documents"
AT_ONCE = frozenset({REPLY, DOCUMENTS})
"""Those that are done the moment they are taken."""
ALL = AT_ONCE | {WITHDRAWAL}
_WITHDRAWN = "withdrawn"


def follow(
    connection: sqlite3.Connection, request: ServiceRequest, rules: Rules, now: dt.datetime
) -> None:
    """Do to its target what a request of :data:`ALL` asks for."""
    code = str(request.fields["request"])
    try:
        progress = stored.progress_of(connection, code)
        target = stored.request_of(connection, code)
    except stored.UnknownRequest:
        raise stored.Refused("unknown_request") from None
    if request.bill_id is not None and request.bill_id != target.bill_id:
        raise stored.Refused("unknown_request")
    if request.service == DOCUMENTS:
        _keep(connection, request, code)
    elif request.service == REPLY:
        _reply(connection, request, target, progress, rules, now)
    else:
        _withdraw(connection, target, progress, rules, now)


def documents(connection: sqlite3.Connection, tracking_code: str) -> list[str]:
    """Kinds of the documents that were sent after a request, in the order they came."""
    return [
        row["kind"]
        for row in connection.execute(
            "SELECT kind FROM documents WHERE tracking_code = ? ORDER BY id", (tracking_code,)
        )
    ]


def _keep(connection: sqlite3.Connection, request: ServiceRequest, code: str) -> None:
    connection.executemany(
        "INSERT INTO documents (tracking_code, kind, attachment) VALUES (?, ?, ?)",
        [(code, one["kind"], one["attachment"]) for one in request.fields["documents"]],
    )


def _reply(
    connection: sqlite3.Connection,
    request: ServiceRequest,
    target: ServiceRequest,
    progress: Progress,
    rules: Rules,
    now: dt.datetime,
) -> None:
    course = rules.services.get(target.service)
    waits = (
        course is not None
        and progress.status == "in_progress"
        and course.at(progress.stage).kind == "agreement"
    )
    if not waits:
        raise stored.Refused("not_waiting")
    answer = moving.agree if request.fields["agrees"] else moving.decline
    answer(connection, target.tracking_code, rules, now)


def _withdraw(
    connection: sqlite3.Connection,
    target: ServiceRequest,
    progress: Progress,
    rules: Rules,
    now: dt.datetime,
) -> None:
    if progress.reason == _WITHDRAWN:
        raise stored.Refused("already_withdrawn")
    course = rules.services.get(target.service)
    stage = course.at(progress.stage) if course is not None else None
    if progress.status == "rejected" or (stage is not None and stage.kind == "archived"):
        raise stored.Refused("already_closed")
    executed = course is not None and stage is not None and course.is_executed(stage)
    if progress.status == "completed" or executed:
        raise stored.Refused("already_executed")
    moving.refuse(connection, target.tracking_code, _WITHDRAWN, rules, now)
