"""How well an engine understands messages it was not trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from dialogs import limits
from dialogs.nlu.data import Utterance
from dialogs.nlu.port import ACTS, OUT_OF_SCOPE, Understanding

_CONFUSIONS: Final = 20
_WEIGHTS: Final = (0.25, 0.5, 1.0, 1.5, 2.0, 2.75, 4.0, 8.0)
_LOWER_IS_BETTER: Final = ("wrong_service", "opened_wrong")
_BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01)


class Figures(msgspec.Struct, frozen=True):
    """The figures that a release is judged by; shares of 1."""

    accuracy: float
    macro_f1: float
    finglish: float
    """Accuracy on messages in Latin letters."""
    indirect: float
    """Accuracy on wishes that name no service."""
    out_of_scope_recall: float
    out_of_scope_precision: float
    among_three: float
    """Right intent among the first three."""
    wrong_service: float
    """Messages for a service whose likeliest intent is another service."""
    opened_wrong: float
    """Messages for a service that the dialog sends to another one without asking back
    (:data:`limits.LIKELY`, :data:`limits.CLEARLY`)."""
    entities_f1: float
    """On all messages but those of style ``hard``."""
    entities_f1_hard: float


class Point(msgspec.Struct, frozen=True):
    """What is taken for out of scope when its confidence counts ``weight`` times."""

    weight: float
    recall: float
    precision: float


class Bin(msgspec.Struct, frozen=True):
    """Of the messages with this confidence, how many were right."""

    low: float
    messages: int
    confidence: float
    accuracy: float


class Report(msgspec.Struct, frozen=True):
    messages: int
    figures: Figures
    styles: dict[str, float]
    """Accuracy by style."""
    confusions: list[tuple[str, str, int]]
    """(right intent, given intent, times), the commonest first."""
    curve: list[Point]
    calibration: list[Bin]
    weakest: list[tuple[str, float]]
    """F1 of the intents, the lowest first."""


def evaluate(utterances: Sequence[Utterance], answers: Sequence[Understanding]) -> Report:
    """The figures of ``answers`` to ``utterances``, in the same order. ValueError when there are none."""
    if not utterances:
        raise ValueError("there are no test messages")
    pairs = list(zip(utterances, answers, strict=True))
    f1 = _f1_by_intent(pairs)
    right = [utterance.intent == answer.intent for utterance, answer in pairs]
    styles = sorted({utterance.style for utterance in utterances if utterance.style})
    by_style = {
        style: _share([hit for (u, _), hit in zip(pairs, right, strict=True) if u.style == style])
        for style in styles
    }
    aside = [a.intent == OUT_OF_SCOPE for u, a in pairs if u.intent == OUT_OF_SCOPE]
    refused = [u.intent == OUT_OF_SCOPE for u, a in pairs if a.intent == OUT_OF_SCOPE]
    figures = Figures(
        accuracy=_share(right),
        macro_f1=round(sum(f1.values()) / len(f1), 4),
        finglish=by_style.get("finglish", 0.0),
        indirect=by_style.get("indirect", 0.0),
        out_of_scope_recall=_share(aside),
        out_of_scope_precision=_share(refused),
        among_three=_share(
            [u.intent in [ranked.intent for ranked in a.ranking[:3]] for u, a in pairs]
        ),
        wrong_service=_share(
            [
                _is_service(a.intent) and a.intent != u.intent
                for u, a in pairs
                if _is_service(u.intent)
            ]
        ),
        opened_wrong=_share(
            [
                a.intent != u.intent and _is_service(a.intent) and _opens(a)
                for u, a in pairs
                if _is_service(u.intent)
            ]
        ),
        entities_f1=_entities_f1([(u, a) for u, a in pairs if u.style != "hard"]),
        entities_f1_hard=_entities_f1([(u, a) for u, a in pairs if u.style == "hard"]),
    )
    mistaken = Counter((u.intent, a.intent) for u, a in pairs if u.intent != a.intent)
    return Report(
        len(pairs),
        figures,
        by_style,
        [(wanted, given, times) for (wanted, given), times in mistaken.most_common(_CONFUSIONS)],
        [_point(pairs, weight) for weight in _WEIGHTS],
        _calibration(pairs),
        sorted(f1.items(), key=lambda each: each[1])[:10],
    )


def worse(now: Figures, before: Figures, tolerance: float = 0.005) -> list[str]:
    """What fell behind the last release by more than ``tolerance``, a line each."""
    lines = []
    for name in Figures.__struct_fields__:
        new, old = getattr(now, name), getattr(before, name)
        loss = new - old if name in _LOWER_IS_BETTER else old - new
        if loss > tolerance:
            lines.append(f"{name}: {new:.3f}, last release {old:.3f}")
    return lines


_Pair = tuple[Utterance, Understanding]


def _is_service(intent: str) -> bool:
    return intent not in ACTS and intent != OUT_OF_SCOPE


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


def _f1_by_intent(pairs: Sequence[_Pair]) -> dict[str, float]:
    wanted = Counter(utterance.intent for utterance, _ in pairs)
    given = Counter(answer.intent for _, answer in pairs)
    both = Counter(u.intent for u, a in pairs if u.intent == a.intent)
    return {
        intent: round(2 * both[intent] / (wanted[intent] + given[intent]), 4) for intent in wanted
    }


def _opens(answer: Understanding) -> bool:
    services = [ranked.confidence for ranked in answer.ranking if _is_service(ranked.intent)]
    first, second = (*services, 0.0, 0.0)[:2]
    return first >= limits.LIKELY and first >= limits.CLEARLY * second


def _point(pairs: Sequence[_Pair], weight: float) -> Point:
    def foreign(answer: Understanding) -> bool:
        shares = {ranked.intent: ranked.confidence for ranked in answer.ranking}
        return shares.pop(OUT_OF_SCOPE, 0.0) * weight > max(shares.values(), default=0.0)

    return Point(
        weight,
        _share([foreign(a) for u, a in pairs if u.intent == OUT_OF_SCOPE]),
        _share([u.intent == OUT_OF_SCOPE for u, a in pairs if foreign(a)]),
    )


def _calibration(pairs: Sequence[_Pair]) -> list[Bin]:
    bins = []
    for low, high in pairwise(_BINS):
        inside = [(u, a) for u, a in pairs if low <= a.confidence < high]
        if inside:
            mean = sum(a.confidence for _, a in inside) / len(inside)
            hits = _share([u.intent == a.intent for u, a in inside])
            bins.append(Bin(low, len(inside), round(mean, 4), hits))
    return bins


def _entities_f1(pairs: Sequence[_Pair]) -> float:
    """Micro F1 of (name, text) over messages that are in scope: a question there takes no values."""
    both = given = wanted = 0
    for utterance, answer in pairs:
        if utterance.intent == OUT_OF_SCOPE:
            continue
        found = Counter[tuple[str, str]]((entity.name, entity.text) for entity in answer.entities)
        right = Counter(utterance.entities)
        both += sum(min(times, right[entity]) for entity, times in found.items())
        given += found.total()
        wanted += right.total()
    return round(2 * both / (given + wanted), 4) if given + wanted else 1.0
