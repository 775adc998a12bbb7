"""Where a request stands, by its tracking code (catalogue service 30)."""

from __future__ import annotations

import datetime as dt

from dialogs.answers import TrackingCode
from dialogs.flows.registry import flow
from dialogs.flows.shared import too_many_unknown
from dialogs.notices import balance, bill_args, stage_name
from dialogs.services import SERVICES
from dialogs.steps import Ask, Filed, Flow, Limited, Look, Missing, Row, Say


@flow("track_request")
def track_request() -> Flow[None]:
    while True:
        code: str = yield Ask(message="track", answer=TrackingCode())
        try:
            filed: Filed = yield Look(code)
            break
        except Missing:
            yield Say(message="track-unknown", args={"code": code})
        except Limited:
            yield from too_many_unknown()
            return
    progress = filed.progress
    head = {
        "service": filed.service,
        "code": code,
        "date": dt.date.fromisoformat(filed.submitted_on),
    }
    if progress.status == "rejected":
        reason = progress.reason or "other"
        yield Say(message="track-rejected", args={**head, "reason": reason}, keep=True)
        return
    stage = stage_name(filed.service, progress.stage)
    place = {"stage": stage, "number": progress.stage, "count": progress.stages}
    if progress.status == "completed":
        yield Say(message="track-completed", args={**head, **place})
        if progress.debt is not None:
            for prompt in balance(progress):
                yield Say(message=prompt.message, args=prompt.args, keep=True)
        return
    rows: list[Row] = []
    if progress.stage < progress.stages and SERVICES[filed.service].stage(progress.stage + 1):
        following = stage_name(filed.service, progress.stage + 1)
        rows.append(Row("row-next", {"stage": following}))
    if progress.scheduled_on is not None:
        rows.append(Row("row-scheduled", {"date": progress.scheduled_on}))
    if progress.bill is not None:
        rows.append(Row("row-pay", bill_args(progress.bill)))
    to_pay = progress.bill is not None
    yield Say(message="track-stage", args={**head, **place}, rows=tuple(rows), keep=to_pay)
