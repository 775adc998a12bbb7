"""A service drawn as a Mermaid state diagram: its questions with their conditions, then its stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.services.catalogue import Input, Service, Text, Value
from gooya.cli.service_words import joined, value_title

_QUESTIONS = Text("پرسش‌ها", "Questions")

Answers = Mapping[str, frozenset[Value]]
"""What may have been answered on a way, by the key of each input that a condition has named."""
Way = tuple[str, Answers]
"""A state that waits for what follows it, and the answers that led there."""


def diagram(service: Service, language: str) -> Iterator[str]:
    """The lines of the diagram of a service."""
    yield "stateDiagram-v2"
    yield f'    state "{_QUESTIONS.in_(language)}" as questions {{'
    for line in _questions(service.inputs, language):
        yield f"        {line}"
    yield "    }"
    yield "    [*] --> questions"
    if not service.stages:
        yield "    questions --> [*]"
        return
    conditions = {stage.key: stage.condition for stage in service.stages}
    for stage in service.stages:
        yield f"    {stage.key}: {stage.title.in_(language)}"
    yield f"    questions --> {service.stages[0].key}"
    for stage in service.stages:
        for name in service.following(stage.key) or ("[*]",):
            condition = conditions.get(name)
            label = f": {condition.in_(language)}" if condition else ""
            yield f"    {stage.key} --> {name}{label}"


def _questions(inputs: tuple[Input, ...], language: str) -> Iterator[str]:
    """The questions in order. A way past a question goes on to the next that is asked on it."""
    by_key = {field.key: field for field in inputs}
    conditions = {f"ask_{field.key}": field.when for field in inputs}
    ways: list[Way] = [("[*]", {})]
    for field in inputs:
        here = f"ask_{field.key}"
        yield f"{here}: {field.title.in_(language)}"
        arrows: dict[str, None] = {}
        onward: list[Way] = []
        for state, answers in ways:
            asked, past = _split(field, answers, by_key)
            if asked is not None:
                new = conditions.get(state) != field.when
                label = _label(field, asked, by_key, language) if new else ""
                arrows[f"{state} --> {here}{label}"] = None
                onward.append((here, asked))
            onward += [(state, {**answers, field.key: frozenset()}) for answers in past]
        yield from arrows
        ways = [way for place, way in enumerate(onward) if way not in onward[:place]]
    yield from dict.fromkeys(f"{state} --> [*]" for state, _ in ways)


def _split(
    field: Input, answers: Answers, by_key: Mapping[str, Input]
) -> tuple[Answers | None, list[Answers]]:
    """The answers with which ``field`` is asked, or None, and those with which it is passed by."""
    asked: Answers = answers
    past: list[Answers] = []
    for key, wanted in field.when.items():
        possible = answers.get(key, frozenset(by_key[key].possible()))
        met = possible & frozenset(wanted if isinstance(wanted, tuple) else (wanted,))
        if possible - met or not possible:
            past.append({**asked, key: possible - met})
        if not met:
            return None, past
        asked = {**asked, key: met}
    return asked, past


def _label(field: Input, asked: Answers, by_key: Mapping[str, Input], language: str) -> str:
    """The condition at an arrow. A colon would end it."""
    parts = []
    for key in field.when:
        named = by_key[key]
        values = [v for v in named.possible() if v in asked[key]]
        titles = joined([value_title(named, value, language) for value in values], language)
        parts.append(f"{named.title.in_(language)} = {titles}")
    return f": {joined(parts, language)}" if parts else ""
