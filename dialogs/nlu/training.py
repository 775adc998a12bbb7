"""Trains the embedded engine: regularised least squares on the kernel of the utterances.

With a few thousand utterances the problem is solved at once, in the space of utterances instead of the
far larger one of features (K + λI)A = Y, W = XᵀA, and the same inverse gives what the classifier would
say of every utterance had it not seen it (leave one out). On these scores the probabilities are
fitted, so that they hold for texts nobody trained on. Least squares did as well as logistic
regression on our development splits, and takes seconds without another library.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dialogs.nlu.concepts import DICTIONARY
from dialogs.nlu.data import Utterance
from dialogs.nlu.features import Views, single_words, views
from dialogs.nlu.meaning import VECTORS, vectors
from dialogs.nlu.model import Floats, Model, weighted

_RIDGE: Final = 1.2
"""λ, against diagonal entries of six and a half: each view has length one, what the words mean 2.5."""
_FEWEST: Final = 2
"""Utterances a feature must be in."""
_DENSE: Final = 48
"""Utterances from which on a feature is worth a column of a matrix product."""
_BLOCK: Final = 1024


def fingerprint(utterances: Sequence[Utterance]) -> str:
    """Says whether a model was trained on these utterances, this dictionary of concepts and these vectors."""
    digest = hashlib.sha256(DICTIONARY.read_bytes() + VECTORS.read_bytes())
    for utterance in utterances:
        digest.update(f"{utterance.intent}\t{utterance.text}\n".encode())
    return digest.hexdigest()[:16]


def train(utterances: Sequence[Utterance]) -> Model:
    """A model of these utterances; deterministic but for the last bits of the machine's arithmetic.

    ValueError when there are fewer than two intents.
    """
    intents = tuple(sorted({utterance.intent for utterance in utterances}))
    if len(intents) < 2:
        raise ValueError("training needs utterances of at least two intents")
    of_views = [views(utterance.text) for utterance in utterances]
    vocabularies, rarity = _vocabularies(of_views)
    rows = [weighted(each, vocabularies, rarity) for each in of_views]
    right = np.array([intents.index(utterance.intent) for utterance in utterances])
    targets = np.full((len(rows), len(intents)), -1 / (len(intents) - 1), dtype=np.float32)
    targets[np.arange(len(rows)), right] = 1
    meant = np.array([vectors().meant(single_words(each)) for each in of_views])
    kernel = _kernel(rows, len(rarity))
    kernel += meant @ meant.T
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    inverse = np.linalg.inv(kernel)
    solution = inverse @ targets
    unseen = (targets - solution / np.diag(inverse)[:, None]).astype(np.float32)
    named = np.zeros((len(rarity), len(intents)), dtype=np.float32)
    for (places, values), part in zip(rows, solution, strict=True):
        named[places] += values[:, None] * part
    weights = np.concatenate((named, meant.T @ solution))
    scale = np.abs(weights).max(axis=0) / 127
    sharpness, bias = _calibrate(unseen, right)
    return Model(
        intents,
        vocabularies,
        rarity,
        np.rint(weights / scale).astype(np.int8),
        scale.astype(np.float32),
        sharpness,
        bias,
        fingerprint(utterances),
    )


def _vocabularies(of_views: Sequence[Views]) -> tuple[tuple[dict[str, int], ...], Floats]:
    vocabularies: list[dict[str, int]] = []
    rarity: list[float] = []
    for view in range(4):
        spread = Counter(feature for each in of_views for feature in set(each[view]))
        kept = sorted(feature for feature, count in spread.items() if count >= _FEWEST)
        vocabularies.append({feature: len(rarity) + at for at, feature in enumerate(kept)})
        rarity += [math.log((1 + len(of_views)) / (1 + spread[feature])) + 1 for feature in kept]
    return tuple(vocabularies), np.array(rarity, dtype=np.float16).astype(np.float32)


def _kernel(
    rows: Sequence[tuple[npt.NDArray[np.intp], Floats]], features: int
) -> npt.NDArray[np.float32]:
    """Products of all pairs of rows. Common features go through matrix products, rare ones pair by pair."""
    lengths = [len(places) for places, _ in rows]
    owner = np.repeat(np.arange(len(rows)), lengths)
    place = np.concatenate([places for places, _ in rows])
    value = np.concatenate([values for _, values in rows])
    order = np.argsort(place, kind="stable")
    owner, place, value = owner[order], place[order], value[order]
    starts = np.searchsorted(place, np.arange(features + 1))
    spread = np.diff(starts)
    kernel = np.zeros((len(rows), len(rows)), dtype=np.float32)
    for feature in np.flatnonzero(spread <= _DENSE):
        span = slice(starts[feature], starts[feature + 1])
        kernel[np.ix_(owner[span], owner[span])] += np.outer(value[span], value[span])
    common = np.flatnonzero(spread > _DENSE)
    for first in range(0, len(common), _BLOCK):
        block = common[first : first + _BLOCK]
        columns = np.zeros((len(rows), len(block)), dtype=np.float32)
        for column, feature in enumerate(block):
            span = slice(starts[feature], starts[feature + 1])
            columns[owner[span], column] = value[span]
        kernel += columns @ columns.T
    return kernel


def _calibrate(scores: Floats, right: npt.NDArray[np.intp]) -> tuple[float, Floats]:
    """Sharpness and bias per intent for which the right intents are likeliest: gradient descent on the
    log loss, which is convex and of few parameters."""
    rows = np.arange(len(right))
    wanted = np.zeros_like(scores)
    wanted[rows, right] = 1
    sharpness, bias = 4.0, np.zeros(scores.shape[1])
    for _ in range(400):
        logits = scores * sharpness + bias
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        error = likely - wanted
        sharpness -= 20.0 * float((error * scores).sum(axis=1).mean())
        bias -= 2.0 * error.mean(axis=0) + 0.002 * bias
    return sharpness, bias.astype(np.float32)
