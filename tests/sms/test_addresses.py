from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sms.addresses import mask, normalise_mobile, replyable


@pytest.mark.parametrize(
    "raw",
    [
        "09121234567",
        "9121234567",
        "989121234567",
        "+989121234567",
        "00989121234567",
        9121234567,
        989121234567,
        "۰۹۱۲۱۲۳۴۵۶۷",
        "٠٩١٢١٢٣٤٥٦٧",
        " +98 (912) 123-4567 ",
        "\u200e+989121234567\u200f",
    ],
)
def test_every_spelling_of_a_mobile_becomes_the_same_number(raw: str | int) -> None:
    assert normalise_mobile(raw) == "+989121234567"
    assert replyable(normalise_mobile(raw))


@pytest.mark.parametrize(
    "raw",
    [
        "HamrahAval",
        "200",
        "",
        "02188776655",
        "+447700900123",
        "0912123456",
        "091212345678",
        "+9809121234567",
    ],
)
def test_what_is_no_iranian_mobile_stays_as_it_is_and_cannot_be_answered(raw: str) -> None:
    assert normalise_mobile(raw) == raw
    assert not replyable(normalise_mobile(raw))
    assert raw == "" or raw not in mask(raw)


def test_a_masked_number_shows_its_operator_and_its_end_only() -> None:
    assert mask("+989121234567") == "+98912***4567"


@given(st.text())
def test_normalising_twice_changes_nothing(raw: str) -> None:
    assert normalise_mobile(normalise_mobile(raw)) == normalise_mobile(raw)
