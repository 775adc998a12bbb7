"""What a text costs and where it is cut."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from bots.sms.segments import (
    GSM7_BASIC,
    GSM7_EXTENSION,
    PART,
    SINGLE,
    encoding_of,
    fits,
    measure,
    split,
)

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        pytest.param("", "gsm7", 0, 1, id="nothing"),
        pytest.param("a" * 160, "gsm7", 160, 1, id="160 Latin letters"),
        pytest.param("a" * 161, "gsm7", 161, 2, id="161 Latin letters"),
        pytest.param("a" * 306, "gsm7", 306, 2, id="306 Latin letters"),
        pytest.param("a" * 307, "gsm7", 307, 3, id="307 Latin letters"),
        pytest.param("€" * 80, "gsm7", 160, 1, id="80 euro signs"),
        pytest.param("€" * 81, "gsm7", 162, 2, id="81 euro signs"),
        pytest.param("[{|}]~\\^\f", "gsm7", 18, 1, id="the extension table"),
        pytest.param("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3, id="an escape pair at the cut"),
        pytest.param("`", "ucs2", 1, 1, id="a backtick"),
        pytest.param("“a”", "ucs2", 3, 1, id="curly quotes"),
        pytest.param("a" * 70 + "۱", "ucs2", 71, 2, id="one Persian digit in a Latin text"),
        pytest.param("س" * 70, "ucs2", 70, 1, id="70 Persian letters"),
        pytest.param("س" * 71, "ucs2", 71, 2, id="71 Persian letters"),
        pytest.param("س" * 134, "ucs2", 134, 2, id="134 Persian letters"),
        pytest.param("س" * 135, "ucs2", 135, 3, id="135 Persian letters"),
        pytest.param("س" * 201, "ucs2", 201, 3, id="201 Persian letters"),
        pytest.param("س" * 202, "ucs2", 202, 4, id="202 Persian letters"),
        pytest.param("س" * 69 + "😀", "ucs2", 71, 2, id="69 Persian letters and an emoji"),
        pytest.param("😀" * 35, "ucs2", 70, 1, id="35 emoji"),
        pytest.param("😀" * 36, "ucs2", 72, 2, id="36 emoji"),
        pytest.param("می\u200cخواهم", "ucs2", 8, 1, id="a non-joiner counts"),
        pytest.param("\u200fسلام\u200e", "ucs2", 6, 1, id="direction marks count"),
        pytest.param(
            "س" * 66 + "😀" + "س" * 66, "ucs2", 134, 3, id="134 units with a pair at the cut"
        ),
        pytest.param(
            "س" * 60 + FAMILY + "س" * 60, "ucs2", 131, 3, id="a family of four at the cut"
        ),
    ],
)
def test_the_cost_of_a_text(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)
    assert fits(text, segments)
    assert not fits(text, segments - 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("س" * 66 + "😀" + "س" * 9, "س" * 66, id="a surrogate pair"),
        pytest.param("س" * 66 + "🇮🇷" + "س" * 9, "س" * 66, id="a flag"),
        pytest.param("س" * 60 + FAMILY + "س" * 9, "س" * 60, id="a family of four"),
        pytest.param("س" * 66 + "کِ" + "س" * 9, "س" * 66, id="a letter with its vowel mark"),
        pytest.param("س" * 66 + "س\u200c" + "س" * 9, "س" * 66, id="a letter with its non-joiner"),
        pytest.param("a" * 152 + "€" + "a" * 9, "a" * 152, id="an escape pair"),
    ],
)
def test_what_belongs_together_goes_to_the_next_part(text: str, first: str) -> None:
    assert split(text) == [first, text[len(first) :]]


def test_a_cluster_longer_than_a_part_is_cut_all_the_same() -> None:
    text = "س" + "\u064e" * 150
    assert [len(part) for part in split(text)] == [67, 67, 17]


def test_the_seven_bit_alphabet_has_its_128_codes() -> None:
    assert len(GSM7_BASIC) == 127, "and the escape"
    assert len(GSM7_EXTENSION) == 10
    assert not GSM7_BASIC & GSM7_EXTENSION


persian = st.text(st.sampled_from("آبپتثجچح۰۱۲٣ \u200c\u200f\u064e\u0651ئ\nA"), max_size=300)
emoji = st.lists(st.sampled_from(["😀", FAMILY, "🇮🇷", "👋🏽", "e\u0301", "س", "کِ"]), max_size=120)
latin = st.text(st.sampled_from(sorted(GSM7_BASIC | GSM7_EXTENSION)), max_size=500)
anything = st.one_of(persian, emoji.map("".join), latin, st.text(max_size=200))


def units(text: str) -> int:
    if encoding_of(text) == "gsm7":
        return len(text) + sum(text.count(c) for c in GSM7_EXTENSION)
    return len(text.encode("utf-16-be")) // 2


@given(anything)
@example("س" * 70)
@example("a" * 153 * 2)
def test_the_parts_are_the_text_and_each_fits_its_sms(text: str) -> None:
    parts = split(text)
    size = measure(text)
    assert "".join(parts) == text
    assert len(parts) == size.segments
    room = SINGLE[size.encoding] if len(parts) == 1 else PART[size.encoding]
    of_part = (
        (lambda part: len(part.encode("utf-16-be")) // 2) if size.encoding == "ucs2" else units
    )
    assert all(of_part(part) <= room for part in parts)
    assert len(parts) == 1 or all(parts)


@given(st.one_of(persian, emoji.map("".join), latin))
def test_no_cut_is_inside_a_grapheme_cluster(text: str) -> None:
    boundaries = {0}
    for cluster in regex.findall(r"\X", text):
        boundaries.add(max(boundaries) + len(cluster))
    longest = max(map(len, regex.findall(r"\X", text)), default=0)
    at = 0
    for part in split(text):
        at += len(part)
        assert at in boundaries or longest > 67
