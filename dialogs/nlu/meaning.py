"""What the words of a message mean: vectors in which words of like use lie close (``vectors.zip``).

They are made by ``tools/word-vectors.py`` from a sentence embedding, weighted by rarity already, so a
message is their sum. Of that sum the classifier sees the coordinates and their products: two words
say together what neither says alone.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from dialogs.nlu.sounds import skeleton

VECTORS: Final = files("dialogs.nlu") / "vectors.zip"

Floats = npt.NDArray[np.float32]

_FEWEST_SOUNDS: Final = 2
_ENDING: Final = re.compile(
    r"|ها(?:ی|یی|رو|م|ت|ش|مو|تو|شو|مون|تون|شون)?|ا|م|ت|ش|ی|ه|و|رو|ام|ات|اش|یی|یه|مو|تو|شو|ون|مون|تون|شون"
    r"|مونو|تونو|شونو|امون|اتون|اشون|ان|ای|ایم|اید|اند|یم|ید|ین|ند|ن|است|ست|تر|ترین"
)
_PREFIXES: Final = ("", "نمی", "می", "ن", "ب")
# What the kernel of a message with itself gets from each: 1, the coordinates, their products.
_CONSTANT: Final = 0.3
_LINEAR: Final = 0.7
_SQUARE: Final = 1.5


class Vectors:
    """Words and their vectors. Immutable."""

    def __init__(self, words: Sequence[str], rows: npt.NDArray[np.int8], scale: Floats) -> None:
        """``rows``: words × dimensions; ``scale``: what one step of a row is worth. Of words that sound
        alike the first is meant by Latin letters."""
        self._rows = rows
        self._scale = scale
        self._places = {word: place for place, word in enumerate(words)}
        self._sounds: dict[str, int] = {}
        for place, word in enumerate(words):
            heard = skeleton(word)
            if len(heard) >= _FEWEST_SOUNDS:
                self._sounds.setdefault(heard, place)

    def places(self, words: Iterable[str]) -> list[int]:
        """Places of the folded words that are known, in order."""
        return [place for word in words if (place := self._place(word)) is not None]

    def meaning(self, words: Iterable[str]) -> Floats:
        """Direction of the sum of folded words, of length one; zeros when no word is known."""
        places = self.places(words)
        total = self._scale[places] @ self._rows[places].astype(np.float32)
        length = float(np.linalg.norm(total))
        return np.asarray(total / length if length else total, dtype=np.float32)

    def meant(self, words: Iterable[str]) -> Floats:
        """A constant, the coordinates of the meaning and their products, as the classifier takes them."""
        meaning = self.meaning(words)
        first, second, weight = _pairs(len(meaning))
        return np.concatenate(
            (
                [math.sqrt(_CONSTANT)],
                math.sqrt(_LINEAR) * meaning,
                meaning[first] * meaning[second] * weight,
            ),
            dtype=np.float32,
        )

    def _place(self, word: str) -> int | None:
        if word.isascii():
            return self._sounds.get(skeleton(word)) if word.isalpha() else None
        for spelled in (word, written(word)):
            if spelled in self._places:
                return self._places[spelled]
        place = self._stem(word)
        return self._stem(written(word)) if place is None else place

    def _stem(self, word: str) -> int | None:
        """Place of the longest word that this one is with a prefix or an ending."""
        for prefix in _PREFIXES:
            if not word.startswith(prefix):
                continue
            bare = word.removeprefix(prefix)
            for length in range(len(bare), 1, -1):
                place = self._places.get(bare[:length])
                if place is not None and _ENDING.fullmatch(bare, length):
                    return place
        return None


def written(word: str) -> str:
    """A spoken form with its written vowels: «زمستون» is «زمستان», «تموم» is «تمام»."""
    return word.replace("ون", "ان").replace("وم", "ام")


@cache
def _pairs(dimensions: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """Places of the products and their weights: those of two different coordinates stand for two."""
    first, second = np.triu_indices(dimensions)
    return first, second, np.sqrt(_SQUARE * np.where(first == second, 1, 2)).astype(np.float32)


@cache
def vectors() -> Vectors:
    """The vectors that come with the code."""
    with zipfile.ZipFile(io.BytesIO(VECTORS.read_bytes())) as file:
        return Vectors(
            file.read("words.txt").decode().split("\n"),
            np.load(io.BytesIO(file.read("vectors.npy")), allow_pickle=False),
            np.load(io.BytesIO(file.read("scale.npy")), allow_pickle=False).astype(np.float32),
        )
