"""How many SMS a text costs, and where it is cut.

GSM 03.38: a message of the 7-bit alphabet holds 160 septets alone or 153 a part; any other character
makes the whole message UCS-2 with 70 UTF-16 units alone or 67 a part (facts.md section 6). A cut never
falls inside a grapheme cluster (hence not inside a surrogate pair, an emoji sequence or a letter
and its marks) nor between the escape and the character of a two-septet GSM character.
"""

from __future__ import annotations

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


class Segments(msgspec.Struct, frozen=True):
    """Cost of a text: ``units`` are septets (gsm7) or UTF-16 code units (ucs2)."""

    encoding: Encoding
    units: int
    segments: int


def encoding_of(text: str) -> Encoding:
    """``gsm7`` when every character is in the 7-bit alphabet, else ``ucs2`` for all of it."""
    if all(c in GSM7_BASIC or c in GSM7_EXTENSION for c in text):
        return "gsm7"
    return "ucs2"


def measure(text: str) -> Segments:
    """Encoding, units and number of SMS of ``text``; the number is the one :func:`split` makes.

    The empty text is one (empty) SMS.
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
        return len(text) + sum(c in GSM7_EXTENSION for c in text)
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def _cut(text: str, encoding: Encoding) -> list[str]:
    if _units(text, encoding) <= SINGLE[encoding]:
        return [text]
    room = PART[encoding]
    parts: list[str] = []
    part: list[str] = []
    used = 0
    for atom in _atoms(text, encoding, room):
        size = _units(atom, encoding)
        if used + size > room:
            parts.append("".join(part))
            part, used = [], 0
        part.append(atom)
        used += size
    parts.append("".join(part))
    return parts


def _atoms(text: str, encoding: Encoding, room: int) -> list[str]:
    """What must stay together: grapheme clusters, or code points of a cluster too long for a part."""
    atoms: list[str] = []
    for cluster in _GRAPHEME.findall(text):
        if _units(cluster, encoding) <= room:
            atoms.append(cluster)
        else:
            atoms.extend(cluster)
    return atoms
