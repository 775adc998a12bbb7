"""Values that a message carries, by rules that know the trade."""

from __future__ import annotations

import pytest

from dialogs.calendar import from_jalali
from dialogs.ids import draw_tracking_code, is_electricity, make_bill_id
from dialogs.nlu import Entity, entities

TODAY = from_jalali(1405, 9, 1)
BILL = make_bill_id(99852354, "041")
CODE = draw_tracking_code(lambda n: n // 3)


def found(text: str) -> list[tuple[str, str, str | int]]:
    return [(entity.name, entity.text, entity.value) for entity in entities(text, TODAY)]


def test_a_number_with_the_right_check_digit_is_a_bill_id_however_it_is_typed() -> None:
    persian = "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in BILL)
    grouped = f"{BILL[:4]}-{BILL[4:8]} {BILL[8:]}"
    hidden = f"\u200e{BILL[:5]}\u200f{BILL[5:]}"
    for written in (BILL, persian, grouped, hidden):
        (entity,) = entities(f"قبض {written} رو بگین", TODAY)
        assert (entity.name, entity.value) == ("bill_id", BILL)


def test_an_entity_names_its_place_in_the_message_as_it_came() -> None:
    text = f"  سلامممم\u200c، قبض‌هاي {BILL[:6]}\u200f{BILL[6:]}  رو"
    (entity,) = entities(text, TODAY)
    assert text[entity.start : entity.end] == entity.text == f"{BILL[:6]}\u200f{BILL[6:]}"


def test_two_ids_side_by_side_are_two() -> None:
    other = make_bill_id(254, "041")
    for between in (" ", "،", ", "):
        assert [value for _, _, value in found(f"{BILL}{between}{other}")] == [BILL, other]


def test_a_barcode_gives_its_bill_id() -> None:
    assert found(BILL.zfill(13) + "0" * 13)[0][2] == BILL


def test_a_wrong_check_digit_or_another_utility_is_no_bill_id() -> None:
    wrong = BILL[:-1] + str((int(BILL[-1]) + 1) % 10)
    assert not is_electricity(wrong)
    assert found(f"قبض {wrong}") == []
    assert found("قبض آب 2050327604613") == []


def test_a_tracking_code_and_a_mobile_are_told_apart() -> None:
    assert found(f"پیگیری {CODE} موبایلم 0912 123 2580") == [
        ("tracking_code", CODE, CODE),
        ("mobile", "0912 123 2580", "+989121232580"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("سلام کنتورمو خوندم ۴۵۲۳۱ شده", 45231),
        ("kontor 45231", 45231),
        ("کنتور چهل و پنج هزار و دویست و سی و یک شده", 45231),
        ("رقم کنتور ۱۲ هزار و ۳۰۰ هست", 12300),
        ("کنتور ۴۵۲۳۱٫۷ رو نشون میده", 45231),
        ("سریال کنتور 21883405 ، قرائت 40518", 40518),
        ("اول نوشتم ۳۱۲۰۰ اشتباه بود، کنتور ۳۱۲۵۰", 31250),
        ("رو قبض نوشته ۶۸۳۴۵ ولی کنتور ۵۸۳۴۵ رو نشون میده", 58345),
        ("45231", 45231),
        ("پر بار ۴۱۰۲ نوشته", 4102),
        ("رفتم پایین دیدم ۸۸۱۲ زده", 8812),
        ("نمایشگر ۷۷۶۵ رو میزنه", 7765),
        ("کنتور نو نصب کردن، الان ۲۵ رو نشون میده", 25),
        ("کنتور ۴ ۵ ۲ ۳ ۱", 45231),
        ("کنتور 45231.7 رو نشون میده", 45231),
        ("کارکردِ تا این لحظه ۲۳۹۹۰ کیلووات", 23990),
        ("کنتور سه فازه، ۱۲۰۹۸ شده", 12098),
        ("کنتورم ۱۲هزارو۳۰۰ تاست", 12300),
        ("رقم کنتور ۱۴۰۲", 1402),
        ("sabte gheraat 19023 baraye ghabz", 19023),
        ("شماره کنتور ۱۲۳۴۵۶۷۸ عدد ۲۰۴۵۶", 20456),
        ("کنتور ۵۴۲۰۰ نه ۴۵۲۰۰", 54200),
        ("نه ۴۵۲۰۰ بود، ۵۴۲۰۰ کنتور", 54200),
        ("۵۴۲۰۰ درسته، ۴۵۲۰۰ اشتباه بود", 54200),
        ("۳۴۵۶۷ رو به ۳۴۶۵۷ تغییر بدین", 34657),
        ("کنتور از ۲۳۰۰۰ رسیده به ۲۳۴۵۰", 23450),
    ],
)
def test_the_figure_of_the_meter_is_a_reading(text: str, value: int) -> None:
    assert [(name, got) for name, _, got in found(text)] == [("meter_reading", value)]


def test_every_register_has_its_reading() -> None:
    assert found("میان باری ۱: ۱۲۳۴۵، اوج: ۴۳۲۱، جمعه ۹۱۰") == [
        ("meter_reading", "۱۲۳۴۵", 12345),
        ("meter_reading", "۴۳۲۱", 4321),
        ("meter_reading", "۹۱۰", 910),
    ]


def test_a_bill_id_and_a_figure_are_a_whole_message() -> None:
    assert [name for name, _, _ in found(f"{BILL}*8765")] == ["bill_id", "meter_reading"]


@pytest.mark.parametrize("separator", [".", "/", " - ", "\n", "_"])
def test_an_id_may_be_cut_into_groups_by_any_sign(separator: str) -> None:
    assert found(separator.join((BILL[:4], BILL[4:8], BILL[8:])))[0][::2] == ("bill_id", BILL)
    assert found(separator.join(("0912", "123", "2580")))[0][::2] == ("mobile", "+989121232580")


def test_a_postal_code_is_no_tracking_code() -> None:
    assert found(f"کد پستی من {CODE} هست") == []


def test_a_day_whose_digits_would_pass_for_a_bill_id_is_a_day() -> None:
    assert is_electricity("14050825")
    assert [name for name, _, _ in found("در ۱۴۰۵-۰۸-۲۵ واریز شد")] == ["date"]


@pytest.mark.parametrize(
    "text",
    [
        "کنتور ۲۵ آمپر می‌خوام",
        "دیماند کارخانه ۲۰۰ کیلووات",
        "طبقه ۱۲ واحد ۱۲۰۴ کنتور نداره",
        "قبض دوره ۱۴۰۴ رو می‌خوام",
        "۲۴ واحد داریم",
        "شماره سریال کنتور من 4471203 هست، عوض شده؟",
        "کنتور سال ساخت ۱۳۸۵ هست",
        "از ۱۳۹۹ تا الان کنتور عوض نشده",
        "شماره نامه ۱۲۳۴۵ رو پیگیری کنین",
        "پلاک ثبتی ۱۲۳۴۵ کنتور می‌خواهم",
        "کدپستی ۱۹۶۸۹-۴۳۱۱۱ رو عوض کنین",
        "خطای ۱۲۰۳ میده کنتور",
        "ضریب کنتور ۲۰۰۰ هست",
        "رو کنتور نوشته ۱۶۰۰ ایمپالس",
        "مصرفم ۱۲۳۰ کیلووات‌ساعته توی قبض",
        "هزار تا مشکل داریم با این کنتور",
        "مبلغ ۴۵۰۰۰۰ واریز کردم",
        "به ۱۵۲۱ زنگ زدم برای کنتور",
    ],
)
def test_amperes_floors_and_years_are_no_reading(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "rial"),
    [
        ("۲۰۰ هزار تومان ریختم", 2_000_000),
        ("نیم میلیون بریزم", 5_000_000),
        ("یک و نیم میلیون دارم", 15_000_000),
        ("۷۵۰ تومن واریز کردم", 7_500_000),
        ("دو تومن و دویست دادم", 22_000_000),
        ("500 hezar toman", 5_000_000),
        ("مبلغ 500000 ریال", 500_000),
        ("۵۰۰/۰۰۰ ریال واریز شد", 500_000),
        ("۵۰۰.۰۰۰ تومان", 5_000_000),
        ("۲/۵ میلیون پرداخت کردم", 25_000_000),
        ("۲.۳ میلیون تومان", 23_000_000),
        ("یه تومن و نیم قبض اومده", 15_000_000),
        ("دو و نیم تومن دادم", 25_000_000),
        ("۴۵۰ت ریختم", 4_500_000),
        ("یارانه ۴۰۰ هزار تومنی", 4_000_000),
        ("۲۰۰ تومن نه، ۲۵۰ تومن ریختم", 2_500_000),
    ],
)
def test_an_amount_is_in_rial(text: str, rial: int) -> None:
    assert [(name, got) for name, _, got in found(text)] == [("amount", rial)]


def test_a_day_is_given_by_its_date() -> None:
    assert found("از ۱۲ مهرماه تا پنجشنبه") == [
        ("date", "۱۲ مهرماه", from_jalali(1405, 7, 12).isoformat()),
        ("date", "پنجشنبه", from_jalali(1405, 9, 5).isoformat()),
    ]


@pytest.mark.parametrize(
    ("text", "day", "date"),
    [
        ("بیست و سوم آبان کنتور عوض شد", "بیست و سوم آبان", (8, 23)),
        ("روز ۲۲ آبان اومدن", "۲۲ آبان", (8, 22)),
        ("۴۰۵/۸/۳۰ واریز شد", "۴۰۵/۸/۳۰", (8, 30)),
        ("12 e mehr rikhtam", "12 e mehr", (7, 12)),
        ("شونزده روز پیش", "شونزده روز پیش", (8, 15)),
        ("جمعه‌ی گذشته پرداخت کردم", "جمعه‌ی گذشته", (8, 29)),
        ("هفته آینده شنبه بیاین", "هفته آینده شنبه", (9, 7)),
        ("سه‌شنبه‌ی هفته بعد بیاین", "سه‌شنبه‌ی هفته بعد", (9, 10)),
        ("shanbe hafte bad miam", "shanbe hafte bad", (9, 7)),
        ("دوشنبه این هفته", "دوشنبه این هفته", (9, 2)),
        ("نه دوشنبه، سه‌شنبه بیاین", "سه‌شنبه", (9, 3)),
        ("۱۲ مهر نه، ۱۳ مهر", "۱۳ مهر", (7, 13)),
    ],
)
def test_a_day_is_named_in_many_ways(text: str, day: str, date: tuple[int, int]) -> None:
    assert found(text) == [("date", day, from_jalali(1405, *date).isoformat())]


@pytest.mark.parametrize(
    "text",
    [
        "شش ماه نیستیم، دو هفته دیگه میایم",
        "این دو تا فیش قابل جمعه؟",
        "خیابان ۱۷ شهریور، کنتور نداره",
        "میدون ۷ تیر مغازه داریم",
        "سه تیر چراغ برق جلوی خونه هست",
        "شنبه‌ها بسته‌ایم",
    ],
)
def test_a_duration_a_street_and_a_pole_are_no_day(text: str) -> None:
    assert found(text) == []


def test_everything_in_one_message_is_found() -> None:
    text = f"کنتور ۴۵۲۳۱ قبض {BILL} دیروز خوندم، ۲۰۰ هزار تومن هم دادم، 09121232580"
    assert [entity.name for entity in entities(text, TODAY)] == [
        "meter_reading",
        "bill_id",
        "date",
        "amount",
        "mobile",
    ]
    assert all(isinstance(entity, Entity) for entity in entities(text, TODAY))
