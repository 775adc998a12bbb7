"""A request that was found: where it stands, and what its customer can do about it now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dialogs.answers.choice import Choice, Option
from dialogs.flows.form import ask_document
from dialogs.flows.shared import follow_up
from dialogs.flows.terms import reply
from dialogs.notices import CLOSED, awaits_reply, balance, bill_args, stage_name, stage_of
from dialogs.services import CATALOGUE
from dialogs.services.catalogue import Document, Service, Stage
from dialogs.steps import Ask, Filed, Flow, Recall, Row, Say
from dialogs.values import Progress

_OPEN = ("submitted", "accepted", "in_progress")


def show(filed: Filed) -> Flow[None]:
    """Say where a request stands, take what it waits for, or say which documents are missing."""
    yield from _say_where(filed)
    to_reply = awaits_reply(filed.service, filed.progress)
    missing = _missing(filed)
    photos: bool = yield Recall("photos")
    can: list[Option] = []
    if to_reply:
        can.append(Option("reply", "option-reply-terms"))
    if missing and photos:
        can.append(Option("documents", "option-send-documents"))
    elif missing:
        rows = tuple(Row("row-document", {"document": _name(filed, one)}) for one in missing)
        yield Say(message="documents-missing", rows=rows)
    if not can:
        return
    can.append(Option("end", "option-end"))
    chosen: str = yield Ask(message="track-do", answer=Choice(tuple(can)))
    if chosen == "reply":
        yield from reply(filed.service, filed.progress.tracking_code, filed.progress.cost)
    elif chosen == "documents":
        yield from _send_documents(filed, missing)


def _say_where(filed: Filed) -> Flow[None]:
    progress, stage = filed.progress, stage_of(filed.service, filed.progress)
    head: dict[str, Any] = {
        "service": filed.service,
        "code": progress.tracking_code,
        "date": dt.date.fromisoformat(filed.submitted_on),
    }
    if progress.status == "rejected":
        closed = progress.reason in CLOSED
        reason = progress.reason or "other"
        message = "track-closed" if closed else "track-rejected"
        yield Say(message=message, args={**head, "reason": reason}, keep=True)
        return
    service = CATALOGUE.get(filed.service)
    if service is None or stage is None:
        args = {"code": progress.tracking_code, "date": head["date"], "status": progress.status}
        yield Say(message="track-plain", args=args)
        return
    message, place = _place(service, stage, progress)
    rows = tuple(_rows(service, stage, progress))
    to_pay = any(row.message == "row-pay" for row in rows)
    yield Say(message=message, args={**head, **place}, rows=rows, keep=to_pay)
    if progress.debt is not None:
        for prompt in balance(progress):
            yield Say(message=prompt.message, args=prompt.args, keep=True)


def _place(service: Service, stage: Stage, progress: Progress) -> tuple[str, dict[str, Any]]:
    """Message and placeables of «stage n of m»; a side way has no number."""
    name: dict[str, Any] = {"stage": stage_name(service.key, progress.stage)}
    done = progress.status == "completed"
    way = service.usual_way()
    if stage not in way:
        return ("track-ended" if done else "track-aside"), name
    place = {**name, "number": way.index(stage) + 1, "count": len(way)}
    return ("track-completed" if done else "track-stage"), place


def _rows(service: Service, stage: Stage, progress: Progress) -> list[Row]:
    rows: list[Row] = []
    if progress.refund:
        rows.append(Row("row-refund", {"amount": progress.refund}))
    if progress.status == "completed":
        return rows
    following = service.following(stage.key)
    if following and stage.kind != "agreement":
        number = [one.key for one in service.stages].index(following[0]) + 1
        rows.append(Row("row-next", {"stage": stage_name(service.key, number)}))
    if progress.scheduled_on is not None:
        message = "row-work-on" if stage.kind == "date" else "row-scheduled"
        rows.append(Row(message, {"date": progress.scheduled_on}))
    if progress.cost is not None:
        rows.append(Row("row-cost", {"amount": progress.cost}))
    if progress.bill is not None:
        rows.append(Row("row-pay", bill_args(progress.bill)))
    return rows


def _missing(filed: Filed) -> list[Document]:
    """Documents that a request still needs."""
    service = CATALOGUE.get(filed.service)
    if service is None or filed.progress.status not in _OPEN:
        return []
    return [
        document
        for document in service.documents
        if not document.optional
        and document.asked(filed.choices)
        and document.key not in filed.documents
    ]


def _name(filed: Filed, document: Document) -> str:
    return f"{filed.service}:{document.key}"


def _send_documents(filed: Filed, missing: list[Document]) -> Flow[None]:
    documents: list[dict[str, str]] = []
    for document in missing:
        documents += yield from ask_document(document.key, _name(filed, document))
    if not documents:
        yield Say(message="documents-none")
        return
    fields = {"request": filed.progress.tracking_code, "documents": documents}
    if (yield from follow_up("send_documents", fields)):
        yield Say(message="documents-sent", args={"code": filed.progress.tracking_code})
