"""Checks of the service files: schema, texts, field types, stages, keywords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bots.sms.optout import opt
from dialogs import commands
from dialogs.answers import ANSWERS
from dialogs.flows import registry
from dialogs.services.catalogue import LANGUAGES, CatalogueError, Service, Text, read
from dialogs.text import match_key
from gooya.check.finding import Finding


def check_catalogue(folder: Path) -> Iterator[Finding]:
    """All findings in the service files of ``folder``."""
    taken: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            service = read(path)
        except CatalogueError as error:
            text = str(error).removeprefix(f"{path.name}: ")
            yield Finding(path.name, path.stem, "-", "schema", text)
            continue
        yield from _texts(path.name, service)
        yield from _fields(path.name, service)
        yield from _stages(path.name, service)
        yield from _keywords(path.name, service, taken)


def _texts(file: str, service: Service) -> Iterator[Finding]:
    texts: dict[str, Text] = {
        "title": service.title,
        "menu": service.menu,
        "description": service.description,
        "fee": service.fee,
        **{f"input {i.key}": i.title for i in service.inputs},
        **{f"stage {s.key}": s.title for s in service.stages},
        **{f"output {n}": text for n, text in enumerate(service.outputs, 1)},
        **{f"document {n}": text for n, text in enumerate(service.documents, 1)},
    }
    for step, text in texts.items():
        for language in LANGUAGES:
            if not text.in_(language).strip():
                missing = f"has no text in {language}"
                yield Finding(file, service.key, step, "translation", missing)


def _fields(file: str, service: Service) -> Iterator[Finding]:
    if service.flow not in registry.FLOWS:
        known = ", ".join(registry.FLOWS)
        text = f"there is no flow {service.flow!r}; known: {known}"
        yield Finding(file, service.key, "flow", "flow", text)
    for field in service.inputs:
        if field.type not in ANSWERS:
            text = f"unknown field type {field.type!r}; known: {', '.join(ANSWERS)}"
            yield Finding(file, service.key, f"input {field.key}", "field", text)


def _stages(file: str, service: Service) -> Iterator[Finding]:
    """From the first stage every other is reached, and every named one exists."""
    keys = [stage.key for stage in service.stages]
    if len(set(keys)) < len(keys):
        yield Finding(file, service.key, "stages", "stage", "two stages share a key")
        return
    if not keys:
        return
    reached: set[str] = set()
    waiting = keys[:1]
    following = dict(zip(keys, (*keys[1:], None), strict=True))
    by_key = {stage.key: stage for stage in service.stages}
    while waiting:
        key = waiting.pop()
        if key in reached:
            continue
        reached.add(key)
        after = by_key[key].next
        if after is None:
            below = following[key]
            after = (below,) if below else ()
        for name in after:
            if name in by_key:
                waiting.append(name)
            else:
                text = f"goes on to {name!r}, which is no stage of this service"
                yield Finding(file, service.key, f"stage {key}", "stage", text)
    for key in keys:
        if key not in reached:
            text = "no other stage leads to it; name it in a `next` or take it out"
            yield Finding(file, service.key, f"stage {key}", "stage", text)


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
