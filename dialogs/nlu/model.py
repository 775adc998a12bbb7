"""The embedded engine's model: a linear classifier over named features, in one small file.

A zip file: per view the features, their rarity and their place in one int8 matrix of weights (features ×
intents); the weights of what the words mean, which follow the named features in it; and what turns
scores into probabilities.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dialogs.nlu.features import VERSION, Views, single_words, views
from dialogs.nlu.meaning import vectors

DEFAULT: Final = Path(__file__).with_name("model.zip")
"""The model that comes with the code, trained on ``nlu_data/``."""

Floats = npt.NDArray[np.float32]


class ModelError(Exception):
    """A model file that can't be used; says why and what to do."""


class Model:
    """Ranks intents. Immutable; one serves all conversations of a process."""

    def __init__(
        self,
        intents: tuple[str, ...],
        vocabularies: tuple[dict[str, int], ...],
        rarity: Floats,
        weights: npt.NDArray[np.int8],
        scale: Floats,
        sharpness: float,
        bias: Floats,
        trained_on: str,
    ) -> None:
        self.intents = intents
        self.vocabularies = vocabularies
        self.rarity = rarity
        self.weights = weights
        self._of_meaning = weights[len(rarity) :].astype(np.float32)
        self._vectors = vectors()
        self.scale = scale
        self.sharpness = sharpness
        self.bias = bias
        self.trained_on = trained_on
        """Fingerprint of the training files."""

    def probabilities(self, text: str) -> Floats:
        """How likely each of :attr:`intents` is; together 1."""
        logits = self.scores(text) * self.sharpness + self.bias
        likely = np.exp(logits - logits.max())
        return np.asarray(likely / likely.sum(), dtype=np.float32)

    def scores(self, text: str) -> Floats:
        """Raw scores, about 1 for the right intent and below 0 for the others."""
        of_views = views(text)
        places, values = weighted(of_views, self.vocabularies, self.rarity)
        rows = self.weights[places].astype(np.float32)
        meant = self._vectors.meant(single_words(of_views))
        return np.asarray((values @ rows + meant @ self._of_meaning) * self.scale, dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "rarity": self.rarity.astype(np.float16),
            "weights": self.weights,
            "scale": self.scale,
            "bias": self.bias,
            "sharpness": np.array([self.sharpness], dtype=np.float32),
        }
        texts = {"intents": self.intents, "about": (str(VERSION), self.trained_on)}
        texts |= {f"view{n}": tuple(v) for n, v in enumerate(self.vocabularies)}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.save(buffer, array, allow_pickle=False)
                file.writestr(_entry(f"{name}.npy"), buffer.getvalue())
            for name, lines in texts.items():
                file.writestr(_entry(f"{name}.txt"), "\n".join(lines).encode())


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the time of writing, so that files can be compared."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def weighted(
    of_views: Views, vocabularies: tuple[dict[str, int], ...], rarity: Floats
) -> tuple[npt.NDArray[np.intp], Floats]:
    """Places and values of a message's known features: TF-IDF, each view of length one.

    Features out of the vocabulary count neither for the value nor for the length.
    """
    places: list[int] = []
    counts: list[float] = []
    bounds: list[int] = [0]
    for features, vocabulary in zip(of_views, vocabularies, strict=True):
        for place, count in Counter(
            vocabulary[feature] for feature in features if feature in vocabulary
        ).items():
            places.append(place)
            counts.append(1.0 + math.log(count))
        bounds.append(len(places))
    at = np.array(places, dtype=np.intp)
    values = np.array(counts, dtype=np.float32) * rarity[at]
    for start, end in pairwise(bounds):
        length = float(np.linalg.norm(values[start:end]))
        if length:
            values[start:end] /= length
    return at, values


def load(path: Path = DEFAULT) -> Model:
    """The model of a file. ModelError when there is none, or one of another version."""
    try:
        with zipfile.ZipFile(path) as file:

            def array(name: str) -> npt.NDArray[Any]:
                loaded: npt.NDArray[Any] = np.load(
                    io.BytesIO(file.read(f"{name}.npy")), allow_pickle=False
                )
                return loaded

            def lines(name: str) -> tuple[str, ...]:
                text = file.read(f"{name}.txt").decode()
                return tuple(text.split("\n")) if text else ()

            version, trained_on = lines("about")
            if version != str(VERSION):
                raise ModelError(f"{path}: made for other features; run `gooya nlu train`")
            vocabularies: list[dict[str, int]] = []
            start = 0
            for n in range(4):
                names = lines(f"view{n}")
                vocabularies.append({name: start + at for at, name in enumerate(names)})
                start += len(names)
            return Model(
                lines("intents"),
                tuple(vocabularies),
                array("rarity").astype(np.float32),
                array("weights"),
                array("scale"),
                float(array("sharpness")[0]),
                array("bias"),
                trained_on,
            )
    except FileNotFoundError:
        raise ModelError(f"{path}: no model here; run `gooya nlu train`") from None
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ModelError(f"{path}: not a model; run `gooya nlu train` ({error})") from error
