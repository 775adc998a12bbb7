"""A Persian SMS in at fakesmsc, one reading in the backend, a tracking code out: through any crash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from backend_adapter.sandbox import SubscriberCard
from dialogs.text import persian_digits
from tests.e2e.loop import Loop, tracking_codes
from tests.servers.processes import until

LATE = 90.0
"""Seconds: what a killed process held may stay untouched for a minute (its leases)."""


@pytest.fixture
async def loop(
    tmp_path: Path, utility_folder: Path, engines: dict[str, str], ending: ExitStack
) -> AsyncIterator[Loop]:
    made = Loop(tmp_path, utility_folder, engines, ending)
    try:
        await made.start()
        yield made
    finally:
        await made.close()


async def confirm(loop: Loop, person: SubscriberCard) -> tuple[str, dict[str, int]]:
    """Write a whole reading in one message and agree to it; the phone, and what must be stored."""
    assert person.mobile is not None
    figure = person.values["total"] + 90
    await loop.write(person.mobile, f"قرائت {person.bill_id} {persian_digits(str(figure))}")
    await loop.reply(person.mobile, containing="ثبت شود")
    await loop.write(person.mobile, "۱")
    return person.mobile, {"total": figure}


async def check_outcome(loop: Loop, person: SubscriberCard, figures: dict[str, int]) -> None:
    """One reading, one request, and its tracking code at the phone."""
    assert person.mobile is not None
    await until(lambda: tracking_codes(loop.received(person.mobile or "")), "a code", LATE)

    async def stored() -> bool:
        return bool(await loop.sandbox.readings(person.bill_id))

    await until(stored, "the backend has the reading", LATE)
    assert await loop.sandbox.readings(person.bill_id) == [figures]
    (code,) = await loop.sandbox.tracking_codes(person.bill_id)
    assert set(tracking_codes(loop.received(person.mobile))) == {code}
    assert await loop.requests() == 1


async def test_a_reading_by_sms_becomes_one_reading_and_comes_back_with_a_tracking_code(
    loop: Loop, people: list[SubscriberCard]
) -> None:
    person = people[0]
    phone, figures = await confirm(loop, person)
    await loop.reply(phone, containing="کد پیگیری")
    await check_outcome(loop, person, figures)
    # Two parts or more over the air, whole on the phone, once.
    bill = await loop.reply(phone, containing="شناسه پرداخت")
    assert bill.endswith("هرگز اطلاعات کارت نمی‌خواهیم.")
    count = len(loop.received(phone))
    assert count in (2, 3)  # on a slow machine the bill comes after the receipt
    assert loop.phones.received()[-1].udh

    async def reported() -> bool:
        out = await loop.transcript("out")
        return [line.delivery for line in out] == ["delivered"] * count

    await until(reported, "the delivery reports are in the transcript")
    assert [line.text for line in await loop.transcript("out")] == loop.received(phone)
    said = [line.text for line in await loop.transcript("in")]
    assert said == [f"قرائت {person.bill_id} {persian_digits(str(figures['total']))}", "۱"]
    await until(lambda: loop.kannel.stored() == 0, "bearerbox has nothing left")
    log = loop.gooya.output()
    assert phone not in log
    assert person.bill_id not in log
    assert loop.gooya.stop() == 0, loop.gooya.output()[-2000:]


async def test_what_a_customer_sends_in_one_go_is_answered_in_order(
    loop: Loop, people: list[SubscriberCard]
) -> None:
    steps: list[tuple[str, str]] = []
    for person in people[:3]:
        assert person.mobile is not None
        steps += [
            (person.mobile, text)
            for text in ("قرائت", person.bill_id, str(person.values["total"] + 90), "1")
        ]
    for number in range(4):
        for phone, text in steps[number::4]:
            await loop.write(phone, text)
    for person in people[:3]:
        phone = str(person.mobile)
        await loop.reply(phone, containing="کد پیگیری")
        # On a slow machine the backend's answer comes later than the receipt, as a fifth.
        shown = [text.partition("\n")[0][:6] for text in loop.received(phone)[:4]]
        assert shown == ["شناسه ", "رقم کن", "قبض " + person.bill_id[:2], "قرائت "]
        await loop.reply(phone, containing="شناسه پرداخت")
        assert await loop.sandbox.readings(person.bill_id) == [
            {"total": person.values["total"] + 90}
        ]


async def test_kill_9_right_after_the_confirmation_changes_nothing_for_the_customer(
    loop: Loop, people: list[SubscriberCard]
) -> None:
    person = people[0]
    _, figures = await confirm(loop, person)
    await until(loop.requests, "the request is in the database")
    loop.gooya.kill()
    await loop.gooya.start()
    await check_outcome(loop, person, figures)


async def test_kill_9_while_the_backend_works_sends_the_reading_once(
    loop: Loop, people: list[SubscriberCard]
) -> None:
    person = people[0]
    fault = {"match": "submitRequest", "kind": "timeout_after_work", "seconds": 30}
    await loop.sandbox.call("POST", "faults", json=fault)
    _, figures = await confirm(loop, person)

    async def worked() -> bool:
        return bool(await loop.sandbox.readings(person.bill_id))

    await until(worked, "the backend has done the work")
    loop.gooya.kill()
    assert not tracking_codes(loop.received(str(person.mobile)))
    await loop.gooya.start()
    await check_outcome(loop, person, figures)
    assert len(tracking_codes(loop.received(str(person.mobile)))) == 1


async def test_kill_9_of_the_application_and_then_of_bearerbox_changes_nothing_either(
    loop: Loop, people: list[SubscriberCard]
) -> None:
    person, other = people[:2]
    _, figures = await confirm(loop, person)
    await until(loop.requests, "the request is in the database")
    loop.gooya.kill()
    # A message that arrives while nobody is there must survive bearerbox too.
    await loop.write(str(other.mobile), f"قرائت {other.bill_id}")
    await until(lambda: loop.kannel.holds(str(other.mobile)), "bearerbox has stored it")
    await loop.kill_kannel()
    await loop.restart_kannel()
    await loop.gooya.start()
    await check_outcome(loop, person, figures)
    await loop.reply(str(other.mobile), containing="رقم کنتور", seconds=LATE)
