"""Whom the conversations play: kinds of seeded subscribers, each played once per world."""

from __future__ import annotations

from collections.abc import Callable

from backend_adapter.sandbox import SubscriberCard

Kind = Callable[[SubscriberCard], bool]


def _registers(card: SubscriberCard) -> tuple[str, ...]:
    return tuple(register.id for register in card.registers)


def _plain(card: SubscriberCard) -> bool:
    """Nothing about this subscriber surprises: no counter is about to start again, and whoever
    owes nothing before a reading owes something after it."""
    room = all(10**r.digits - card.values[r.id] > 10_000 for r in card.registers)
    return bool(card.mobile) and room and not card.estimated and not card.hint and card.debt >= 0


KINDS: dict[str, Kind] = {
    # Of four digits, a figure in a sentence may be anything.
    "single": lambda c: _plain(c) and _registers(c) == ("total",) and c.values["total"] >= 10_000,
    "multi": lambda c: _plain(c) and _registers(c) == ("normal", "peak", "low"),
    "single_in_debt": lambda c: _plain(c) and _registers(c) == ("total",) and c.debt > 0,
    "single_in_credit": lambda c: bool(c.mobile) and len(c.registers) == 1 and c.debt < 0,
    "deep_credit": lambda c: bool(c.mobile) and len(c.registers) == 1 and c.debt < -100_000,
    "estimated": lambda c: c.estimated and _registers(c) == ("total",),
    "rollover": lambda c: "roll over" in c.hint,
    "no_mobile": lambda c: c.mobile is None and _registers(c) == ("total",),
    "demand": lambda c: "demand" in _registers(c),
    "friday": lambda c: "friday" in _registers(c),
    "demo": lambda c: c.hint == "demo: single tariff",
}
ALONE = ("rollover", "estimated", "demo")
"""Kinds with a single one, who is played again and again."""


class Cast:
    """Hands out subscribers of a world, nobody twice but those who are :data:`ALONE`."""

    def __init__(self, cards: list[SubscriberCard]) -> None:
        self.cards = cards
        """Everybody, the same people in the same order every time."""
        self.taken: set[str] = set()
        """Bill ids of those who were played."""

    def take(self, kind: str) -> SubscriberCard:
        """Somebody of this kind. Raises ``KeyError`` for an unknown kind, AssertionError when all
        of them have been played."""
        fits = KINDS[kind]
        for card in self.cards:
            if fits(card) and (kind in ALONE or card.bill_id not in self.taken):
                self.taken.add(card.bill_id)
                return card
        raise AssertionError(f"nobody of kind {kind} is left in this world")
