"""What a free text means for the dialog: which flow it opens, what it answers, what is asked back.

Deterministic ways come first (numbers, keywords, commands, ids, the open question's answer type); only
what none of them explains gets here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Final

import msgspec

from dialogs import carried, limits
from dialogs.answers.choice import YesNo
from dialogs.effects import Effect
from dialogs.entry import mentioned
from dialogs.journal import answered
from dialogs.nlu.port import ACTS, Ranked, Understanding
from dialogs.prompts import Prompt
from dialogs.replay import Asked, Run
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

_POLITE: Final = ("greet", "thanks")
"""Acts that may stand beside a wish."""

_OPENING: Final = ("main_menu", "which_service", "anything_else")
"""Flows that only ask what the customer wants: every wish answers them."""


class Unclear(msgspec.Struct, frozen=True):
    """A text from which nobody could tell for sure what its customer wants."""

    key: str
    """Unique for all time, and the same when the turn runs again."""
    ranking: tuple[Ranked, ...]
    """What it may have meant, the three likeliest."""
    offered: str = ""
    """The service that was asked back first; empty where the text was not understood."""


class Wishing(Telling):
    """A turn of a customer who writes as people write."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.unclear: Unclear | None = None
        self.misunderstood = False
        """Whether this turn is one of those that are counted in a row."""
        self.chose = ("", "")

    def _push(
        self, flow: str, args: dict[str, Any] | None = None, ahead: tuple[str, ...] = ()
    ) -> Frame:
        if flow in SERVICES and self.conversation.unclear:
            self.chose, self.conversation.unclear = (self.conversation.unclear, flow), ""
        return super()._push(flow, args, ahead)

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
        named = mentioned(text)
        if top is None or top.flow != "which_service":
            meant = _without(meant, "affirm", "deny")  # nobody asked
        if named:
            meant = _without(meant, *_POLITE)
        if (
            meant.intent in ACTS
            and meant.confidence >= (limits.CHANGES_SUBJECT if named else limits.SURE)
            and not (named and meant.intent in _POLITE)
        ):
            return (yield from self._act(meant, asked))
        yield from self._open(_without(meant, *_POLITE), named)
        return True

    def _within(
        self, meant: Understanding, asked: Asked, frame: Frame
    ) -> Generator[Effect, Any, bool]:
        """In the middle of a flow its question has the first word; only what is clearly something else
        leads elsewhere."""
        values, before = carried.answers(meant.entities), frame.heard
        fitting = values.pop(asked.ask.answer.type, [])
        frame.heard = before | values  # for the questions that come next
        for given in (*_agreement(meant, asked), *fitting):
            if (yield from self._takes(frame, given)):
                return True
        if meant.intent != frame.flow:
            frame.heard = before
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
        yield from self._begin(meant.intent, meant)
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
        """Whether the dialog can follow this act here, and does."""
        act, top = meant.intent, self.conversation.top
        if act == "greet" and (top is None or top.flow in _OPENING):
            yield from self._command("menu")
            return True
        if act in _COMMANDS:
            yield from self._command(_COMMANDS[act])
            return True
        if act == "thanks":
            self.say(Prompt(message="you-are-welcome"))
            if asked is not None:
                self._question(Asked(asked.ask), "remind")
            return True
        if top is None or top.flow != "which_service":
            return False
        if act == "deny":
            yield from self._command("menu")
            return True
        offered: list[str] = top.args["services"]
        return act == "affirm" and len(offered) == 1 and (yield from self._takes(top, "1"))

    def _open(self, meant: Understanding, named: str | None) -> Generator[Effect, Any, None]:
        """Open the service that is meant, ask which of several, or say what can be done. ``named`` has a
        keyword in the text."""
        services = [r for r in meant.ranking if r.intent in SERVICES]
        likely = [r for r in services if r.confidence >= limits.POSSIBLE][: limits.CANDIDATES]
        first = likely[0] if likely else None
        if named and (
            meant.intent in (named, *_POLITE)
            or meant.confidence < limits.SURE
            or self._was_offered(named)
        ):
            yield from self._begin(named, meant)
        elif named and (first is None or first.confidence < limits.CHANGES_SUBJECT):
            others = [r.intent for r in likely if r.confidence >= limits.UNCLEAR]
            yield from self._which([named, *others], meant)
        elif first is None or meant.intent != first.intent or first.confidence < limits.UNCLEAR:
            yield from self._not_understood(meant, [ranked.intent for ranked in likely])
        else:
            rest = [r for r in likely[1:] if r.confidence * limits.CLEARLY > first.confidence]
            if self._was_offered(first.intent) or (first.confidence >= limits.LIKELY and not rest):
                yield from self._begin(first.intent, meant)
            else:
                near = [first.intent, *(ranked.intent for ranked in rest or likely[1:])]
                yield from self._which(near, meant)

    def _was_offered(self, service: str) -> bool:
        """Whether the open question asks if this service is meant: it is not asked again."""
        top = self.conversation.top
        return top is not None and top.flow == "which_service" and service in top.args["services"]

    def _not_understood(
        self, meant: Understanding, near: list[str]
    ) -> Generator[Effect, Any, None]:
        self.misunderstood = True
        self.conversation.misunderstood += 1
        self._note(meant, "")
        self.say(Prompt(message="not-understood"))
        if self.conversation.misunderstood > 1:
            self.say(Prompt(message="offer-operator"))
        heard = self._heard(meant)
        if near:
            self._push("which_service", {"services": near}).heard = heard
        else:
            self._push("main_menu").heard = heard
        yield from self._go_on()

    def _heard(self, meant: Understanding) -> dict[str, list[str]]:
        """What the text carries, and what the one carried that was asked back for it."""
        top = self.conversation.top
        before = top.heard if top is not None and top.flow in _OPENING else {}
        return before | carried.answers(meant.entities)

    def _begin(self, flow: str, meant: Understanding) -> Generator[Effect, Any, None]:
        """Open a flow with what the text carries, or go back to it where it was interrupted and the text
        brings nothing new."""
        frames, values = self.conversation.frames, self._heard(meant)
        interrupted = [frame for frame in frames if frame.flow == flow and answered(frame)]
        if interrupted and not values:
            if not answered(frames[-1]):
                frames.pop()
            frames.remove(interrupted[0])
            frames.append(interrupted[0])
            self.say(Prompt(message="back-to", args={"service": flow}))
        else:
            self._push(flow).heard = values
        yield from self._go_on()

    def _which(self, services: list[str], meant: Understanding) -> Generator[Effect, Any, None]:
        near, heard = list(dict.fromkeys(services))[: limits.CANDIDATES], self._heard(meant)
        self._note(meant, near[0])
        self._push("which_service", {"services": near}).heard = heard
        yield from self._go_on()

    def _note(self, meant: Understanding, offered: str) -> None:
        """Keep in mind that the text was unclear, for whoever is to learn from it."""
        self.unclear = Unclear(self._uid("unclear"), meant.ranking[:3], offered)
        self.conversation.unclear = self.unclear.key


def _without(meant: Understanding, *intents: str) -> Understanding:
    """``meant`` where some intents make no sense, their share divided among the others; as it is where
    they are all that it says."""
    rest = [ranked for ranked in meant.ranking if ranked.intent not in intents]
    left = 1.0 - sum(r.confidence for r in meant.ranking if r.intent in intents)
    if left < limits.UNCLEAR:
        return meant
    ranking = (Ranked(r.intent, min(r.confidence / left, 1.0)) for r in rest)
    return msgspec.structs.replace(meant, ranking=tuple(ranking))


def _agreement(meant: Understanding, asked: Asked) -> Iterator[str]:
    """The answer to a yes or no by which of the two acts the text is, unless the other one is near."""
    if isinstance(asked.ask.answer, YesNo):
        shares = {ranked.intent: ranked.confidence for ranked in meant.ranking}
        yes, no = shares.get("affirm", 0.0), shares.get("deny", 0.0)
        if max(yes, no) >= limits.SURE and max(yes, no) > limits.CLEARLY * min(yes, no):
            yield "1" if yes > no else "2"
