"""Flows of a few lines, each for one behaviour of the core."""

from __future__ import annotations

from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.answers.number import Number
from dialogs.steps import Ask, Flow, Revise, Say, Submit, Wait
from dialogs.values import Progress
from tests.dialogs.talk import BILL

NUMBER = Number(min=0, max=100)
COLOURS = Choice((Option("red", "option-yes"), Option("blue", "option-no")))


def question(slot: str, **fields: object) -> Ask:
    return Ask(message="q", slot=slot, answer=NUMBER, **fields)  # type: ignore[arg-type]


def three() -> Flow[None]:
    """Three numbers, the sum of which is said."""
    total = 0
    for slot in "abc":
        total += yield question(slot)
    yield Say(message="sum", args={"total": total})


def filing() -> Flow[None]:
    """A number, filed when confirmed; then one more question."""
    value = yield question("a")
    yield from confirm_and_file(value)
    yield question("after")
    yield Say(message="bye")


def confirm_and_file(value: int) -> Flow[str]:
    sure = yield Ask(message="sure", answer=YesNo(), args={"value": value}, ahead="drop")
    if not sure:
        yield Revise("q.a")
    code: str = yield Submit(service="submit_meter_reading", bill_id=BILL, fields={"value": value})
    yield Say(message="receipt", args={"code": code})
    return code


def waiting() -> Flow[None]:
    """Files at once and waits for the outcome for ten seconds."""
    code = yield Submit(service="submit_meter_reading", bill_id=BILL, fields={})
    outcome: Progress | None = yield Wait(tracking_code=code, seconds=10.0)
    said = outcome.status if outcome else "later"
    yield Say(message=f"outcome-{said}", args={"code": code})


def revising() -> Flow[None]:
    """Three answers read back; "no" asks the first one again."""
    values = {}
    values["a"] = yield question("a")
    values["b"] = yield question("b")
    values["colour"] = yield Ask(message="colour", answer=COLOURS)
    sure = yield Ask(message="sure", answer=YesNo(), args=values, ahead="drop")
    if not sure:
        yield Revise("q.a")
    yield Say(message="done", args=values)
