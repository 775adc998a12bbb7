"""How many SMS a text costs, and where it is cut.

GSM 03.38: a message of the 7-bit alphabet holds 160 septets alone or 153 a part; any other character
makes the whole message UCS-2 with 70 UTF-16 units alone or 67 a part (facts.md section 6). A cut never
falls inside a grapheme cluster (hence not inside a surrogate pair, an emoji sequence or a letter
and its marks) nor between the escape and the character of a two-septet GSM character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec
import regex

Encoding = Literal["gsm7", "ucs2"]

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The 127 characters of one septet (the 128th code is the escape)."""

GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters that take an escape and a second septet."""

SINGLE = {"gsm7": 160, "ucs2": 70}
"""Units of a message that is one SMS."""
PART = {"gsm7": 153, "ucs2": 67}
"""Units of each part of a longer one: the concatenation header takes the rest."""

_GRAPHEME = regex.compile(r"\X")
_LONG_CLUSTER = 64
"""Characters behind a cut that are looked at to find where the cluster across it ends."""
_PLAIN = re.compile(r"[ -~ء-غف-ي٠-٩ٱ-ۓ۰-۹]{2}")
"""Two characters between which every cluster ends: printable ASCII, Arabic letters and digits."""
_GSM7 = re.compile(f"[{re.escape(''.join(sorted(GSM7_BASIC | GSM7_EXTENSION)))}]*")


class Segments(msgspec.Struct, frozen=True):
    """Cost of a text: ``units`` are septets (gsm7) or UTF-16 code units (ucs2)."""

    encoding: Encoding
    units: int
    segments: int


def encoding_of(text: str) -> Encoding:
    """``gsm7`` when every character is in the 7-bit alphabet, else ``ucs2`` for all of it."""
    return "gsm7" if _GSM7.fullmatch(text) else "ucs2"


@lru_cache(maxsize=4096)
def measure(text: str) -> Segments:
    """Encoding, units and number of SMS of ``text``; the number is the one :func:`split` makes.

    The empty text is one (empty) SMS. Remembered: a turn asks more than once, and many get the same
    text.
    """
    encoding = encoding_of(text)
    return Segments(encoding, _units(text, encoding), len(_cut(text, encoding)))


def split(text: str) -> list[str]:
    """The parts of ``text`` in order, one for each SMS; joined they are ``text`` again.

    A part may be a few units short of full where a grapheme cluster would not fit. Only a cluster
    longer than a whole part (which no language has) is cut, between code points.
    """
    return _cut(text, encoding_of(text))


def fits(text: str, max_segments: int) -> bool:
    """Whether ``text`` costs at most ``max_segments`` SMS."""
    return measure(text).segments <= max_segments


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "gsm7":
        return len(text) + sum(map(text.count, GSM7_EXTENSION))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, encoding: Encoding) -> list[str]:
    room = SINGLE[encoding]
    if _units(text, encoding) <= room:
        return [text]
    room = PART[encoding]
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = _end_of_part(text, start, encoding, room)
        parts.append(text[start:end])
        start = end
    return parts


def _end_of_part(text: str, start: int, encoding: Encoding, room: int) -> int:
    """Where the part that begins at ``start`` ends: as far as it fits, between grapheme clusters."""
    end = min(start + room, len(text))
    while _units(text[start:end], encoding) > room:
        end -= 1
    if end == len(text) or _PLAIN.fullmatch(text, end - 1, end + 1):
        return end
    boundary = start
    for cluster in _GRAPHEME.finditer(text, start, min(end + _LONG_CLUSTER, len(text))):
        if cluster.end() > end:
            break
        boundary = cluster.end()
    # Only a cluster longer than a whole part (which no language has) is cut, between code points.
    return boundary if boundary > start else end
