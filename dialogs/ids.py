"""Identifiers: bill and payment ids, national ids, postal codes, tracking codes, and their masks.

Rules and sources: facts.md sections 1 and 2 (Banking Informatics Commission paper on bill payment)
and DESIGN.md section 7. Everything here works on strings of ASCII digits; what a customer typed goes
through :mod:`dialogs.text` first. A ``…_is_valid`` function answers False for any other string.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ELECTRICITY = "2"
SERVICE_TYPES = {
    "1": "water",
    "2": "electricity",
    "3": "gas",
    "4": "landline",
    "5": "mobile",
    "6": "municipality",
}
"""Second digit of a bill id from the right. 7, 8 and 9 exist, but the sources disagree on them."""

_MIN_LENGTH, _MAX_LENGTH = 6, 13
_BARCODE_LENGTH = 2 * _MAX_LENGTH
_MAX_FILE_CODE = 99_999_999
_MAX_AMOUNT = 99_999_999_000
"""Eight digits of thousand rial."""
_WEIGHTS = (2, 3, 4, 5, 6, 7)
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17)
_MOBILE = re.compile(r"\+989\d{9}", re.ASCII)
_POSTAL_CODE = re.compile(r"(?!(\d)\1{3})[13-9]{5}\d{5}", re.ASCII)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_mobile(number: str) -> bool:
    """Whether ``number`` is an Iranian mobile in E.164, which can be written to."""
    return _MOBILE.fullmatch(number) is not None


def canonical(identifier: str) -> str:
    """The id without leading zeros: bills print both forms, and both are the same id."""
    return identifier.lstrip("0")


def check_digit(digits: str) -> int:
    """Check digit of bill and payment ids: weights 2…7 from the right, modulo 11.

    Remainders 0 and 1 both give 0, so a few errors and swaps of digits six places apart pass.
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += int(digit) * _WEIGHTS[place % 6]
    remainder = total % 11
    return 0 if remainder < 2 else 11 - remainder


def bill_id_is_valid(bill_id: str) -> bool:
    """Whether this is a bill id of any utility: 6–13 digits, known type digit, right check digit."""
    bill = canonical(bill_id)
    return (
        _is_digits(bill)
        and _MIN_LENGTH <= len(bill) <= _MAX_LENGTH
        and bill[-2] != "0"
        and check_digit(bill[:-1]) == int(bill[-1])
    )


def service_type(bill_id: str) -> str:
    """Type digit of a valid bill id; see :data:`SERVICE_TYPES`."""
    return bill_id[-2]


def is_electricity(bill_id: str) -> bool:
    """Whether this is a valid bill id of an electricity company."""
    return bill_id_is_valid(bill_id) and service_type(bill_id) == ELECTRICITY


def payment_id_is_valid(bill_id: str, payment_id: str) -> bool:
    """Whether both ids are valid and belong together (1 in 11 wrong pairs passes by chance)."""
    bill, payment = canonical(bill_id), canonical(payment_id)
    return (
        bill_id_is_valid(bill)
        and _is_digits(payment)
        and _MIN_LENGTH <= len(payment) <= _MAX_LENGTH
        and check_digit(payment[:-2]) == int(payment[-2])
        and check_digit(bill + payment[:-1]) == int(payment[-1])
    )


def payment_amount(payment_id: str) -> int:
    """Amount of a payment id in rial, whole thousands. ValueError when it is no payment id."""
    payment = canonical(payment_id)
    if not (_is_digits(payment) and _MIN_LENGTH <= len(payment) <= _MAX_LENGTH):
        raise ValueError("a payment id has 6 to 13 digits")
    return int(payment[:-5]) * 1000


def make_bill_id(file: int, company: str) -> str:
    """An electricity bill id for file code 1…99,999,999 of a company's three digits.

    ValueError when either is out of range.
    """
    if not 1 <= file <= _MAX_FILE_CODE:
        raise ValueError("a file code has 1 to 8 digits and is not 0")
    if not (_is_digits(company) and len(company) == 3):
        raise ValueError("a company code has 3 digits")
    body = f"{file}{company}{ELECTRICITY}"
    return f"{body}{check_digit(body)}"


def make_payment_id(bill_id: str, amount: int, year_digit: int, period: int) -> str:
    """The payment id of one bill: ``amount`` in rial, last digit of the Jalali year, period 1…99.

    ValueError for an amount that is not 1,000…99,999,999,000 in whole thousands, or other values out
    of range.
    """
    if amount % 1000 or not 1000 <= amount <= _MAX_AMOUNT:
        raise ValueError("an amount is 1,000 to 99,999,999,000 rial in whole thousands")
    if not 0 <= year_digit <= 9 or not 1 <= period <= 99:
        raise ValueError("the year is one digit and the period 1 to 99")
    body = f"{amount // 1000}{year_digit}{period:02d}"
    body += str(check_digit(body))
    return f"{body}{check_digit(canonical(bill_id) + body)}"


def barcode(digits: str) -> tuple[str, str]:
    """Bill id and payment id, canonical, of a bill's 26-digit barcode.

    ValueError when there are not 26 digits; the ids themselves are not verified.
    """
    if not (_is_digits(digits) and len(digits) == _BARCODE_LENGTH):
        raise ValueError("a bill's barcode has 26 digits")
    return canonical(digits[:_MAX_LENGTH]), canonical(digits[_MAX_LENGTH:])


def national_id_is_valid(national_id: str) -> bool:
    """Whether this is a person's national id (کد ملی): 10 digits, or 8–9 that lost leading zeros."""
    if not (_is_digits(national_id) and 8 <= len(national_id) <= 10):
        return False
    digits = national_id.zfill(10)
    if digits[3:9] == "000000" or len(set(digits)) == 1:
        return False
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return int(digits[9]) == (remainder if remainder < 2 else 11 - remainder)


def legal_id_is_valid(legal_id: str) -> bool:
    """Whether this is an organisation's national id (شناسه ملی): 11 digits."""
    if not (_is_digits(legal_id) and len(legal_id) == 11) or legal_id[3:9] == "000000":
        return False
    shift = int(legal_id[9]) + 2
    total = sum(
        (int(digit) + shift) * _LEGAL_WEIGHTS[place % 5]
        for place, digit in enumerate(legal_id[:10])
    )
    return int(legal_id[10]) == total % 11 % 10


def postal_code_is_valid(postal_code: str) -> bool:
    """Whether ten digits can be a postal code: no 0 and 2 in the first five, not 4 equal at the start."""
    return _POSTAL_CODE.fullmatch(postal_code) is not None


_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_TRACKING_LENGTH = 10
_NOT_ELECTRICITY = "013456789"


def damm(digits: str) -> int:
    """Damm check digit: finds every single wrong digit and every swap of neighbours."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim


def draw_tracking_code(randbelow: Callable[[int], int]) -> str:
    """A new tracking code; ``randbelow(n)`` gives a random whole number 0…n-1.

    10 digits, no leading zero, the last is the check digit; the one before it is never 2, so that no
    code can be taken for an electricity bill id.
    """
    body = f"{1 + randbelow(9)}{randbelow(10**7):07d}{_NOT_ELECTRICITY[randbelow(9)]}"
    return f"{body}{damm(body)}"


def tracking_code_is_valid(code: str) -> bool:
    """Whether :func:`draw_tracking_code` could have drawn this code."""
    return (
        _is_digits(code)
        and len(code) == _TRACKING_LENGTH
        and code[0] != "0"
        and code[-2] != ELECTRICITY
        and damm(code) == 0
    )
