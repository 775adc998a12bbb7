"""Values in a message, found by rules that know the trade. facts.md sections 1, 2 and 5.

A number with the right check digit is an id, wherever it stands. Of the numbers that are left, a day
is one by its form, an amount by its unit, and a reading by the words around it: amperes, floors and
serial numbers are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TypeVar

from dialogs.amounts import Amount, amounts
from dialogs.days import Day, days
from dialogs.ids import barcode, canonical, is_electricity, tracking_code_is_valid
from dialogs.nlu.port import Entity, EntityName
from dialogs.nlu.sounds import skeleton
from dialogs.nlu.words import LONGEST
from dialogs.numerals import Numeral, numerals
from dialogs.text import aligned

_ID_GROUPS = re.compile(
    r"(?<![\d٬])(?<!\d[/.])(?<!(?<!\d{4})(?<=\d)[,،])\+?\d+(?:(?: ?[-_./] ?| )\d+)*(?![\d٬]|[,،]\d{1,3}(?!\d))"
)
_PIECES = 8
"""Groups of digits that one id may be typed in."""
_JOINED = 9
"""Digits that several groups must come to: fewer are more likely a day or two numbers."""
_MOBILE = re.compile(r"(?:\+?98|0098|0)9\d{9}")
_BARE_MOBILE = re.compile(r"9\d{9}")
_PHONE_WORDS = re.compile(r"موبایل|همراه|تماس|تلفن|شماره ?ام|شمارم|خطم|mobil|shomare|tamas|phone")
_OTHER_ID = re.compile(
    r"(?:کد ?پستی|(?:کد|شماره|شناسه) ?ملی|کارت|شبا|شناسه پرداخت|kode? ?(?:posti|melli))\w*(?: من| ما)?[ :]*$"
)

_MONEY_ALONE = 500_000
"""Toman; «نیم میلیون» and more need no unit."""
_REQUEST_WORDS = re.compile(r"پیگیری|رهگیری|پیگیر|درخواست|کد|peygiri|rahgiri|code|kod|darkhast")
_MONEY_WORDS = re.compile(
    r"پول|واریز|ریختم|پرداخت|مبلغ|قبض|شارژ|بدهی|قسط|فیش|هزینه|حساب|poo?l|variz|mablagh|pardakht|sharj"
)
_PAID = re.compile(r"واریز|ریختم|پرداخت|مبلغ|فیش|بدهی|بدهکار|قبض اومد|variz|pardakht|mablagh")
_READING_WORDS = re.compile(
    r"کنتور|کنتر|رقم|عدد|شمارنده|نمراتور|قرائت|خوندم|خواندم|خونده|نش[او]ن(?!ی)|کارکرد|شماره ?انداز|نمایشگر|صفحه"
    r"|خود ?خوانی|خود ?اظهاری|انداخته|kontor|contor|raghm|raqam|adad|khoond|khund|neshoon|reading|[gq]h?era[ae]"
)
_ONLY_FIGURES = re.compile(r"[\W\d]*(?:(?:برای|قبض|شناسه|baraye|ghabz)[\W\d]+)*")
"""With a bill id that is already taken out: it and a reading are a whole message."""
_METER_SOUNDS = "kntr"
_POWER_WORDS = re.compile(r"قدرت|دیماند|مصرف|انشعاب|ظرفیت|تولید|پنل|masraf|ghodrat|demand")
_AROUND = 48
"""Characters before a number that may say what it is."""
_REGISTER = re.compile(
    r"(?<!\w)(?:میان|اوج|کم|پر|جمعه|اکتیو|راکتیو|ماکسیمتر)(?: ?باری?)?[ :=]*$|(?<!\w)(?:oj|kam|miyan|mian)\S*[ :=]*$"
)
_REGISTER_FIGURE = re.compile(r"[ :=]*\d{3,8}(?![\d/])")
_BARE_SCALES = frozenset(("هزار", "hezar", "hezaar"))
_NAMED_BEFORE = re.compile(r"(?:رقم|عدد|کنتور|شماره|شده|روی?|raghm|adad|kontor)\S* *$")
_FIGURE_BEFORE = re.compile(
    r"(?:رقم|عدد|قرائت|کارکرد|شمارنده|raghm|raqam|adad|gheraat)\S*(?: کنتور\S*| kontor\S*)?[ :]*$"
)
_SHOWN_AFTER = re.compile(
    r" ?(?:رو |را )?(?:نوشته|زده|می ?زنه|نش[او]ن|انداخته|neshoon|neveshte|zade)"
)
_ON_SHOW = re.compile(r" (?:رو |را |ro )?(?:نش[او]ن|neshoon)")
_KILOWATT_AFTER = re.compile(r" ?(?:کیلو ?وات|kw)")
_UNIT_AFTER = re.compile(
    r" ?(?:کیلو|kw|وات|درصد|٪|%|متر|نفر|خانوار|خانواده|خونوار|برابر|ولت|مشترک|زنگ|مشکل|پالس|ایمپالس|قطعه|راس|لیتر|بی ?تی"
    r"|تومن|تومان|ریال|(?:nafar|metr|volt)(?![a-z]))"
)
_COUNTED_AFTER = re.compile(
    r" ?(?:آمپر|امپر|فاز|روز|ماه|سال|ساعت|دقیقه|واحد|طبقه|دوره|رقمی|رقمه|بار|هفته"
    r"|(?:amper|faz|tabaghe|vahed|rooz|mah|sal|bar)(?![a-z]))"
)
"""Of these nobody has tens of thousands: after five digits something else begins."""
_OTHER_NUMBER = re.compile(
    r"(?<!\w)(?:سریال|بدنه|پلاک|پلمپ|پلمب|واحد|کد(?: ?پستی)?|شناسه|اشتراک|پرونده|پروانه|نامه|فیش|سند|ارجاع|کارت|رمز|خطا|خطای"
    r"|ارور|ضریب|مدل|تلفن|منطقه|سال|خیابان|داخلی|بلوک|درخواست|پیگیری|رهگیری|تراکنش|پایان ?کار|بخشنامه|کولر|نماینده|متراژ|عرصه"
    r"|اعیان|زیربنا|مساحت|serial|pelak|vahed|shenase|mantaghe|sal)(?:ش|شون|م|مون|ی|ه)?"
    r"(?:[ :]+(?:شماره|به|برق\w*|قبض|کنتور\w*|من|ما|ثبتی|ساخت|ساختمانی|بانک|تراکنش|kontor\w*)){0,3}[ :]*$"
)
_FRACTION = re.compile(r"\d[./٫,-]$")
_YEAR = re.compile(r"1(?:3[5-9]|40)\d|20[0-3]\d")
_TAKEN_BACK = re.compile(
    r"اشتباه|غلط|نه |نبود|ببخشید|یعنی|درستش|درست|منظورم|اصلاح|اول(?:ش)? (?:نوشت|گفت|زد|فرستاد|داد)|عوضی|eshtebah|na |dorost|sorry"
)
_NOT_BEFORE = re.compile(r"(?<!\w)(?:نه|na|به ?جای) $")
_NOT_AFTER = re.compile(
    r"(?: (?:رو|بود|زدم|نوشتم|گفتم|اینو))? (?:نبود|نیست|اشتباه|غلط|عوضی|eshtebah|(?:نه|na)(?=[،,.؛!]|$))| (?:رو|را) به (?=\d)"
)
_OF_OTHERS = re.compile(
    r"(?:قبض|مامور|مأمور|برگه|قبل|پیش|پارسال|اشتباهی|ghabz|ghabl)[^\d.؛،\x00]{0,24}$"
    r"|(?<!\w)(?:از|az) $"
)


def entities(text: str, today: dt.date) -> tuple[Entity, ...]:
    """The values that ``text`` carries, in their order; only the start of a long text is read."""
    folded, places = aligned(text[:LONGEST])
    found: list[tuple[EntityName, int, int, str | int]] = []
    left = folded
    for finder in (lambda rest: _days(rest, today), _ids, _amounts, _readings):
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


_Span = TypeVar("_Span", Day, Amount, Numeral)
_Found = Iterator[tuple[EntityName, int, int, str | int]]


def _ids(text: str) -> _Found:
    request = _REQUEST_WORDS.search(text) is not None
    phone = not request or _PHONE_WORDS.search(text) is not None
    for run in _ID_GROUPS.finditer(text):
        other = _OTHER_ID.search(_before(text, run.start())) is not None
        groups = list(re.finditer(r"\+?\d+", run[0]))
        at = 0
        while at < len(groups):
            for last in range(min(len(groups), at + _PIECES), at, -1):
                start, end = groups[at].start(), groups[last - 1].end()
                digits = "".join(group[0] for group in groups[at:last])
                if (last - at > 1 and len(digits) < _JOINED) or (other and len(digits) <= 10):
                    continue
                if known := _known_id(digits, phone):
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
    found = [day for day in days(text, today) if not _is_register(text, day)]
    for day in _standing(text, found):
        yield "date", day.start, day.end, day.date.isoformat()


def _amounts(text: str) -> _Found:
    named = list(amounts(text))
    for amount in _standing(text, named):
        yield "amount", amount.start, amount.end, amount.rial
    # Millions are said of money only; thousands may be a reading.
    money = _MONEY_WORDS.search(text) is not None and _READING_WORDS.search(text) is None
    for number in numerals(text):
        scaled = number.in_words and number.value >= (1000 if money else _MONEY_ALONE)
        part = any(amount.start <= number.start < amount.end for amount in named)
        how_many = text[: number.start].endswith("چند ")
        counts = _UNIT_AFTER.match(text, number.end) or _COUNTED_AFTER.match(text, number.end)
        if scaled and not (part or how_many or counts):
            yield "amount", number.start, number.end, number.value * 10


def _readings(text: str) -> _Found:
    context = _READING_WORDS.search(text) is not None or any(
        skeleton(word).startswith(_METER_SOUNDS) for word in text.split()
    )
    context = context or ("\x00" in text and _ONLY_FIGURES.fullmatch(text) is not None)
    candidates = [n for n in numerals(text) if _may_be_reading(text, n, context)]
    if len(candidates) > 1:
        own = [n for n in candidates if not _OF_OTHERS.search(_before(text, n.start))]
        candidates = own or candidates
    standing = _standing(text, candidates)
    if len(standing) == len(candidates) > 1 and _TAKEN_BACK.search(text):
        standing = standing[-1:]
    for number in standing:
        yield "meter_reading", number.start, number.end, number.value


def _may_be_reading(text: str, number: Numeral, context: bool) -> bool:
    written = text[number.start : number.end]
    digits = len(str(number.value)) if number.in_words else sum(map(str.isdecimal, written))
    before = _before(text, number.start)
    if _OTHER_NUMBER.search(before) or _FRACTION.search(before) or written in _BARE_SCALES:
        return False
    if _KILOWATT_AFTER.match(text, number.end):
        return context and 4 <= digits <= 8 and _POWER_WORDS.search(text) is None
    if _UNIT_AFTER.match(text, number.end):
        return False
    if digits <= 4 and _COUNTED_AFTER.match(text, number.end):
        return False
    if digits <= 3 and not number.in_words:
        named = _NAMED_BEFORE.search(before) or _REGISTER.search(before)
        return (digits == 3 and named is not None) or bool(_ON_SHOW.match(text, number.end))
    if _REGISTER.search(before):
        return 3 <= digits <= 8
    shown = _SHOWN_AFTER.match(text, number.end) is not None
    if digits == 4 and _YEAR.fullmatch(written):
        return shown or _FIGURE_BEFORE.search(before) is not None
    if digits == 4:
        return context or (shown and _OF_OTHERS.search(before) is None)
    if 7 <= digits <= 8:
        return context and (shown or _FIGURE_BEFORE.search(before) is not None)
    return 5 <= digits <= 6 and (context or _PAID.search(text) is None)


def _is_register(text: str, day: Day) -> bool:
    """«جمعه ۹۱۰»: one of the four registers, not a day."""
    return text[day.start : day.end] == "جمعه" and _REGISTER_FIGURE.match(text, day.end) is not None


def _standing(text: str, found: list[_Span]) -> list[_Span]:
    """Of several values of a kind, those the customer does not take back: «۵۴ نه ۴۵», «۴۵ نبود، ۵۴»."""
    if len(found) < 2:
        return found
    return [
        one
        for one in found
        if not (_NOT_BEFORE.search(_before(text, one.start)) or _NOT_AFTER.match(text, one.end))
    ]


def _before(text: str, place: int) -> str:
    return text[max(0, place - _AROUND) : place]
