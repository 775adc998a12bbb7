"""Every conversation of ``cases/``, through the door and over HTTP, on both pairs of engines."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import pytest

from tests.conversations.case import Case, load
from tests.conversations.play import Play
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES = load()
SHARED = [case for case in CASES if not case.own_world]
ALONE = [case for case in CASES if case.own_world]


def _named(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


@_named(SHARED)
@pytest.mark.parametrize("way", ["core", "http"])
async def test_the_conversation_goes_as_written(case: Case, way: str, shared_world: World) -> None:
    shared_world.over_http = way == "http"
    await Play(shared_world, case).run()


@_named(ALONE)
async def test_the_conversation_goes_as_written_in_a_world_of_its_own(
    case: Case, fresh_world: AbstractAsyncContextManager[World]
) -> None:
    async with fresh_world as world:
        await Play(world, case).run()
