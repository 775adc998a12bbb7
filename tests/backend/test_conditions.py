"""What must hold before a request is taken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.conftest import Playground


@pytest.mark.parametrize(
    ("service", "hint", "reason"),
    [
        ("change_name", "must pay first", "debt"),
        ("permanent_removal", "another name", "names_differ"),
        ("temporary_removal", "another name", "names_differ"),
    ],
)
async def test_a_request_whose_preconditions_do_not_hold_is_refused(
    utility: Playground, service: str, hint: str, reason: str
) -> None:
    card = await utility.who(hint)
    _, answer = await utility.file(card.bill_id, service)
    assert (answer.status, answer.reason, answer.stage) == ("rejected", reason, 1)


async def test_a_debt_stands_in_the_way_until_it_is_paid(utility: Playground) -> None:
    card = await utility.who("must pay first")
    _, before = await utility.file(card.bill_id, "change_tariff")
    await utility.pay(await utility.backend.debt(card.bill_id))
    _, after = await utility.file(card.bill_id, "change_tariff")
    assert (before.reason, after.status) == ("debt", "accepted")


async def test_a_second_request_of_a_service_waits_for_the_end_of_the_first(
    utility: Playground,
) -> None:
    card = await utility.who("may file anything")
    first, _ = await utility.file(card.bill_id, "reconnect")
    _, other = await utility.file(card.bill_id, "change_tariff")
    _, second = await utility.file(card.bill_id, "reconnect")
    await utility.advance(first, refuse="not_cut_off")
    _, third = await utility.file(card.bill_id, "reconnect")
    assert [answer.reason for answer in (other, second, third)] == [None, "open_request", None]


async def test_data_may_be_corrected_twice_at_a_time(utility: Playground) -> None:
    card = await utility.who("must pay first")
    for item in ("address", "postal_code"):
        _, answer = await utility.file(card.bill_id, "edit_customer_info", item=item)
        assert answer.status == "accepted"


@pytest.mark.parametrize(
    ("service", "fields", "reason"),
    [
        ("prepayment", {}, "invalid_amount"),
        ("prepayment", {"amount": 999}, "invalid_amount"),
        ("prepayment", {"amount": True}, "invalid_amount"),
        ("consolidate_bills", {"other_bills": ["9174639504124"]}, "unknown_subscription"),
    ],
)
async def test_an_answer_that_the_utility_cannot_use_is_refused(
    utility: Playground, service: str, fields: dict[str, Any], reason: str
) -> None:
    card = await utility.who("may file anything")
    _, answer = await utility.file(card.bill_id, service, **fields)
    assert (answer.status, answer.reason) == ("rejected", reason)


async def test_bills_of_two_people_are_not_consolidated(utility: Playground) -> None:
    mine, other = await utility.who("may file anything"), await utility.who("shared connection")
    _, answer = await utility.file(mine.bill_id, "consolidate_bills", other_bills=[other.bill_id])
    assert answer.reason == "other_subscriber"
