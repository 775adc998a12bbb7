"""How values are spoken, as clip keys of the inventory: the voice's side of ``dialogs.formats``.

Rules: facts.md section 5. Money is spoken in toman with the unit named, an id digit by digit with a
pause after each group, a date without its year where that is this year. Every function takes a value,
a language (``fa`` or ``en``) and, where it needs one, today; it raises TypeError or ValueError for
what it can't say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any

from dialogs import formats
from dialogs.answers.choice import option_numbers
from dialogs.calendar import tehran_today, to_jalali
from dialogs.text import latin_digits
from ivr.inventory import SCALES, catalogue, inventory

GREATEST = 999_999_999_999
COMMA, GROUP, GAP, STOP = 200, 250, 300, 400
"""Milliseconds of silence: at a comma, between the groups of an id, between prompts and options, at
the end of a sentence."""

_GROUPS = {13: (4, 4, 5), 11: (4, 3, 4)}
_ID = re.compile(r"[0-9]{1,40}")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_RECORDING = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ENDS = (".", "؟", "?", "!")
_TITLES = frozenset(function for function, _ in catalogue("fa").clips)


def pause(milliseconds: int) -> str:
    return f"pause/{milliseconds}"


def number(value: int, language: str) -> list[str]:
    """A whole number from minus to plus :data:`GREATEST`; 1000 is «هزار», without «یک»."""
    if not isinstance(value, int):
        raise TypeError("a number is spoken from an int")
    if abs(value) > GREATEST:
        raise ValueError(f"numbers are spoken up to {GREATEST}")
    sign = [f"{language}/minus"] if value < 0 else []
    write = _persian if language == "fa" else _english
    return sign + [f"{language}/number/{name}" for name in write(abs(value))]


def _persian(value: int) -> list[str]:
    terms: list[list[str]] = []
    for size, scale in SCALES:
        count, value = divmod(value, size)
        if count == 1 and scale == "thousand":
            terms.append([scale])
        elif count:
            *others, last = _persian_hundreds(count)
            terms += [[other] for other in others]
            terms.append([last, scale])
    terms += [[word] for word in _persian_hundreds(value)] if value or not terms else []
    # «و» stands between terms: after each of them but the last.
    joined = [[*term[:-1], f"{term[-1]}-and"] for term in terms[:-1]]
    return [word for term in [*joined, terms[-1]] for word in term]


def _persian_hundreds(value: int) -> list[str]:
    """The terms of 0–999: 234 is 200, 30, 4."""
    if value < 20:
        return [str(value)]
    hundreds, rest = value // 100 * 100, value % 100
    tens, units = (rest // 10 * 10, rest % 10) if rest >= 20 else (0, rest)
    return [str(term) for term in (hundreds, tens, units) if term]


def _english(value: int) -> list[str]:
    names: list[str] = []
    for size, scale in SCALES:
        count, value = divmod(value, size)
        if count:
            names += [*_english_hundreds(count), scale]
    return names + (_english_hundreds(value) if value or not names else [])


def _english_hundreds(value: int) -> list[str]:
    hundreds, rest = divmod(value, 100)
    names = [str(hundreds), "hundred"] if hundreds else []
    if rest >= 20:
        names.append(str(rest // 10 * 10))
        rest %= 10
    return names + ([str(rest)] if rest or not names else [])


def rial(amount: int, language: str) -> list[str]:
    """An amount in rial, spoken in toman; in rial where it is no whole number of toman."""
    if not isinstance(amount, int):
        raise TypeError("an amount is spoken from an int")
    if amount % 10:
        return [*number(amount, language), f"{language}/rial"]
    return [*number(amount // 10, language), f"{language}/toman"]


def kwh(value: int, language: str) -> list[str]:
    return [*number(value, language), f"{language}/kwh"]


def identifier(value: str | int, language: str) -> list[str]:
    """An id digit by digit: 13 digits as 4-4-5, 12 as 4-4-4, 11 as 4-3-4, 10 as 3-3-4, others in the
    fewest groups of at most four."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError("an id is spoken from a str")
    digits = latin_digits(str(value)).replace(" ", "").replace("-", "")
    if not _ID.fullmatch(digits):
        raise ValueError("an id has digits only")
    keys: list[str] = []
    start = 0
    for length in _groups(len(digits)):
        keys += [f"{language}/digit/{digit}" for digit in digits[start : start + length]]
        keys.append(pause(GROUP))
        start += length
    keys.pop()
    keys[-1] += "-end"
    return keys


def _groups(length: int) -> tuple[int, ...]:
    if length in _GROUPS:
        return _GROUPS[length]
    count = -(-length // 4)
    short, longer = divmod(length, count)
    return (short,) * (count - longer) + (short + 1,) * longer


def middle(value: str | int, language: str) -> list[str]:
    """The last four digits of a bill's file code: «قبض با رقم‌های میانی …»
    (:func:`dialogs.formats.middle`)."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError("an id is spoken from a str")
    return identifier(formats.middle(str(value)), language)


def date(day: dt.date, language: str, today: dt.date) -> list[str]:
    """Jalali: «سی‌ام آبان», with «سال …» unless it is this year. An aware datetime is taken as its
    date in Tehran."""
    if not isinstance(day, dt.date):
        raise TypeError("a date is spoken from a date")
    plain = tehran_today(day) if isinstance(day, dt.datetime) else day
    year, month, day_of_month = to_jalali(plain)
    keys = [f"{language}/day/{day_of_month}", f"{language}/month/{month}"]
    if year != to_jalali(today)[0]:
        keys += [f"{language}/year", *number(year, language)]
    return keys


def time(value: str, language: str) -> list[str]:
    """``HH:MM``: «ساعت هفت و سی دقیقه», ``seven thirty``."""
    if not isinstance(value, str):
        raise TypeError("a time is spoken from a str")
    found = _TIME.fullmatch(latin_digits(value))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("a time is HH:MM, 00:00 to 23:59")
    hour, minute = int(found[1]), int(found[2])
    keys = number(hour, language)
    if language == "fa":
        if minute:
            keys[-1] += "-and"
            keys += [*number(minute, language), "fa/minute"]
        return ["fa/hour", *keys]
    if not minute:
        return [*keys, "en/hour"]
    return [*keys, *(["en/oh"] if minute < 10 else []), *number(minute, language)]


def option(value: int, language: str) -> list[str]:
    """The key that chooses an option: «عدد یک», ``press one``."""
    if not isinstance(value, int):
        raise TypeError("an option is spoken from an int")
    if value not in option_numbers(value):
        raise ValueError("no option has this number")
    if value < 10:
        return [f"{language}/option-number/{value}"]
    return [f"{language}/option-number", *number(value, language)]


def titled(function: str, name: str, language: str) -> list[str]:
    """A text of the catalogue (:mod:`dialogs.services.texts`); nothing for one that a file leaves out."""
    known = catalogue(language)
    if (function, name) not in known.clips:
        raise ValueError("the catalogue does not know it")
    clip = known.clips[function, name]
    if not clip:
        return []
    return [clip, pause(STOP)] if known.words[clip].text.endswith(_ENDS) else [clip]


def text(value: str, language: str) -> list[str]:
    """A customer's or a backend's own text, for the synthesiser."""
    shown = formats.text(value)
    return [f"say/{language}/{shown}"] if shown else []


def recording(value: str, language: str) -> list[str]:
    """What the caller recorded."""
    if not isinstance(value, str) or not _RECORDING.fullmatch(value):
        raise ValueError("a recording is named by its id")
    return [f"recording/{value}"]


def functions(language: str, today: dt.date) -> dict[str, Callable[[Any], list[str]]]:
    """What the functions of the messages say, by name."""
    spoken: dict[str, Callable[[Any, str], list[str]]] = {
        "NUMBER": number,
        "RIAL": rial,
        "MONEY": rial,
        "KWH": kwh,
        "ID": identifier,
        "MIDDLE": middle,
        "TIME": time,
        "TEXT": text,
        "RECORDING": recording,
    }
    return {
        "DATE": lambda day: date(day, language, today),
        **{name: _in(language, function) for name, function in spoken.items()},
        **{name: _titled(name, language) for name in _TITLES},
    }


def _in(language: str, function: Callable[[Any, str], list[str]]) -> Callable[[Any], list[str]]:
    return lambda value: function(value, language)


def _titled(function: str, language: str) -> Callable[[Any], list[str]]:
    return lambda name: titled(function, name, language)


FUNCTIONS = frozenset(functions("fa", dt.date.min))
"""Names of the functions that a voice text may call."""


def words(keys: Iterable[str], language: str) -> str:
    """The same as text: «نه نه هشت پنج، دو سه پنج چهار، …»."""
    known = inventory(language)
    return written(((key, known[key].text if key in known else "") for key in keys), language)


def written(clips: Iterable[tuple[str, str]], language: str) -> str:
    """Clips and their texts as one text: a pause is a comma, the gap between prompts a new line."""
    comma = "،" if language == "fa" else ","
    out = ""
    for key, words_ in clips:
        if key == pause(GAP):
            out = out.rstrip() + "\n" if out else ""
        elif key.startswith("pause/"):
            out = out.rstrip()
            out += f"{comma} " if out[-1:].isalnum() else " "
        else:
            out += f"{words_} "
    return out.strip().rstrip(comma)
