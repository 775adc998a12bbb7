"""Run one flow: replay its journal, take one answer, go on to the next stop.

This is where a flow meets its journal. It does no I/O: what has to be looked up or written leaves as
an :class:`Effect` and comes back as builtins, and everything the flow sees went through the journal's
form first, so that a replay can't differ from the first run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import limits
from dialogs.answers.base import Answer, Wrong
from dialogs.answers.choice import Labelled
from dialogs.capabilities import CHANNELS
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.flows.registry import FLOWS
from dialogs.journal import cut_to_revise, filed, forget_round, wait_timer
from dialogs.messages import MESSAGES
from dialogs.notices import remember_payable
from dialogs.performing import Performing
from dialogs.session import Conversation, Entry, Frame
from dialogs.steps import (
    FAILURES,
    Again,
    Ask,
    Flow,
    Leave,
    Link,
    Open,
    Revise,
    Step,
    TakeOver,
    Wait,
)
from dialogs.store.contract import Timer


class Asked(msgspec.Struct, frozen=True):
    """The flow waits for the answer to ``ask``; ``wrong`` says why the given one is none."""

    ask: Ask
    wrong: Wrong | None = None


class Waits(msgspec.Struct, frozen=True):
    """The flow waits for the backend."""


class Ended(msgspec.Struct, frozen=True):
    value: Any = None


class Opened(msgspec.Struct, frozen=True):
    flow: str
    ahead: tuple[str, ...] = ()
    heard: dict[str, list[str]] = {}


class Moves(msgspec.Struct, frozen=True):
    """The flow goes on in another conversation, that of ``phone``."""

    phone: str


class Leaves(msgspec.Struct, frozen=True):
    """The caller goes on elsewhere."""


class Takes(msgspec.Struct, frozen=True):
    """A flow of another conversation goes on in this one."""

    frame: Frame
    conversation: str


Stop = Asked | Waits | Ended | Opened | Moves | Leaves | Takes


class TooManySteps(Exception):
    """A flow ran in circles without asking anything."""


class Run(Performing):
    """What the flows of one turn share: the event they may use up, and what they produced."""

    def __init__(self, conversation: Conversation, event: Event, today: dt.date) -> None:
        super().__init__(conversation, event, today)
        self.timers: list[Timer] = []
        self.cancelled: list[str] = []
        self.given: str | None = None
        """The customer's answer, until a question takes it."""
        self.unread = False
        """Whether the answer was given to another question than the one that comes now."""
        self.outcome = event.progress
        """The backend's news, until a wait takes it."""
        self.ends_wait = False
        """Whether the event ends the wait that the flow stands at."""
        self.secret = False
        """Whether a question took the answer that must not be kept."""
        self._steps = 0

    def advance(self, frame: Frame) -> Generator[Effect, Any, Stop]:
        """Replay ``frame`` and go on until it stops. Raises :class:`TooManySteps`."""
        frame.waiting = ""
        while True:
            stop = yield from self._once(frame)
            if stop is not None:
                return stop

    def _once(self, frame: Frame) -> Generator[Effect, Any, Stop | None]:
        flow = FLOWS[frame.flow](**frame.args)
        journal = frame.journal
        position = 0
        result: Any = None
        failure: Exception | None = None
        while True:
            self._steps += 1
            if self._steps > limits.STEPS_PER_TURN:
                raise TooManySteps(frame.flow)
            try:
                step = _resume(flow, result, failure)
            except StopIteration as end:
                return Ended(end.value)
            failure = None
            if isinstance(step, Again):
                position, result = forget_round(journal, step.first, position), None
                continue
            if position < len(journal):
                try:
                    result, failure = _replayed(journal[position], step)
                    position += 1
                    continue
                except _NoLongerFits:
                    if any(e.key.startswith("submit:") for e in journal[position:]):
                        self.prompts += filed(frame)
                        return Ended()  # the request is filed; its outcome comes as news
                    del journal[position:]
                    self._set_aside()
            if isinstance(step, Revise):
                cut_to_revise(frame, step)
                return None
            if isinstance(step, Open):
                return Opened(step.flow, tuple(frame.ahead), frame.heard)
            if isinstance(step, Link) and step.phone != self.conversation.id:
                return Moves(step.phone)
            if isinstance(step, Leave) and self.event.call and frame.left in ("", self.event.call):
                frame.left = self.event.call
                return Leaves()
            if isinstance(step, Ask):
                stop = self._ask(frame, step)
            elif isinstance(step, Wait):
                stop = self._wait(frame, step, position)
            else:
                stop = yield from self._do(frame, step, position)
            if stop is not None:
                return stop
            result, failure = _replayed(journal[position], step)
            if isinstance(step, Ask) and step.secret:
                result = self._passing
            position += 1

    _passing: Any = None
    """The answer just given: a secret one exists nowhere else."""

    def _ask(self, frame: Frame, ask: Ask) -> Stop | None:
        if ask.ahead == "drop":
            frame.ahead.clear()
        elif not ask.secret and ask.key in frame.kept:
            raw = frame.kept.pop(ask.key)
            try:
                self._passing = ask.answer.load(raw)
            except msgspec.ValidationError:
                pass
            else:
                frame.journal.append(Entry(ask.key, raw, "answer"))
                return None
        if frame.asked not in ("", ask.key):
            self._set_aside()
        text, self.given = self.given, None
        if text is not None and self.event.kind == "keys":
            text = ask.answer.of_keys(text)
        if text is None and ask.ahead == "take":
            text = self._beforehand(frame, ask)
        frame.asked = ask.key
        if text is None:
            return Asked(ask)
        self.secret = self.secret or ask.secret
        try:
            self._passing = self._labelled(ask.answer, text).parse(text, today=self.today)
        except Wrong as wrong:
            frame.ahead.clear()
            return Asked(ask, wrong)
        frame.misses = frame.silences = 0
        if frame.taken:
            frame.corrections += 1
            frame.taken = {}
        frame.journal.append(Entry(ask.key, ask.dump(self._passing), "answer"))
        return None

    def _set_aside(self) -> None:
        """The flow was changed meanwhile, or goes on in another channel: nobody saw the question that
        comes now."""
        self.unread = self.unread or self.given is not None
        self.given = None

    def _beforehand(self, frame: Frame, ask: Ask) -> str | None:
        """An answer that came before the question was seen."""
        if frame.ahead:
            return frame.ahead.pop(0)
        heard = frame.heard.get(ask.answer.type) if ask.hears else None
        return heard.pop(0) if heard else None

    def _labelled(self, answer: Answer[Any], text: str) -> Answer[Any]:
        """A choice also takes the texts of its labels, as the customer sees them."""
        if not isinstance(answer, Labelled) or text.strip().isdecimal():
            return answer
        variant = CHANNELS[self.conversation.channel].variant
        language = self.conversation.profile.language
        return answer.with_labels(
            MESSAGES.text(option.label, variant, language, option.args) for option in answer.options
        )

    def _wait(self, frame: Frame, wait: Wait, position: int) -> Stop | None:
        timer = wait_timer(frame, position)
        conversation = self.conversation
        progress = self.outcome or conversation.news
        if progress is not None and progress.tracking_code == wait.tracking_code:
            raw = msgspec.to_builtins(progress)
            remember_payable(conversation.told, progress)
            self.outcome = conversation.news = None
        elif wait.quits and (self.event.of_customer or conversation.listens):
            self.cancelled.append(timer)
            return Ended()
        elif self.ends_wait or self.event.timer == timer:
            raw = None
        else:
            frame.waiting = wait.tracking_code
            due = self.event.at + wait.seconds
            self.timers.append(Timer(conversation.id, timer, due))
            return Waits()
        self.ends_wait = False
        self.cancelled.append(timer)
        frame.journal.append(Entry(wait.key, raw))
        return None

    def _do(self, frame: Frame, step: Step, position: int) -> Generator[Effect, Any, Stop | None]:
        raw = yield from self.perform(frame, step, position)
        if isinstance(raw, dict) and "failed" in raw:
            frame.ahead.clear()
            frame.journal.append(Entry(step.key, raw["failed"], "failed"))
        elif isinstance(step, TakeOver):
            return Takes(msgspec.convert(raw["frame"], Frame), raw["conversation"])
        else:
            frame.journal.append(Entry(step.key, raw, step.kind))
        return None


class _NoLongerFits(Exception):
    """The journal comes from another version of the flow."""


def _resume(flow: Flow[Any], result: Any, failure: Exception | None) -> Step:
    return flow.send(result) if failure is None else flow.throw(failure)


def _replayed(entry: Entry, step: Step) -> tuple[Any, Exception | None]:
    if entry.key != step.key:
        raise _NoLongerFits
    if entry.kind == "failed":
        return None, FAILURES[entry.value]()
    try:
        return step.restore(entry.value), None
    except (msgspec.ValidationError, KeyError) as error:
        raise _NoLongerFits from error
