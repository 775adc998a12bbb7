"""Whole numbers in words, in digits and mixed: «چهل و پنج هزار و دویست», «۱۲ هزار و ۳۰۰», «یک و نیم میلیون».

Works on texts that :func:`dialogs.text.fold` has folded. Colloquial forms («شیش», «پونصد») and the common
Latin spellings count; «نه» is nine only beside another numeral, because alone it says no.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_UNITS = {"یک": 1, "یه": 1, "دو": 2, "سه": 3, "چهار": 4, "چار": 4, "پنج": 5, "شش": 6, "شیش": 6}
_UNITS |= {"هفت": 7, "هشت": 8, "نه": 9, "yek": 1, "ye": 1, "do": 2, "se": 3, "chahar": 4, "char": 4}
_UNITS |= {"panj": 5, "shesh": 6, "shish": 6, "haft": 7, "hasht": 8, "noh": 9}
_TEENS = {"ده": 10, "یازده": 11, "دوازده": 12, "سیزده": 13, "چهارده": 14, "چارده": 14, "پانزده": 15}
_TEENS |= {"پونزده": 15, "شانزده": 16, "شونزده": 16, "هفده": 17, "هیفده": 17, "هجده": 18}
_TEENS |= {"هیجده": 18, "هژده": 18, "نوزده": 19, "dah": 10, "yazdah": 11, "davazdah": 12}
_TEENS |= {"sizdah": 13, "chahardah": 14, "panzdah": 15, "poonzdah": 15, "shanzdah": 16}
_TEENS |= {"hefdah": 17, "hejdah": 18, "noozdah": 19}
_TENS = {"بیست": 20, "سی": 30, "چهل": 40, "چل": 40, "پنجاه": 50, "شصت": 60, "شست": 60}
_TENS |= {"هفتاد": 70, "هشتاد": 80, "نود": 90, "bist": 20, "si": 30, "chehel": 40, "panjah": 50}
_TENS |= {"shast": 60, "haftad": 70, "hashtad": 80, "navad": 90}
_HUNDREDS = {"صد": 100, "یکصد": 100, "دویست": 200, "سیصد": 300, "چهارصد": 400, "چارصد": 400}
_HUNDREDS |= {"پانصد": 500, "پونصد": 500, "ششصد": 600, "شیشصد": 600, "هفتصد": 700, "هشتصد": 800}
_HUNDREDS |= {"نهصد": 900, "sad": 100, "devist": 200, "sisad": 300, "chaharsad": 400, "pansad": 500}
_HUNDREDS |= {"poonsad": 500, "sheshsad": 600, "shishsad": 600, "haftsad": 700, "hashtsad": 800}
_HUNDREDS |= {"nohsad": 900}
_SCALES = {"هزار": 10**3, "هزارتا": 10**3, "میلیون": 10**6, "ملیون": 10**6, "میلیارد": 10**9}
_SCALES |= {"melyoon": 10**6, "milyoon": 10**6, "melyun": 10**6, "melion": 10**6, "میلیونی": 10**6}
_SCALES |= {"hezar": 10**3, "hezaar": 10**3, "milion": 10**6, "million": 10**6, "miliard": 10**9}
_HALF = frozenset(("نیم", "nim"))
_AND = frozenset(("و", "o", "va"))
_NEVER_ALONE = frozenset(("نه", "یه", "ye", "do", "se", "si", "سی", "چل"))
_VALUES = {**_UNITS, **_TEENS, **_TENS, **_HUNDREDS}
_PERSIAN = sorted(
    (word for word in (*_VALUES, *_SCALES, *_HALF) if not word.isascii()), key=len, reverse=True
)
_JOINED = re.compile(rf"(?:{'|'.join(_PERSIAN)})(?:و?(?:{'|'.join(_PERSIAN)}))+")
_PIECE = re.compile(rf"{'|'.join(_PERSIAN)}|و")
_TOKEN = re.compile(
    r"\d{1,3}(?:[,،٬'’_]\d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    r"|(?<!\d)(?<!\d )\d(?: \d){3,7}(?! ?\d)|\d{1,3}(?:[./٫]\d{3}| 000)+(?= ?(?:تومان|تومن|ریال|toman|rial))"
    r"|(?<![\d./])\d{1,3}[./٫]\d{1,2}(?= ?(?:میلیون|ملیون|میلیارد|mil))|\d+"
    r"|(?:هزار|میلیون|ملیون|میلیارد)(?=تومان|تومن|ریال|و\d)|و(?=\d)|[^\W\d_]+|[^\s\w]"
)
_FRACTION = re.compile(r"(\d+)[./٫](\d{1,2})")
_CURRENCY = re.compile(r" ?(?:تومان|تومن|toman|tuman)")
_LONGEST = 15
"""Digits of the largest number we read; longer runs are ids."""


class Numeral(NamedTuple):
    """A number in a text, ``text[start:end]``."""

    start: int
    end: int
    value: int
    in_words: bool
    """Whether a word takes part: «۱۲ هزار» does, «۱۲۰۰۰» does not."""


class _Atom(NamedTuple):
    kind: str
    """``digits``, ``below`` (one … nine hundred), ``scale``, ``half`` or ``and``."""
    value: int | float
    """A fraction only before a scale: «۲/۵ میلیون»."""
    start: int
    end: int
    word: str


def _atoms(text: str) -> list[_Atom | None]:
    """The numerals of a text in order; None for everything between them."""
    atoms: list[_Atom | None] = []
    for match in _TOKEN.finditer(text):
        word, start = match[0], match.start()
        if word[0].isdecimal():
            digits = re.sub(r"\D", "", word)
            number: int | float | None = int(digits) if len(digits) <= _LONGEST else None
            if _FRACTION.fullmatch(word):
                number = float(_FRACTION.sub(r"\1.\2", word))
            atoms.append(
                None if number is None else _Atom("digits", number, start, match.end(), word)
            )
        elif atom := _word_atom(word, start):
            atoms.append(atom)
        elif _JOINED.fullmatch(word):
            atoms += [_word_atom(m[0], start + m.start()) for m in _PIECE.finditer(word)]
        else:
            atoms.append(None)
    return atoms


def _word_atom(word: str, start: int) -> _Atom | None:
    end = start + len(word)
    if word in _VALUES:
        return _Atom("below", _VALUES[word], start, end, word)
    if word in _SCALES:
        return _Atom("scale", _SCALES[word], start, end, word)
    if word in _HALF:
        return _Atom("half", 0, start, end, word)
    return _Atom("and", 0, start, end, word) if word in _AND else None


def numerals(text: str) -> list[Numeral]:
    """All numbers of a folded text, the longest reading of each."""
    found: list[Numeral] = []
    atoms = _atoms(text)
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        if atom is None or atom.kind == "and":
            at += 1
            continue
        used, value = _read(atoms, at)
        if not used:
            at += 1
            continue
        last = atoms[at + used - 1]
        assert last is not None
        if used > 1 or atom.word not in _NEVER_ALONE or _CURRENCY.match(text, last.end):
            in_words = used > 1 or atom.kind != "digits"
            found.append(Numeral(atom.start, last.end, value, in_words))
        at += used
    return found


def whole(text: str) -> int | None:
    """The number that a folded text is as a whole; None when it says anything else."""
    found = _atoms(text)
    if not found or found[0] is None or found[0].kind == "and":
        return None
    used, value = _read(found, 0)
    return value if used == len(found) else None


def _read(atoms: list[_Atom | None], start: int) -> tuple[int, int]:
    """How many atoms from ``start`` on make one number, and its value; (0, 0) when none do.

    A group below a thousand grows by smaller and smaller parts; a scale closes it, and the next
    scale is smaller. An «و» counts only when what follows it fits.
    """
    total, group, room, scale_room = 0, 0.0, 1000, 10**12
    used = 0
    at = start
    while at < len(atoms):
        atom = atoms[at]
        joined = atom is not None and atom.kind == "and" and used > 0
        if joined:
            at += 1
            atom = atoms[at] if at < len(atoms) else None
        if atom is None:
            break
        if atom.kind == "digits":
            fits = group == 0 and (used == 0 or (joined and atom.value < scale_room <= 10**9))
            group += atom.value
            room = 0
        elif atom.kind == "below":
            fits = atom.value < room and (joined or group == 0)
            group += atom.value
            room = 100 if atom.value >= 100 else 10 if atom.value >= 20 else 0
        elif atom.kind == "half":
            following = atoms[at + 1] if at + 1 < len(atoms) else None
            before_scale = following is not None and following.kind == "scale"
            fits = (used == 0 or joined) and (before_scale or (total > 0 and group == 0))
            if fits and not before_scale:
                return at + 1 - start, total + scale_room // 2
            group += 0.5
        else:
            fits = atom.value < scale_room and not joined and (group > 0 or used == 0)
            if fits:
                total += round((group or 1) * atom.value)
            group, room, scale_room = 0, 1000, int(atom.value)
        if not fits:
            break
        at += 1
        used = at - start
        settled = total + int(group)
    return (used, settled) if used else (0, 0)
