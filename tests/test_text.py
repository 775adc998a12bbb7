"""Folding, digits and clipping of what customers type (facts.md section 8)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.text import clip, displayable, fold, latin_digits, match_key, persian_digits


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("قبض برقي", "قبض برقی"),
        ("مصطفى", "مصطفی"),
        ("كنتور", "کنتور"),
        ("خانۀ مدرسة", "خانه مدرسه"),
        ("خانهٔ", "خانه"),
        ("أحمد", "احمد"),
        ("پیش‌پرداخت", "پیشپرداخت"),
        ("قرائـــت", "قرائت"),
        ("مُحَمَّد", "محمد"),
        ("\u200f۱۲۳\u200e", "123"),
        ("\u2066٤٥٦\u2069", "456"),
        ("\ufeff۷۸۹", "789"),
        ("１２３", "123"),
        ("ﻻ ﯽ ﻙ", "لا ی ک"),
        ("  HELLO\t\n  World ", "hello world"),
        ("شماره\u00a0۱", "شماره 1"),
        ("آبان", "آبان"),
        (unicodedata.normalize("NFD", "آبان قرائت"), "آبان قرائت"),
        ("۱️⃣", "1\u20e3"),
        ("", ""),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_a_superscript_or_circled_digit_is_no_digit() -> None:
    assert fold("²①") == "²①"


@pytest.mark.parametrize(
    "spelling",
    ["پیش‌پرداخت", "پیش پرداخت", "پیشپرداخت", "«پیش پرداخت»!", " پيش پرداخت. ", "پیش پرداخت 👍"],
)
def test_spaces_and_punctuation_around_a_word_do_not_matter_for_a_match(spelling: str) -> None:
    assert match_key(spelling) == "پیشپرداخت"


@pytest.mark.parametrize(("typed", "key"), [("؟", "؟"), (" # ", "#"), ("", ""), ("*1*", "1")])
def test_punctuation_alone_stays_a_match_key(typed: str, key: str) -> None:
    assert match_key(typed) == key


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    match_key(text)


def test_digits_change_their_script_and_nothing_else() -> None:
    assert latin_digits("قبض ۱۲٣ كي-４") == "قبض 123 كي-4"
    assert persian_digits("9٨۷/a") == "۹۸۷/a"


def test_an_own_text_loses_control_characters_but_keeps_its_spelling() -> None:
    assert displayable("می‌خواهم\u202e\nبرق\x00\ud800 ") == "می‌خواهم برق"


@pytest.mark.parametrize(
    ("text", "units", "clipped"),
    [
        ("برق", 3, "برق"),
        ("برق قطع است", 5, "برق…"),
        ("👨‍👩‍👧a", 9, "👨‍👩‍👧a"),
        ("👨‍👩‍👧abc", 9, "👨‍👩‍👧…"),
        ("👨‍👩‍👧abc", 8, "…"),
        ("e\u0301e\u0301", 3, "e\u0301…"),
    ],
)
def test_clipping_never_cuts_a_grapheme(text: str, units: int, clipped: str) -> None:
    assert clip(text, units) == clipped


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_fits(text: str, units: int) -> None:
    assert len(clip(text, units).encode("utf-16-le", "surrogatepass")) // 2 <= units
