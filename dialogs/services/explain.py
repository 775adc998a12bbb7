"""Schema errors of data files, with the values that would be right."""

from __future__ import annotations

import re
import typing

import msgspec

_FIELD = re.compile(r"\.(\w+)")


def explained(error: msgspec.ValidationError, model: type[msgspec.Struct]) -> str:
    """What is wrong and where; for a name that is not of a list, also the list."""
    text = str(error)
    _, _, path = text.rpartition(" - at ")
    if not text.startswith("Invalid enum value"):
        return text
    names = _names(model, _FIELD.findall(path))
    return f"{text}; one of {', '.join(names)}" if names else text


def _names(model: type[msgspec.Struct], path: list[str]) -> list[str]:
    """The names that the field at ``path`` takes, the parts of which are fields of structs."""
    found: list[object] = [model]
    for part in path:
        structs = [kind for kind in found if isinstance(kind, type)]
        hints = [typing.get_type_hints(kind).get(part) for kind in structs]
        found = [kind for hint in hints if hint is not None for kind in _inside(hint)]
    return [name for name in found if isinstance(name, str)]


def _inside(hint: object) -> list[object]:
    """The structs and the literal values in a type."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    if typing.get_origin(hint) is typing.Literal:
        return list(typing.get_args(hint))
    return [kind for part in typing.get_args(hint) for kind in _inside(part)]
