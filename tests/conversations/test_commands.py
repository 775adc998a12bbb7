"""Every command at every question, and every wrong answer at the questions it is wrong at.

Generated from the command table, the answer types' tables and ``questions.py``; played in one world,
through the door.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bots.sms.optout import opt
from dialogs import commands
from dialogs.answers import ANSWERS, Answer, Wrong
from dialogs.calendar import tehran_today
from dialogs.carried import answers
from dialogs.commands import COMMANDS
from dialogs.entry import opening
from dialogs.messages import MESSAGES
from dialogs.nlu.entities import entities
from dialogs.replay import Asked
from gooya.clock import instant
from tests.answers.tables import WRONG
from tests.conversations.case import Case, Turn
from tests.conversations.conftest import OpenWorld
from tests.conversations.play import Play
from tests.conversations.questions import (
    ELSEWHERE,
    KEYED_QUESTIONS,
    QUESTIONS,
    TEXT_ONLY,
    Question,
    asked_in_flows,
    open_question,
    reach,
)
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEAVES = ("menu", "resume")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(open_engine: OpenWorld) -> AsyncIterator[World]:
    async with open_engine("sqlite") as world:
        world.over_http = False
        yield world


GIVEN = [
    pytest.param(question, command.name, form, id=f"{form} at {question.message}")
    for question in QUESTIONS
    for command in COMMANDS
    for form in (command.words[0], *command.signs.get("sms", ()))
]


@pytest.mark.parametrize(("question", "command", "form"), GIVEN)
async def test_a_command_is_answered_and_the_conversation_can_still_be_finished(
    question: Question, command: str, form: str, world: World
) -> None:
    play = _play(question, world)
    asked = await reach(play, question)
    if commands.by_word(form) is None and _takes(asked.ask.answer, form, world):
        return  # the question takes the sign as its answer: see the conversation about zero
    before = await _requests(play)
    replies = await _send(play, form)
    assert replies
    if command == "cancel":
        assert await _requests(play) == before
        return
    finish = question.finish
    if command in LEAVES and question.left is not None:
        finish = finish[question.left :]
    if command == "menu":
        await _send(play, "ادامه")
        finish = (*question.lost, *finish)
    elif command == "back":
        finish = (*question.again, *finish[question.left or 0 :])
    said: list[str] = []
    for text in finish:
        said += await _send(play, text)
    assert question.end[command == "language-en"] in "\n".join(said)


@pytest.mark.parametrize(
    "question", [pytest.param(question, id=question.message) for question in QUESTIONS]
)
async def test_every_wrong_answer_is_met_by_the_message_that_names_it(
    question: Question, world: World
) -> None:
    play = _play(question, world)
    asked = await reach(play, question)
    answer, today = asked.ask.answer, tehran_today(instant(world.clock()))
    met: set[str] = set()
    typed = [text for kind, text, _ in WRONG if kind.type == answer.type]
    for text in (*typed, "هههه"):
        if not text.strip() or _means_more(text):
            continue
        try:
            answer.parse(text, today=today)
        except Wrong as wrong:
            if _is_understood(text, asked, today):
                continue
            message = f"wrong-{answer.type}-{wrong.code}"
            expected = MESSAGES.text(message, "sms", "fa", wrong.args_)
            assert expected in "\n".join(await _send(play, text)), text
            met.add(wrong.code)
            assert (await open_question(world, play.phone)).ask.message == question.message
    assert met == set(ANSWERS[answer.type].codes)
    said: list[str] = []
    for text in question.finish:
        said += await _send(play, text)
    assert question.end[0] in "\n".join(said)


async def test_no_question_of_a_flow_is_missing_here() -> None:
    by_text = {question.message for question in QUESTIONS}
    by_phone = {question.message for question in KEYED_QUESTIONS}
    known = by_text | by_phone
    plain, patterns = asked_in_flows()
    assert by_text - by_phone == TEXT_ONLY
    assert plain - known == ELSEWHERE
    assert all(any(map(pattern.fullmatch, known)) for pattern in patterns)


_phones = itertools.count(1)


def _play(question: Question, world: World) -> Play:
    """A conversation of somebody new, from a phone that nobody wrote from before."""
    phone = f"+98937{next(_phones):07d}"
    return Play(world, Case(name=question.message, who=question.who, phone=phone, turns=[]))


def _takes(answer: Answer[Any], text: str, world: World) -> bool:
    try:
        answer.parse(text, today=tehran_today(instant(world.clock())))
    except Wrong:
        return False
    return True


def _means_more(text: str) -> bool:
    """Whether a text is a command, a wish or an opt-out wherever it is sent."""
    return bool(
        opt(text) or opening(text) or commands.by_word(text) or commands.by_sign(text, "sms")
    )


def _is_understood(text: str, asked: Asked, today: dt.date) -> bool:
    """Whether a text holds the answer all the same, or is taken for a wish where one is asked for."""
    if asked.ask.message == "menu":
        return any(map(str.isalpha, text))
    return asked.ask.answer.type in answers(entities(text, today))


async def _send(play: Play, text: str) -> list[str]:
    replies = await play.turn(Turn(send=text))
    apology = {MESSAGES.text("sorry", "sms", language, {}) for language in ("fa", "en")}
    assert not apology & set("\n".join(replies).split("\n"))
    return replies


async def _requests(play: Play) -> int:
    await play.world.forwarded()
    stored = await play.world.sandbox("GET", "requests")
    return sum(r["request"]["bill_id"] == play.person.bill_id for r in stored)
