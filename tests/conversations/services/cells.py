"""Thirty services on three channels: every cell a conversation, and the life of what it filed."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from backend_adapter.sandbox import SubscriberCard
from dialogs.calendar import tehran_today
from dialogs.services import SERVICES
from gooya import clock as clocks
from tests.conversations.services import listening
from tests.conversations.services.by_phone import ByPhone
from tests.conversations.services.by_sms import BySms
from tests.conversations.services.customer import Customer
from tests.conversations.services.in_chat import InChat
from tests.conversations.services.life import Life
from tests.conversations.services.truth import Truth
from tests.conversations.world import World

CHANNELS: Final = ("sms", "call", "messenger")
CUSTOMERS: Final[dict[str, type[Customer]]] = {
    "sms": BySms,
    "call": ByPhone,
    "messenger": InChat,
}
READINGS: Final = ("submit_meter_reading", "declare_debt_balance")
ABOUT_REQUESTS: Final = ("withdraw_request", "track_request")
"""Services about a request that was filed before."""
BEFORE: Final = "meter_test"
"""What that is a request for."""


DONE: Final = ("انجام شد: ", "به پایان رسیده است")
"""What tracking says of a request that came to its end, in writing and by phone."""


class Counts(msgspec.Struct, frozen=True):
    """What the shortest way took. Zero for what the channel doesn't have."""

    sent: int = 0
    """SMS written by the customer."""
    received: int = 0
    """SMS that came, the one-time code among them."""
    segments: int = 0
    """Of those."""
    seconds: float = 0.0
    """Of listening."""
    shown: int = 0
    """Messages of the chat."""
    done: int = 0
    """Buttons pressed, messages and photos sent in it."""
    news: int = 0
    """Messages that told of the stages afterwards."""


def fits(service: str, card: SubscriberCard) -> bool:
    """Whether somebody can ask for the service in the shortest way."""
    if not card.mobile or not card.same_name or card.estimated or card.hint:
        return False
    if service == "change_energy_demand_option":
        return card.tariff == "industrial" and card.debt <= 0
    single = tuple(register.id for register in card.registers) == ("total",)
    room = all(10**r.digits - card.values[r.id] > 10_000 for r in card.registers)
    owes = service in ("consolidate_bills", "settle_account")
    natural = card.person == "natural" and not card.shared
    return single and room and natural and (card.debt > 0 if owes else card.debt == 0)


def person_for(cards: list[SubscriberCard], service: str, channel: str) -> SubscriberCard:
    """Somebody who plays this cell and no other, the same every time."""
    found = [card for card in cards if fits(service, card)]
    if service == "change_energy_demand_option":
        return found[CHANNELS.index(channel)]
    return found[CHANNELS.index(channel) * len(SERVICES) + list(SERVICES).index(service)]


def second_for(cards: list[SubscriberCard], service: str, channel: str) -> SubscriberCard:
    """Another subscription for the same cell."""
    found = [card for card in cards if fits("consolidate_bills", card)]
    return found[-1 - CHANNELS.index(channel) * len(SERVICES) - list(SERVICES).index(service)]


async def play(world: World, service: str, channel: str) -> tuple[Counts, Customer]:
    """Play a cell to its end. AssertionError or TimeoutError where it doesn't get there."""
    cards = world.cast.cards
    today = tehran_today(clocks.instant(world.clock()))
    card = person_for(cards, service, channel)
    truth = Truth(service, card, today, second=second_for(cards, service, channel).bill_id)
    customer = CUSTOMERS[channel](world, truth)
    if service in ABOUT_REQUESTS:
        before = customer.again(Truth(BEFORE, card, today))
        await before.ask_for(*opening_words(before.truth))
        truth.code = (await filed(world, before)).code
        customer = before.again(truth)
    await customer.ask_for(*opening_words(truth))
    counts = await count(customer)
    if SERVICES[service].stages:
        life = await filed(world, customer)
        await life.to_the_end()
        news = sum(map(len, life.told.values()))
        counts = msgspec.structs.replace(counts, news=news)
        assert (await life.progress()).status == "completed"
        said = await customer.track(life.code)
        assert any(words in said for words in DONE), f"tracking says {said!r}"
    return counts, customer


def opening_words(truth: Truth) -> tuple[str, ...]:
    """What goes with the keyword in one message."""
    inputs = SERVICES[truth.service].inputs
    if truth.service in ABOUT_REQUESTS:
        return (truth.code,)
    if truth.service in READINGS:
        return (truth.card.bill_id, *map(str, truth.counters().values()))
    return (truth.card.bill_id,) if inputs and inputs[0].key == "bill" else ()


async def filed(world: World, customer: Customer) -> Life:
    """The request that was filed: it is with the utility once, with all that was said."""
    await world.forwarded()
    truth = customer.truth
    stored = await world.sandbox("GET", "requests")
    codes = customer.codes()
    found = [
        one["request"]
        for one in stored
        if one["request"]["tracking_code"] in codes and one["request"]["service"] == truth.service
    ]
    assert len(found) == 1, f"{len(found)} requests of the codes told are with the utility"
    [request] = found
    if request.get("bill_id"):
        same = [
            one
            for one in stored
            if one["request"].get("bill_id") == request["bill_id"]
            and one["request"]["service"] == truth.service
        ]
        assert len(same) == 1, "it was filed more than once"
    check_fields(truth, request)
    return Life(world, customer, truth.service, request["tracking_code"])


def check_fields(truth: Truth, request: dict[str, Any]) -> None:
    """Everything that was said is with the utility as it was meant, and nothing needed is missing."""
    service, fields = SERVICES[truth.service], request.get("fields", {})
    for key, value in truth.given.items():
        carried = fields.get(key)
        if value == "recording":
            assert str(carried).startswith("recording:"), f"{key} is {carried!r}"
        else:
            assert carried == value, f"{key} is {carried!r}, not {value!r}"
    if truth.service in READINGS:
        counters = {one["register"]: one["value"] for one in fields["readings"]}
        assert counters == truth.counters()
        return
    for wanted in service.inputs:
        if wanted.key != "bill" and wanted.asked(fields) and not wanted.optional:
            assert wanted.key in fields, f"{wanted.key} is missing"
    bill = request.get("bill_id")
    needs_bill = any(wanted.key == "bill" for wanted in service.inputs)
    assert not needs_bill or bill == truth.card.bill_id


async def count(customer: Customer) -> Counts:
    """What it took until now."""
    if isinstance(customer, BySms):
        told = len(customer.told)
        return Counts(sent=customer.sent, received=told, segments=customer.segments)
    if isinstance(customer, ByPhone):
        heard = await listening.seconds(clips for _, clips in customer.listened)
        return Counts(seconds=round(sum(heard), 1), received=len(customer.told))
    assert isinstance(customer, InChat)
    return Counts(shown=len(customer.shown), done=customer.done, received=len(customer.elsewhere))
