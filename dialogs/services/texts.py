"""The texts of the catalogue that messages are made of, by the function that writes them.

A function's argument names its text: ``key`` of a service, ``key:n`` of its n-th stage, ``key:input``,
``key:input:value`` of an option, ``key:document``; ``HINT`` takes inputs and documents, ``GROUP`` the
key of a group or topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from dialogs.services.catalogue import GROUP_MENUS, TOPICS, Service, Text

NOTHING: Final = Text()


def texts(services: Iterable[Service]) -> Mapping[str, Mapping[str, Text]]:
    """Texts by function and argument, in the order of ``services``; :data:`NOTHING` for one that a
    file leaves out."""
    found: dict[str, dict[str, Text]] = {"GROUP": {**GROUP_MENUS, **TOPICS}}
    for service in services:
        for function, name, text in _of(service):
            found.setdefault(function, {})[":".join((service.key, *name))] = text or NOTHING
    return found


def _of(service: Service) -> Iterable[tuple[str, tuple[str, ...], Text | None]]:
    yield "SERVICE", (), service.menu
    yield "INFO", (), service.info
    yield "FEE", (), service.fee
    yield "REFUSAL", (), service.refusal
    for number, stage in enumerate(service.stages, 1):
        yield "STAGE", (str(number),), stage.title
    for field in service.inputs:
        yield "INPUT", (field.key,), field.title
        yield "HINT", (field.key,), field.hint
        for option in field.options or ():
            yield "OPTION", (field.key, option.value), option.title
    for document in service.documents:
        yield "DOCUMENT", (document.key,), document.title
        yield "HINT", (document.key,), document.hint
