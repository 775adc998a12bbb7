"""The words that are spoken for values: numbers, digits, dates, units, option keys, the catalogue.

Every entry is one clip, keyed as in :mod:`ivr.speech` (``fa/number/20-and``). A Persian number word
before «و» is a clip of its own: the «و» is one syllable with it ("bist-o"), never a word between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from dialogs.calendar import MONTHS
from dialogs.services import CATALOGUE
from dialogs.services.texts import texts


class Word(NamedTuple):
    text: str
    """As it is written, and as a voice artist reads it."""
    where: str
    """Where it is heard, for the voice artist."""
    spoken: str = ""
    """The spelling that makes a synthesiser say it right, where that is not ``text``."""


SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
"""The scale words of both languages, greatest first."""

# fmt: off
_FA_SMALL = (
    "صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده", "سیزده",
    "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده",
)
_FA_TENS = ("بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_FA_HUNDREDS = ("صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
_FA_SCALES = {"thousand": "هزار", "million": "میلیون", "billion": "میلیارد"}
_FA_DAYS = (
    "یکم", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم", "دوازدهم",
    "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم", "هفدهم", "هجدهم", "نوزدهم", "بیستم", "بیست و یکم",
    "بیست و دوم", "بیست و سوم", "بیست و چهارم", "بیست و پنجم", "بیست و ششم", "بیست و هفتم",
    "بیست و هشتم", "بیست و نهم", "سی‌ام", "سی و یکم",
)
_EN_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_DAYS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third",
    "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh", "twenty-eighth",
    "twenty-ninth", "thirtieth", "thirty-first",
)
_EN_MONTHS = (
    "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey",
    "Bahman", "Esfand",
)
# fmt: on
_FA_SPOKEN = {
    # Without its vowel a synthesiser takes it for "na".
    "نه": "نُه",
    "نهصد": "نُهصد",
    "نهم": "نُهُم",
}


_WHERE = {
    "SERVICE": "name of a service",
    "GROUP": "name of a group of services",
    "INFO": "what a service is and needs, before its questions",
    "FEE": "what a service costs",
    "REFUSAL": "what happens if a request is refused",
    "STAGE": "stage of a request",
    "INPUT": "what is asked for, or was answered",
    "HINT": "help with an answer or a document",
    "OPTION": "answer to choose",
    "DOCUMENT": "document to send",
}
_QUOTES = re.compile(r"""[«»"“”()\[\]]""")


@cache
def inventory(language: str) -> Mapping[str, Word]:
    """All words of a language by clip key."""
    words = _fa() if language == "fa" else _en()
    return {**{f"{language}/{key}": word for key, word in words}, **catalogue(language).words}


class Titles(NamedTuple):
    """The texts of the catalogue as clips."""

    clips: Mapping[tuple[str, str], str]
    """The clip of each text by its function and name (:mod:`dialogs.services.texts`); empty for an
    empty text."""
    words: Mapping[str, Word]


@cache
def catalogue(language: str) -> Titles:
    """The catalogue in a language.

    What reads the same is one clip, named after the first service that has it in the order of the
    paper: one that is added later takes no recording away.
    """
    clips: dict[tuple[str, str], str] = {}
    words: dict[str, Word] = {}
    for function, named in texts(sorted(CATALOGUE.values(), key=lambda s: s.number)).items():
        known: dict[str, str] = {"": ""}
        for name, text in named.items():
            said = unquoted(text.in_(language))
            if said not in known:
                known[said] = "/".join((language, function.lower(), *name.split(":")))
                words[known[said]] = Word(said, _WHERE[function])
            clips[function, name] = known[said]
    return Titles(clips, words)


def unquoted(text: str) -> str:
    """``text`` on one line without quotes and brackets, which are not heard."""
    return " ".join(_QUOTES.sub("", text).split())


def _fa() -> Iterator[tuple[str, Word]]:
    numbers: dict[str, str] = {str(n): word for n, word in enumerate(_FA_SMALL)}
    numbers |= {str(n): word for n, word in zip(range(20, 100, 10), _FA_TENS, strict=True)}
    numbers |= {str(n): word for n, word in zip(range(100, 1000, 100), _FA_HUNDREDS, strict=True)}
    for key, word in (numbers | _FA_SCALES).items():
        spoken = _FA_SPOKEN.get(word, word)
        yield f"number/{key}", Word(word, "end of a number", spoken)
        yield (
            f"number/{key}-and",
            Word(f"{word} و", "inside a number, joined with «و»", spoken + "ُ"),
        )
    for digit, word in enumerate(_FA_SMALL[:10]):
        spoken = _FA_SPOKEN.get(word, word)
        yield f"digit/{digit}", Word(word, "digit of an id, more follow", f"{spoken}،")
        yield f"digit/{digit}-end", Word(word, "last digit of an id", f"{spoken}.")
    for day, word in enumerate(_FA_DAYS, 1):
        yield f"day/{day}", Word(word, "day of a date, with ezafe before the month", _fa_day(word))
    for month, word in enumerate(MONTHS, 1):
        yield f"month/{month}", Word(word, "month of a date")
    for number, word in enumerate(_FA_SMALL[1:10], 1):
        spoken = f"عددِ {_FA_SPOKEN.get(word, word)}"
        yield f"option-number/{number}", Word(f"عدد {word}", "key of an option", spoken)
    yield "option-number", Word("عدد", "key of an option, the number follows", "عددِ")
    yield "option-for", Word("برای", "before the name of an option")
    yield "minus", Word("منفی", "before a number")
    yield "toman", Word("تومان", "after an amount")
    yield "rial", Word("ریال", "after an amount")
    yield "kwh", Word("کیلووات ساعت", "after a number")
    yield "year", Word("سال", "inside a date, before its year", "سالِ")
    yield "hour", Word("ساعت", "before a time", "ساعتِ")
    yield "minute", Word("دقیقه", "after a time")


def _fa_day(word: str) -> str:
    """«بیست و یکم» as a synthesiser has to read it: "bist-o yekom-e"."""
    *tens, last = word.split(" و ")
    spoken = {"سی‌ام": "سی اُم"}.get(last, _FA_SPOKEN.get(last, last))
    return " ".join([*(ten + "ُ" for ten in tens), spoken + "ِ"])


def _en() -> Iterator[tuple[str, Word]]:
    numbers: dict[str, str] = {str(n): word for n, word in enumerate(_EN_SMALL)}
    numbers |= {str(n): word for n, word in zip(range(20, 100, 10), _EN_TENS, strict=True)}
    numbers |= {scale: scale for scale in ("hundred", *(name for _, name in SCALES))}
    for key, word in numbers.items():
        yield f"number/{key}", Word(word, "part of a number")
    for digit, word in enumerate(_EN_SMALL[:10]):
        yield f"digit/{digit}", Word(word, "digit of an id, more follow", f"{word},")
        yield f"digit/{digit}-end", Word(word, "last digit of an id", f"{word}.")
    for day, word in enumerate(_EN_DAYS, 1):
        yield f"day/{day}", Word(f"the {word} of", "day of a date, before the month")
    for month, word in enumerate(_EN_MONTHS, 1):
        yield f"month/{month}", Word(word, "month of a date")
    for number, word in enumerate(_EN_SMALL[1:10], 1):
        yield f"option-number/{number}", Word(f"press {word}", "key of an option")
    yield "option-number", Word("press", "key of an option, the number follows")
    yield "option-for", Word("for", "before the name of an option")
    yield "minus", Word("minus", "before a number")
    yield "toman", Word("toman", "after an amount")
    yield "rial", Word("rial", "after an amount")
    yield "kwh", Word("kilowatt hours", "after a number")
    yield "year", Word("in the year", "inside a date, before its year")
    yield "hour", Word("o'clock", "after a full hour")
    yield "oh", Word("oh", "inside a time, before minutes below ten")
