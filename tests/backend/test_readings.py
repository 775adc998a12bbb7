"""What becomes of a customer's own reading."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.ids import payment_amount, payment_id_is_valid
from tests.backend.conftest import TODAY, Playground


async def test_a_plausible_reading_is_accepted_with_a_provisional_bill(ground: Playground) -> None:
    card = await ground.who("demo: single tariff")
    before = await ground.backend.debt(card.bill_id)
    values = {"total": card.values["total"] + 200}
    request = ground.reading(card.bill_id, values)
    progress = await ground.backend.submit(request, idempotency_key="k1")
    assert (progress.status, progress.sequence, progress.stage, progress.stages) == (
        "accepted",
        1,
        1,
        3,
    )
    bill = progress.bill
    assert bill is not None
    assert bill.amount > before.amount
    assert bill.amount % 1000 == 0
    assert bill.due == TODAY + dt.timedelta(10)
    assert payment_id_is_valid(card.bill_id, bill.payment_id)
    assert payment_amount(bill.payment_id) == bill.amount
    last = await ground.backend.last_reading(card.bill_id)
    assert (last.values, last.read_on, last.sent_on) == (values, TODAY, TODAY)
    after = await ground.backend.debt(card.bill_id)
    assert (after.amount, after.payment_id, after.due) == (bill.amount, bill.payment_id, bill.due)
    assert await ground.backend.progress(request.tracking_code) == progress


async def test_every_register_of_a_multi_tariff_meter_is_read(ground: Playground) -> None:
    card = await ground.who("reactive and maximeter")
    values = {register: value + 3 for register, value in card.values.items()}
    progress = await ground.backend.submit(
        ground.reading(card.bill_id, values), idempotency_key="k"
    )
    assert progress.status == "accepted"


async def test_a_reading_that_leaves_the_customer_in_credit_brings_no_bill(
    ground: Playground,
) -> None:
    card = await ground.who("in credit")
    progress = await ground.backend.submit(
        ground.reading(card.bill_id, card.values, "zero"), idempotency_key="k"
    )
    assert (progress.status, progress.bill) == ("accepted", None)
    assert (await ground.readings(card.bill_id))[0]["flags"] == ["zero"]


@pytest.mark.parametrize(
    ("values", "on", "reason"),
    [
        ({"total": -1}, TODAY, "reading_below_last"),
        ({"total": 8000}, TODAY, "reading_too_high"),
        ({"total": 100_000}, TODAY, "reading_too_long"),
        ({"peak": 10}, TODAY, "unknown_register"),
        ({"total": 1}, TODAY + dt.timedelta(1), "read_on_in_future"),
        ({"total": 1}, TODAY - dt.timedelta(90), "read_on_before_last"),
    ],
)
async def test_a_reading_that_cannot_be_is_refused_with_a_reason(
    ground: Playground, values: dict[str, int], on: dt.date, reason: str
) -> None:
    card = await ground.who("demo: single tariff")
    given = {register: step + card.values.get(register, 0) for register, step in values.items()}
    request = ground.reading(card.bill_id, given, on=on)
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert (progress.status, progress.reason, progress.bill) == ("rejected", reason, None)
    assert await ground.readings(card.bill_id) == []
    assert (await ground.backend.last_reading(card.bill_id)).values == card.values


async def test_a_register_left_out_or_given_twice_is_refused(ground: Playground) -> None:
    multi = await ground.who("demo: multi-tariff")
    missing = ground.reading(multi.bill_id, {"normal": multi.values["normal"]})
    progress = await ground.backend.submit(missing, idempotency_key="k1")
    assert progress.reason == "missing_register"
    single = await ground.who("demo: single tariff")
    twice = ground.reading(single.bill_id, single.values)
    twice.fields["readings"] *= 2
    progress = await ground.backend.submit(twice, idempotency_key="k2")
    assert progress.reason == "duplicate_register"


async def test_a_reading_for_nobody_is_refused(ground: Playground) -> None:
    request = ground.reading("9174639504124", {"total": 1})
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert progress.reason == "unknown_subscription"


async def test_a_counter_that_rolled_over_is_read_on(ground: Playground) -> None:
    card = await ground.who("roll over")
    values = {"total": (card.values["total"] + 250) % 100_000}
    assert values["total"] < card.values["total"]
    request = ground.reading(card.bill_id, values, "rollover")
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert progress.status == "accepted"
    assert (await ground.backend.last_reading(card.bill_id)).values == values


async def test_an_unusually_high_reading_counts_once_the_customer_confirmed_it(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    request = ground.reading(card.bill_id, {"total": card.values["total"] + 8000}, "high")
    assert (await ground.backend.submit(request, idempotency_key="k")).status == "accepted"


async def test_less_than_an_estimated_bill_assumed_gives_the_difference_back(
    ground: Playground,
) -> None:
    card = await ground.who("lower reading")
    before = await ground.backend.debt(card.bill_id)
    values = {"total": card.values["total"] - 40}
    plain = await ground.backend.submit(ground.reading(card.bill_id, values), idempotency_key="1")
    assert plain.reason == "reading_below_last"
    confirmed = ground.reading(card.bill_id, values, "lower")
    assert (await ground.backend.submit(confirmed, idempotency_key="2")).status == "accepted"
    assert (await ground.backend.debt(card.bill_id)).amount < before.amount


async def test_a_second_reading_of_the_period_replaces_the_first_if_that_is_meant(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    first, second = ({"total": card.values["total"] + step} for step in (300, 120))
    one = await ground.backend.submit(ground.reading(card.bill_id, first), idempotency_key="1")
    again = await ground.backend.submit(ground.reading(card.bill_id, second), idempotency_key="2")
    assert again.reason == "already_billed"
    meant = ground.reading(card.bill_id, second, "repeated")
    two = await ground.backend.submit(meant, idempotency_key="3")
    assert one.bill is not None
    assert two.bill is not None
    assert two.bill.amount < one.bill.amount
    assert (await ground.backend.last_reading(card.bill_id)).values == second


async def test_a_settlement_is_answered_at_once_and_changes_no_reading(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    before = await ground.backend.debt(card.bill_id)
    request = ground.reading(
        card.bill_id, {"total": card.values["total"] + 150}, service="declare_debt_balance"
    )
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert (progress.status, progress.stage, progress.stages) == ("completed", 3, 3)
    debt, bill = progress.debt, progress.bill
    assert debt is not None
    assert bill is not None
    assert debt.amount > before.amount
    assert (debt.amount, debt.payment_id, debt.due) == (bill.amount, bill.payment_id, bill.due)
    assert (debt.fee, debt.as_of) == (50_000, TODAY)
    after = await ground.backend.last_reading(card.bill_id)
    assert (after.values, after.sent_on) == (card.values, None)
    later = await ground.backend.debt(card.bill_id)
    assert (later.amount, later.fee) == (before.amount, 50_000)


async def test_a_payment_lessens_the_debt_and_leaves_nothing_to_pay(ground: Playground) -> None:
    card = await ground.who("demo: single tariff")
    request = ground.reading(card.bill_id, {"total": card.values["total"] + 200})
    bill = (await ground.backend.submit(request, idempotency_key="k")).bill
    assert bill is not None
    order = {"bill_id": card.bill_id, "payment_id": bill.payment_id}
    status, _ = await ground.call("POST", "/sandbox/payments", json=order)
    assert status == 201
    assert (await ground.backend.debt(card.bill_id)).amount == 0
    newest = (await ground.backend.payments(card.bill_id))[0]
    assert (newest.amount, newest.payment_id) == (bill.amount, bill.payment_id)
    progress = await ground.backend.progress(request.tracking_code)
    assert (progress.bill, progress.sequence) == (None, 2)


async def test_a_payment_id_of_another_bill_is_not_taken(ground: Playground) -> None:
    one, other = (await ground.subscribers())[0], await ground.who("Friday")
    debt = await ground.backend.debt(one.bill_id)
    order = {"bill_id": other.bill_id, "payment_id": debt.payment_id}
    status, _ = await ground.call("POST", "/sandbox/payments", json=order)
    assert status == 400


async def test_a_whole_number_written_with_a_decimal_point_is_a_whole_number(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    request = ground.reading(card.bill_id, {"total": card.values["total"] + 100})
    request.fields["readings"][0]["value"] += 0.0
    assert (await ground.backend.submit(request, idempotency_key="k")).status == "accepted"
    assert (await ground.readings(card.bill_id))[0]["counters"] == {
        "total": card.values["total"] + 100
    }
