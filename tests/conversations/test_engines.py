"""Free text with a Rasa beside us, and with one that stops in the middle: the dialog is the same."""

from __future__ import annotations

import pytest

from tests.conversations.case import Case, load
from tests.conversations.conftest import OpenWorld
from tests.conversations.play import Play
from tests.conversations.world import World
from tests.servers.rasa_api import RasaApi

SAMPLE = [case for case in load() if case.words][::3]
"""Every third conversation of free text."""


class Stopping(Play):
    """A conversation in whose middle Rasa is stopped."""

    def __init__(self, world: World, case: Case, rasa: RasaApi) -> None:
        super().__init__(world, case)
        self._rasa = rasa

    async def run(self) -> None:
        turns = self.case.turns
        half = (len(turns) + 1) // 2
        for turn in turns[:half]:
            await self.turn(turn)
        await self._rasa.close()
        for turn in turns[half:]:
            await self.turn(turn)
        await self.check_backend()


async def test_the_conversations_are_the_same_where_rasa_understands(
    open_engine: OpenWorld,
) -> None:
    async with RasaApi() as rasa, open_engine("sqlite", nlu=rasa.url) as world:
        for case in SAMPLE:
            await Play(world, case).run()
        assert rasa.asked >= len(SAMPLE) // 2, "Rasa was left alone"


@pytest.mark.parametrize(
    "name",
    [
        "another wish at a confirmation files nothing, and the way back is said in words",
        "one of two wishes is opened where it stands out, the other one can be written then",
        "a no with the right figure corrects at once",
    ],
)
async def test_a_conversation_goes_on_as_it_began_when_rasa_is_stopped_in_the_middle(
    name: str, open_engine: OpenWorld
) -> None:
    [case] = [case for case in load() if case.name == name]
    async with RasaApi() as rasa, open_engine("sqlite", nlu=rasa.url) as world:
        await Stopping(world, case, rasa).run()
