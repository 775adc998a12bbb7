"""A self-reported reading: ask, compare, read back, file, receipt (catalogue service 26)."""

from __future__ import annotations

import datetime as dt

from dialogs import limits
from dialogs.answers.choice import YesNo
from dialogs.answers.plausibility import judge
from dialogs.flows.registry import flow
from dialogs.flows.shared import (
    ask_readings,
    choose_known,
    correct,
    too_many_unknown,
)
from dialogs.steps import Ask, Flow, Limited, Recall, Row, Say, Submit, Wait
from dialogs.values import LastReading, Progress, Register

UNKNOWN_METER = (Register(id="total", digits=8),)
"""What is asked for while the backend is away; the figure is checked when it is back."""


@flow("submit_meter_reading")
def submit_meter_reading() -> Flow[None]:
    last: LastReading | None
    try:
        bill_id, last = yield from choose_known("last_reading")
    except Limited:
        yield from too_many_unknown()
        return
    if last is None:
        yield Say(message="reading-unchecked")
    elif last.sent_on is not None:
        again: bool = yield Ask(
            message="reading-already-sent",
            answer=YesNo(),
            args={"date": last.sent_on},
            ahead="leave",
        )
        if not again:
            yield Say(message="reading-kept")
            return
    registers = last.registers if last else UNKNOWN_METER
    today = dt.date.fromisoformat((yield Recall("today")))
    values = yield from ask_readings(registers)
    flags = yield from check(last, registers, values, today)
    sure: bool = yield Ask(
        message="reading-check",
        answer=YesNo("option-send", "option-correct"),
        args={"bill": bill_id},
        rows=reading_rows(values),
        ahead="drop",
    )
    if not sure:
        yield from correct(registers)
    code: str = yield Submit(
        service="submit_meter_reading",
        bill_id=bill_id,
        fields={
            "read_on": today.isoformat(),
            "readings": [{"register": r, "value": v} for r, v in values.items()],
            "flags": flags,
        },
    )
    outcome: Progress | None = yield Wait(tracking_code=code, seconds=limits.OUTCOME_SECONDS)
    yield from receipt(code, outcome)


def check(
    last: LastReading | None,
    registers: tuple[Register, ...],
    values: dict[str, int],
    today: dt.date,
) -> Flow[list[str]]:
    """Compare with the last reading; what is unusual is confirmed or corrected. Returns the flags.

    Rules: facts.md section 3, "Plausibility".
    """
    if last is None:
        return ["unverified"]
    flags = ["repeated"] if last.sent_on is not None else []
    for register in registers:
        verdict = judge(last, register, values[register.id], today)
        if verdict.kind == "ok":
            continue
        demand = "-demand" if register.id == "demand" else ""
        right: bool = yield Ask(
            message=f"reading-{verdict.kind}{demand}",
            slot=register.id,
            answer=YesNo("option-right", "option-correct"),
            args={
                "register": register.id,
                "value": values[register.id],
                "last": last.values[register.id],
                "kwh": verdict.kwh or 0,
            },
            ahead="drop",
        )
        if not right:
            yield from correct((register,))
        if verdict.kind not in flags:
            flags.append(verdict.kind)
    return flags


def reading_rows(values: dict[str, int]) -> tuple[Row, ...]:
    """The figures as they are read back."""
    if list(values) == ["total"]:
        return (Row("row-reading", {"value": values["total"]}),)
    return tuple(
        Row("row-reading-register", {"register": register, "value": value})
        for register, value in values.items()
    )


def receipt(code: str, outcome: Progress | None) -> Flow[None]:
    """Tracking code, and what the backend said to it if it answered in time."""
    if outcome is None:
        yield Say(message="reading-done", args={"code": code})
    elif outcome.status == "rejected":
        yield Say(message="rejected", args={"code": code, "reason": outcome.reason or "other"})
    elif outcome.bill is None:
        yield Say(message="reading-done", args={"code": code})
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
        )
