"""Conversations of callers on the demo page: its WebSocket, the page's line, and real time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conversations.case import Case, Turn, load
from tests.conversations.conftest import OpenWorld
from tests.conversations.page_telephone import PageCall, PageTelephone
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAMPLE = (
    "a single-tariff reading is filed step by step",
    "a multi-register meter is asked register by register and one figure is corrected",
    "a star in an entry takes back what was typed",
    "zero puts the caller through at a menu and where digits are asked",
    "after a call-back the caller comes back to the question",
    "a list is written where the caller wants it so",
    "a call that broke off goes on in the next one",
    "what was begun by SMS goes on by phone",
)
CASES = {case.name: case for case in load()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds(open_engine: OpenWorld) -> AsyncIterator[dict[bool, World]]:
    """By whether operators take calls."""
    async with open_engine("sqlite") as day, open_engine("sqlite", operator_hours="") as night:
        yield {True: day, False: night}


@pytest.mark.parametrize("name", SAMPLE)
async def test_the_conversation_goes_as_written(name: str, worlds: dict[bool, World]) -> None:
    case = CASES[name]
    await PageCall(worlds[case.operators], case).run()


async def test_a_key_cuts_a_prompt_short(worlds: dict[bool, World]) -> None:
    call = PageCall(worlds[True], Case(name="barge-in", turns=[]))
    await call.turn(Turn(call=True))
    telephone = call.telephone
    assert isinstance(telephone, PageTelephone)
    telephone.listens = False
    await call.turn(Turn(keys="1", hears=["شناسهٔ قبض"]))
    bill = telephone.frames[-1]["playback"]
    await call.turn(Turn(keys="{bill}#", hears=["رقم‌های سیاه"]))
    stopped = [frame["playback"] for frame in telephone.frames if frame["type"] == "stop"]
    assert bill in stopped
    await call.put_down()
    await call.close()
