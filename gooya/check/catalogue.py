"""Checks of the service files: schema, flow and keywords here, the rest by what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bots.sms.optout import opt
from dialogs import commands
from dialogs.flows import registry
from dialogs.services.catalogue import LANGUAGES, CatalogueError, Service, read
from dialogs.text import match_key
from gooya.check.finding import Finding
from gooya.check.service_inputs import check_inputs
from gooya.check.service_stages import check_stages
from gooya.check.service_texts import check_texts

FORM = "form"
"""The flow of services that are a form."""


def check_catalogue(folder: Path) -> Iterator[Finding]:
    """All findings in the service files of ``folder``."""
    taken: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            service = read(path)
        except CatalogueError as error:
            text = str(error).removeprefix(f"{path.name}: ")
            yield Finding(path.name, path.stem, "-", "schema", text)
            continue
        if (other := numbers.setdefault(service.number, service.key)) != service.key:
            text = f"{service.number} is also the number of {other}"
            yield Finding(path.name, service.key, "number", "number", text)
        yield from check_texts(path.name, service)
        yield from _flow(path.name, service)
        yield from check_inputs(path.name, service)
        yield from check_stages(path.name, service)
        yield from _keywords(path.name, service, taken)


def _flow(file: str, service: Service) -> Iterator[Finding]:
    """There is a flow, once the file is no draft, and the generic one finds all it says."""
    if not service.draft and service.flow != FORM and service.flow not in registry.FLOWS:
        known = ", ".join(registry.FLOWS)
        text = f"there is no flow {service.flow!r}; known: {known}; or is it still a draft?"
        yield Finding(file, service.key, "flow", "flow", text)
    if service.flow == FORM:
        for name in ("info", "refusal", "stages"):
            if not getattr(service, name):
                text = "a form needs it: the generic flow says it to the customer"
                yield Finding(file, service.key, name, "flow", text)


def _keywords(file: str, service: Service, taken: dict[str, str]) -> Iterator[Finding]:
    for language in LANGUAGES:
        if not service.keywords.get(language):
            text = f"has no keyword in {language}: nobody could ask for it by a word"
            yield Finding(file, service.key, "keywords", "keyword", text)
    for word in service.words():
        key = match_key(word)
        clash = None
        if key in commands.WORDS:
            clash = f"the command {commands.WORDS[key]!r}"
        elif opt(word):
            clash = "an opt-out word of the operators"
        elif taken.setdefault(key, service.key) != service.key:
            clash = f"a keyword of {taken[key]}"
        elif key.isdecimal():
            clash = "a menu number"
        if clash:
            text = f"is also {clash}; choose another word"
            yield Finding(file, service.key, f"keyword {word}", "keyword", text)
