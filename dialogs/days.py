"""Days in words and figures: «۱۲ مهرماه», «پنجشنبه», «۳ روز دیگه», «هفتم همین ماه», «۱۴۰۵/۸/۳۰».

One calendar day or nothing: a month, a season and «هفته بعد» are no day. Works on folded texts
(:func:`dialogs.text.fold`); nothing is read from a clock.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from typing import NamedTuple

from dialogs.calendar import MONTHS, WEEKDAYS, from_jalali, to_jalali
from dialogs.numerals import whole
from dialogs.text import fold

_FROM_TODAY = {"پس پریروز": -3, "پسپریروز": -3, "پریروز": -2, "پریشب": -2, "دیروز": -1, "دیشب": -1}
_FROM_TODAY |= {"امروز": 0, "امشب": 0, "فردا": 1, "پس فردا": 2, "پسفردا": 2, "پس اون فردا": 3}
_FROM_TODAY |= {"yesterday": -1, "today": 0, "tomorrow": 1, "dirooz": -1, "diruz": -1, "dishab": -1}
_FROM_TODAY |= {"emrooz": 0, "emruz": 0, "emshab": 0, "farda": 1, "pasfarda": 2, "pas farda": 2}
_FROM_TODAY |= {"parirooz": -2, "pariruz": -2}
_MONTHS = {fold(name): number for number, name in enumerate(MONTHS, 1)}
_MONTHS |= {"امرداد": 5, "ابان": 8, "اذر": 9}
_MONTHS |= {"farvardin": 1, "ordibehesht": 2, "khordad": 3, "tir": 4, "mordad": 5, "shahrivar": 6}
_MONTHS |= {"mehr": 7, "aban": 8, "azar": 9, "dey": 10, "bahman": 11, "esfand": 12}
_WEEKDAYS = {fold(name): number for number, name in enumerate(WEEKDAYS)}
_WEEKDAYS |= {name.replace("شنبه", " شنبه"): n for name, n in _WEEKDAYS.items() if name != "شنبه"}
_WEEKDAYS |= {"چارشنبه": 2, "چار شنبه": 2, "سشنبه": 1, "پنشنبه": 3, "jome": 4, "shanbe": 5}
_WEEKDAYS |= {
    f"{number}{space}shanbe": day
    for day, number in ((0, "do"), (1, "se"), (2, "chahar"), (2, "char"), (3, "panj"), (6, "yek"))
    for space in ("", " ")
}
_WEEKDAYS |= {"5شنبه": 3, "4شنبه": 2, "3شنبه": 1, "2شنبه": 0}
_WEEKDAYS |= {"1شنبه": 6, "5 شنبه": 3, "4 شنبه": 2, "3 شنبه": 1, "2 شنبه": 0, "1 شنبه": 6}


def _either(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_ORDINALS = {"اول": 1, "یکم": 1, "دوم": 2, "سوم": 3, "سی": 30, "سی ام": 30, "سیم": 30, "سیام": 30}
_ORDINALS |= {"aval": 1, "avval": 1, "dovom": 2, "sevom": 3}
_ONES = "یکم?|دوم?|سوم|سه|چهارم?|پنجم?|ششم?|شیشم?|هفتم?|هشتم?|نهم?"
_DAY_WORDS = (
    rf"(?:بیست|سی)(?: و |و| )(?:{_ONES})|دهم?|یازدهم?|دوازدهم?|سیزدهم?|چهاردهم?|چاردهم?|پانزدهم?"
    rf"|پونزدهم?|شانزدهم?|شونزدهم?|هفدهم?|هیفدهم?|هجدهم?|هیجدهم?|نوزدهم?|بیستم?|{_either(_ORDINALS)}"
    rf"|{_ONES}|yekom|panjom|dahom|bistom|panzdahom|dah|bist"
)
_DAY = rf"(?P<day>\d{{1,2}}|{_DAY_WORDS})(?: ?(?:ام|م|om))?(?: ?e(?= ))?"
_YEAR = r"(?: ?(?:سال )?(?P<year>1[34]\d\d|\d\d(?!\d)))?"
_NOT_IN_WORD = r"(?<![^\W_])"
_NOT_BEFORE_WORD = r"(?![^\W_])"

_WEEKDAY_PREFIX = rf"(?:(?:{_either(_WEEKDAYS)})،? (?:روز )?)?"
_NAMED = re.compile(
    rf"{_NOT_IN_WORD}{_WEEKDAY_PREFIX}{_DAY} ?(?:ماه )?(?P<month>{_either(_MONTHS)})"
    rf"(?: ?ماه)?{_YEAR}{_NOT_BEFORE_WORD}(?! (?:چراغ|سیمانی|بتنی|چوبی|آهنی))"
)
_PLACE = re.compile(
    r"(?:خیابان|خیابون|میدان|میدون|کوچه|بلوار|پل|شهرک|کوی|محله|khiab\w+|mey?d\w+|kooche) $"
)
"""Streets are named after days: «میدان هفت تیر»."""
# «دو ماه» is a duration: of a month without a name, the day is an ordinal.
_OF_MONTH = re.compile(
    rf"{_NOT_IN_WORD}(?:(?P<last>آخر|اخر|پایان)|(?P<day>(?:بیست و |بیستو|سی و )?[^\W\d_]+م|اول|\d{{1,2}} ?(?:م|ام)"
    rf"|(?:{_DAY_WORDS}|\d{{1,2}})(?= (?:همین|این)))) (?:(?:همین|این) )?(?:ماه|برج)"
    rf"(?: (?P<next>بعد|بعدی|آینده|اینده|دیگه)| (?P<before>قبل|پیش|گذشته)| جاری)?{_NOT_BEFORE_WORD}"
)
_END_OF_MONTH = re.compile(
    rf"{_NOT_IN_WORD}(?:آخر|اخر|پایان|انتهای) (?P<month>{_either(_MONTHS)})(?: ?ماه)?{_YEAR}{_NOT_BEFORE_WORD}"
)
_AWAY = re.compile(
    rf"{_NOT_IN_WORD}(?P<count>\d{{1,3}}|(?:(?:بیست|سی|چهل|پنجاه) و )?[^\W\d_]{{2,10}})"
    r" ?(?:روز|rooz|ruz|rouz) ?(?:(?P<ahead>دیگه|دیگر|بعد|آینده|اینده|dige|bad)"
    rf"|(?P<ago>پیش|قبل|pish|ghabl)){_NOT_BEFORE_WORD}"
)
_AGO = "گذشته|قبلی?|پیش|pish|ghabl"
_AHEAD = "آینده|اینده|بعدی?|دیگه|bad|dige"
_WEEK = "(?:هفته ?ی?|hafte(?:ye)?)"
_WEEKDAY = re.compile(
    rf"{_NOT_IN_WORD}(?<!قابل )(?P<before>{_WEEK} (?:(?P<last>{_AGO})|{_AHEAD}) )?"
    rf"(?P<weekday>{_either(_WEEKDAYS)})"
    rf"(?: ?ی? ?(?P<week>{_WEEK} ?)?(?:(?P<ago>{_AGO})|(?P<ahead>{_AHEAD}))"
    rf"| (?P<this>این هفته))?{_NOT_BEFORE_WORD}"
)
_TODAY = re.compile(rf"{_NOT_IN_WORD}(?P<word>{_either(_FROM_TODAY)}){_NOT_BEFORE_WORD}")
_FULL = re.compile(
    r"(?<![\d/.-])(?P<a>\d{1,4}) ?(?P<sign>[-/.\\]) ?(?P<b>\d{1,2}) ?(?P=sign) ?(?P<c>\d{1,4})(?![\d/]|[-.]\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<a>1[34]\d\d)(?P<b>0\d|1[0-2])(?P<c>[0-3]\d)(?!\d)")
_SHORT = re.compile(r"(?<![\d/.])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/])")


class Day(NamedTuple):
    """A day in a text, ``text[start:end]``."""

    start: int
    end: int
    date: dt.date
    returns: str = ""
    """``year`` or ``week`` when the text leaves open which one: another one may be meant."""


def days(text: str, today: dt.date) -> list[Day]:
    """All days that a folded text names, in order, never overlapping.

    A day without a year is the one nearest to ``today``; a weekday is the next one unless the text
    says which. What looks like a day and is none («۳۱ مهر») is left out.
    """
    found: list[Day] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < day.end and day.start < end for day in found) or _PLACE.search(
                text[max(0, start - 12) : start]
            ):
                continue
            try:
                date = reader(match, today)
            except ValueError:
                continue
            if date is not None:
                found.append(Day(start, end, date, _returns(match)))
    return sorted(found)


def _returns(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if match.re is _SHORT or ("month" in groups and not groups["year"]):
        return "year"
    return (
        "week"
        if groups.get("weekday")
        and not (groups["before"] or groups["this"] or groups["ago"] or groups["ahead"])
        else ""
    )


def around(month: int, day: int, today: dt.date) -> list[dt.date]:
    """The day of a Jalali month in this year and the two beside it: those that have it."""
    this_year = to_jalali(today)[0]
    found = []
    for year in range(this_year - 1, this_year + 2):
        with contextlib.suppress(ValueError):
            found.append(from_jalali(year, month, day))
    return found


def nearest(month: int, day: int, today: dt.date) -> dt.date:
    """The day of a Jalali month nearest to ``today``. ValueError when no year near has it."""
    return min(around(month, day, today), key=lambda found: abs((found - today).days))


def day_number(text: str) -> int:
    """Which day of a month «۱۲», «دوازدهم», «بیست و هفت» or «اول» is. ValueError when none."""
    word = text.strip()
    for plain in (
        word,
        word.removesuffix("م").rstrip(),
        word.removesuffix("ام").rstrip(),
        word.removesuffix("om"),
    ):
        if plain in _ORDINALS:
            return _ORDINALS[plain]
        plain = re.sub("سوم?$", "سه", plain)
        number = whole(plain)
        if number is not None:
            return number
    raise ValueError("not a day of a month")


def _named(match: re.Match[str], today: dt.date) -> dt.date:
    month, day = _MONTHS[match["month"]], day_number(match["day"])
    if match["year"]:
        return from_jalali(full_year(match["year"], today), month, day)
    return nearest(month, day, today)


def _end_of_month(match: re.Match[str], today: dt.date) -> dt.date:
    month = _MONTHS[match["month"]]
    given = match["year"]
    year = full_year(given, today) if given else to_jalali(nearest(month, 29, today))[0]
    return from_jalali(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)


def _of_month(match: re.Match[str], today: dt.date) -> dt.date:
    year, month, _ = to_jalali(today)
    month += 1 if match["next"] else -1 if match["before"] else 0
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if match["last"]:
        following = from_jalali(year + month // 12, month % 12 + 1, 1)
        return following - dt.timedelta(1)
    return from_jalali(year, month, day_number(match["day"]))


def _away(match: re.Match[str], today: dt.date) -> dt.date:
    count = whole(match["count"])
    if count is None:
        raise ValueError("not a number of days")
    return today + dt.timedelta(count if match["ahead"] else -count)


def _weekday(match: re.Match[str], today: dt.date) -> dt.date:
    if match["before"] or match["week"] or match["this"]:
        saturday = today - dt.timedelta((today.weekday() - _WEEKDAYS["شنبه"]) % 7)
        if not match["this"]:
            saturday += dt.timedelta(-7 if match["last"] or match["ago"] else 7)
        return saturday + dt.timedelta((_WEEKDAYS[match["weekday"]] - _WEEKDAYS["شنبه"]) % 7)
    ahead = (_WEEKDAYS[match["weekday"]] - today.weekday()) % 7
    if match["ago"]:
        return today - dt.timedelta((7 - ahead) % 7 or 7)
    return today + dt.timedelta(ahead or (7 if match["ahead"] else 0))


def _from_today(match: re.Match[str], today: dt.date) -> dt.date:
    return today + dt.timedelta(_FROM_TODAY[match["word"]])


def _full(match: re.Match[str], today: dt.date) -> dt.date | None:
    first, month, last = match["a"], int(match["b"]), match["c"]
    if len(first) > 2 or (len(last) < 3 and int(first) > 31):
        year, day = first, last
    elif len(last) > 2 or int(last) > 31:
        year, day = last, first
    else:
        year, day = first, last
    if len(year) == 1:
        return None
    if len(year) == 3:
        year = f"1{year}"
    return from_jalali(full_year(year, today), month, int(day))


def _short(match: re.Match[str], today: dt.date) -> dt.date | None:
    first, second = int(match["a"]), int(match["b"])
    if first <= 12 < second <= 31:
        return nearest(first, second, today)
    if second <= 12 < first <= 31:
        return nearest(second, first, today)
    return None


def full_year(digits: str, today: dt.date) -> int:
    """The Jalali year that two digits stand for («۰۵», «۹۸»); four digits are themselves."""
    year = int(digits)
    if len(digits) > 2:
        return year
    century = to_jalali(today)[0] // 100 * 100
    return century + year if year < 50 else century - 100 + year


_READERS = (
    (_FULL, _full),
    (_COMPACT, _full),
    (_NAMED, _named),
    (_END_OF_MONTH, _end_of_month),
    (_OF_MONTH, _of_month),
    (_AWAY, _away),
    (_TODAY, _from_today),
    (_WEEKDAY, _weekday),
    (_SHORT, _short),
)
