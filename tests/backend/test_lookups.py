"""The port's look-ups, over a real connection."""

from __future__ import annotations

import datetime as dt

import pytest

from backend_adapter.port import ContractViolation, NotFound
from backend_adapter.rest import RestBackend
from dialogs.ids import payment_id_is_valid
from tests.backend.conftest import TODAY, Playground

UNKNOWN = "9174639504124"


async def test_a_subscription_is_known_by_its_bill_id_alone(ground: Playground) -> None:
    card = await ground.who("demo: multi-tariff")
    found = await ground.backend.subscription(card.bill_id)
    assert (found.bill_id, found.company, found.tariff) == (card.bill_id, "041", "household")
    assert found.registers == card.registers


async def test_the_last_reading_has_a_value_and_a_usual_use_for_every_register(
    ground: Playground,
) -> None:
    for card in await ground.subscribers():
        last = await ground.backend.last_reading(card.bill_id)
        ids = {register.id for register in card.registers}
        assert last.values == card.values
        assert set(last.values) == set(last.daily_use) == ids
        assert (last.read_on, last.sent_on) == (card.read_on, None)


async def test_usual_use_is_that_of_the_same_season_last_year(ground: Playground) -> None:
    card = await ground.who("demo: single tariff")
    last = await ground.backend.last_reading(card.bill_id)
    history = await ground.backend.consumption(card.bill_id)
    year_ago = TODAY - dt.timedelta(365)
    season = next(period for period in history if period.start <= year_ago < period.end)
    days = (season.end - season.start).days
    assert last.daily_use["total"] == pytest.approx(season.total_kwh / days, abs=0.01)


async def test_debts_come_with_a_payment_id_and_credits_without(ground: Playground) -> None:
    owing = await ground.backend.debt((await ground.who("demo: single tariff")).bill_id)
    assert owing.amount > 0
    assert owing.payment_id is not None
    assert payment_id_is_valid(owing.bill_id, owing.payment_id)
    assert owing.due is not None
    credit = await ground.backend.debt((await ground.who("in credit")).bill_id)
    assert credit.amount < 0
    assert credit.payment_id is None
    assert (await ground.backend.debt((await ground.who("nothing owed")).bill_id)).amount == 0


async def test_histories_come_newest_first_and_reach_two_years_back(ground: Playground) -> None:
    card = await ground.who("nothing owed")
    payments = await ground.backend.payments(card.bill_id)
    assert [p.paid_on for p in payments] == sorted((p.paid_on for p in payments), reverse=True)
    assert len(payments) == 12
    periods = await ground.backend.consumption(card.bill_id)
    assert [p.end for p in periods] == sorted((p.end for p in periods), reverse=True)
    assert (periods[0].end - periods[-1].start).days > 700


async def test_the_registered_mobile_may_be_missing(ground: Playground) -> None:
    demo = await ground.who("demo: single tariff")
    assert (await ground.backend.contact(demo.bill_id)).mobile == "+989121234567"
    without = await ground.who("no registered mobile")
    assert (await ground.backend.contact(without.bill_id)).mobile is None


async def test_unknown_subscriptions_and_requests_are_not_found(ground: Playground) -> None:
    backend = ground.backend
    for look_up in (
        backend.subscription,
        backend.last_reading,
        backend.debt,
        backend.payments,
        backend.consumption,
        backend.contact,
    ):
        with pytest.raises(NotFound) as caught:
            await look_up(UNKNOWN)
        assert UNKNOWN not in str(caught.value)
    with pytest.raises(NotFound):
        await backend.progress("4821907362")


async def test_what_is_no_identifier_reaches_no_other_path(ground: Playground) -> None:
    for odd in ("../requests", "1/debt", "", "۱۲۳۴۵۶۷۸", "1?x=1"):
        with pytest.raises(NotFound):
            await ground.backend.subscription(odd)


async def test_a_wrong_api_key_is_for_an_operator_to_mend(ground: Playground) -> None:
    stranger = RestBackend(ground.url, "wrong")
    try:
        with pytest.raises(ContractViolation) as caught:
            await stranger.debt(UNKNOWN)
        assert caught.value.http_status == 401
        assert "wrong" not in str(caught.value)
    finally:
        await stranger.close()
