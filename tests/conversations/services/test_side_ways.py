"""What not every request comes to: terms that are declined, refunds, refusals, debts, other applicants; and
calls that go on in writing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend_adapter.sandbox import SubscriberCard
from dialogs.calendar import tehran_today
from dialogs.services import SERVICES
from gooya import clock as clocks
from tests.conversations.services.by_phone import ByPhone
from tests.conversations.services.by_sms import BySms
from tests.conversations.services.cells import CUSTOMERS, filed, fits, opening_words
from tests.conversations.services.customer import Customer
from tests.conversations.services.in_chat import InChat
from tests.conversations.services.life import Life
from tests.conversations.services.truth import Truth
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

Kind = Callable[[SubscriberCard], bool]


def usual(card: SubscriberCard) -> bool:
    return fits("meter_test", card)


def in_credit(card: SubscriberCard) -> bool:
    single = tuple(register.id for register in card.registers) == ("total",)
    plain = single and card.person == "natural" and card.same_name
    return plain and bool(card.mobile) and card.debt < 0 and not card.hint


def in_debt(card: SubscriberCard) -> bool:
    return fits("settle_account", card)


def customer_for(
    world: World, service: str, channel: str, kind: Kind = usual, **chooses: str
) -> Customer:
    """Somebody of this kind who was not played before in this world."""
    card = next(c for c in world.cast.cards if kind(c) and c.bill_id not in world.cast.taken)
    world.cast.taken.add(card.bill_id)
    today = tehran_today(clocks.instant(world.clock()))
    return CUSTOMERS[channel](world, Truth(service, card, today, chooses=chooses))


async def life_of(customer: Customer) -> Life:
    """Ask for the service; the request that comes of it."""
    await customer.ask_for(*opening_words(customer.truth))
    return await filed(customer.world, customer)


async def follow(life: Life, *ways: str) -> None:
    by_key = {stage.key: stage for stage in life.service.stages}
    for key in ways:
        await life.reach(by_key[key])


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_request_is_archived_when_its_terms_are_declined(
    channel: str, world: World
) -> None:
    customer = customer_for(world, "reconnect", channel)
    life = await life_of(customer)
    await follow(life, "form_approved_by_office", "terms_announced", "archived")
    assert "بایگانی" in await customer.track(life.code)


async def test_a_customer_in_credit_gets_it_back_instead_of_an_invoice(world: World) -> None:
    customer = customer_for(world, "decrease_power", "sms", in_credit)
    life = await life_of(customer)
    ways = ("form_approved_by_office", "site_visit", "terms_announced", "refund")
    await follow(life, *ways, "execution_date_announced", "executed_by_company")
    [told] = life.told["refund"][1:]
    assert "ریال" in told or "تومان" in told
    assert (await life.progress()).status == "completed"


async def test_a_request_under_another_name_waits_for_the_change_of_name(world: World) -> None:
    life = await life_of(customer_for(world, "increase_power", "messenger"))
    await follow(life, "form_approved_by_office", "name_change_if_needed", "site_visit")


async def test_a_meter_that_is_right_is_replaced_all_the_same(world: World) -> None:
    life = await life_of(customer_for(world, "meter_test", "sms"))
    await life.to_the_end(
        *[stage.key for stage in life.service.usual_way()][1:-2],
    )
    by_key = {stage.key: stage for stage in life.service.stages}
    await life.reach(by_key["result_announced"], result="meter_accurate")
    await follow(life, "meter_replacement_started")
    assert (await life.progress()).status == "completed"


async def test_a_bill_that_is_right_stays_as_it_is(world: World) -> None:
    life = await life_of(customer_for(world, "bill_review", "messenger"))
    await follow(life, "form_approved_by_office", "bill_reviewed", "bill_confirmed")
    assert (await life.progress()).status == "completed"


async def test_a_meter_is_tested_before_it_is_removed_where_that_is_needed(world: World) -> None:
    life = await life_of(customer_for(world, "permanent_removal", "call"))
    await follow(life, "form_approved_by_office", "meter_tested", "documents_sent_to_company")
    await life.to_the_end()
    assert (await life.progress()).refund


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_request_that_is_refused_is_told_once_with_the_reason(
    channel: str, world: World
) -> None:
    customer = customer_for(world, "meter_replacement", channel)
    life = await life_of(customer)
    await life.advance(refuse="debt")
    await life.ends()
    [told] = await customer.news()
    assert life.code in told or channel == "messenger"
    assert "بدهی" in told
    assert "بدهی" in await customer.track(life.code)


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_debt_is_told_first_and_the_request_goes_on_when_it_is_paid(
    channel: str, world: World
) -> None:
    customer = customer_for(world, "change_tariff", channel, in_debt)
    await life_of(customer)
    assert customer.asked["form-debt-paid"] == 1


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_request_that_is_open_is_shown_instead_of_filed_again(
    channel: str, world: World
) -> None:
    customer = customer_for(world, "meter_test", channel)
    life = await life_of(customer)
    again = customer.again(Truth("meter_test", customer.card, customer.truth.today))
    await again.ask_for(*opening_words(again.truth))
    assert life.code in again.codes()
    await world.forwarded()
    stored = await world.sandbox("GET", "requests")
    bill = customer.card.bill_id
    assert len([one for one in stored if one["request"].get("bill_id") == bill]) == 1


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_who_lives_there_under_another_name_is_told_what_to_do_first(
    channel: str, world: World
) -> None:
    def differs(card: SubscriberCard) -> bool:
        return bool(card.mobile) and not card.same_name and card.debt <= 0

    customer = customer_for(world, "temporary_removal", channel, differs)
    await customer.ask_for(*opening_words(customer.truth))
    told = customer.told
    if isinstance(customer, ByPhone):
        told = [" ".join(prompt) for prompt in customer.telephone.heard]
    assert "تغییر نام" in "\n".join(told)
    assert customer.codes() == []


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_company_is_asked_for_its_own_id_and_its_representative(
    channel: str, world: World
) -> None:
    customer = customer_for(world, "change_name", channel, person="legal", use="other")
    await life_of(customer)
    assert {"company_id", "representative_name", "letter_date"} <= customer.truth.given.keys()
    assert "birth_date" not in customer.truth.given


@pytest.mark.parametrize("channel", CUSTOMERS)
async def test_a_shop_is_asked_for_its_licence(channel: str, world: World) -> None:
    customer = customer_for(world, "change_tariff", channel, use="other")
    await life_of(customer)
    assert {"activity", "licence", "licence_expires"} <= customer.truth.given.keys()


ITEMS = next(i for i in SERVICES["edit_customer_info"].inputs if i.key == "item").possible()


@pytest.mark.parametrize("channel", CUSTOMERS)
@pytest.mark.parametrize("item", ITEMS)
async def test_every_item_of_the_customers_data_can_be_changed(
    item: str, channel: str, world: World
) -> None:
    customer = customer_for(world, "edit_customer_info", channel, item=item)
    await life_of(customer)
    assert item in customer.truth.given


LEFT_AT = {
    "repair_metering_equipment": "form-check",
    "split_connection": "ask-choice",
    "temporary_removal": "form-check",
    "new_permanent_connection": "ask-national_id",
    "household_code": "ask-another",
}


@pytest.mark.parametrize("then", ["sms", "messenger"])
@pytest.mark.parametrize("service", LEFT_AT)
async def test_a_call_that_ended_goes_on_in_writing(service: str, then: str, world: World) -> None:
    caller = customer_for(world, service, "call")
    assert isinstance(caller, ByPhone)
    await caller.open()
    left = await caller.finish(LEFT_AT[service])
    assert left is not None
    await caller.close()
    assert any("ادامه" in text for text in caller.told), f"nobody says how: {caller.told}"
    caller.truth.is_spoken = False
    writer = CUSTOMERS[then](world, caller.truth)
    assert isinstance(writer, BySms | InChat)
    if isinstance(writer, InChat):
        await writer.share()
    await writer.write("ادامه")
    await writer.finish()
    await writer.close()
    again = {key for key in caller.asked if writer.asked[key]} - {"code", "person-id", "form-check"}
    assert not again
    await filed(world, writer)


async def test_who_is_offered_a_long_form_by_phone_can_go_on_in_writing_at_once(
    world: World,
) -> None:
    caller = customer_for(world, "new_permanent_connection", "call")
    assert isinstance(caller, ByPhone)
    await caller.open()
    ask = await caller.finish("form-long")
    assert ask is not None
    caller.telephone.press("2")
    await world.settle_call(caller.telephone)
    assert caller.telephone.ended == "hung up"
    await caller.close()
    assert any("ادامه" in text for text in caller.told)
    caller.truth.is_spoken = False
    writer = BySms(world, caller.truth)
    await writer.write("ادامه")
    await writer.finish()
    await filed(world, writer)
