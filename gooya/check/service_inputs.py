"""Checks of what a service asks: answer types, conditions, what is known, preconditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dialogs import commands
from dialogs.answers import SpecError
from dialogs.services.asking import answer
from dialogs.services.catalogue import Input, Service, When
from dialogs.services.known import KNOWN
from gooya.check.finding import Finding

_NO_FIELDS = {
    "one_time_code": "what must be proved follows from `sensitivity`",
    "own_phone": "what must be proved follows from `sensitivity`",
    "photo": "files are listed under `documents`",
    "voice": "a text is recorded where it can't be typed",
}
"""Answer types that are no field, and why."""


def check_inputs(file: str, service: Service) -> Iterator[Finding]:
    """Findings in the inputs, documents and preconditions of a service."""
    for place, field in enumerate(service.inputs):
        step = f"input {field.key}"
        earlier = service.inputs[:place]
        if field.key in {other.key for other in earlier}:
            yield Finding(file, service.key, step, "field", "two inputs share this key")
        for why in _type(service.key, field):
            yield Finding(file, service.key, step, "field", why)
        for why in _condition(field.when, earlier):
            yield Finding(file, service.key, step, "condition", why)
        if field.after and not _is_date(field.after, field, earlier):
            why = f"stands after {field.after!r}, but both must be a jalali_date, that one asked earlier"
            yield Finding(file, service.key, step, "condition", why)
        if field.known is not None and KNOWN[field.known] != field.type:
            why = f"{field.known} is known as a {KNOWN[field.known]}, not as a {field.type}"
            yield Finding(file, service.key, step, "known", why)
    for place, document in enumerate(service.documents):
        step = f"document {document.key}"
        if document.key in {other.key for other in service.documents[:place]}:
            yield Finding(file, service.key, step, "field", "two documents share this key")
        if document.key in {field.key for field in service.inputs}:
            yield Finding(file, service.key, step, "field", "an input has this key, too")
        for why in _condition(document.when, service.inputs):
            yield Finding(file, service.key, step, "condition", why)
    if service.preconditions and ("bill", "bill_id") not in _types(service.inputs):
        why = "the backend looks by the subscription: ask for it as `bill` of type bill_id"
        yield Finding(file, service.key, "preconditions", "precondition", why)


def _type(service: str, field: Input) -> Iterator[str]:
    if field.type in _NO_FIELDS:
        yield f"{field.type} is no field: {_NO_FIELDS[field.type]}"
        return
    try:
        answer(service, field)
    except SpecError as error:
        yield str(error)
    if field.type == "number" and (field.min is None or field.max is None):
        yield "a number needs `min` and `max`: the question names both"
    if field.up_to < 1:
        yield f"up_to is {field.up_to}; at least one answer is given"
    for option in field.options or ():
        for word in (*option.keywords, option.title.fa, option.title.en):
            if (command := commands.by_word(word)) is not None:
                yield f"{word!r} can't choose {option.value!r}: it is the command {command!r}"


def _is_date(key: str, field: Input, earlier: Sequence[Input]) -> bool:
    dates = _types(earlier) & {(key, "jalali_date")}
    return field.type == "jalali_date" and bool(dates)


def _types(inputs: Sequence[Input]) -> set[tuple[str, str]]:
    return {(field.key, field.type) for field in inputs}


def _condition(when: When, earlier: Sequence[Input]) -> Iterator[str]:
    """Why a condition on ``earlier`` inputs can't be met."""
    by_key = {field.key: field for field in earlier}
    for key, wanted in when.items():
        field = by_key.get(key)
        if field is None:
            known = ", ".join(by_key) or "none"
            yield f"depends on {key!r}, which is no earlier input; earlier are: {known}"
            continue
        possible = field.possible()
        if not possible:
            yield f"depends on {key!r}: only a single choice or yes_no can be a condition"
            continue
        for value in wanted if isinstance(wanted, tuple) else (wanted,):
            if value not in possible:
                known = ", ".join(map(str, possible))
                yield f"depends on {key!r} being {value!r}, which it never is; it is {known}"
