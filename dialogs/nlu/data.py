"""Reads ``nlu_data/``: Rasa's training files and the messages that nothing is trained on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

_ANNOTATED = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>\w+)\)")


class Utterance(NamedTuple):
    """A labelled text; ``entities`` are pairs of name and the text as it stands."""

    text: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()
    style: str = ""
    """Of test messages: formal, colloquial, terse, typo, finglish, indirect, entities, hard."""


def training(folder: Path) -> list[Utterance]:
    """All training utterances below ``folder``, in the order of the files' names.

    OSError when there is no such folder; ValueError naming the file that is not Rasa's format.
    """
    paths = sorted((folder / "data" / "nlu").glob("*.yml"))
    if not paths:
        raise FileNotFoundError(2, "no training files data/nlu/*.yml", str(folder))
    return [utterance for path in paths for utterance in _training_file(path)]


def _training_file(path: Path) -> list[Utterance]:
    found = []
    try:
        for block in msgspec.yaml.decode(path.read_bytes())["nlu"]:
            for line in block["examples"].splitlines():
                annotated = line.removeprefix("-").strip()
                if annotated:
                    found.append(_utterance(annotated, block["intent"]))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a Rasa training file: {error}") from error
    return found


def _utterance(annotated: str, intent: str) -> Utterance:
    return Utterance(
        _ANNOTATED.sub(lambda match: match["text"], annotated),
        intent,
        tuple((match["entity"], match["text"]) for match in _ANNOTATED.finditer(annotated)),
    )


def unseen(path: Path) -> list[Utterance]:
    """Test messages of a file like ``tests/messages.yml``. OSError, or ValueError naming the file."""
    try:
        messages: list[dict[str, Any]] = msgspec.yaml.decode(path.read_bytes())
        return [
            Utterance(
                message["text"],
                message["intent"],
                tuple((e["entity"], e["value"]) for e in message.get("entities") or ()),
                message.get("style", ""),
            )
            for message in messages
        ]
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a file of test messages: {error}") from error
