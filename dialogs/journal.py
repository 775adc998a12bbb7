"""A journal outside its replay: what it says of its flow, and how it is cut."""

from __future__ import annotations

from typing import Any

from dialogs.prompts import Prompt
from dialogs.session import Entry, Frame
from dialogs.steps import Revise


def wait_timer(frame: Frame, position: int | None = None) -> str:
    """Name of the timer that ends the wait a flow stands at, or the one at ``position``."""
    return f"{frame.uid}:{len(frame.journal) if position is None else position}"


def answers(frame: Frame) -> dict[str, Any]:
    """What the customer answered so far, by question; nothing secret is among it."""
    return {e.key: e.value for e in frame.journal if e.kind == "answer" and e.value is not None}


def filed(frame: Frame) -> list[Prompt]:
    """Word of the request that this flow filed, unless it has said something since."""
    code = None
    for entry in frame.journal:
        if entry.key.startswith("submit:"):
            code = entry.value
        elif entry.key.startswith("say:"):
            code = None
    return [Prompt(message="filed", args={"code": code}, keep=True)] if code else []


def answered(frame: Frame) -> bool:
    """Whether the customer put anything into this flow."""
    return frame.flow != "main_menu" and any(e.kind == "answer" for e in frame.journal)


def forget_proof(frame: Frame) -> None:
    """Cut the journal before its proof: what it opened is not shown again to whoever comes later. The
    answers behind it are not asked again after a new one."""
    cut_before(frame, "proved")


def cut_before(frame: Frame, key: str) -> None:
    """Take the journal back to before its first entry of this name, but keep the answers that followed;
    what was filed stays as it is."""
    keys = [entry.key for entry in frame.journal]
    if key in keys and not any(key.startswith("submit:") for key in keys):
        at = keys.index(key)
        given = (e for e in frame.journal[at:] if e.kind == "answer" and e.value is not None)
        frame.kept |= {entry.key: entry.value for entry in given}
        del frame.journal[at:]


def forget_round(journal: list[Entry], first: str, end: int) -> int:
    """Take the last round of a loop, from the step ``first`` to before ``end``, out of the journal.
    Returns where it began."""
    at = max(i for i, entry in enumerate(journal[:end]) if entry.key == first)
    del journal[at:end]
    return at


def cut_to_revise(frame: Frame, step: Revise) -> None:
    """Forget the answer to a question; keep the answers behind it for when they are asked."""
    at = max(i for i, e in enumerate(frame.journal) if e.key == step.question)
    given = {e.key: e.value for e in frame.journal[at:] if e.kind == "answer"}
    taken = {
        key: value
        for key, value in given.items()
        if key == step.question or key.partition(".")[0] in step.without
    }
    frame.kept = {key: value for key, value in given.items() if key not in taken}
    frame.taken = taken if step.corrects else {}
    del frame.journal[at:]


def keep_taken(frame: Frame) -> None:
    """Undo :func:`cut_to_revise`: the customer leaves the answer as it was."""
    frame.kept |= frame.taken
    frame.taken = {}
