"""Bill and payment ids, personal ids, postal codes, tracking codes (facts.md sections 1 and 2)."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import ids

PAIRS = [
    ("1117753200140", "12070160", 120_000),
    ("1177809000142", "570108", 5_000),
    ("7748317800142", "1770160", 17_000),
    ("2050327604613", "1070189", 10_000),
    ("9174639504124", "12908190", 129_000),
]
COMPANY = st.integers(0, 999).map("{:03d}".format)


@pytest.mark.parametrize(("bill", "payment", "amount"), PAIRS)
def test_published_pairs_are_valid_plain_and_padded(bill: str, payment: str, amount: int) -> None:
    for bill_form in (bill, bill.zfill(13), bill.zfill(15)):
        for payment_form in (payment, payment.zfill(13)):
            assert ids.bill_id_is_valid(bill_form)
            assert ids.payment_id_is_valid(bill_form, payment_form)
    assert ids.payment_amount(payment) == ids.payment_amount(payment.zfill(13)) == amount


def test_the_public_electricity_bills_are_electricity_of_company_041() -> None:
    for bill in ("9174639504124", "9403272004129", "9985235404124"):
        assert ids.is_electricity(bill)
        assert bill[-5:-2] == "041"
    assert not ids.is_electricity("1117753200140")
    assert ids.SERVICE_TYPES[ids.service_type("2050327604613")] == "water"


@pytest.mark.parametrize(
    "bill",
    [
        "9100074409151",  # taken for valid in the test data of others
        "2234322344613",
        "1677036252",
        "",
        "0",
        "12345",
        "99852354041245",
        "998523540412a",
        "۹۹۸۵۲۳۵۴۰۴۱۲۴",
        "²²²²²²",
    ],
)
def test_what_is_no_bill_id_is_refused(bill: str) -> None:
    assert not ids.bill_id_is_valid(bill)


@pytest.mark.parametrize(
    ("bill", "payment"),
    [
        ("9174639504124", "12908197"),
        ("1117753200140", "1770165"),
        ("9174639504125", "12908190"),
        ("9174639504124", ""),
        ("9174639504124", "12345"),
        ("9174639504124", "1290819x"),
        ("9174639504124", "12345678901234"),
        ("9985235404124", "12908190"),
    ],
)
def test_a_payment_id_that_is_wrong_or_of_another_bill_is_refused(bill: str, payment: str) -> None:
    assert not ids.payment_id_is_valid(bill, payment)


def test_a_bill_id_of_type_zero_does_not_exist() -> None:
    body = "12345670410"
    assert not ids.bill_id_is_valid(f"{body}{ids.check_digit(body)}")


def test_remainders_zero_and_one_both_give_check_digit_zero() -> None:
    # 2×1 + 3×3 = 11 ≡ 0, and 2×6 = 12 ≡ 1
    assert ids.check_digit("31") == 0
    assert ids.check_digit("6") == 0
    assert ids.check_digit("1") == 9
    assert ids.check_digit("5") == 1


def test_weights_start_again_after_seven() -> None:
    assert ids.check_digit("1000000") == 9  # the seventh digit weighs 2 again
    assert ids.check_digit("0001") == ids.check_digit("1")


def test_the_shortest_and_the_longest_bill_ids() -> None:
    assert len(ids.make_bill_id(1, "041")) == 6
    assert len(ids.make_bill_id(99_999_999, "999")) == 13


@given(st.integers(1, 99_999_999), COMPANY)
def test_a_made_bill_id_is_a_valid_electricity_bill(file: int, company: str) -> None:
    bill = ids.make_bill_id(file, company)
    assert ids.is_electricity(bill)
    assert bill[-5:-2] == company


@given(
    st.integers(1, 99_999_999),
    COMPANY,
    st.integers(1, 99_999_999),
    st.integers(0, 9),
    st.integers(1, 99),
)
def test_a_made_payment_id_is_valid_for_its_bill_in_every_form(
    file: int, company: str, thousands: int, year: int, period: int
) -> None:
    bill = ids.make_bill_id(file, company)
    payment = ids.make_payment_id(bill.zfill(13), thousands * 1000, year, period)
    assert ids.payment_id_is_valid(bill, payment)
    assert ids.payment_id_is_valid(bill.zfill(13), payment.zfill(13))
    assert ids.payment_amount(payment) == thousands * 1000
    assert ids.barcode(bill.zfill(13) + payment.zfill(13)) == (bill, payment)


@pytest.mark.parametrize("amount", [1_000, 99_999_999_000])
def test_the_smallest_and_the_largest_amount_come_back(amount: int) -> None:
    payment = ids.make_payment_id("9985235404124", amount, 5, 3)
    assert ids.payment_amount(payment) == amount
    assert ids.payment_id_is_valid("9985235404124", payment)


@pytest.mark.parametrize("amount", [0, -1000, 1_500, 100_000_000_000])
def test_an_amount_that_no_payment_id_can_hold_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="amount"):
        ids.make_payment_id("9985235404124", amount, 5, 3)


@pytest.mark.parametrize(
    ("file", "company"), [(0, "041"), (100_000_000, "041"), (1, "41"), (1, "x41")]
)
def test_a_file_or_company_out_of_range_is_refused(file: int, company: str) -> None:
    with pytest.raises(ValueError):
        ids.make_bill_id(file, company)


@pytest.mark.parametrize(("year", "period"), [(10, 3), (-1, 3), (5, 0), (5, 100)])
def test_a_year_or_period_out_of_range_is_refused(year: int, period: int) -> None:
    with pytest.raises(ValueError, match="year"):
        ids.make_payment_id("9985235404124", 1000, year, period)


def test_the_amount_of_what_is_no_payment_id_is_refused() -> None:
    with pytest.raises(ValueError):
        ids.payment_amount("00123")


def single_errors(number: str) -> Iterator[str]:
    for place, right in enumerate(number):
        for wrong in "0123456789":
            if wrong != right:
                yield number[:place] + wrong + number[place + 1 :]


@pytest.mark.parametrize(
    "bill", ["9174639504124", "9403272004129", "9985235404124", "1117753200140"]
)
def test_one_wrong_digit_of_a_bill_id_shows_unless_both_remainders_mean_zero(bill: str) -> None:
    def remainder(digits: str) -> int:
        weights = (2, 3, 4, 5, 6, 7)
        return sum(int(d) * weights[i % 6] for i, d in enumerate(reversed(digits))) % 11

    for wrong in single_errors(bill):
        if ids.bill_id_is_valid(wrong):
            # The documented gap: remainders 0 and 1 share the check digit 0.
            assert wrong[-1] == bill[-1] == "0"
            assert {remainder(wrong[:-1]), remainder(bill[:-1])} == {0, 1}


@pytest.mark.parametrize("code", ["11177532001400000012070160", "77483178001420000001770160"])
def test_a_barcode_holds_both_ids(code: str) -> None:
    bill, payment = ids.barcode(code)
    assert ids.payment_id_is_valid(bill, payment)


@pytest.mark.parametrize("code", ["", "111775320014000012070160", "1117753200140000001207016x"])
def test_a_barcode_of_another_length_is_refused(code: str) -> None:
    with pytest.raises(ValueError):
        ids.barcode(code)


@pytest.mark.parametrize(
    "number", ["7731689956", "0172942284", "172942284", "0012345679", "12345679"]
)
def test_a_national_id_is_valid_with_and_without_leading_zeros(number: str) -> None:
    assert ids.national_id_is_valid(number)


@pytest.mark.parametrize(
    "number",
    [
        "1111111111",
        "9999999999",
        "0000000000",
        "1230000001",
        "7731689957",
        "1234567",
        "00123456790",
        "x",
        "",
    ],
)
def test_what_is_no_national_id_is_refused(number: str) -> None:
    assert not ids.national_id_is_valid(number)


def test_an_organisations_id_has_exactly_one_right_check_digit() -> None:
    for body in ("1000012345", "1038028479", "1400398761"):
        assert sum(ids.legal_id_is_valid(f"{body}{digit}") for digit in range(10)) == 1
    assert ids.legal_id_is_valid("10380284790")


@pytest.mark.parametrize(
    "number", ["09053433332", "10000000004", "1038028479", "103802847900", "1038028479x"]
)
def test_what_is_no_organisations_id_is_refused(number: str) -> None:
    assert not ids.legal_id_is_valid(number)


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("1345678901", True),
        ("9999899999", False),
        ("1619735744", True),
        ("1111678901", False),
        ("1245678901", False),
        ("1305678901", False),
        ("134567890", False),
        ("13456789011", False),
        ("۱۳۴۵۶۷۸۹۰۱", False),
        ("1345678901\n", False),
    ],
)
def test_postal_codes(code: str, valid: bool) -> None:
    assert ids.postal_code_is_valid(code) is valid


def test_the_damm_check_finds_every_single_error_and_every_swap_of_neighbours() -> None:
    assert ids.damm("572") == 4
    rng = random.Random(1)
    for _ in range(50):
        code = ids.draw_tracking_code(rng.randrange)
        assert all(ids.damm(wrong) for wrong in single_errors(code))
        for i in range(9):
            if code[i] != code[i + 1]:
                assert ids.damm(code[:i] + code[i + 1] + code[i] + code[i + 2 :])


@given(st.randoms(use_true_random=False))
def test_a_tracking_code_is_never_an_electricity_bill(rng: random.Random) -> None:
    code = ids.draw_tracking_code(rng.randrange)
    assert ids.tracking_code_is_valid(code)
    assert len(code) == 10
    assert code[0] != "0"
    assert not ids.is_electricity(code)


def test_extreme_draws_make_tracking_codes_too() -> None:
    assert ids.tracking_code_is_valid(ids.draw_tracking_code(lambda n: 0))
    assert ids.tracking_code_is_valid(ids.draw_tracking_code(lambda n: n - 1))


@pytest.mark.parametrize("code", ["", "770560200", "7705602009", "77056020080", "770560200x"])
def test_what_is_no_tracking_code_is_refused(code: str) -> None:
    assert not ids.tracking_code_is_valid(code)


def test_a_code_with_a_leading_zero_or_a_two_before_the_check_digit_was_never_drawn() -> None:
    for body in ("012345678", "123456782"):
        assert not ids.tracking_code_is_valid(f"{body}{ids.damm(body)}")
