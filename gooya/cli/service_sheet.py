"""One service on a sheet, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from dialogs import formats
from dialogs.services.catalogue import GROUPS, Document, Input, Service, Stage, Text
from gooya.cli.service_words import ACTORS, PRECONDITIONS, PROOF, TYPES, WHO, condition, joined

Language = Literal["fa", "en"]

_HEADINGS: Final = {
    "questions": Text("پرسش‌ها", "Asked"),
    "documents": Text("مدارک", "Documents"),
    "stages": Text("مراحل", "Stages"),
    "outputs": Text("آنچه می‌گیرید", "What comes of it"),
    "doubts": Text("تفاوت با متن سند", "Read otherwise than the paper"),
}
_WORDS: Final = {
    "draft": Text("پیش‌نویس؛ هنوز ارائه نمی‌شود", "draft; not offered yet"),
    "number": Text("شماره", "number"),
    "who": Text("چه کسی", "Who may ask"),
    "proof": Text("احراز هویت", "To be proved"),
    "before": Text("پیش‌شرط", "Before"),
    "fee": Text("هزینه", "Fee"),
    "time": Text("زمان", "Time"),
    "days": Text("حدود {} روز", "about {} days"),
    "minutes": Text("حداکثر {} دقیقه", "within {} minutes"),
    "info": Text("در آغاز", "At the start"),
    "refusal": Text("اگر نشد", "If it fails"),
    "flow": Text("گفت‌وگو", "Flow"),
    "optional": Text("اختیاری", "optional"),
    "unless_known": Text("اگر از پیش معلوم نباشد ({})", "unless known as {}"),
    "up_to": Text("تا {} بار", "up to {} times"),
    "after": Text("نه پیش از {}", "not before {}"),
    "only": Text("فقط وقتی {}", "only when {}"),
    "told": Text("با پیام", "told"),
    "then": Text("سپس {}", "then {}"),
    "or": Text(" یا ", " or "),
    "end": Text("پایان", "end"),
}


def sheet(service: Service, language: Language) -> Iterator[str]:
    """The lines of the sheet of a service."""
    number = formats.number(service.number, language)
    named = f"{service.key}, {_word('number', language)} {number}"
    yield f"{service.title.in_(language)}  ({named})"
    yield GROUPS[service.group].in_(language)
    yield service.description.in_(language)
    yield ""
    yield from _facts(service, language)
    doubts = list(service.doubts)
    for heading, lines in (
        ("questions", [_question(i, service, language) for i in service.inputs]),
        ("documents", [_document(d, service, language) for d in service.documents]),
        ("stages", [_stage(s, service, language) for s in service.stages]),
        ("outputs", [output.in_(language) for output in service.outputs]),
        ("doubts", doubts),
    ):
        if lines:
            yield ""
            yield f"{_HEADINGS[heading].in_(language)}:"
        for count, line in enumerate(lines, 1):
            yield f"  {formats.number(count, language)}. {line}"


def _facts(service: Service, language: Language) -> Iterator[str]:
    facts = {
        "who": joined([WHO[who].in_(language) for who in service.who], language),
        "proof": PROOF[service.sensitivity].in_(language),
        "before": joined([PRECONDITIONS[p].in_(language) for p in service.preconditions], language),
        "fee": service.fee.in_(language),
        "time": _time(service, language),
        "info": service.info.in_(language) if service.info else "",
        "refusal": service.refusal.in_(language) if service.refusal else "",
        "flow": service.flow,
    }
    if service.draft:
        facts["flow"] += f" ({_word('draft', language)})"
    for name, said in facts.items():
        if said:
            yield f"{_word(name, language)}: {said}"


def _time(service: Service, language: Language) -> str:
    if service.time_limit_minutes is not None:
        return _word("minutes", language, formats.number(service.time_limit_minutes, language))
    if service.duration_days is not None:
        return _word("days", language, formats.number(service.duration_days, language))
    return ""


def _question(field: Input, service: Service, language: Language) -> str:
    options = [option.title.in_(language) for option in field.options or ()]
    takes = joined(options, language) if options else TYPES[field.type].in_(language)
    remarks = [_word("optional", language)] if field.optional else []
    if field.up_to > 1:
        remarks.append(_word("up_to", language, formats.number(field.up_to, language)))
    if field.when:
        said = condition(field.when, service.inputs, language)
        remarks.append(_word("only", language, said))
    if field.after:
        titles = {other.key: other.title.in_(language) for other in service.inputs}
        remarks.append(_word("after", language, titles[field.after]))
    if field.known:
        remarks.append(_word("unless_known", language, field.known))
    title = field.title.in_(language)
    return _remarked(title if takes == title else f"{title} ({takes})", remarks)


def _document(document: Document, service: Service, language: Language) -> str:
    remarks = [_word("optional", language)] if document.optional else []
    if document.when:
        said = condition(document.when, service.inputs, language)
        remarks.append(_word("only", language, said))
    return _remarked(document.title.in_(language), remarks)


def _stage(stage: Stage, service: Service, language: Language) -> str:
    """A stage; where it doesn't simply go on to the one below, also what may follow."""
    by_key = {other.key: other.title.in_(language) for other in service.stages}
    keys = list(by_key)
    after = service.following(stage.key)
    remarks = [stage.condition.in_(language)] if stage.condition else []
    if after != tuple(keys[keys.index(stage.key) + 1 :][:1]) or not after:
        names = [by_key[key] for key in after] or [_word("end", language)]
        remarks.append(_word("then", language, _word("or", language).join(names)))
    parts = [ACTORS[stage.actor].in_(language)]
    if stage.notify:
        parts.append(_word("told", language))
    return _remarked(f"{stage.title.in_(language)} ({joined(parts, language)})", remarks)


def _remarked(text: str, remarks: list[str]) -> str:
    return " — ".join([text, *remarks])


def _word(name: str, language: Language, *args: str) -> str:
    return _WORDS[name].in_(language).format(*args)
