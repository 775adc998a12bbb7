"""Real SIP calls through a real Asterisk into real Gooya processes: what callers hear, what is stored."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from dialogs.values import Progress
from tests.conversations.people import Cast
from tests.e2e.phone import LATE, Office, Phone, Prompts, fresh_number, key_of
from tests.servers.processes import until
from tests.servers.sip_caller import SipCaller

READING, PAYMENTS, TRACK = map(
    key_of, ("submit_meter_reading", "payment_history", "track_request")
)


@pytest.fixture(scope="session")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Prompts:
    """All clips, built once for all workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = Prompts(folder / "prompts")
    with (folder / "prompts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.build()
    return made


@pytest.fixture(scope="session")
def cast(seeded: Path) -> Cast:
    return Cast(list_subscribers(seeded))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory, prompts: Prompts, seeded: Path
) -> AsyncIterator[Office]:
    """One that every test leaves as it was; nobody calls twice from one number."""
    async with Office(tmp_path_factory.mktemp("office"), prompts, seeded) as running:
        yield running
        assert "Traceback" not in running.gooya.output()


@pytest.fixture
async def caller(office: Office) -> AsyncIterator[SipCaller]:
    async with SipCaller(office.asterisk.sip_port) as callers:
        yield callers


def figures_of(person: SubscriberCard) -> dict[str, int]:
    """What a customer may read on the meter today."""
    return {register: value + 30 for register, value in person.values.items()}


async def reading_of(office: Office, person: SubscriberCard) -> Progress:
    """Wait until the backend has the reading, and exactly that; its receipt."""
    await until(lambda: office.backend.requests(person.bill_id), "the reading is filed", LATE)
    assert office.backend.readings(person.bill_id) == [figures_of(person)]
    (progress,) = office.backend.requests(person.bill_id)
    return progress


async def identify(phone: Phone, person: SubscriberCard) -> None:
    """From the greeting to the first register."""
    await phone.hears("welcome", whole=False)
    await phone.presses(READING)
    await phone.hears("bill", whole=False)
    await phone.presses(bill_keys(person))


def bill_keys(person: SubscriberCard) -> str:
    return person.bill_id if len(person.bill_id) == 13 else f"{person.bill_id}#"


async def test_x(office: Office, caller: SipCaller, cast: Cast) -> None:
    person = cast.take("multi")
    number = fresh_number()
    prompts = office.prompts
    phone = await office.dial(caller, number)
    await phone.hears("welcome")
    await phone.hears("menu")
    await phone.hears(prompts.option(1, "option-service", service="submit_meter_reading"))
    await phone.presses(READING)
    await phone.hears("bill")
    await phone.presses(bill_keys(person))
    for register, figure in figures_of(person).items():
        await phone.hears("reading-register", register=register)
        await phone.presses(f"{figure}#")
    await phone.hears("reading-check", bill=person.bill_id)
    for register, figure in figures_of(person).items():
        await phone.hears("row-reading-register", register=register, value=figure)
    await phone.hears(prompts.option(1, "option-send"))
    assert not office.backend.requests(person.bill_id)
    await phone.presses("1")
    receipt = await reading_of(office, person)
    assert receipt.bill is not None
    told = {
        "code": receipt.tracking_code,
        "amount": receipt.bill.amount,
        "due": receipt.bill.due,
    }
    await phone.hears("reading-done-bill", **told)
    await phone.hears("kept-by-sms")
    await phone.hears("anything-else")
    assert not await office.messages(number)
    await phone.presses("2")
    await phone.hears("goodbye")
    await phone.ended()
    print([(s.name[:30], round(len(s.pcm)/8000,1)) for s in phone._heard], phone.trace)
    phone.check_order()
    assert phone.never_heard("payments-none")
    assert phone.never_heard("sorry-operator")
    (sms,) = await until(lambda: office.messages(number), "the codes come by SMS", LATE)
    assert re.findall(r"^[0-9]+$", sms, re.MULTILINE) == [
        receipt.tracking_code,
        receipt.bill.bill_id,
        receipt.bill.payment_id,
    ]
