"""Requests of the whole catalogue, along their stages to the end."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from backend_adapter.sandbox import Course, Stage
from backend_adapter.sandbox.calendar import utc_now
from dialogs.ids import payment_amount, payment_id_is_valid
from dialogs.services import CATALOGUE
from gooya.sandboxed import COURSES
from tests.backend.conftest import TODAY, Playground, Start

FIELDS: dict[str, dict[str, Any]] = {"prepayment": {"amount": 2_000_000}}
WITHOUT_SUBSCRIPTION = ("new_permanent_connection", "free_rate_connection")
OTHERWISE = ("submit_meter_reading", "declare_debt_balance", "withdraw_request")
"""Services whose requests carry something else and have tests of their own."""


async def refused(ground: Playground, code: str, **order: str) -> int:
    body = {"tracking_code": code, **order}
    status, _ = await ground.call("POST", "/sandbox/advance", json=body)
    return status


async def test_a_request_of_every_service_takes_the_usual_way_to_its_end(
    utility: Playground,
) -> None:
    card = await utility.who("may file anything")
    for service in CATALOGUE.values():
        if service.key in OTHERWISE or not service.stages:
            continue
        bill_id = None if service.key in WITHOUT_SUBSCRIPTION else card.bill_id
        code, progress = await utility.file(bill_id, service.key, **FIELDS.get(service.key, {}))
        assert (progress.status, progress.reason) == ("accepted", None), service.key
        way = [progress.stage]
        while progress.status != "completed":
            progress = await utility.advance(code)
            way.append(progress.stage)
            stage = COURSES[service.key].at(progress.stage)
            where = f"{service.key}: {stage.key}"
            assert (progress.scheduled_on is not None) == (stage.kind in ("visit", "date")), where
            assert (progress.cost is not None) == (stage.kind in ("terms", "agreement")), where
            assert (progress.refund is not None) == (stage.kind == "refund"), where
            assert (progress.result is None) or stage.kind in ("result", "decision"), where
            if progress.bill is not None:
                assert stage.kind == "invoice", where
                assert payment_id_is_valid(progress.bill.bill_id, progress.bill.payment_id), where
            elif stage.kind == "invoice":
                assert service.key in ("settle_account", "consolidate_bills"), where
        usual = [stage.key for stage in service.usual_way()]
        if service.key == "settle_account":
            usual = [key for key in usual if key not in ("balance_paid", "payment_confirmed")]
        assert [COURSES[service.key].at(number).key for number in way] == usual
        assert progress.stages == len(service.stages)


async def test_a_side_way_is_taken_on_demand_and_no_stage_is_jumped_to(
    utility: Playground,
) -> None:
    card = await utility.who("may file anything")
    course = COURSES["increase_power"]
    code, _ = await utility.file(card.bill_id, "increase_power")
    await utility.advance_to(code, course, "checked")
    assert await refused(utility, code, to="fee_paid") == 400
    assert await refused(utility, code, to="nowhere") == 400
    aside = await utility.advance(code, to="name_change_if_needed")
    assert course.at(aside.stage).key == "name_change_if_needed"
    assert course.at((await utility.advance(code)).stage).key == "site_visit"


async def test_the_utility_can_refuse_a_request_where_it_stands_and_only_once(
    utility: Playground,
) -> None:
    card = await utility.who("may file anything")
    code, _ = await utility.file(card.bill_id, "meter_test")
    await utility.advance_to(code, COURSES["meter_test"], "invoice")
    progress = await utility.advance(code, refuse="no_such_meter")
    assert (progress.status, progress.reason, progress.bill) == ("rejected", "no_such_meter", None)
    assert (progress.stage, progress.sequence) == (3, 4)
    assert await utility.advance(code) == progress
    assert await refused(utility, code, refuse="again") == 400
    assert await refused(utility, code, to="fee_paid") == 400


@pytest.mark.parametrize(
    "order",
    [
        {"refuse": "Not A Word"},
        {"refuse": "reason", "to": "meter_tested"},
        {"result": "meter_accurate"},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    utility: Playground, order: dict[str, str]
) -> None:
    code, _ = await utility.file((await utility.who("may file")).bill_id, "meter_test")
    assert await refused(utility, code, **order) == 400


async def test_time_takes_a_request_to_the_terms_and_no_further_without_the_customer(
    start: Start,
) -> None:
    ground = await start(services=COURSES, clock=utc_now, stage_seconds=0.02)
    card = await ground.who("may file anything")
    waiting, _ = await ground.file(card.bill_id, "reconnect")
    over, _ = await ground.file(card.bill_id, "meter_test")
    async with asyncio.timeout(20):
        while (await ground.backend.progress(over)).status != "completed":
            await asyncio.sleep(0.02)
    stage = COURSES["reconnect"].at((await ground.backend.progress(waiting)).stage)
    assert stage.kind == "agreement"


async def test_a_paid_fee_moves_its_request_alone(utility: Playground) -> None:
    card = await utility.who("must pay first")
    before = await utility.backend.debt(card.bill_id)
    one, _ = await utility.file(card.bill_id, "meter_test")
    other, _ = await utility.file(card.bill_id, "meter_replacement")
    billed = await utility.advance_to(one, COURSES["meter_test"], "invoice")
    await utility.advance_to(other, COURSES["meter_replacement"], "invoice")
    await utility.pay(billed.bill)
    paid = await utility.backend.progress(one)
    assert (COURSES["meter_test"].at(paid.stage).kind, paid.bill) == ("payment", None)
    assert (await utility.backend.progress(other)).bill is not None
    assert (await utility.backend.debt(card.bill_id)).amount == before.amount


async def test_the_fee_of_a_new_connection_comes_with_a_bill_id_of_its_own(
    utility: Playground,
) -> None:
    code, _ = await utility.file(None, "new_permanent_connection")
    billed = await utility.advance_to(code, COURSES["new_permanent_connection"], "invoice")
    assert billed.bill is not None
    assert billed.bill.bill_id not in {card.bill_id for card in await utility.subscribers()}
    await utility.pay(billed.bill)
    paid = await utility.backend.progress(code)
    assert COURSES["new_permanent_connection"].at(paid.stage).key == "fee_paid"


async def test_a_prepayment_is_billed_in_whole_thousands_and_becomes_a_credit(
    utility: Playground,
) -> None:
    card = await utility.who("nothing owed")
    code, _ = await utility.file(card.bill_id, "prepayment", amount=1_234_567)
    bill = (await utility.advance(code)).bill
    assert bill is not None
    assert (bill.amount, payment_amount(bill.payment_id)) == (1_234_000, 1_234_000)
    await utility.pay(bill)
    assert (await utility.backend.debt(card.bill_id)).amount == -1_234_000
    booked = await utility.advance(code)
    assert (booked.status, booked.result) == ("completed", "credited")


async def test_settling_an_account_bills_the_debt_and_a_paid_one_is_settled(
    utility: Playground,
) -> None:
    card = await utility.who("must pay first")
    code, _ = await utility.file(card.bill_id, "settle_account")
    billed = await utility.advance_to(code, COURSES["settle_account"], "invoice")
    assert billed.bill is not None
    assert billed.bill.amount == card.debt
    while (progress := await utility.advance(code)).status != "completed":
        assert progress.bill is None
    assert progress.result == "settled"
    assert (await utility.backend.debt(card.bill_id)).amount == 0
    payments = await utility.backend.payments(card.bill_id)
    assert (payments[0].paid_on, payments[0].amount) == (TODAY, card.debt)


async def test_who_is_in_credit_is_settled_without_a_payment(utility: Playground) -> None:
    card = await utility.who("in credit")
    code, _ = await utility.file(card.bill_id, "settle_account")
    told = await utility.advance_to(code, COURSES["settle_account"], "invoice")
    assert told.bill is None
    last = await utility.advance(code)
    assert (last.status, last.result) == ("completed", "settled")
    assert (await utility.backend.debt(card.bill_id)).amount == card.debt


async def test_a_consolidated_bill_is_the_sum_and_its_payment_clears_all(
    utility: Playground,
) -> None:
    single, multi = (await utility.subscribers())[:2]
    reading = utility.reading(
        multi.bill_id, {key: value + 30 for key, value in multi.values.items()}
    )
    await utility.backend.submit(reading, idempotency_key="k")
    debts = [(await utility.backend.debt(c.bill_id)).amount for c in (single, multi)]
    assert min(debts) > 0
    code, _ = await utility.file(single.bill_id, "consolidate_bills", other_bills=[multi.bill_id])
    billed = await utility.advance_to(code, COURSES["consolidate_bills"], "invoice")
    assert billed.bill is not None
    assert (billed.bill.bill_id, billed.bill.amount) == (single.bill_id, sum(debts))
    await utility.pay(billed.bill)
    assert (await utility.backend.progress(code)).status == "completed"
    for card in (single, multi):
        assert (await utility.backend.debt(card.bill_id)).amount == 0


@pytest.mark.parametrize(
    ("result", "key", "refund"),
    [
        ("meter_faulty", "bill_corrected_and_fee_refunded", 1_200_000),
        ("meter_accurate", "meter_replacement_started", None),
    ],
)
async def test_a_meter_test_ends_as_its_result_says(
    utility: Playground, result: str, key: str, refund: int | None
) -> None:
    course = COURSES["meter_test"]
    code, _ = await utility.file((await utility.who("may file")).bill_id, "meter_test")
    await utility.advance_to(code, course, "work")
    announced = await utility.advance(code, result=result)
    assert announced.result == result
    last = await utility.advance(code)
    assert (course.at(last.stage).key, last.refund, last.status) == (key, refund, "completed")


@pytest.mark.parametrize("key", ["bill_corrected", "bill_confirmed"])
async def test_a_reviewed_bill_is_corrected_or_confirmed(utility: Playground, key: str) -> None:
    code, _ = await utility.file((await utility.who("may file")).bill_id, "bill_review")
    await utility.advance_to(code, COURSES["bill_review"], "decision")
    last = await utility.advance(code, to=key)
    assert (last.status, last.result) == ("completed", key)


async def test_a_changed_mobile_is_registered_once_it_was_carried_out(
    utility: Playground,
) -> None:
    card = await utility.who("may file anything")
    code, _ = await utility.file(
        card.bill_id, "edit_customer_info", item="mobile", mobile="+989351112233"
    )
    assert (await utility.backend.contact(card.bill_id)).mobile == card.mobile
    await utility.advance_to(code, COURSES["edit_customer_info"], "work")
    assert (await utility.backend.contact(card.bill_id)).mobile == "+989351112233"


async def test_a_visit_is_three_days_ahead(utility: Playground) -> None:
    code, _ = await utility.file((await utility.who("may file")).bill_id, "change_tariff")
    visit = await utility.advance_to(code, COURSES["change_tariff"], "visit")
    assert visit.scheduled_on == TODAY + dt.timedelta(3)


@pytest.mark.parametrize(
    "stages",
    [
        (),
        (Stage("a", "received"), Stage("a", "work")),
        (Stage("a", "received", ("b",)),),
    ],
)
def test_a_service_whose_stages_do_not_hang_together_is_refused(stages: tuple[Stage, ...]) -> None:
    with pytest.raises(ValueError):
        Course(stages)
