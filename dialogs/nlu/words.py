"""A message cut into words: the form that features, concepts and entities share."""

from __future__ import annotations

import re

from dialogs.text import fold

LONGEST = 600
"""Characters of a message that are looked at. A wish is said in less; a pasted page costs no more."""

_STRETCHED = re.compile(r"(\D)\1{2,}")
_PREFIX = re.compile(r"(?<![^\W\d_])(ن?می) (?=[^\W\d_])")
_SUFFIX = re.compile(
    r"(?<=[^\W\d_]) (ها|های|هام|هامون|ام|ای|ات|اش|ترین|تر|مون|تون|شون)(?![^\W\d_])"
)
_WORD = re.compile(r"[^\W\d_]+|\d+|[؟?!]|[^\w\s.,،؛:;«»()\[\]\"'/\\*#+=_-]")


def folded(text: str) -> str:
    """The start of a message in the form that is compared: folded, no stretched letters, and the
    pieces of one word together («می خوام» → «میخوام», «کنتور ها» → «کنتورها»)."""
    plain = _STRETCHED.sub(r"\1", fold(text[:LONGEST]))
    return _SUFFIX.sub(r"\1", _PREFIX.sub(r"\1", plain))


def words(text: str) -> list[str]:
    """Words, runs of digits, question and exclamation marks and pictures of a :func:`folded` text."""
    return _WORD.findall(text)
