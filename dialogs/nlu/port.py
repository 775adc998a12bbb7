"""What understanding is, whichever engine does it: a text in, ranked intents and entities out."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, Protocol

import msgspec

EntityName = Literal["bill_id", "meter_reading", "tracking_code", "mobile", "date", "amount"]

OUT_OF_SCOPE: Final = "out_of_scope"
ACTS: Final = frozenset(
    ("affirm", "deny", "greet", "thanks", "help", "menu", "back", "cancel", "talk_to_operator")
)
"""Intents that are about the conversation; all others but ``out_of_scope`` are keys of services."""


class Entity(msgspec.Struct, frozen=True):
    """A value that a message carries. ``start`` and ``end`` are places in the message as it came."""

    name: EntityName
    text: str
    value: str | int
    """Ids as digits, a mobile in E.164, a date in ISO form (Gregorian), an amount in rial, a reading."""
    start: int
    end: int


class Ranked(msgspec.Struct, frozen=True):
    """An intent and how likely it is, 0…1: of messages given 0.8, four in five were right."""

    intent: str
    confidence: float


class Understanding(msgspec.Struct, frozen=True):
    """What a message says. ``ranking`` has the likeliest first and is empty for an empty message."""

    ranking: tuple[Ranked, ...] = ()
    entities: tuple[Entity, ...] = ()
    engine: str = "embedded"

    @property
    def intent(self) -> str:
        """The likeliest intent; ``out_of_scope`` when there is nothing to understand."""
        return self.ranking[0].intent if self.ranking else OUT_OF_SCOPE

    @property
    def confidence(self) -> float:
        return self.ranking[0].confidence if self.ranking else 0.0


class Engine(Protocol):
    """Understands texts. Never raises for a text, however long or strange."""

    async def understand(self, text: str, *, today: dt.date) -> Understanding:
        """What ``text`` says; ``today`` is the date in Tehran, for «دیروز»."""
        ...
