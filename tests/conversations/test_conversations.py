"""Every conversation of ``cases/``, by text and on the phone, on both pairs of engines: text comes straight
through the door on one and over HTTP on the other."""

from __future__ import annotations

import pytest

from tests.conversations.calling import Call
from tests.conversations.case import Case, load
from tests.conversations.conftest import OpenWorld
from tests.conversations.play import Play
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

NIGHT = {"operator_hours": ""}
"""Nobody takes calls."""
PLAYED = [
    (case, way)
    for case in load()
    for way, is_played in (
        ("text", case.by_text),
        ("phone", case.by_phone),
    )
    if is_played
]


def _played(*, alone: bool) -> pytest.MarkDecorator:
    chosen = [(case, way) for case, way in PLAYED if case.alone == alone]
    names = [f"{case.name}, {way}" for case, way in chosen]
    return pytest.mark.parametrize(("case", "way"), chosen, ids=names)


@_played(alone=False)
async def test_the_conversation_goes_as_written(case: Case, way: str, shared_world: World) -> None:
    await _play(case, way, shared_world)


@_played(alone=True)
async def test_the_conversation_goes_as_written_in_a_world_of_its_own(
    case: Case, way: str, fresh_world: OpenWorld
) -> None:
    async with fresh_world(**({} if case.operators else NIGHT)) as world:
        await _play(case, way, world)


async def _play(case: Case, way: str, world: World) -> None:
    world.over_http = not case.words and (case.alone or bool(world.running.parts.settings.state))
    player = Call if way == "phone" else Play
    await player(world, case).run()
