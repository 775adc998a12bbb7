"""Checks of the texts in a service file: both languages, lengths, spelling, fit to be spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bots.sms.segments import encoding_of, measure
from dialogs.limits import SEGMENT_BUDGETS
from dialogs.services.catalogue import LANGUAGES, Service, Text
from gooya.check.finding import Finding
from gooya.check.prompts import misread

_LONGEST: Final = {"menu": 24, "input": 36, "option": 24, "document": 36, "stage": 36}
"""Characters of a title by what it names: it stands in a row, on a button or in a read-back."""
_SENTENCES: Final = ("info", "refusal", "fee")
"""What is said as a message of its own, or nearly."""
_SPLIT: Final = re.compile(r"(?<!\S)ن?می (?=\w)|(?<=\w) (?:ها|های|هایی|تر|ترین|ای)(?!\w)")
"""A prefix or suffix set off by a space where Persian has a ZWNJ."""
_LOOSE: Final = re.compile("\u200c(?=[\\s\u200c]|$)|(?:(?<=\\s)|^)\u200c")
_ARABIC: Final = re.compile("[يكىة]")


def check_texts(file: str, service: Service) -> Iterator[Finding]:
    """Findings in all texts of a service."""
    spoken = dict(_spoken(service))
    for step, text in {**dict(_written(service)), **spoken}.items():
        for language in LANGUAGES:
            said = text.in_(language)
            if not said.strip():
                missing = f"has no text in {language}"
                yield Finding(file, service.key, step, "translation", missing)
                continue
            for rule, why in _wrong(step, said, language, spoken=step in spoken):
                yield Finding(file, service.key, step, rule, why)


def _written(service: Service) -> Iterator[tuple[str, Text]]:
    """What nobody hears, by its place in the file."""
    yield "title", service.title
    yield "description", service.description
    yield from ((f"output {n}", text) for n, text in enumerate(service.outputs, 1))


def _spoken(service: Service) -> Iterator[tuple[str, Text]]:
    """What is heard on the phone, by its place in the file."""
    yield "menu", service.menu
    for name in _SENTENCES:
        if (text := getattr(service, name)) is not None:
            yield name, text
    for field in service.inputs:
        yield f"input {field.key}", field.title
        for option in field.options or ():
            yield f"option {option.value} of {field.key}", option.title
    for document in service.documents:
        yield f"document {document.key}", document.title
    hints = {field.key: field.hint for field in service.inputs}
    hints |= {document.key: document.hint for document in service.documents}
    yield from ((f"hint of {key}", hint) for key, hint in hints.items() if hint is not None)
    for stage in service.stages:
        yield f"stage {stage.key}", stage.title
        if stage.condition is not None:
            yield f"condition of {stage.key}", stage.condition


def _wrong(step: str, text: str, language: str, *, spoken: bool) -> Iterator[tuple[str, str]]:
    longest = _LONGEST.get(step.partition(" ")[0], len(text))
    if len(text) > longest:
        yield "length", f"has {len(text)} characters of {longest} in {language}; shorten it"
    cost, budget = measure(text).segments, SEGMENT_BUDGETS["question"]
    if step in _SENTENCES and cost > budget:
        yield "length", f"takes {cost} SMS segments of {budget} in {language}; shorten it"
    if language == "en" and encoding_of(text) != "gsm7":
        yield "spelling", "has a sign that no plain SMS has: it would double the cost"
    if language == "fa":
        if split := _SPLIT.search(text):
            yield "spelling", f"«{split[0].strip()}» is joined to its word by a ZWNJ, not a space"
        if _LOOSE.search(text):
            yield "spelling", "has a ZWNJ that joins nothing"
        if not spoken and (letter := _ARABIC.search(text)):
            yield "spelling", f"«{letter[0]}» is an Arabic letter; write ی, ک and ه"
    if spoken:
        yield from (("voice", f"on the phone, {why}") for why in misread(text, language))
