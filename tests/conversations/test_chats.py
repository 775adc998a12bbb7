"""The conversations of ``cases/`` in the chats of a messenger, over the Bot API.

Each messenger gets its updates by webhook on one pair of engines and by polling on the other
(``messengers.WAYS``), and both are accounts of the same process.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import pytest_asyncio

from bots.telegram.webhook import HEADER as SECRET_HEADER
from tests.conversations.case import Case, Turn, load
from tests.conversations.chatting import Chat
from tests.conversations.conftest import ENGINES, OpenWorld
from tests.conversations.messengers import Messenger, Person
from tests.conversations.questions import QUESTIONS, Question
from tests.conversations.test_conversations import NIGHT
from tests.conversations.world import PATIENCE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES = [case for case in load() if case.by_messenger]
ALONE = {"sqlite": "telegram", "redis+postgresql": "bale"}
"""Who plays the conversations that need a world of their own, by engine."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def world(request: pytest.FixtureRequest, open_engine: OpenWorld) -> AsyncIterator[World]:
    async with open_engine(request.param, chats=True) as world:
        yield world


@pytest.mark.parametrize(
    ("case", "messenger"),
    [
        pytest.param(case, messenger, id=f"{case.name}, {messenger}")
        for case in CASES
        for messenger in ("telegram", "bale")
        if not case.alone and not (case.words and messenger == "bale")
    ],
)
async def test_the_conversation_goes_as_written(case: Case, messenger: str, world: World) -> None:
    await Chat(world, case, messenger).run()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.alone])
async def test_the_conversation_goes_as_written_in_a_world_of_its_own(
    case: Case, engine: str, open_engine: OpenWorld
) -> None:
    night = {} if case.operators else NIGHT
    async with open_engine(engine, chats=True, **night) as world:
        await Chat(world, case, ALONE[engine]).run()


_numbers = itertools.count(1)


@pytest.fixture(params=["telegram", "bale"])
def messenger(request: pytest.FixtureRequest, world: World) -> Messenger:
    return world.messengers[request.param]


@pytest.fixture
def sara(messenger: Messenger) -> Person:
    return messenger.person(f"+98939{next(_numbers) + 9_000_000}")


async def rest(world: World) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await world.rests("nobody"):
            await asyncio.sleep(0.01)


async def test_a_group_is_told_once_an_hour_that_only_private_chats_are_answered(
    messenger: Messenger, sara: Person, world: World
) -> None:
    group = messenger.group()
    await sara.writes("سلام همسایه‌ها", to=group)
    await sara.writes("قرائت 9985235404124 12345", to=group)
    await rest(world)
    assert not group.answers, "nobody spoke to the bot"
    for _ in range(3):
        await sara.writes("@gooya_bot بدهی من چقدر است؟", to=group)
    await rest(world)
    [told] = group.answers
    assert "فقط در گفتگوی خصوصی" in told.text
    assert not told.keyboard
    assert not sara.answers


async def test_a_command_with_the_name_of_another_bot_is_none_of_ours(
    messenger: Messenger, sara: Person, world: World
) -> None:
    group = messenger.group()
    await sara.writes("/start@other_bot", to=group)
    await rest(world)
    assert not group.answers
    await sara.writes("/start@gooya_bot", to=group)
    await rest(world)
    assert len(group.answers) == 1


async def test_the_post_of_a_channel_is_ignored(messenger: Messenger, world: World) -> None:
    channel = messenger.channel()
    await channel.posts("/start@gooya_bot")
    await rest(world)
    assert [message.text for message in channel.chat] == ["/start@gooya_bot"]


async def test_a_forged_call_of_the_webhook_is_refused_and_nothing_comes_of_it(
    messenger: Messenger, sara: Person, world: World
) -> None:
    update = {"update_id": 1, "message": (await sara.writes("/start")).raw()}
    await rest(world)
    shown = len(sara.shown)
    hook = messenger.delivery.webhook
    folder = f"{world.running.url}/{messenger.name}"
    calls = [(f"{folder}/guessed", {}, 404), (f"{folder}/", {}, 404)]
    if hook is None:
        calls.append((f"{folder}/{'0' * 48}", {}, 404))
    elif hook.secret:
        calls += [(hook.url, {}, 403), (hook.url, {SECRET_HEADER: "guessed"}, 403)]
    async with aiohttp.ClientSession() as http:
        for url, headers, status in calls:
            async with http.post(url, json=update, headers=headers) as answer:
                assert answer.status == status, url
    await rest(world)
    assert len(sara.shown) == shown


async def test_a_press_by_somebody_else_does_nothing_in_the_chat_it_comes_from(
    messenger: Messenger, sara: Person, world: World
) -> None:
    reza = messenger.person(f"+98939{next(_numbers) + 9_000_000}")
    await sara.writes("/start")
    await rest(world)
    await reza.presses(sara.shown[-1].buttons[0], sara.answers[-1])
    await rest(world)
    assert len(sara.shown) == 1
    assert sara.answers[-1].keyboard, "the question is still open"
    assert not reza.shown


ONE_PAGE = {"payments", "consumption", "history-page"}
"""Questions that a chat, which shows twelve rows at once, doesn't put to everybody."""
LINKED = {("code", "back")}
"""Nothing goes back behind a shared phone number."""
OTHERS = ("sticker", "location", "voice", "photo", "edit")
COMMANDS = ("back", "menu")


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing in these conversations is worth an error in the log."""
    yield
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info] == []


@pytest.mark.usefixtures("no_errors")
@pytest.mark.parametrize(
    ("question", "what"),
    [
        pytest.param(question, what, id=f"{what} at {question.message}")
        for question in QUESTIONS
        for what in (*OTHERS, *COMMANDS)
        if question.message not in ONE_PAGE and (question.message, what) not in LINKED
    ],
)
async def test_whatever_is_done_at_a_question_the_conversation_can_still_be_finished(
    question: Question, what: str, open_chats: World
) -> None:
    case = Case(
        name=question.message,
        who=question.who,
        phone=f"+98937{next(_numbers):07d}",
        turns=[],
    )
    chat = Chat(open_chats, case, "telegram")
    for text in question.reach[:-1]:
        await chat.turn(Turn(send=text))
    await chat.turn(Turn(send=question.reach[-1], wait=question.wait))
    finish = question.finish
    if what in COMMANDS:
        await chat.turn(Turn(send="*" if what == "back" else "#"))
        finish = finish[question.left or 0 :]
        if what == "menu":
            await chat.turn(Turn(send="ادامه"))
            finish = (*question.lost, *finish)
        else:
            finish = (*question.again, *finish)
    elif what == "photo":
        await chat.turn(Turn(photos=1))
    elif what == "edit":
        await chat.turn(Turn(edits="1"))
    else:
        await chat.turn(Turn(sends=what))
    said: list[str] = []
    for text in finish:
        said += await chat.turn(Turn(send=text))
    assert question.end[0] in "\n".join(said)
    chat.check_end()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_chats(open_engine: OpenWorld) -> AsyncIterator[World]:
    async with open_engine("sqlite", chats=True) as world:
        yield world
