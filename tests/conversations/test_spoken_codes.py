"""A code that comes by a call, asked for in writing, on the phone and in a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conversations.calling import Call
from tests.conversations.case import Case, Turn
from tests.conversations.chatting import Chat
from tests.conversations.conftest import ENGINES, OpenWorld
from tests.conversations.play import Play
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFER = "شنیدن کد با تماس"
SAID = "یک دو، سه چهار پنج"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def world(request: pytest.FixtureRequest, open_engine: OpenWorld) -> AsyncIterator[World]:
    async with open_engine(request.param, chats=True, spoken_codes="simulator") as world:
        yield world


def case(*turns: Turn, phone: str = "{mobile}", who: str = "single") -> Case:
    return Case(name="a call with a code", who=who, phone=phone, turns=list(turns))


async def called(world: World, play: Play) -> str:
    """What the registered mobile got: messages, and what calls said."""
    return "\n".join(await world.inbox(str(play.person.mobile)))


async def test_who_writes_is_called_and_enters_the_code_of_the_call(world: World) -> None:
    written = case(
        Turn(send="پرداخت {bill}", expect=["کد به موبایل ثبت‌شده", f"۱ {OFFER}"]),
        Turn(send="1", expect=["تماس می‌گیریم", SAID], absent=[OFFER]),
        Turn(send="11111", expect=["کد درست نیست"], absent=[OFFER]),
        Turn(send="{otp}", expect=["پرداخت در دو سال"]),
    )
    await Play(world, written).run()


async def test_a_bill_without_a_number_is_answered_the_same_and_nobody_is_called(
    world: World,
) -> None:
    unknown = case(
        Turn(send="پرداخت {bill}", expect=["کد به موبایل ثبت‌شده", f"۱ {OFFER}"], messages=1),
        Turn(send="1", expect=["تماس می‌گیریم"], absent=[SAID], messages=1),
        who="no_mobile",
    )
    await Play(world, unknown).run()


async def test_who_calls_from_a_landline_keys_in_one_and_then_the_code_of_the_other_phone(
    world: World,
) -> None:
    by_phone = case(
        Turn(call=True),
        Turn(keys="{to.payment_history}"),
        Turn(keys="{bill}#", hears=["وارد کنید", f"برای {OFFER} عدد یک"]),
        Turn(keys="1#", hears=["تماس می‌گیریم"], not_hears=[OFFER]),
        Turn(keys="{otp}", hears=["پرداخت"]),
        Turn(hang_up=True),
        phone="{landline}",
    )
    play = Call(world, by_phone)
    await play.run()
    assert SAID in await called(world, play)


async def test_who_calls_from_a_mobile_is_offered_none_since_that_line_may_be_busy(
    world: World,
) -> None:
    by_phone = case(
        Turn(call=True),
        Turn(keys="{to.payment_history}"),
        Turn(keys="{bill}#", hears=["وارد کنید"], not_hears=[OFFER]),
        Turn(keys="{otp}", hears=["پرداخت"]),
        Turn(hang_up=True),
    )
    await Call(world, by_phone).run()


async def test_an_account_whose_number_is_not_the_registered_one_presses_the_button(
    world: World,
) -> None:
    in_chat = case(
        Turn(send="پرداخت {bill}", expect=["شماره"]),
        Turn(contact="own", expect=["کد به موبایل ثبت‌شده", OFFER]),
        Turn(press=OFFER, expect=["تماس می‌گیریم"], absent=[OFFER], sms=[SAID]),
        Turn(send="{otp}", expect=["پرداخت در دو سال"], pictures=1),
    )
    await Chat(world, in_chat, "telegram").run()
