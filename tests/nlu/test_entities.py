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
    assert [value for _, _, value in found(f"{BILL} {other}")] == [BILL, other]


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
    ],
)
def test_the_figure_of_the_meter_is_a_reading(text: str, value: int) -> None:
    assert [(name, got) for name, _, got in found(text)] == [("meter_reading", value)]


@pytest.mark.parametrize(
    "text",
    [
        "کنتور ۲۵ آمپر می‌خوام",
        "دیماند کارخانه ۲۰۰ کیلووات",
        "طبقه ۱۲ واحد ۱۲۰۴ کنتور نداره",
        "قبض دوره ۱۴۰۴ رو می‌خوام",
        "۲۴ واحد داریم",
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
    ],
)
def test_an_amount_is_in_rial(text: str, rial: int) -> None:
    assert [(name, got) for name, _, got in found(text)] == [("amount", rial)]


def test_a_day_is_given_by_its_date() -> None:
    assert found("از ۱۲ مهرماه تا پنجشنبه") == [
        ("date", "۱۲ مهرماه", from_jalali(1405, 7, 12).isoformat()),
        ("date", "پنجشنبه", from_jalali(1405, 9, 5).isoformat()),
    ]


def test_a_duration_is_no_day() -> None:
    assert found("شش ماه نیستیم، دو هفته دیگه میایم") == []


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
