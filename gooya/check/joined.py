"""What customers really get in one SMS: a refusal or the help, joined with the question it repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bots.sms.segments import measure
from dialogs.answers import ANSWERS
from dialogs.limits import SEGMENT_BUDGETS
from dialogs.messages.sources import Source
from gooya.check.finding import Finding
from gooya.check.notes import read_note
from gooya.check.worst import Untyped, Worst

_LISTED = ("choice", "yes_no")
"""The answer types whose questions show options; those of a bill show the saved ones."""
_ASKING = ("question", "list")


def check_joined(
    found: Mapping[str, Source], sound: Collection[str], language: str
) -> Iterator[Finding]:
    """Every question under the longest refusal and the longest help that can stand before it.

    Nothing in a message file tells a question without options from a statement: both are measured,
    as far as they are ``sound`` (the ids of messages without a finding of their own).
    """
    worst = Worst(found, language)
    try:
        refusals = {name: _refusal(worst, name) for name in ANSWERS}
        examples = {name: worst.text(f"example-{name}", "sms") for name in ANSWERS}
        help_ = worst.text("help", "sms")
    except (Untyped, KeyError):
        return
    for name, refusal in refusals.items():
        yield from _over([refusal], "refused", found[f"example-{name}"], language)
    for source in (source for source in found.values() if source.id in sound):
        note = read_note(source.note)
        if note.kind not in _ASKING or source.id.startswith(("wrong-", "example-")):
            continue
        question = [] if note.rows else [worst.text(source.id, "sms")]
        question += [number + worst.text(name, "sms") for name, number in note.numbered()]
        types = tuple(ANSWERS) if not note.options else _LISTED
        if note.options and source.id.startswith("bill"):
            types = ("bill_id",)
        if note.options:
            refusal = max((refusals[name] for name in types), key=len)
            yield from _over([refusal, *question], "refused", source, language)
        example = max((examples[name] for name in types), key=len)
        yield from _over([help_, example, *question], "helped", source, language)


def _refusal(worst: Worst, name: str) -> str:
    """Why an answer was not taken, with the example or the offer of an operator under it."""
    reasons = [worst.text(f"wrong-{name}-{code}", "sms") for code in ANSWERS[name].codes]
    advice = [worst.text(message, "sms") for message in (f"example-{name}", "offer-operator")]
    return "\n".join(max(texts, key=len) for texts in (reasons, advice) if texts)


def _over(lines: list[str], kind: str, source: Source, language: str) -> Iterator[Finding]:
    cost, budget = measure("\n".join(lines)).segments, SEGMENT_BUDGETS[kind]
    if cost > budget:
        before = "a refusal" if kind == "refused" else "the help"
        text = f"joined with {before} it can need {cost} SMS segments of {budget}; shorten it"
        yield Finding(f"{language}/{source.file}", "", source.id, "joined", text)
