"""Texts that nobody could tell the meaning of, kept for whoever teaches the understanding.

They are masked before they get here (:func:`masked`); they go with retention and with their customer.
"""

from __future__ import annotations

import datetime as dt
import logging
import re

import msgspec
import sqlalchemy as sa

from dialogs import limits
from dialogs.events import Event
from dialogs.nlu.words import LONGEST
from dialogs.wishes import Unclear
from gooya.clock import instant
from gooya.database import models
from gooya.database.engine import Database, DatabaseError, upsert

log = logging.getLogger(__name__)

_ID = re.compile(r"\d(?:[\s._–-]{0,2}\d){6,}")
"""Seven digits and more, in groups as people write them: an id, a phone, a card, a postal code."""
_MAIL = re.compile(r"\S+@\S+")
_DIGIT = re.compile(r"\d")


def masked(text: str) -> str:
    """``text`` in one line, with a 0 for each digit of a long number and without mail addresses.

    A meter reading, an amount of a few digits and a date stay: they are what has to be learnt. What can't be
    told from other words (a name, an address, a number in words) stays, too.
    """
    text = _MAIL.sub("…", " ".join(text.split()))
    return _ID.sub(lambda number: _DIGIT.sub("0", number[0]), text)


class UnclearText(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: dt.datetime
    text: str
    """Masked."""
    ranking: list[tuple[str, float]]
    """The three likeliest intents and how likely each was."""
    offered: str | None
    """The service that the customer was asked about first; None where nothing was understood."""
    chosen: str | None
    """The service that the customer came to in the end."""


class UnclearTexts:
    """Every method but :meth:`learn` raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def learn(
        self, event: Event, conversation: str, unclear: Unclear | None, chose: tuple[str, str]
    ) -> None:
        """Keep what a turn did not understand, and note what its customer came to: the key of an older
        text and a service, both empty where that was nothing. In an outage it is not learnt."""
        key, service = chose
        try:
            if key:
                await self.chose(key, service)
            if unclear is not None:
                await self.add(
                    unclear.key,
                    conversation=conversation,
                    text=event.text[: limits.MESSAGE_LENGTH],
                    ranking=[(r.intent, r.confidence) for r in unclear.ranking],
                    offered=unclear.offered or None,
                    at=instant(event.at),
                )
        except DatabaseError as error:
            log.warning("an unclear text is not kept", extra={"error": type(error).__name__})

    async def add(
        self,
        key: str,
        *,
        conversation: str,
        text: str,
        ranking: list[tuple[str, float]],
        offered: str | None,
        at: dt.datetime,
    ) -> None:
        """Keep a text, masked, once for each ``key``."""
        async with self._database.write() as connection:
            await connection.execute(
                upsert(connection.dialect.name, models.unclear)
                .values(
                    key=key,
                    conversation=conversation,
                    text=masked(text)[:LONGEST],
                    ranking=ranking,
                    offered=offered,
                    at=at,
                )
                .on_conflict_do_nothing()
            )

    async def chose(self, key: str, service: str) -> None:
        """Note what the customer wanted; a text whose first guess was right is kept no longer."""
        u = models.unclear.c
        async with self._database.write() as connection:
            await connection.execute(
                sa.delete(models.unclear).where(u.key == key, u.offered == service)
            )
            await connection.execute(
                sa.update(models.unclear).where(u.key == key).values(chosen=service)
            )

    async def list(self, limit: int = 50) -> list[UnclearText]:
        """What waits for a label, oldest first."""
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    sa.select(models.unclear).order_by(models.unclear.c.id).limit(limit)
                )
            ).all()
        return [msgspec.convert(row, UnclearText, from_attributes=True) for row in rows]

    async def get(self, id_: int) -> UnclearText | None:
        """The text with this id."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(models.unclear).where(models.unclear.c.id == id_)
                )
            ).one_or_none()
        return None if row is None else msgspec.convert(row, UnclearText, from_attributes=True)

    async def drop(self, id_: int) -> bool:
        """Forget a text; whether there was one."""
        async with self._database.write() as connection:
            done = await connection.execute(
                sa.delete(models.unclear).where(models.unclear.c.id == id_)
            )
        return done.rowcount > 0
