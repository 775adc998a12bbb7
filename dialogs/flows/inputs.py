"""One input of a service: asked as its type and the channel want it, and how its answer is read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from dialogs.answers import Choice, Either, Option
from dialogs.answers.base import Answer
from dialogs.answers.voice import attachment
from dialogs.flows.shared import ask_words
from dialogs.services import Input
from dialogs.services.asking import answer
from dialogs.steps import Ask, Away, Fetch, Flow, Missing, Recall, Row, Say

_SKIP: Final = "skip"
_DONE: Final = "done"
_SKIPPED = (Option(_SKIP, "option-skip-input"),)
_ALL = (Option(_DONE, "option-all-given"),)


def name_of(service: str, field: Input) -> str:
    """What the ``INPUT`` function of the messages names an input by."""
    return f"{service}:{field.key}"


def ask_input(
    service: str,
    field: Input,
    answers: Mapping[str, Any],
    *,
    taken: Collection[Any] = (),
    count: int | None = None,
) -> Flow[Any]:
    """Ask for an input of the service with this key after ``answers`` (by key of the input).

    Returns the value: a list where several may be given (as many as ``count``, where that is known),
    None where it was left out. ``taken`` are values that would be one twice (the subscription itself
    among other bills). Raises :class:`dialogs.steps.Limited` after too many unknown bill ids.
    """
    inner = answer(service, field, answers)
    if field.up_to == 1:
        return (yield from _ask_one(service, field, inner, taken))
    values: list[Any] = []
    while len(values) < (count or field.up_to):
        offered = Either(Choice(_ALL), inner) if values and not count else inner
        slot = str(len(values) + 1)
        value = yield from _ask_one(service, field, offered, [*taken, *values], slot=slot)
        if value == _DONE:
            break
        values.append(value)
    return values


def _ask_one(
    service: str, field: Input, wanted: Answer[Any], taken: Collection[Any], *, slot: str = ""
) -> Flow[Any]:
    name = name_of(service, field)
    typing: bool = yield Recall("typing")
    if wanted.keys is None and not typing:
        if field.optional:
            return None  # it would have to be recorded, for nothing
        return (yield from ask_words(f"ask-{field.type}", name, args={"field": name}))
    if field.optional:
        wanted = Either(Choice(_SKIPPED), wanted)
    rows = (Row("row-hint", {"field": name}),) if field.hint and slot in ("", "1") else ()
    args: dict[str, Any] = {"field": name}
    if field.type == "number":
        args |= {"min": field.min, "max": field.max}
    message = f"ask-{field.type}" if slot in ("", "1") else "ask-another"
    while True:
        value: Any = yield Ask(
            message=message,
            slot=f"{name}{slot}",
            answer=wanted,
            args=args,
            rows=rows,
            hears=field.days_ahead != 0,
        )
        if value == _SKIP and field.optional:
            return None
        if value in taken:
            yield Say(message="given-twice", args={"field": name}, wrong=True)
        elif field.type != "bill_id" or value == _DONE or (yield from _is_known(value)):
            return value


def _is_known(bill_id: str) -> Flow[bool]:
    try:
        yield Fetch("subscription", bill_id)
    except Missing:
        yield Say(message="bill-unknown", args={"bill": bill_id}, wrong=True)
        return False
    except Away:
        pass  # it is checked when the utility is back
    return True


def read_back(service: str, field: Input, value: Any) -> tuple[Row, ...]:
    """The rows that say what was given for an input."""
    values = value if isinstance(value, list) else [value]
    return tuple(_row(service, field, one) for one in values)


def _row(service: str, field: Input, value: Any) -> Row:
    name = {"field": name_of(service, field)}
    recording = attachment(value)
    if recording is not None:
        return Row("row-recording", {**name, "recording": recording})
    if isinstance(value, bool):
        return Row("row-yes" if value else "row-no", name)
    if isinstance(value, dt.date):
        return Row("row-date", {**name, "date": value})
    if field.type in ("number", "money"):
        return Row(f"row-{field.type}", {**name, "value": value})
    if field.type == "choice":
        return Row("row-option", {**name, "option": f"{service}:{field.key}:{value}"})
    if field.type == "text":
        return Row("row-text", {**name, "text": value})
    if field.type in ("national_id", "legal_id"):
        return Row("row-person", {**name, "id": value})
    return Row("row-id", {**name, "id": value.replace("+98", "0")})
