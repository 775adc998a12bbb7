"""Messages as clips."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from pathlib import Path
from typing import Any

import pytest

from dialogs.services import CATALOGUE
from dialogs.services.texts import texts
from ivr.book import Book, book
from tests.prompts.sounds import books

TODAY = dt.date(2026, 11, 22)

TRICKY = """
one = سلام
punctuated = ({ NUMBER($n) })
    { NUMBER($n) }، کمتر { "\\u200F" }است.
chosen =
    پیش { $what ->
        [a] الف
        [b] ب { NUMBER($n) } پ
       *[other] { "" }
    } پس
counted = { $n ->
        [0] هیچ
        [one] یکی
       *[other] چند تا
    }
referring = { chosen }: { one }
voiced = نوشته ۱۲
    .voice = گفته
written = .
    .voice = { TIME("07:30") }؟
free = { TEXT($name) } { RECORDING($sound) }
circle = الف { circle }
odd = الف { $name } { SHOUT($name) } ب
"""


@pytest.fixture
def tricky(tmp_path: Path) -> Book:
    return books(tmp_path, fa=TRICKY)["fa"]


def test_a_message_of_one_piece_is_one_clip_of_its_name(tricky: Book) -> None:
    assert tricky.say("one", {}, TODAY) == ["fa/one"]
    assert tricky.text_of("fa/one") == "سلام"


def test_punctuation_between_placeables_is_a_pause(tricky: Book) -> None:
    seven = "fa/number/7"
    said = tricky.say("punctuated", {"n": 7}, TODAY)
    assert said == [seven, "pause/400", seven, "pause/200", "fa/punctuated"]
    assert tricky.text_of("fa/punctuated") == "کمتر است."


def test_a_choice_says_its_variant_and_every_variant_has_its_number(tricky: Book) -> None:
    assert tricky.say("chosen", {"what": "a"}, TODAY) == [
        "fa/chosen-1",
        "fa/chosen-2",
        "fa/chosen-5",
    ]
    assert tricky.say("chosen", {"what": "b", "n": 1}, TODAY) == [
        *("fa/chosen-1", "fa/chosen-3", "fa/number/1", "fa/chosen-4", "fa/chosen-5"),
    ]
    for nobody in ("else", None):
        assert tricky.say("chosen", {"what": nobody}, TODAY) == ["fa/chosen-1", "fa/chosen-5"]


@pytest.mark.parametrize(("n", "text"), [(0, "هیچ"), (1, "یکی"), (2, "چند تا")])
def test_a_choice_by_number_takes_the_number_before_the_plural(
    tricky: Book, n: int, text: str
) -> None:
    assert tricky.words(tricky.say("counted", {"n": n}, TODAY)) == text


def test_a_message_that_is_referred_to_says_its_own_clips(tricky: Book) -> None:
    said = tricky.say("referring", {"what": "a"}, TODAY)
    assert said == ["fa/chosen-1", "fa/chosen-2", "fa/chosen-5", "pause/200", "fa/one"]


def test_the_voice_variant_is_said_where_there_is_one(tricky: Book) -> None:
    assert tricky.words(tricky.say("voiced", {}, TODAY)) == "گفته"
    assert tricky.words(tricky.say("written", {}, TODAY)) == "ساعت هفت و سی دقیقه"


def test_free_text_goes_to_the_synthesiser_and_a_recording_is_played(tricky: Book) -> None:
    said = tricky.say("free", {"name": "خیابان آزادی / پلاک ۱۲", "sound": "ab12"}, TODAY)
    assert said == ["say/fa/خیابان آزادی / پلاک ۱۲", "recording/ab12"]
    assert tricky.text_of(said[0]) == "خیابان آزادی / پلاک ۱۲"


def test_what_cannot_be_said_is_left_out_and_logged_once(
    tricky: Book, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        assert tricky.say("punctuated", {"n": "secret"}, TODAY) == ["fa/punctuated"]
        assert tricky.say("nowhere", {}, TODAY) == []
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text


def test_a_broken_message_says_what_it_can(tricky: Book) -> None:
    assert tricky.words(tricky.say("odd", {"name": "x"}, TODAY)) == "الف ب"
    assert tricky.words(tricky.say("circle", {}, TODAY)) == "الف"


def test_the_book_tells_what_a_message_needs(tricky: Book) -> None:
    needed = tricky.arguments("referring")
    assert needed["what"].values == ["a", "b", "other"]
    assert needed["n"].function == "NUMBER"


EXAMPLES: dict[str, Any] = {
    "NUMBER": 12_345,
    "RIAL": 1_234_000,
    "MONEY": 1_235,
    "KWH": 250,
    "ID": "9985235404124",
    "MIDDLE": "9985235404124",
    "DATE": dt.date(2025, 3, 20),
    "TIME": "07:30",
    "TEXT": "متن",
    "RECORDING": "r1",
    "": "nothing",
    **{function: next(iter(named)) for function, named in texts(CATALOGUE.values()).items()},
}


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_message_of_the_product_is_made_of_known_clips(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    product = Book(language)
    known = product.clips().keys()
    for message in product.messages:
        needed = product.arguments(message)
        options = [argument.values or [EXAMPLES[argument.function]] for argument in needed.values()]
        for values in itertools.product(*options):
            said = product.say(message, dict(zip(needed, values, strict=True)), TODAY)
            assert said or not product.clips().keys() & {f"{language}/{message}"}, message
            strange = [
                ref for ref in said if ref.partition("/")[0] == language and ref not in known
            ]
            assert not strange, message
    assert not caplog.records


def test_the_books_of_the_product_are_compiled_once() -> None:
    assert book("fa") is book("fa")
