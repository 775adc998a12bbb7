"""Persian text as customers type it: forms for matching, digits, safe clipping.

Rules: facts.md section 8. Keyboards in the field send Arabic ي/ك and Arabic digits, copied ids carry
hidden direction marks, and ZWNJ comes and goes. Matching works on :func:`fold` or
:func:`match_key`; what is shown or stored stays the customer's own text.
"""

from __future__ import annotations

import unicodedata

import regex

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_FULL_WIDTH = "０１２３４５６７８９"
_ASCII = "0123456789"

_LETTERS = {
    **dict.fromkeys("يىېۍ", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةۀەہۂۃھ", "ه"),
    **dict.fromkeys("أإٱ", "ا"),
}

_DROPPED = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x0610, 0x061A),  # Arabic signs above
    (0x061C, 0x061C),  # Arabic letter mark
    (0x0640, 0x0640),  # tatweel
    (0x064B, 0x065F),  # harakat
    (0x0670, 0x0670),  # superscript alef
    (0x06D6, 0x06DC),
    (0x200B, 0x200F),  # zero width space, ZWNJ, ZWJ, LRM, RLM
    (0x202A, 0x202E),  # embeddings and overrides
    (0x2060, 0x206F),  # word joiner, isolates
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
)

_PRESENTATION = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xFF01, 0xFF5E))


def _digit_table(target: str) -> dict[int, str]:
    return {
        ord(digit): target[value]
        for digits in (_PERSIAN, _ARABIC, _FULL_WIDTH, _ASCII)
        for value, digit in enumerate(digits)
    }


def _with_identity(table: dict[int, str]) -> dict[int, str]:
    """``str.translate`` raises and swallows a KeyError for every character that is not in the table;
    naming the common ones makes it several times faster."""
    common = [*range(0x0100), *range(0x0600, 0x0700), *range(0x2000, 0x2070)]
    return {code: chr(code) for code in common} | table


def _fold_table() -> dict[int, str]:
    table = {ord(letter): target for letter, target in _LETTERS.items()}
    table |= _digit_table(_ASCII)
    for first, last in _DROPPED:
        table |= dict.fromkeys(range(first, last + 1), "")
    for first, last in _PRESENTATION:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if code not in table and plain != chr(code):
                table[code] = plain.translate(table).strip()
    return _with_identity(table)


_FOLD = _fold_table()
_TO_ASCII = _with_identity(_digit_table(_ASCII))
_TO_PERSIAN = _with_identity(_digit_table(_PERSIAN))
_GRAPHEME = regex.compile(r"\X")
_UNSHOWABLE = regex.compile(r"[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+")


def fold(text: str) -> str:
    """The form in which texts are compared.

    ي/ى → ی, ك → ک, ة/ۀ → ه, أ/إ → ا; Persian, Arabic and full-width digits → ASCII; presentation forms
    → letters; tatweel, harakat, ZWNJ, ZWJ and direction marks dropped; case folded; white space
    collapsed. Superscripts and circled digits stay what they are: they are no digits to us, which
    is why this is not plain NFKC.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    folded = " ".join(text.translate(_FOLD).casefold().split())
    if not unicodedata.is_normalized("NFC", folded):
        folded = unicodedata.normalize("NFC", folded)
    return folded


def aligned(text: str) -> tuple[str, list[int]]:
    """:func:`fold`, and for each of its characters the place in ``text`` that it comes from.

    The list has one place more, the end of ``text``, so that ``text[places[i] : places[j]]`` is what was
    written where the folded text has ``[i:j]``.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in character.translate(_FOLD).casefold() or "":
            plain = " " if plain.isspace() else plain
            if plain == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(plain)
            places.append(place)
    if folded and folded[-1] == " ":
        folded.pop()
        places.pop()
    return "".join(folded), [*places, places[-1] + 1 if places else 0]


def match_key(text: str) -> str:
    """:func:`fold` without spaces and without punctuation around it: «پیش پرداخت!» = «پیش‌پرداخت».

    A text of nothing but punctuation keeps it, so that a lone ``?`` or ``#`` can still be a command.
    """
    key = fold(text).replace(" ", "")
    start, end = 0, len(key)
    while start < end and not key[start].isalnum():
        start += 1
    while end > start and not key[end - 1].isalnum():
        end -= 1
    return key[start:end] or key


def latin_digits(text: str) -> str:
    """``text`` with Persian, Arabic and full-width digits as ASCII; everything else untouched."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def persian_digits(text: str) -> str:
    """``text`` with all its decimal digits as Persian ones; everything else untouched."""
    return text.translate(_TO_PERSIAN)


def displayable(text: str) -> str:
    """A customer's own text, fit to be shown back: one line, no control or direction characters.

    ZWNJ stays (it is spelling); a hidden override can't turn the rest of the message around.
    """
    return " ".join(_UNSHOWABLE.sub(" ", text).split())


def clip(text: str, units: int) -> str:
    """``text`` in at most ``units`` UTF-16 units, cut between graphemes and then ended by «…»."""
    if _utf16_units(text) <= units:
        return text
    kept: list[str] = []
    room = units - 1
    for match in _GRAPHEME.finditer(text):
        room -= _utf16_units(match[0])
        if room < 0:
            break
        kept.append(match[0])
    return "".join(kept).rstrip() + "…"


def _utf16_units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
