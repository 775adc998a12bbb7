"""What the classifier sees of a message: four views of it, each a list of strings.

Words and pairs of words; letters inside words, for endings and typos; consonant sounds, in which
Persian and Latin spelling meet; and the concepts of the trade, alone and in pairs, for words that
nobody trained on; of a negated clause, they are marked.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from dialogs.ids import is_electricity, is_mobile, tracking_code_is_valid
from dialogs.nlu.concepts import concepts
from dialogs.nlu.sounds import skeleton
from dialogs.nlu.words import folded, words

VERSION = 3
"""Raised when a message gives other features than before: a model of another version is not loaded."""

Views = tuple[list[str], list[str], list[str], list[str]]

_LETTERS = (2, 3, 4, 5)
_SOUNDS = (3, 4, 5)
_CLAUSE_END = re.compile(r"[،,.؛;:]|(?<=[!؟?])| (?=(?:ولی|فقط|بلکه|اما|vali|faghat|ama) )")
# «عوضش نکنید، فقط ببینید درست می‌شماره»: what is refused is said as loudly as what is wanted.
_NEGATION = re.compile(
    r"(?<![^\W_])(?:نه|نیست|نمی\w+|نکن\w*|نشه|نشود|نباشه|نبود|بدون|ندار\w*|نخوا\w*|نیازی"
    r"|na|nist|nemi\w+|nakon\w*|nadar\w*|nashe)(?![^\W_])"
)
_FIGURE = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_YEAR = re.compile(r"1[34]\d\d")


def views(text: str) -> Views:
    """The features of a message by view: words, letters, sounds, concepts."""
    tokens: list[str] = []
    meant: list[str] = []
    signed: list[str] = []
    whole = folded(text)
    for clause in _CLAUSE_END.split(whole):
        part = [_number(word) if word.isdecimal() else word for word in words(clause)]
        found = concepts(part)
        tokens += part
        meant += found
        signed += [f"-{each}" for each in found] if _NEGATION.search(clause) else found
    meant += _direction(whole)
    heard = [skeleton(token) or token for token in tokens]
    together = {*combinations(sorted(set(meant)), 2), *combinations(sorted(set(signed)), 2)}
    return (
        [*tokens, *_pairs(["^", *tokens, "$"])],
        _pieces(tokens, _LETTERS),
        [*heard, *_pairs(heard), *(f"~{piece}" for piece in _pieces(heard, _SOUNDS))],
        [
            *meant,
            *(each for each in signed if each[0] == "-"),
            *(f"{first}>{second}" for first, second in pairwise(meant)),
            *sorted(f"{first}&{second}" for first, second in together),
        ],
    )


def single_words(of_views: Views) -> list[str]:
    """The words of a message in order, of its :func:`views`."""
    return [feature for feature in of_views[0] if " " not in feature]


def _direction(text: str) -> list[str]:
    """Whether two figures rise or fall: «از ۳۲ به ۲۵» has the words of «از ۲۵ به ۳۲»."""
    figures = [int(figure) for figure in _FIGURE.findall(text)]
    if len(figures) != 2 or figures[0] == figures[1]:
        return []
    return ["#rises" if figures[0] < figures[1] else "#falls"]


def _pairs(tokens: list[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(tokens)]


def _pieces(tokens: list[str], lengths: tuple[int, ...]) -> list[str]:
    pieces: list[str] = []
    for token in tokens:
        padded = f" {token} "
        for length in lengths:
            pieces += [padded[at : at + length] for at in range(len(padded) - length + 1)]
    return pieces


def _number(digits: str) -> str:
    """The kind of a number: what it is, not which."""
    if is_electricity(digits):
        return "#bill"
    if is_mobile(f"+98{digits[-10:]}") and len(digits) <= 14:
        return "#mobile"
    if tracking_code_is_valid(digits):
        return "#code"
    if _YEAR.fullmatch(digits):
        return "#year"
    return digits if len(digits) == 1 else f"#{min(len(digits), 8)}"
