"""A self-reported reading: ask, compare, read back, file, receipt (catalogue service 26)."""

from __future__ import annotations

from dialogs import limits
from dialogs.answers.choice import YesNo
from dialogs.flows.readings import take_readings
from dialogs.flows.registry import flow
from dialogs.flows.shared import choose_known, too_many_unknown
from dialogs.steps import Ask, Flow, Limited, Say, Submit, Wait
from dialogs.values import LastReading, Progress


@flow("submit_meter_reading")
def submit_meter_reading() -> Flow[None]:
    last: LastReading | None
    try:
        bill_id, last = yield from choose_known("last_reading")
    except Limited:
        yield from too_many_unknown()
        return
    if last is not None and last.sent_on is not None:
        again: bool = yield Ask(
            message="reading-already-sent",
            answer=YesNo(),
            args={"date": last.sent_on},
            ahead="leave",
        )
        if not again:
            yield Say(message="reading-kept")
            return
    fields, flags = yield from take_readings(bill_id, last, "reading-check")
    code: str = yield Submit(
        service="submit_meter_reading", bill_id=bill_id, fields={**fields, "flags": flags}
    )
    outcome: Progress | None = yield Wait(tracking_code=code, seconds=limits.OUTCOME_SECONDS)
    yield from receipt(code, outcome)


def receipt(code: str, outcome: Progress | None) -> Flow[None]:
    """Tracking code, and what the backend said to it if it answered in time."""
    if outcome is None:
        yield Say(message="reading-done", args={"code": code}, keep=True)
    elif outcome.status == "rejected":
        reason = outcome.reason or "other"
        yield Say(message="rejected", args={"code": code, "reason": reason}, keep=True)
    elif outcome.bill is None:
        yield Say(message="reading-done", args={"code": code}, keep=True)
    else:
        bill = outcome.bill
        yield Say(
            message="reading-done-bill",
            args={
                "code": code,
                "amount": bill.amount,
                "bill": bill.bill_id,
                "payment": bill.payment_id,
                "due": bill.due,
            },
            keep=True,
        )
