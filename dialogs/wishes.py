"""What a free text means for the dialog: which flow it opens, what it answers, what is asked back.

Deterministic ways come first (numbers, keywords, commands, ids, the open question's answer type); only
what none of them explains gets here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from typing import Any, Final

import msgspec

from dialogs import limits
from dialogs.answers.choice import YesNo
from dialogs.calendar import to_jalali
from dialogs.nlu.port import ACTS, Entity, Understanding
from dialogs.prompts import Prompt
from dialogs.replay import Asked, Effect
from dialogs.services import SERVICES
from dialogs.session import Frame
from dialogs.telling import Telling

_COMMANDS: Final = {
    "menu": "menu",
    "back": "back",
    "cancel": "cancel",
    "help": "help",
    "talk_to_operator": "operator",
}
"""Commands by the act that asks for them in other words."""
_TYPES: Final = {
    "bill_id": "bill_id",
    "meter_reading": "meter_reading",
    "tracking_code": "tracking_code",
    "mobile": "mobile",
    "amount": "money",
    "date": "jalali_date",
}
"""Answer types by the entity that answers them."""


class Wishing(Telling):
    """A turn of a customer who writes as people write."""

    def _follow(self, text: str, asked: Asked | None) -> Generator[Effect, Any, bool]:
        """Do what ``text`` means; False where it says nothing that the dialog can follow. ``asked`` is the
        open question that didn't take it as an answer."""
        if not any(map(str.isalpha, text)):
            return False
        raw = yield self.run.understand(text)
        meant = msgspec.convert(raw, Understanding)
        top = self.conversation.top
        if asked is not None and top is not None and top.flow not in _OPENING:
            return (yield from self._within(meant, asked, top))
        if meant.intent in ACTS:
            return (yield from self._act(meant, asked))
        yield from self._open(meant)
        return True

    def _within(
        self, meant: Understanding, asked: Asked, frame: Frame
    ) -> Generator[Effect, Any, bool]:
        """In the middle of a flow its question has the first word; only what is clearly something else
        leads elsewhere."""
        for given in heard(meant.entities).get(asked.ask.answer.type, ()):
            if (yield from self._takes(frame, given)):
                return True
        if meant.confidence < limits.CHANGES_SUBJECT:
            return False
        if meant.intent == "cancel":
            # Who says it in other words than the command's own may mean the question alone: the menu
            # leaves a way back.
            yield from self._command("menu")
            return True
        if meant.intent in ACTS:
            return (yield from self._act(meant, asked))
        if meant.intent not in SERVICES or meant.intent == frame.flow:
            return False
        self._begin(meant.intent, meant)
        yield from self._go_on()
        return True

    def _takes(self, frame: Frame, given: str) -> Generator[Effect, Any, bool]:
        """Whether the open question takes ``given``, and goes on with it."""
        self.run.given = given
        stop = yield from self.run.advance(frame)
        if isinstance(stop, Asked) and stop.wrong is not None:
            return False
        yield from self._stopped(frame, stop)
        return True

    def _act(self, meant: Understanding, asked: Asked | None) -> Generator[Effect, Any, bool]:
        act = meant.intent
        if meant.confidence < limits.SURE:
            return False
        if act in _COMMANDS:
            yield from self._command(_COMMANDS[act])
            return True
        if act == "thanks":
            self.say(Prompt(message="you-are-welcome"))
            if asked is not None:
                self._question(Asked(asked.ask), "remind")
            return True
        top = self.conversation.top
        if act in ("affirm", "deny") and asked is not None and top is not None:
            yes_no = isinstance(asked.ask.answer, YesNo)
            return yes_no and (yield from self._takes(top, "1" if act == "affirm" else "2"))
        return False

    def _open(self, meant: Understanding) -> Generator[Effect, Any, None]:
        """Open the service that is meant, ask which of several, or say what can be done."""
        possible = [r for r in meant.ranking if r.intent in SERVICES]
        likely = [r for r in possible if r.confidence >= limits.POSSIBLE][: limits.CANDIDATES]
        first = likely[0] if likely else None
        if first is None or meant.intent != first.intent or first.confidence < limits.UNCLEAR:
            yield from self._not_understood([ranked.intent for ranked in likely])
            return
        self.conversation.misunderstood = 0
        rest = [r for r in likely[1:] if r.confidence * limits.CLEARLY > first.confidence]
        if rest or first.confidence < limits.SURE:
            near = [first.intent, *(ranked.intent for ranked in rest or likely[1:])]
            self._choose(near, meant)
        else:
            self._begin(first.intent, meant)
        yield from self._go_on()

    def _not_understood(self, near: list[str]) -> Generator[Effect, Any, None]:
        conversation = self.conversation
        conversation.misunderstood += 1
        self.unclear = True
        self.say(Prompt(message="not-understood"))
        if conversation.misunderstood > 1:
            self.say(Prompt(message="offer-operator"))
        if near:
            self._choose(near, Understanding())
        else:
            self._push("main_menu")
        yield from self._go_on()

    def _begin(self, flow: str, meant: Understanding) -> None:
        self._push(flow).heard = heard(meant.entities)

    def _choose(self, services: list[str], meant: Understanding) -> None:
        self._push("which_service", {"services": services}).heard = heard(meant.entities)


_OPENING: Final = ("main_menu", "which_service", "anything_else")
"""Flows that only ask what the customer wants: every wish answers them."""


def heard(entities: tuple[Entity, ...]) -> dict[str, list[str]]:
    """What a message carries as answers that a customer could have written, by answer type."""
    found: dict[str, list[str]] = {}
    for entity in entities:
        found.setdefault(_TYPES[entity.name], []).append(_written(entity))
    return found


def _written(entity: Entity) -> str:
    if entity.name == "amount":
        return f"{entity.value} ریال"
    if entity.name == "date":
        year, month, day = to_jalali(dt.date.fromisoformat(str(entity.value)))
        return f"{year}/{month:02}/{day:02}"
    return str(entity.value)
