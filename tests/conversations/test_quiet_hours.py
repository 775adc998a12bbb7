"""News of the night come in the morning; whoever is awake gets them at once."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.calendar import TEHRAN
from gooya.clock import instant
from tests.conversations.case import Case, Turn
from tests.conversations.conftest import OpenWorld
from tests.conversations.play import Play
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILED = [
    Turn(send="تعمیر {bill}"),
    Turn(send="{otp}"),
    Turn(send="1"),
    Turn(send="1", expect=["ثبت شد. کد پیگیری"]),
]


def go_to(world: World, hour: int) -> None:
    """Move the clock to the next full ``hour`` in Tehran that is more than an hour away."""
    here = instant(world.clock()).astimezone(TEHRAN)
    then = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    while then - here < dt.timedelta(hours=1):
        then += dt.timedelta(days=1)
    world.clock.ahead += (then - here).total_seconds()


async def test_news_of_the_night_come_in_the_morning(fresh_world: OpenWorld) -> None:
    async with fresh_world(quiet_hours="22-8") as world:
        go_to(world, 12)
        play = Play(world, Case(name="the night", who="single_in_credit", turns=[]))
        for turn in (*FILED, Turn(advance=True), Turn(advance=True)):
            await play.turn(turn)
        go_to(world, 23)
        await play.turn(Turn(advance=True, silent=True))
        await play.turn(Turn(advance=True, silent=True))
        go_to(world, 7)
        await play.turn(Turn(silent=True))
        go_to(world, 8)
        await play.turn(Turn(pending=True, expect=["موافقید؟"], absent=["مراجعه"], messages=1))
        await play.turn(Turn(send="1", expect=["موافقت شما", "شناسه پرداخت"]))


async def test_who_is_awake_hears_of_it_at_night(fresh_world: OpenWorld) -> None:
    async with fresh_world(quiet_hours="22-8") as world:
        go_to(world, 23)
        play = Play(world, Case(name="awake", who="single_in_credit", turns=[]))
        for turn in FILED:
            await play.turn(turn)
        for _ in range(2):
            await play.turn(Turn(advance=True, silent=True))
        await play.turn(Turn(advance=True, expect=["تاریخ مراجعه"], messages=1))
