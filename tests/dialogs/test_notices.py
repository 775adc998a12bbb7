"""What a customer is told of the backend's news."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.notices import balance, notice
from dialogs.values import Bill, Debt, Progress
from tests.dialogs.talk import BILL, progress

DAY = dt.date(2026, 9, 21)
TO_PAY = Bill(bill_id=BILL, payment_id="1234567890123", amount=1000, due=DAY)


def debt(amount: int, **fields: object) -> Debt:
    return Debt(bill_id=BILL, as_of=DAY, amount=amount, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (progress(stage=2), []),
        (progress(stage=99), []),
        (progress(stage=0), []),
        (progress(status="rejected", reason="other"), ["rejected"]),
        (progress(status="rejected"), ["rejected"]),
        (progress(stage=3, bill=TO_PAY), ["news-bill"]),
        (progress(stage=3), ["news-stage"]),
        (progress(stage=3, scheduled_on=DAY), ["news-scheduled"]),
        (progress(stage=3, status="completed"), ["news-completed"]),
        (progress(debt=debt(-5)), ["debt-credit"]),
        (progress(debt=debt(0)), ["debt-none"]),
    ],
)
def test_one_event_is_one_message_or_none(news: Progress, said: list[str]) -> None:
    assert [p.message for p in notice("submit_meter_reading", news)] == said


def test_news_of_a_service_that_is_gone_are_no_error() -> None:
    assert notice("a service of last year", progress(stage=3)) == []


def test_a_balance_says_what_is_owed_and_the_fee() -> None:
    owed = debt(500, payment_id="1234567890123", fee=30)
    first, second = balance(progress(debt=owed))
    assert (first.message, first.args["amount"], first.args["due"]) == ("debt-due", 500, DAY)
    assert (second.message, second.args) == ("debt-fee", {"fee": 30})
    assert balance(progress(debt=debt(-5)))[0].args["amount"] == 5
