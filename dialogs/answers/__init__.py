"""The answer types by name, and one from a catalogue field.

``from_spec({"type": "number", "min": 1, "max": 99})`` is ``Number(min=1, max=99)``. The keys besides
``type`` are the fields of the class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import msgspec

from dialogs.answers.base import Answer, Wrong
from dialogs.answers.bill_id import BillId
from dialogs.answers.choice import Choice, Option, YesNo, option_numbers
from dialogs.answers.codes import OneTimeCode, TrackingCode
from dialogs.answers.either import Either
from dialogs.answers.free_text import Text
from dialogs.answers.jalali_date import JalaliDate
from dialogs.answers.meter_reading import RegisterReading
from dialogs.answers.number import Money, Number
from dialogs.answers.own_phone import OwnPhone
from dialogs.answers.person_ids import LegalId, NationalId, PersonId
from dialogs.answers.phone import Landline, Mobile, Phone
from dialogs.answers.photo import Photo
from dialogs.answers.postal_code import PostalCode
from dialogs.answers.voice import Voice

__all__ = [
    "ANSWERS",
    "Answer",
    "BillId",
    "Choice",
    "Either",
    "JalaliDate",
    "Landline",
    "LegalId",
    "Mobile",
    "Money",
    "NationalId",
    "Number",
    "OneTimeCode",
    "Option",
    "OwnPhone",
    "PersonId",
    "Phone",
    "Photo",
    "PostalCode",
    "RegisterReading",
    "SpecError",
    "Text",
    "TrackingCode",
    "Voice",
    "Wrong",
    "YesNo",
    "from_spec",
    "option_numbers",
]

_CLASSES: tuple[type[Answer[Any]], ...] = (
    BillId,
    NationalId,
    LegalId,
    PersonId,
    Mobile,
    Landline,
    Phone,
    PostalCode,
    RegisterReading,
    Number,
    Money,
    JalaliDate,
    TrackingCode,
    Choice,
    YesNo,
    Text,
    OneTimeCode,
    Voice,
    OwnPhone,
    Photo,
)
ANSWERS: dict[str, type[Answer[Any]]] = {answer.type: answer for answer in _CLASSES}
"""Every answer type by the name that catalogue files and message ids use."""


class SpecError(ValueError):
    """A catalogue field that describes no answer type. Its text is for whoever wrote the file."""


def from_spec(spec: Mapping[str, Any]) -> Answer[Any]:
    """The answer type of a catalogue field: ``type`` and that type's parameters.

    Raises :class:`SpecError` for an unknown type, an unknown parameter or a value that doesn't fit.
    """
    name = spec.get("type")
    answer = ANSWERS.get(name) if isinstance(name, str) else None
    if answer is None:
        raise SpecError(f"unknown answer type {name!r}; known: {', '.join(sorted(ANSWERS))}")
    parameters = {key: value for key, value in spec.items() if key != "type"}
    known = {field.name for field in dataclasses.fields(answer)}  # type: ignore[arg-type]
    if unknown := sorted(map(str, parameters.keys() - known)):
        takes = ", ".join(sorted(known)) or "none"
        raise SpecError(f"{name}: unknown parameter {', '.join(unknown)}; it takes {takes}")
    try:
        built: Answer[Any] = msgspec.convert(parameters, answer)
    except msgspec.ValidationError as error:
        raise SpecError(f"{name}: {error}") from None
    return built
