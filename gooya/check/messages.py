"""Checks of the message files: translations, variants, placeables, budgets of SMS and messenger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bots.sms.segments import measure
from dialogs.answers import ANSWERS
from dialogs.capabilities import CHANNELS
from dialogs.limits import SEGMENT_BUDGETS
from dialogs.messages import sources
from dialogs.messages.sources import MessageSyntaxError, Source
from dialogs.services import CATALOGUE
from dialogs.services.catalogue import LANGUAGES
from gooya.check.catalogue import FORM
from gooya.check.finding import Finding
from gooya.check.joined import check_joined
from gooya.check.messenger import check_messenger
from gooya.check.notes import Note, read_note
from gooya.check.worst import Untyped, Worst

Sources = Mapping[str, Mapping[str, Source]]


def check_messages(folder: Path) -> Iterator[Finding]:
    """All findings in the message files of ``folder`` (one sub-folder a language)."""
    found: dict[str, Mapping[str, Source]] = {}
    for language in LANGUAGES:
        try:
            found[language] = sources.read(folder / language)
        except MessageSyntaxError as error:
            file, _, text = str(error).partition(": ")
            yield Finding(file, "", "-", "syntax", text)
            return
    yield from _translations(found)
    yield from _answer_messages(found)
    yield from _form_messages(found)
    for language in LANGUAGES:
        alone = list(_texts(found[language], language))
        yield from alone
        worded = {s.id for s in found[language].values() if s.variants.keys() & {"", "sms"}}
        sound = worded - {finding.step for finding in alone}
        yield from check_joined(found[language], sound, language)
        yield from check_messenger(found[language], language)


def _translations(found: Sources) -> Iterator[Finding]:
    for language, others in ((a, [b for b in LANGUAGES if b != a]) for a in LANGUAGES):
        for source in found[language].values():
            file = f"{language}/{source.file}"
            for other in others:
                twin = found[other].get(source.id)
                if twin is None:
                    text = f"has no translation in {other}; add it to {other}/{source.file}"
                    yield Finding(file, "", source.id, "translation", text)
                    continue
                for variant in source.variants.keys() - twin.variants.keys():
                    name = f".{variant}" if variant else "text without a variant"
                    text = f"its {name} is missing in {other}/{twin.file}"
                    yield Finding(file, "", source.id, "variant", text)
                for name in sorted(source.placeables - twin.placeables):
                    text = f"${name} is not in {other}/{twin.file}: misspelt in one of them?"
                    yield Finding(file, "", source.id, "placeable", text)
            for channel, can in CHANNELS.items():
                if not source.variants.keys() & {"", can.variant}:
                    text = f"says nothing on {channel}; add a text or a .{can.variant} variant"
                    yield Finding(file, "", source.id, "variant", text)


def _answer_messages(found: Sources) -> Iterator[Finding]:
    """Every way to be wrong has its message, every answer type its example."""
    for language in LANGUAGES:
        for name, answer in ANSWERS.items():
            needed = [f"wrong-{name}-{code}" for code in answer.codes] + [f"example-{name}"]
            for message in needed:
                if message not in found[language]:
                    text = f"the answer type {name} needs this message in {language}"
                    yield Finding(f"{language}/answers.ftl", "", message, "translation", text)


def _form_messages(found: Sources) -> Iterator[Finding]:
    """Every answer type that a form asks for has its question. (One that there is not is found with
    its service.)"""
    forms = [service for service in CATALOGUE.values() if service.flow == FORM]
    types = {field.type: service.key for service in forms for field in service.inputs}
    for language in LANGUAGES:
        for name, service in types.items():
            if name not in ANSWERS:
                continue
            message = f"ask-{name}"
            if message not in found[language]:
                text = f"{service} has an input of type {name}: it needs this message in {language}"
                yield Finding(f"{language}/forms.ftl", "", message, "translation", text)


def _texts(found: Mapping[str, Source], language: str) -> Iterator[Finding]:
    worst = Worst(found, language)
    for source in found.values():
        if not source.variants.keys() & {"", "sms"}:
            continue  # found above: it says nothing on SMS
        file = f"{language}/{source.file}"
        note = read_note(source.note)
        kind = note.kind
        if kind not in SEGMENT_BUDGETS:
            kinds = ", ".join(SEGMENT_BUDGETS)
            yield Finding(file, "", source.id, "budget", f"@{kind} is none of {kinds}")
            continue
        try:
            lines = [worst.text(source.id, "sms")]
            for part, number in _parts(note):
                if part not in found:
                    yield Finding(file, "", source.id, "budget", f"its note names {part}, unknown")
                    break
                lines.append(number + worst.text(part, "sms"))
        except (Untyped, KeyError) as error:
            yield Finding(file, "", source.id, "placeable", str(error))
            continue
        cost = measure("\n".join(lines)).segments
        budget = SEGMENT_BUDGETS[kind]
        if cost > budget:
            text = f"can need {cost} SMS segments, a {kind} may need {budget}; shorten it"
            yield Finding(file, "", source.id, "budget", text)


def _parts(note: Note) -> Iterator[tuple[str, str]]:
    """The messages under a message, with the option number that stands before each."""
    yield from ((name, "") for name in note.rows)
    yield from note.numbered()
