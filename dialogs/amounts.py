"""Amounts of money as people say them. facts.md section 5: bills are in rial, people speak toman.

Works on texts that :func:`dialogs.text.fold` has folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from dialogs.numerals import numerals

_RIAL_OF = dict.fromkeys(
    ("تومان", "تومن", "تمن", "ت", "toman", "tomans", "tuman", "tooman", "tomen"), 10
)
_RIAL_OF |= dict.fromkeys(("ریال", "rial", "rials"), 1)
_SLANG = frozenset(("تومن", "تمن", "ت", "tuman", "tooman", "tomen", "toman"))
_UNIT = re.compile(
    rf"(?P<half> و نیم)? ?(?P<unit>{'|'.join(_RIAL_OF)})ی?(?P<and_half> و نیم)?(?![^\W_])"
)
_AND = " و "


class Amount(NamedTuple):
    """An amount in a text, ``text[start:end]``, its unit included."""

    start: int
    end: int
    rial: int


def amounts(text: str) -> Iterator[Amount]:
    """All numbers of a folded text that have a unit.

    «۷۵۰ تومن» is said for 750,000 toman and «دو تومن و دویست» for 2,200,000: no bill is that small,
    and only the colloquial spelling is read so. Whoever acts on an amount reads it back.
    """
    found = numerals(text)
    taken = 0
    for number, following in zip_longest(found, found[1:]):
        unit = _UNIT.match(text, number.end)
        if unit is None or number.start < taken:
            continue
        value, taken = number.value, unit.end()
        rest = following and text[taken : following.start] == _AND and following.value < 1000
        half = unit["half"] or unit["and_half"]
        if 0 < value < 1000 and _RIAL_OF[unit["unit"]] == 10 and (rest or unit["unit"] in _SLANG):
            scale = 10**6 if value < 10 else 1000
            value = value * scale + (scale // 2 if half else 0)
            if rest:
                value += following.value * 1000
                taken = following.end
        yield Amount(number.start, taken, value * _RIAL_OF[unit["unit"]])


def whole_amount(text: str) -> int | None:
    """The amount in rial that a folded text is as a whole; None without a unit, or with more words."""
    plain = text.strip(" .!؟?،")
    first = next(amounts(plain), None)
    return first.rial if first and (first.start, first.end) == (0, len(plain)) else None
