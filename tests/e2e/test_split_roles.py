"""Two web processes and a worker on one Redis and one PostgreSQL, behind Kavenegar's webhooks."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from backend_adapter.sandbox import SubscriberCard
from bots.sms.addresses import normalise_mobile
from tests.e2e.loop import tracking_codes
from tests.servers.gooya import Gooya, Sandbox
from tests.servers.kavenegar_api import KEY, LINE, Inbox, KavenegarApi
from tests.servers.processes import until

SECRET = "webhook-secret"
LATE = 90.0
"""Seconds: what a killed process held may stay untouched for a minute (its leases)."""


class Company:
    """The processes of one company, and the cloud that calls them."""

    def __init__(
        self, folder: Path, utility_folder: Path, engines: dict[str, str], cloud: KavenegarApi
    ) -> None:
        self.cloud = cloud
        settings = {
            **engines,
            "GOOYA_SECRET": "the same in every process",
            "GOOYA_SMS_GATEWAY": "kavenegar",
            "GOOYA_SMS_LINE": LINE,
            "GOOYA_SMS_SECRET": SECRET,
            "GOOYA_SMS_KAVENEGAR_KEY": KEY,
            "GOOYA_SMS_KAVENEGAR_URL": cloud.url,
        }
        self.webs = [Gooya(folder / f"web-{n}", settings, role="web") for n in (1, 2)]
        self.worker = Gooya(folder / "worker", settings, role="worker")
        self.sandbox = Sandbox(utility_folder, events_url=f"{self.webs[0].url}/backend/events")
        for process in (*self.webs, self.worker):
            process.settings.update(self.sandbox.access)
        self._turn = itertools.cycle(self.webs)

    async def start(self, ending: ExitStack) -> None:
        processes: tuple[Sandbox | Gooya, ...] = (self.sandbox, *self.webs, self.worker)
        for process in processes:
            ending.callback(process.stop)
        await asyncio.gather(*(process.start() for process in processes))

    async def push(self, sms: Inbox, web: Gooya | None = None) -> int:
        """Call the webhook of ``web``, or of each in turn; the status, 0 without an answer."""
        url = f"{(web or next(self._turn)).url}/sms/kavenegar?secret={SECRET}"
        try:
            return await self.cloud.push(url, sms)
        except aiohttp.ClientError:
            return 0

    async def write(self, phone: str, text: str) -> None:
        assert await self.push(self.cloud.write(phone, text)) == 200

    def received(self, phone: str) -> list[str]:
        return [s.message for s in self.cloud.sent if normalise_mobile(s.receptor) == phone]

    async def wait_for(self, phone: str, count: int) -> list[str]:
        what = f"{count} messages at a phone"
        await until(lambda: len(self.received(phone)) >= count, what, LATE)
        return self.received(phone)


@pytest.fixture
async def company(
    tmp_path: Path, utility_folder: Path, shared_engines: dict[str, str], ending: ExitStack
) -> AsyncIterator[Company]:
    cloud = KavenegarApi()
    await cloud.start()
    try:
        made = Company(tmp_path, utility_folder, shared_engines, cloud)
        await made.start(ending)
        yield made
        # Not in this thread: the cloud answers what is under way.
        await asyncio.to_thread(ending.close)
    finally:
        await cloud.stop()


def reading(person: SubscriberCard) -> str:
    return f"قرائت {person.bill_id} {person.values['total'] + 90}"


async def test_dialogs_that_alternate_between_two_webs_are_answered_once_by_the_worker(
    company: Company, people: list[SubscriberCard]
) -> None:
    async def talk(person: SubscriberCard) -> None:
        phone = str(person.mobile)
        await company.write(phone, reading(person))
        await company.wait_for(phone, 1)
        await company.write(phone, "1")
        await until(lambda: "شناسه پرداخت" in company.received(phone)[-1], "the bill", LATE)

    await asyncio.gather(*map(talk, people))
    for person in people:
        asked, *answers = company.received(str(person.mobile))
        assert "ثبت شود" in asked
        assert len(answers) in (1, 2)  # on a slow machine the bill comes after the receipt
        assert tracking_codes(answers) == await company.sandbox.tracking_codes(person.bill_id)
        assert await company.sandbox.readings(person.bill_id) == [
            {"total": person.values["total"] + 90}
        ]
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{company.worker.url}/sms/kavenegar?secret={SECRET}") as answer,
    ):
        assert answer.status == 404, "a worker takes no inbound messages"


async def test_a_killed_web_loses_nothing_that_it_acknowledged(
    company: Company, people: list[SubscriberCard]
) -> None:
    first, second = company.webs
    messages = [company.cloud.write(str(p.mobile), reading(p), read=True) for p in people]
    acknowledged = 0

    async def push(sms: Inbox) -> int:
        nonlocal acknowledged
        status = await company.push(sms, first)
        acknowledged += status == 200
        if acknowledged == len(people) // 3:
            first.kill()
        return status

    statuses = await asyncio.gather(*map(push, messages))
    assert 200 in statuses
    # The cloud repeats what was not acknowledged, and (its answer being lost) what was.
    repeated = await asyncio.gather(*(company.push(sms, second) for sms in messages))
    assert set(repeated) == {200}
    for person in people:
        (asked,) = await company.wait_for(str(person.mobile), 1)
        assert "ثبت شود" in asked
    await first.start()
    for person in people[:4]:
        await company.write(str(person.mobile), "1")
        answers = await company.wait_for(str(person.mobile), 2)
        assert len(answers) in (2, 3)  # the bill may come after the receipt
        assert len(tracking_codes(answers)) == 1


async def test_a_killed_worker_leaves_the_receipt_and_the_timer_to_the_next(
    company: Company, people: list[SubscriberCard]
) -> None:
    person = people[0]
    phone = str(person.mobile)
    fault = {"match": "submitRequest", "kind": "timeout_after_work", "seconds": 30}
    await company.sandbox.call("POST", "faults", json=fault)
    await company.write(phone, reading(person))
    await company.wait_for(phone, 1)
    await company.write(phone, "1")

    async def worked() -> bool:
        return bool(await company.sandbox.readings(person.bill_id))

    await until(worked, "the backend has done the work")
    company.worker.kill()
    await company.worker.start()
    _, receipt, *_ = await company.wait_for(phone, 2)
    assert "قرائت شما ثبت شد" in receipt
    assert tracking_codes([receipt]) == await company.sandbox.tracking_codes(person.bill_id)


async def test_a_worker_that_was_away_answers_everything_in_order_when_it_is_back(
    company: Company, people: list[SubscriberCard]
) -> None:
    person = people[0]
    phone = str(person.mobile)
    # Not in this thread: the cloud answers the poll that it began with.
    assert await asyncio.to_thread(company.worker.stop) == 0
    for text in ("قرائت", person.bill_id, str(person.values["total"] + 90), "1"):
        await company.write(phone, text)
    assert not company.received(phone)
    await company.worker.start()
    # On a slow machine the backend's answer comes later than the receipt, as a fifth.
    answers = (await company.wait_for(phone, 4))[:4]
    assert [text[:6] for text in answers] == [
        "شناسه ",
        "رقم کن",
        f"قبض {person.bill_id[:2]}",
        "قرائت ",
    ]
