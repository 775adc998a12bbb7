"""Prompts as clips: what a caller hears of one turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from dialogs.answers.choice import option_numbers
from dialogs.prompts import Prompt
from ivr.book import Book, book, merged
from ivr.speech import Part
from ivr.spoken import GAP, GROUP, option, pause

LEAD_IN = pause(300)
"""Heard first: after a key the phone is on its way back to the ear."""


def present(prompts: Iterable[Prompt], *, language: str, today: dt.date) -> tuple[Part, ...]:
    """Everything that a turn says, in order: ears have kept nothing of what was said before, so a
    question is repeated with its rows and options. Prompts that must be heard are parts of their own.
    """
    known = book(language)
    parts: list[Part] = []
    for heard, group in groupby(prompts, key=lambda prompt: prompt.heard):
        said = [list(_said(prompt, known, today)) for prompt in group]
        clips = merged(ref for refs in said for ref in (*refs, pause(GAP)))
        if clips:
            before = pause(GAP) if parts else LEAD_IN
            parts.append(Part(clips=(before, *clips), heard=heard))
    return tuple(parts)


def _said(prompt: Prompt, known: Book, today: dt.date) -> Iterator[str]:
    if prompt.brief:
        yield from known.say(prompt.brief, prompt.args, today)
        return
    yield from known.say(prompt.message, prompt.args, today)
    for row in prompt.rows:
        yield pause(GAP)
        yield from known.say(row.message, row.args, today)
    options = getattr(prompt.answer, "options", ())
    for number, offered in zip(option_numbers(len(options)), options, strict=True):
        yield pause(GAP)
        yield f"{known.language}/option-for"
        label = known.say(offered.label, offered.args, today)
        yield from label
        if label and "/digit" in label[-1]:
            yield pause(GROUP)  # the digits of an id and the key are two things
        yield from option(number, known.language)
