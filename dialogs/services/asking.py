"""From an input of a service file to the answer type that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from dialogs.answers import Answer, from_spec
from dialogs.services.catalogue import Choosable, Input

OPTION: Final = "option-input"
"""Message that shows an option of a ``choice``; its placeable ``option`` is ``service:input:value``."""
_PARAMETERS: Final = ("min", "max", "days_back", "days_ahead", "letters")


def answer(
    service: str, field: Input, answers: Mapping[str, Any] = MappingProxyType({})
) -> Answer[Any]:
    """The answer type of an input of the service with this key, after ``answers`` (by key).

    Raises :class:`dialogs.answers.SpecError` where type and parameters don't fit.
    """
    spec: dict[str, Any] = {"type": field.type}
    for name in _PARAMETERS:
        if (value := getattr(field, name)) is not None:
            spec[name] = value
    if field.after is not None and field.after in answers:
        spec["earliest"] = answers[field.after]
    if field.options is not None:
        spec["options"] = [_option(service, field, option) for option in field.options]
    return from_spec(spec)


def _option(service: str, field: Input, option: Choosable) -> dict[str, Any]:
    named = f"{service}:{field.key}:{option.value}"
    words = list(option.keywords)
    return {"value": option.value, "label": OPTION, "args": {"option": named}, "keywords": words}
