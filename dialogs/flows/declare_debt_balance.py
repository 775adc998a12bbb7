"""The debt as of today from the meter's figures (second paper, SSS-PM-02 Q): answer in 5 minutes."""

from __future__ import annotations

import datetime as dt

from dialogs import limits
from dialogs.answers.choice import YesNo
from dialogs.flows.registry import flow
from dialogs.flows.shared import ask_readings, choose_known, correct, too_many_unknown
from dialogs.flows.submit_meter_reading import UNKNOWN_METER, check, reading_rows
from dialogs.notices import balance
from dialogs.services import SERVICES
from dialogs.steps import Ask, Flow, Limited, Recall, Say, Submit, Wait
from dialogs.values import LastReading, Progress


@flow("declare_debt_balance")
def declare_debt_balance() -> Flow[None]:
    last: LastReading | None
    try:
        bill_id, last = yield from choose_known("last_reading")
    except Limited:
        yield from too_many_unknown()
        return
    if last is None:
        yield Say(message="reading-unchecked")
    registers = last.registers if last else UNKNOWN_METER
    today = dt.date.fromisoformat((yield Recall("today")))
    values = yield from ask_readings(registers)
    yield from check(last, registers, values, today)
    sure: bool = yield Ask(
        message="debt-check",
        answer=YesNo("option-send", "option-correct"),
        args={"bill": bill_id},
        rows=reading_rows(values),
        ahead="drop",
    )
    if not sure:
        yield from correct(registers)
    code: str = yield Submit(
        service="declare_debt_balance",
        bill_id=bill_id,
        fields={
            "read_on": today.isoformat(),
            "readings": [{"register": r, "value": v} for r, v in values.items()],
        },
    )
    outcome: Progress | None = yield Wait(tracking_code=code, seconds=limits.OUTCOME_SECONDS)
    if not _settled(outcome):
        yield Say(message="debt-later", args={"code": code})
        limit = (SERVICES["declare_debt_balance"].time_limit_minutes or 0) * 60.0
        seconds = limit - limits.OUTCOME_SECONDS
        outcome = yield Wait(tracking_code=code, seconds=seconds, slot="limit", quits=True)
    if outcome is None or not _settled(outcome):
        yield Say(message="debt-late", args={"code": code})
        return
    for prompt in balance(outcome):
        yield Say(message=prompt.message, args=prompt.args)


def _settled(outcome: Progress | None) -> bool:
    """Whether the backend has calculated, and not only taken the request."""
    return outcome is not None and (outcome.status == "rejected" or outcome.debt is not None)
