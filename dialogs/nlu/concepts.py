"""Words of one meaning: a small dictionary of the trade (``concepts.yml``), so that a word nobody trained
on still says something."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import msgspec

from dialogs.nlu.sounds import skeleton
from dialogs.text import fold

DICTIONARY = files("dialogs.nlu") / "concepts.yml"
_SHORT = 3
"""Letters of a stem that only takes endings: «آب» is no part of «آبان»."""
_FEWEST_SOUNDS = 3
_ENDING = re.compile(r"|[متشیوه]|های?|رو|[متش]و|[متش]ون|ام|اش|هام(?:ون)?|ها(?:ش|شون)|امون|ای|مه|ست")


def _load() -> tuple[dict[str, str], dict[str, str]]:
    stems: dict[str, str] = {}
    sounds: dict[str, str] = {}
    table = msgspec.yaml.decode(DICTIONARY.read_bytes(), type=dict[str, str])
    for concept, line in table.items():
        for word in line.split():
            stem = fold(word)
            stems.setdefault(stem, concept)
            heard = skeleton(stem)
            if len(heard) >= _FEWEST_SOUNDS:
                sounds.setdefault(heard, concept)
    return stems, sounds


_STEMS, _SOUNDS = _load()


def concepts(tokens: list[str]) -> list[str]:
    """The concepts of folded words in order; two words that are one stem together count once.

    Kinds of numbers (``#bill``) and question marks pass through: they mean what they are.
    """
    found: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token[0] in "#؟?":
            found.append(token)
            at += 1
            continue
        single = concept_of(token)
        together = concept_of(token + tokens[at + 1]) if at + 1 < len(tokens) else ""
        if together and together != single:
            found.append(together)
            at += 2
            continue
        if single:
            found.append(single)
        at += 1
    return found


@lru_cache(maxsize=1 << 14)
def concept_of(word: str) -> str:
    """The concept of one folded word; empty when it has none."""
    if not word.isascii():
        for bare in (word, word.removeprefix("نمی"), word.removeprefix("می")):
            for length in range(len(bare), 1, -1):
                concept = _STEMS.get(bare[:length])
                if concept and (length > _SHORT or _ENDING.fullmatch(bare[length:])):
                    return concept
    elif word in _STEMS:
        return _STEMS[word]
    heard = skeleton(word)
    for length in range(len(heard), _FEWEST_SOUNDS - 1, -1):
        if (concept := _SOUNDS.get(heard[:length])) and (word.isascii() or length == len(heard)):
            return concept
    return ""
