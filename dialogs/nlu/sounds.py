"""The consonants one hears: what Persian and Latin spelling of a word have in common.

«قبض», «قبظ», «غبز» and ``ghabz`` all become ``qbz``; so do most misspellings, because Persian writes one
sound with up to four letters and leaves short vowels out. Long vowels are left out as well: in Latin
letters nobody writes them alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PERSIAN = {
    **dict.fromkeys("اآأإعءئؤویه", ""),
    **dict.fromkeys("طت", "t"),
    **dict.fromkeys("ثسص", "s"),
    **dict.fromkeys("ذزضظ", "z"),
    **dict.fromkeys("غق", "q"),
    **dict.fromkeys("جژ", "j"),
    "ب": "b",
    "پ": "p",
    "چ": "č",
    "ح": "h",
    "خ": "x",
    "د": "d",
    "ر": "r",
    "ش": "š",
    "ف": "f",
    "ک": "k",
    "گ": "g",
    "ل": "l",
    "م": "m",
    "ن": "n",
}
_PAIRS = (("kh", "x"), ("gh", "q"), ("sh", "š"), ("ch", "č"), ("zh", "j"), ("ph", "f"), ("ck", "k"))
_SOFT_C = re.compile(r"c(?=[eiy])")
_LATIN = {**dict.fromkeys("aeiouyvw'’`", ""), "c": "k"}
_TABLE = str.maketrans({**_PERSIAN, **_LATIN})
_TWICE = re.compile(r"(.)\1+")
_BREATH = re.compile(r"(?<=.)h")


@lru_cache(maxsize=1 << 14)
def skeleton(word: str) -> str:
    """The consonant sounds of one folded word in either script; what is neither stays as it is.

    ``h`` counts at the start only: elsewhere it is silent («خانه»), or dropped as often as written.
    """
    sounds = word
    if word.isascii():
        for pair, sound in _PAIRS:
            sounds = sounds.replace(pair, sound)
        sounds = _SOFT_C.sub("s", sounds).replace("x", "x")
    elif word[0] in "ه":
        sounds = "h" + word[1:]
    sounds = sounds.translate(_TABLE)
    return _TWICE.sub(r"\1", _BREATH.sub("", sounds))
