"""Every key, silence and hanging up at every question that a caller can be asked.

Generated from ``questions.py``; played in two worlds, one outside the operators' working hours.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from operator import methodcaller

import pytest
import pytest_asyncio

from ivr.keypad import KEYS
from tests.conversations.calling import Call
from tests.conversations.case import Case, Turn
from tests.conversations.conftest import OpenWorld
from tests.conversations.questions import KEYED_QUESTIONS, KeyedQuestion
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIRMED = {("reading-check", "1"), ("debt-check", "1")}
"""Questions and keys that file something."""

_phones = itertools.count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds(open_engine: OpenWorld) -> AsyncIterator[dict[bool, World]]:
    """By whether operators take calls."""
    async with open_engine("sqlite") as day, open_engine("sqlite", operator_hours="") as night:
        yield {True: day, False: night}


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing in these conversations is worth an error in the log."""
    yield
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info] == []


@contextlib.asynccontextmanager
async def asked(question: KeyedQuestion, worlds: dict[bool, World]) -> AsyncIterator[Call]:
    """A caller, somebody new, who is being asked the question."""
    phone = f"+98938{next(_phones):07d}"
    case = Case(name=question.message, who=question.who, phone=phone, turns=[])
    call = Call(worlds[question.operators], case)
    await call.turn(Turn(call=True))
    if question.keys:
        await call.turn(Turn(keys=question.keys))
    if question.speaks:
        await call.turn(Turn(speak=True))
    if question.wait:
        await call.turn(Turn(hang_up=True))
        await call.turn(Turn(wait=question.wait, call=True))
    assert (await call.question()).message == question.message
    yield call
    await call.put_down()


at_every_question = pytest.mark.parametrize(
    "question", [pytest.param(question, id=question.message) for question in KEYED_QUESTIONS]
)


@at_every_question
@pytest.mark.parametrize("key", KEYS)
async def test_a_key_is_answered_and_files_nothing_but_what_is_confirmed(
    question: KeyedQuestion, key: str, worlds: dict[bool, World]
) -> None:
    async with asked(question, worlds) as call:
        before, said = await _requests(call), len(call.heard)
        telephone = call.telephone
        assert telephone is not None
        await call.press(key)
        if key == "#" and len(call.heard) == said:
            await call.press(key)  # the first one belonged to the entry that led here
        if telephone.caller.typed:
            await call.does(methodcaller("be_silent"))  # a longer entry: its time runs out
        if telephone.caller.phase != "recording" or key in "*#":
            assert len(call.heard) > said, "left in silence"
        if not telephone.ended:
            assert telephone.caller.phase in ("listening", "recording")
            assert (await call.question()).message
        filed = 1 if (question.message, key) in CONFIRMED else 0
        assert await _requests(call) == before + filed


@at_every_question
async def test_silence_is_met_by_the_question_again_and_by_good_bye_in_the_end(
    question: KeyedQuestion, worlds: dict[bool, World]
) -> None:
    async with asked(question, worlds) as call:
        before = await _requests(call)
        telephone = call.telephone
        assert telephone is not None
        is_recorded = telephone.caller.phase == "recording"
        for last in (False, False, True):
            said = len(call.heard)
            await call.does(methodcaller("be_silent"))
            assert len(call.heard) > said, "left in silence"
            if not last:
                assert (await call.question()).message == question.message
        assert telephone.ended == ("" if is_recorded else "hung up")
        assert await _requests(call) == before


@at_every_question
async def test_whoever_hangs_up_and_calls_again_can_go_on(
    question: KeyedQuestion, worlds: dict[bool, World]
) -> None:
    async with asked(question, worlds) as call:
        before = await _requests(call)
        await call.turn(Turn(hang_up=True))
        await call.turn(Turn(call=True))
        assert (await call.question()).message == (question.after or question.message)
        assert await _requests(call) == before


async def _requests(call: Call) -> int:
    await call.world.forwarded()
    bill = {"bill_id": call.person.bill_id}
    return len(await call.world.sandbox("GET", "requests", params=bill))
