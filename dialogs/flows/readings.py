"""The figures of a meter: asked register by register, compared with the last ones, read back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dialogs.answers import RegisterReading
from dialogs.answers.choice import Option, YesNo
from dialogs.answers.plausibility import judge
from dialogs.flows.shared import ask_photos, pick
from dialogs.steps import Ask, Flow, Recall, Revise, Row, Say
from dialogs.values import LastReading, Register

UNKNOWN_METER = (Register(id="total", digits=8),)
"""What is asked for while the backend is away; the figure is checked when it is back."""


def take_readings(
    bill_id: str, last: LastReading | None, confirmation: str, *, notice: str = ""
) -> Flow[tuple[dict[str, Any], list[str]]]:
    """Ask for all figures until the customer confirms them by the message ``confirmation``.

    Returns ``read_on`` and ``readings`` as a request carries them, and what was unusual. ``last`` is
    None while the backend is away. ``notice`` must be heard before the confirmation (a fee).
    """
    if last is None:
        yield Say(message="reading-unchecked")
    registers = last.registers if last else UNKNOWN_METER
    values = yield from ask_readings(registers)
    today = dt.date.fromisoformat((yield Recall("today")))
    flags = yield from check(last, registers, values, today)
    unusual = any(flag not in ("repeated", "unverified") for flag in flags)
    documents = (yield from ask_photos("reading-photo", "meter_photo")) if unusual else []
    saved: list[str] = yield Recall("subscriptions")
    sure: bool = yield Ask(
        message=confirmation,
        answer=YesNo("option-send", "option-correct"),
        args={"bill": bill_id, "known": "yes" if bill_id in saved else "no"},
        rows=reading_rows(values),
        ahead="drop",
        notice=notice,
    )
    if not sure:
        yield from correct(registers)
    readings = [{"register": register, "value": value} for register, value in values.items()]
    fields: dict[str, Any] = {"read_on": today.isoformat(), "readings": readings}
    if documents:
        fields["documents"] = documents
    corrections: int = yield Recall("corrections")
    if corrections:
        fields["corrections"] = corrections
    return fields, flags


def ask_readings(registers: tuple[Register, ...]) -> Flow[dict[str, int]]:
    """Ask for the figure of every register, in the order of the meter."""
    values: dict[str, int] = {}
    for register in registers:
        values[register.id] = yield ask_reading(register)
    return values


def ask_reading(register: Register) -> Ask:
    """The question for one register."""
    single = register.id == "total"
    return Ask(
        message="reading" if single else "reading-register",
        slot=register.id,
        answer=RegisterReading(register),
        hears=single,
        args={} if single else {"register": register.id},
    )


def correct(registers: tuple[Register, ...]) -> Flow[None]:
    """Ask which figure is wrong and put its question again."""
    which: str = registers[0].id
    if len(registers) > 1:
        options = tuple(Option(r.id, "option-register", {"register": r.id}) for r in registers)
        which = yield from pick("reading-which", options, ahead="drop")
    wrong = next(r for r in registers if r.id == which)
    yield Revise(ask_reading(wrong).key)


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
