"""What a customer is told of the backend's news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from dialogs.messages import MESSAGES
from dialogs.notices import awaits_reply, balance, is_outdated, notice, remember_stage
from dialogs.services import CATALOGUE
from dialogs.values import Bill, Debt, Progress
from tests.dialogs.talk import BILL, progress

CODE = "1000000005"
DAY = dt.date(2026, 9, 21)
TO_PAY = Bill(bill_id=BILL, payment_id="1234567890123", amount=1000, due=DAY)


def debt(amount: int, **fields: object) -> Debt:
    return Debt(bill_id=BILL, as_of=DAY, amount=amount, **fields)  # type: ignore[arg-type]


def at(service: str, stage: str, **fields: object) -> Progress:
    """A request of the service that has come to the stage with this key."""
    keys = [one.key for one in CATALOGUE[service].stages]
    return progress(stage=keys.index(stage) + 1, **fields)


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (progress(stage=2), []),
        (progress(stage=99), []),
        (progress(stage=0), []),
        (progress(status="rejected", reason="other"), ["news-rejected"]),
        (progress(status="rejected"), ["news-rejected"]),
        (progress(status="rejected", reason="withdrawn"), ["news-closed"]),
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


@pytest.mark.parametrize(
    ("service", "stage", "fields", "said"),
    [
        ("increase_power", "site_visit", {"scheduled_on": DAY}, "news-scheduled"),
        ("increase_power", "site_visit", {}, "news-stage"),
        ("increase_power", "terms_announced", {"cost": 500}, "news-agreement"),
        ("increase_power", "terms_announced", {}, "news-agreement-free"),
        ("increase_power", "fee_invoice_issued", {"bill": TO_PAY}, "news-bill"),
        ("increase_power", "execution_date_announced", {"scheduled_on": DAY}, "news-date"),
        ("increase_power", "executed_by_company", {"status": "completed"}, "news-work"),
        ("increase_power", "refund", {"refund": 700}, "news-refund"),
        ("increase_power", "refund", {"refund": 0}, "news-stage"),
        ("increase_power", "archived", {"status": "completed"}, "news-archived"),
        ("increase_power", "name_change_if_needed", {}, "news-stage"),
        ("temporary_disconnection", "terms_announced", {"cost": 500}, "news-terms"),
        ("temporary_disconnection", "terms_announced", {}, "news-stage"),
        ("withdraw_request", "terms_announced", {"refund": 700}, "news-refund"),
        ("meter_test", "result_announced", {"result": "meter_faulty"}, "news-result"),
        ("meter_test", "result_announced", {"result": "of_next_year"}, "news-stage"),
        (
            "meter_test",
            "meter_replacement_started",
            {"result": "meter_accurate", "status": "completed"},
            "news-result",
        ),
        ("bill_review", "bill_confirmed", {"status": "completed"}, "news-completed"),
        ("household_code", "household_count_checked", {}, "news-stage"),
    ],
)
def test_each_kind_of_stage_is_told_in_its_own_words(
    service: str, stage: str, fields: dict[str, object], said: str
) -> None:
    assert [p.message for p in notice(service, at(service, stage, **fields))] == [said]


def _all_stages() -> Iterator[tuple[str, Progress]]:
    full = {"scheduled_on": DAY, "cost": 5, "refund": 7, "result": "settled"}
    for service in CATALOGUE.values():
        for number in range(1, len(service.stages) + 1):
            for fields in ({}, full, {"bill": TO_PAY}, {"status": "completed"}):
                yield service.key, progress(stage=number, **fields)


def test_every_news_of_every_service_names_it_and_its_tracking_code() -> None:
    for service, news in _all_stages():
        for prompt in notice(service, news):
            for language in ("fa", "en"):
                text = MESSAGES.text(prompt.message, "sms", language, prompt.args)
                assert CATALOGUE[service].menu.in_(language) in text
                assert CODE in text


def test_news_of_a_service_that_is_gone_are_no_error() -> None:
    assert notice("a service of last year", progress(stage=3)) == []
    assert not awaits_reply("a service of last year", progress(stage=3))


def test_a_stage_is_told_once_and_again_when_its_date_changes() -> None:
    told: list[str] = []
    visit = at("increase_power", "site_visit", scheduled_on=DAY)
    assert notice("increase_power", visit, told)
    remember_stage(told, visit)
    assert notice("increase_power", visit, told) == []
    later = at("increase_power", "site_visit", scheduled_on=DAY + dt.timedelta(days=2))
    assert [p.message for p in notice("increase_power", later, told)] == ["news-scheduled"]


def test_of_each_request_the_last_stage_is_remembered() -> None:
    told: list[str] = []
    for number in range(1, 6):
        remember_stage(told, progress(stage=number))
        remember_stage(told, progress("1000000018", stage=number))
    assert len(told) == 2


def test_an_invoice_that_was_paid_elsewhere_is_not_told_again() -> None:
    invoice = at("increase_power", "fee_invoice_issued", bill=TO_PAY)
    told = [TO_PAY.payment_id]
    remember_stage(told, invoice)
    assert notice("increase_power", at("increase_power", "fee_invoice_issued"), told) == []


def test_a_bill_that_is_carried_along_does_not_hide_the_next_stage() -> None:
    told = [TO_PAY.payment_id]
    date = at("increase_power", "execution_date_announced", scheduled_on=DAY, bill=TO_PAY)
    assert [p.message for p in notice("increase_power", date, told)] == ["news-date"]


def test_a_refused_reply_is_told_without_a_code_that_nobody_has_seen() -> None:
    refused = progress(status="rejected", reason="not_waiting")
    (prompt,) = notice("reply_to_terms", refused)
    assert prompt.message == "news-reply-refused"
    assert CODE not in MESSAGES.text(prompt.message, "sms", "fa", prompt.args)
    assert notice("reply_to_terms", progress(status="completed")) == []


def test_what_was_to_be_done_is_outdated_once_the_request_went_on() -> None:
    asked = at("increase_power", "terms_announced", cost=5)
    invoice = at("increase_power", "fee_invoice_issued", bill=TO_PAY)
    date = at("increase_power", "execution_date_announced", scheduled_on=DAY)
    done = at("increase_power", "executed_by_company")
    service = "increase_power"
    assert not is_outdated(service, asked, [])
    assert is_outdated(service, asked, [invoice])
    assert is_outdated(service, invoice, [date]), "it is paid"
    unpaid = at(service, "execution_date_announced", scheduled_on=DAY, bill=TO_PAY)
    assert not is_outdated(service, invoice, [unpaid])
    assert not is_outdated(service, done, [progress("1000000018", stage=9)])
    refund = at(service, "refund", refund=5)
    assert not is_outdated(service, refund, [date, done]), "the amount was never told"


def test_a_balance_says_what_is_owed_and_the_fee() -> None:
    owed = debt(500, payment_id="1234567890123", fee=30)
    first, second = balance(progress(debt=owed))
    assert (first.message, first.args["amount"], first.args["due"]) == ("debt-due", 500, DAY)
    assert (second.message, second.args) == ("debt-fee", {"fee": 30})
    assert balance(progress(debt=debt(-5)))[0].args["amount"] == 5
