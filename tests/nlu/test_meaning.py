"""What words mean, with the vectors that come with the code."""

from __future__ import annotations

import pytest

from dialogs.nlu.meaning import vectors


def alike(one: str, other: str) -> float:
    return float(vectors().meaning(one.split()) @ vectors().meaning(other.split()))


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("آپارتمان", "خونه", "امضا"),
        ("دزدیدن", "سرقت", "مالیات"),
        ("آبونمان", "اشتراک", "دیوار"),
        ("kontor", "کنتور", "سلام"),
    ],
)
def test_words_of_like_meaning_are_nearer(word: str, near: str, far: str) -> None:
    assert alike(word, near) > alike(word, far)


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("گلستون", "گلستان"),
        ("بیمارستون", "بیمارستان"),
        ("نمینویسم", "نویس"),
        ("آپارتمانمو", "آپارتمان"),
    ],
)
def test_endings_and_spoken_vowels_lead_to_the_word(written: str, stem: str) -> None:
    assert alike(written, stem) > 0.7


def test_what_nobody_knows_means_nothing() -> None:
    for words in ([], ["qqqqq"], ["#bill", "؟", "۴"], ["ژژژژژژ"]):
        assert not vectors().meaning(words).any()


def test_the_vectors_are_small() -> None:
    from dialogs.nlu.meaning import VECTORS
    from dialogs.nlu.model import DEFAULT

    assert len(VECTORS.read_bytes()) + DEFAULT.stat().st_size < 5_000_000
