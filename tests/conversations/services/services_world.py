"""The world of the thirty services: enough people for every cell, some of whom have two subscriptions."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

from backend_adapter.sandbox import list_subscribers
from tests.conversations.messengers import WAYS
from tests.conversations.services.cells import CHANNELS, person_for, second_for
from tests.conversations.world import World, open_world

SUBSCRIBERS = 900
MORNING = dt.datetime(2026, 11, 22, 6, 30, tzinfo=dt.UTC)
"""When everything happens: amounts, names of months and so the length of messages depend on the day."""
_SAME = (
    "UPDATE holders SET person_id = (SELECT person_id FROM holders WHERE bill_id = ?)"
    " WHERE bill_id = ?"
)


@contextlib.asynccontextmanager
async def open_services(folder: Path) -> AsyncIterator[World]:
    """A world whose second subscriptions are of the same people: bills are consolidated of one."""
    path = folder / "sandbox.db"
    cards = list_subscribers(path, subscribers=SUBSCRIBERS, clock=lambda: MORNING)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for channel in CHANNELS:
            first = person_for(cards, "consolidate_bills", channel).bill_id
            second = second_for(cards, "consolidate_bills", channel).bill_id
            database.execute(_SAME, (first, second))
    at = MORNING.timestamp()
    async with open_world(folder, messengers=WAYS["sqlite"], at=at) as world:
        world.over_http = False
        yield world
