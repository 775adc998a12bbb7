"""Texts that were not understood: what is masked in them, and when they go."""

from __future__ import annotations

import pytest

from gooya.database.engine import Database
from gooya.database.unclear import UnclearTexts, masked
from tests.database.samples import unclear


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("قبض 9985235404124 زیاده", "قبض 0000000000000 زیاده"),
        ("۰۹۱۲۱۱۱۲۲۳۳", "0" * 11),
        ("+98 912 111-22-33", "+00 000 000-00-00"),
        ("شبا IR06 0120 0000 0000 1234", "شبا IR00 0000 0000 0000 0000"),
        ("ایمیل من a.b@example.com هست", "ایمیل من … هست"),
        ("رقم ۴۵۲۳۱ در ۱۴۰۵/۰۷/۰۱", "رقم ۴۵۲۳۱ در ۱۴۰۵/۰۷/۰۱"),
        ("دو\nخط", "دو خط"),
    ],
)
def test_long_numbers_and_mail_addresses_are_masked_readings_and_days_are_not(
    text: str, kept: str
) -> None:
    assert masked(text) == kept


async def test_a_turn_that_runs_again_keeps_its_text_once(database: Database) -> None:
    texts = UnclearTexts(database)
    for _ in range(2):
        await unclear(database, "k", "c-1")
    [found] = await texts.list()
    assert (found.text, found.ranking, found.chosen) == ("چی", [("help", 0.1)], None)
