"""The debt as of today from the meter's figures (second paper, SSS-PM-02 Q): answer in 5 minutes."""

from __future__ import annotations

from dialogs import limits
from dialogs.flows.readings import take_readings
from dialogs.flows.registry import flow
from dialogs.flows.shared import choose_known, too_many_unknown
from dialogs.ids import is_mobile
from dialogs.notices import balance
from dialogs.services import SERVICES
from dialogs.steps import Flow, Limited, Recall, Say, Submit, Wait
from dialogs.values import LastReading, Progress


@flow("declare_debt_balance")
def declare_debt_balance() -> Flow[None]:
    last: LastReading | None
    try:
        bill_id, last = yield from choose_known("last_reading")
    except Limited:
        yield from too_many_unknown()
        return
    fields, _ = yield from take_readings(bill_id, last, "debt-check", notice="debt-notice")
    code: str = yield Submit(service="declare_debt_balance", bill_id=bill_id, fields=fields)
    outcome: Progress | None = yield Wait(tracking_code=code, seconds=limits.OUTCOME_SECONDS)
    if not _settled(outcome):
        phone: str = yield Recall("phone")
        reading: bool = yield Recall("reading")
        told = "debt-later" if reading or is_mobile(phone) else "debt-later-ask"
        yield Say(message=told, args={"code": code}, keep=True)
        limit = (SERVICES["declare_debt_balance"].time_limit_minutes or 0) * 60.0
        seconds = limit - limits.OUTCOME_SECONDS
        outcome = yield Wait(tracking_code=code, seconds=seconds, slot="limit", quits=True)
    if outcome is None or not _settled(outcome):
        yield Say(message="debt-late", args={"code": code}, keep=True)
        return
    for prompt in balance(outcome):
        yield Say(message=prompt.message, args=prompt.args, keep=True)


def _settled(outcome: Progress | None) -> bool:
    """Whether the backend has calculated, and not only taken the request."""
    return outcome is not None and (outcome.status == "rejected" or outcome.debt is not None)
