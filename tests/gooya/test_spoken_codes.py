"""A one-time code on its way to a voice: what a turn records, and the calls that come of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bots.sms.gateway import SendError
from bots.sms.kavenegar import Kavenegar
from dialogs import limits
from dialogs.steps import SendCode
from dialogs.store import Outbound, Store
from dialogs.store.sqlite import SqliteStore
from gooya.database.engine import Database
from gooya.spoken_codes import (
    AGAIN_SECONDS,
    CHANNEL,
    USEFUL_SECONDS,
    CodeCalls,
    SpokenCode,
    by_gateway,
)
from ivr.line import LineError
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, START, House
from tests.gooya.test_effects import effect
from tests.servers.kavenegar_api import KEY, LINE, Fault, KavenegarApi
from tests.servers.processes import until

TEXT = "از شرکت توزیع برق. کد شما برای سوابق پرداخت"
DIGITS = "یک دو، سه چهار پنج"
SPOKEN = SendCode(BILL, "payment_history", spoken=True)


@pytest.fixture
async def speaking(open_store: OpenStore, database: Database) -> House:
    return House(open_store(), database, speaks_codes=True)


# -- what is recorded ----------------------------------------------------------------------------


async def test_a_spoken_code_is_recorded_for_a_call_to_the_registered_mobile(
    speaking: House,
) -> None:
    done = await speaking.effects.perform(effect(speaking, SPOKEN))
    (message,) = done.outbound
    assert (message.channel, message.to, message.conversation) == (CHANNEL, MOBILE, "")
    code = msgspec.json.decode(message.text, type=SpokenCode)
    assert code == SpokenCode(f"{CODE}", "payment_history", "fa", START + limits.CODE_LIFE)


async def test_a_call_and_an_sms_count_for_the_same_limit(speaking: House) -> None:
    steps = [SendCode(BILL, "payment_history"), SPOKEN, SPOKEN, SPOKEN]
    done = [
        (await speaking.effects.perform(effect(speaking, step, f"k{n}"))).result["status"]
        for n, step in enumerate(steps)
    ]
    assert done == ["sent", "sent", "sent", "limited"]


@pytest.mark.parametrize("step", [SendCode(BILL, "payment_history"), SPOKEN])
async def test_a_call_is_offered_for_a_subscription_without_a_number_too(
    speaking: House, step: SendCode
) -> None:
    speaking.utility.mobile = None
    done = await speaking.effects.perform(effect(speaking, step))
    assert done.result == {"status": "sent", "seal": "", "speakable": True}
    assert done.outbound == ()


@pytest.mark.parametrize(
    ("number", "offered"),
    [(MOBILE, False), ("+989350000001", False), ("+982188776655", True), ("", True)],
)
async def test_whoever_calls_from_a_mobile_is_offered_no_call_whichever_it_is(
    speaking: House, number: str, offered: bool
) -> None:
    asked = effect(speaking, SendCode(BILL, "payment_history"))
    asked.conversation.call, asked.conversation.address = "node/1", number
    assert (await speaking.effects.perform(asked)).result["speakable"] is offered


async def test_nothing_of_a_spoken_code_is_written_down(speaking: House) -> None:
    await speaking.say(f"پرداخت {BILL}")
    await speaking.say("1")
    written = str(speaking.transcript.lines)
    assert f"{CODE}" not in written
    assert f"{CODE}" not in str(await speaking.conversation())
    assert [line.text for line in speaking.transcript.lines if line.channel == CHANNEL] == ["•"]


# -- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "language", "text"),
    [
        (
            "payment_history",
            "fa",
            "از شرکت توزیع برق. کد شما برای سوابق پرداخت، یک دو، سه چهار پنج،"
            " تکرار می‌کنیم: یک دو، سه چهار پنج، این کد را به کسی ندهید.",
        ),
        (
            "link-phone",
            "en",
            "This is the electricity company. Your code to confirm your number in the messenger:"
            " one two, three four five, Once more: one two, three four five, Tell it to nobody.",
        ),
        (
            "own",
            "en",
            "This is the electricity company. Your code that opens what we keep of you:"
            " one two, three four five, Once more: one two, three four five, Tell it to nobody.",
        ),
    ],
)
def test_the_code_is_said_twice_digit_by_digit(purpose: str, language: str, text: str) -> None:
    assert SpokenCode("12345", purpose, language, START).text() == text


# -- the calls -----------------------------------------------------------------------------------


class Phones:
    """Calls of a queue that the test fills, on a clock that it moves."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = START
        self.said: list[str] = []
        self.failures: list[Exception] = []

    async def call(self, message: Outbound, code: SpokenCode) -> None:
        self.said.append(message.id)
        if self.failures:
            raise self.failures.pop(0)

    async def order(self, id_: str, *, life: float = limits.CODE_LIFE) -> None:
        code = SpokenCode("12345", "payment_history", "fa", self.now + life)
        await self.store.enqueue(code.outbound(id_, MOBILE), now=self.now)

    async def gone(self) -> None:
        async def is_empty() -> bool:
            return not await self.store.outbound_depth(CHANNEL)

        await until(is_empty, "nobody is left to call")


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    store = SqliteStore(tmp_path / "state.db")
    phones = Phones(store)
    calls = CodeCalls(store, phones.call, clock=lambda: phones.now)
    task = asyncio.create_task(calls.run())
    yield phones
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await calls.close()
    await store.close()


async def test_every_call_is_made_once_in_order(phones: Phones) -> None:
    for id_ in ("a", "b"):
        await phones.order(id_)
    await phones.gone()
    assert phones.said == ["a", "b"]


async def test_a_call_that_failed_is_made_once_more_and_then_given_up(phones: Phones) -> None:
    phones.failures = [LineError("nobody answers"), LineError("nobody answers")]
    await phones.order("a")
    await until(lambda: phones.said == ["a"], "the first call")
    phones.now += AGAIN_SECONDS + 1.0
    await phones.gone()
    assert phones.said == ["a", "a"]


async def test_a_call_that_is_refused_for_good_is_not_repeated(phones: Phones) -> None:
    phones.failures = [SendError("no such number", retryable=False)]
    await phones.order("a")
    await phones.gone()
    assert phones.said == ["a"]


async def test_nobody_is_called_with_a_code_that_ends_before_it_can_be_entered(
    phones: Phones,
) -> None:
    await phones.order("late", life=USEFUL_SECONDS - 1.0)
    await phones.gone()
    assert phones.said == []


# -- Kavenegar's calls ---------------------------------------------------------------------------


@pytest.fixture
async def kavenegar() -> AsyncIterator[tuple[KavenegarApi, Kavenegar]]:
    async def nothing(_: Any) -> None:
        return None

    api = KavenegarApi()
    await api.start()
    gateway = Kavenegar(
        key=KEY, line=LINE, secret="s", receive=nothing, report=nothing, base_url=api.url
    )
    await gateway.start()
    await until(lambda: api.calls["sms/receive"] == 2, "the inbox was read")
    yield api, gateway
    await gateway.close()
    await api.stop()


async def test_kavenegar_calls_the_mobile_and_reads_the_code_out(
    kavenegar: tuple[KavenegarApi, Kavenegar],
) -> None:
    api, gateway = kavenegar
    code = SpokenCode("12345", "payment_history", "fa", START)
    await by_gateway(gateway)(code.outbound("a", MOBILE), code)
    (call,) = api.spoken
    assert call.receptor == "09120000009"
    assert call.message.count(DIGITS) == 2
    assert call.message.startswith(TEXT)
    assert api.sent == [], "no SMS says it"


@pytest.mark.parametrize(("code", "retryable", "alarm"), [(418, True, True), (411, False, False)])
async def test_what_kavenegar_refuses_is_an_error_without_the_number_or_the_code(
    kavenegar: tuple[KavenegarApi, Kavenegar], code: int, retryable: bool, alarm: bool
) -> None:
    api, gateway = kavenegar
    api.faults.append(Fault(code))
    said = SpokenCode("12345", "payment_history", "fa", START)
    with pytest.raises(SendError) as caught:
        await by_gateway(gateway)(said.outbound("a", MOBILE), said)
    assert (caught.value.retryable, caught.value.alarm) == (retryable, alarm)
    assert str(caught.value) == f"Kavenegar returns {code}"
