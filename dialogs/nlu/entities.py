"""Values in a message, found by rules that know the trade. facts.md sections 1, 2 and 5.

A number with the right check digit is an id, wherever it stands. Of the numbers that are left, a day
is one by its form, an amount by its unit, and a reading by the words around it: amperes, floors and
serial numbers are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from dialogs.amounts import amounts
from dialogs.days import days
from dialogs.ids import barcode, canonical, is_electricity, tracking_code_is_valid
from dialogs.nlu.port import Entity, EntityName
from dialogs.nlu.sounds import skeleton
from dialogs.nlu.words import LONGEST
from dialogs.numerals import Numeral, numerals
from dialogs.text import aligned

_ID_GROUPS = re.compile(r"(?<![\d/.,،٬])\+?\d+(?:[ \-_]\d+)*(?![\d٬]|[/.,،]\d)")
_PIECES = 8
"""Groups of digits that one id may be typed in."""
_MOBILE = re.compile(r"(?:\+?98|0098|0)9\d{9}")
_BARE_MOBILE = re.compile(r"9\d{9}")
_PHONE_WORDS = re.compile(r"موبایل|همراه|تماس|تلفن|شماره ?ام|شمارم|خطم|mobil|shomare|tamas|phone")

_MONEY_ALONE = 500_000
"""Toman; «نیم میلیون» and more need no unit."""
_REQUEST_WORDS = re.compile(r"پیگیری|رهگیری|پیگیر|درخواست|کد|peygiri|rahgiri|code|kod|darkhast")

_MONEY_WORDS = re.compile(
    r"پول|واریز|ریختم|پرداخت|مبلغ|قبض|شارژ|بدهی|قسط|فیش|هزینه|حساب|poo?l|variz|mablagh|pardakht|sharj"
)
_READING_WORDS = re.compile(
    r"کنتور|کنتر|رقم|عدد|شمارنده|نمراتور|قرائت|خوندم|خواندم|خونده|نشون|نشان|کارکرد|شماره انداز"
    r"|kontor|contor|raghm|raqam|adad|khoond|khund|neshoon|reading|gher"
)
_METER_SOUNDS = "kntr"
_REGISTER = re.compile(
    r"(?:میان|اوج|کم|جمعه|اکتیو|راکتیو|ماکسیمتر)(?: ?باری?)? *$|(?:oj|kam|miyan|mian)\S* *$"
)
_NAMED_BEFORE = re.compile(r"(?:رقم|عدد|کنتور|شماره|شده|روی?|raghm|adad|kontor)\S* *$")
_UNIT_AFTER = re.compile(
    r" ?(?:آمپر|امپر|کیلو|kw|وات|فاز|درصد|٪|%|متر|روز|ماه|سال|ساعت|دقیقه|واحد|طبقه|نفر|خانوار|خانواده"
    r"|خونوار|دوره|برابر|ولت|رقمی|رقمه|بار|هفته|amper|faz|tabaghe|vahed|rooz|mah|sal|nafar|bar|metr|volt)"
)
_OTHER_NUMBER = re.compile(
    r"(?:سریال|بدنه|پلاک|واحد|طبقه|کد ?پستی|شناسه|اشتراک|پرونده|کوچه|منطقه|سال|خیابان|آمپر|امپر|داخلی|فاز|بلوک"
    r"|serial|pelak|vahed|shenase|mantaghe|sal)\w*[ ,:؛،]*(?:(?:شماره|برق\w*|قبض|کنتور\w*|kontor\w*)[ :]*){0,2}$"
)
_TAKEN_BACK = re.compile(
    r"اشتباه|غلط|نه |نبود|ببخشید|یعنی|درستش|درست|منظورم|اصلاح|اول|اولش|عوضی|eshtebah|na |dorost|sorry"
)
_OF_OTHERS = re.compile(
    r"(?:قبض|مامور|مأمور|برگه|دوره قبل|قبلی|قبلا|قبل|پیش|پارسال|اشتباهی|ghabz|ghabli|ghabl)[^\d.؛،]{0,24}$"
)


def entities(text: str, today: dt.date) -> tuple[Entity, ...]:
    """The values that ``text`` carries, in their order; only the start of a long text is read."""
    folded, places = aligned(text[:LONGEST])
    found: list[tuple[EntityName, int, int, str | int]] = []
    left = folded
    for finder in (_ids, lambda rest: _days(rest, today), _amounts, _readings):
        for name, start, end, value in finder(left):
            found.append((name, start, end, value))
            left = left[:start] + "\x00" * (end - start) + left[end:]
    return tuple(
        Entity(
            name,
            text[places[start] : places[end - 1] + 1],
            value,
            places[start],
            places[end - 1] + 1,
        )
        for name, start, end, value in sorted(found, key=lambda entity: entity[1])
    )


_Found = Iterator[tuple[EntityName, int, int, str | int]]


def _ids(text: str) -> _Found:
    request = _REQUEST_WORDS.search(text) is not None
    phone = not request or _PHONE_WORDS.search(text) is not None
    for run in _ID_GROUPS.finditer(text):
        groups = list(re.finditer(r"\+?\d+", run[0]))
        at = 0
        while at < len(groups):
            for last in range(min(len(groups), at + _PIECES), at, -1):
                start, end = groups[at].start(), groups[last - 1].end()
                if known := _known_id("".join(g[0] for g in groups[at:last]), phone):
                    yield known[0], run.start() + start, run.start() + end, known[1]
                    at = last
                    break
            else:
                at += 1


def _known_id(digits: str, phone: bool) -> tuple[EntityName, str] | None:
    if _MOBILE.fullmatch(digits):
        return "mobile", f"+98{digits[-10:]}"
    plain = digits.removeprefix("+")
    if len(plain) == 26:
        bill = barcode(plain)[0]
        return ("bill_id", bill) if is_electricity(bill) else None
    if phone and _BARE_MOBILE.fullmatch(plain) and not is_electricity(plain):
        return "mobile", f"+98{plain}"
    # Without its zero a mobile may pass for a tracking code: then it is what the message speaks of.
    if is_electricity(plain):
        return "bill_id", canonical(plain)
    if tracking_code_is_valid(plain):
        return "tracking_code", plain
    return ("mobile", f"+98{plain}") if _BARE_MOBILE.fullmatch(plain) else None


def _days(text: str, today: dt.date) -> _Found:
    for day in days(text, today):
        yield "date", day.start, day.end, day.date.isoformat()


def _amounts(text: str) -> _Found:
    named = list(amounts(text))
    for amount in named:
        yield "amount", amount.start, amount.end, amount.rial
    # Millions are said of money only; thousands may be a reading.
    money = _MONEY_WORDS.search(text) is not None and _READING_WORDS.search(text) is None
    for number in numerals(text):
        scaled = number.in_words and number.value >= (1000 if money else _MONEY_ALONE)
        part = any(amount.start <= number.start < amount.end for amount in named)
        if scaled and not part and not _UNIT_AFTER.match(text, number.end):
            yield "amount", number.start, number.end, number.value * 10


def _readings(text: str) -> _Found:
    context = _READING_WORDS.search(text) is not None or any(
        skeleton(word).startswith(_METER_SOUNDS) for word in text.split()
    )
    candidates = [n for n in numerals(text) if _may_be_reading(text, n, context)]
    if len(candidates) > 1:
        own = [n for n in candidates if not _OF_OTHERS.search(text[: n.start])]
        candidates = own or candidates
    if len(candidates) > 1 and _TAKEN_BACK.search(text):
        candidates = candidates[-1:]
    for number in candidates:
        yield "meter_reading", number.start, number.end, number.value


def _may_be_reading(text: str, number: Numeral, context: bool) -> bool:
    digits = len(str(number.value)) if number.in_words else number.end - number.start
    before = text[: number.start]
    if _UNIT_AFTER.match(text, number.end) or _OTHER_NUMBER.search(before):
        return False
    if digits == 3 and not number.in_words:
        return bool(_NAMED_BEFORE.search(before) or _REGISTER.search(before))
    if digits == 4 and not context:
        return bool(_REGISTER.search(before))
    return 4 <= digits <= 8 and (context or 5 <= digits <= 6)
