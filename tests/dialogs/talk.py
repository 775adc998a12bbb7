"""A customer's talk with the pure core: texts in, message ids out, effects answered by the test."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import msgspec

from dialogs import engine
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.nlu import Embedded
from dialogs.prompts import Prompt
from dialogs.session import Conversation, Frame, Profile, decode, encode
from dialogs.steps import CheckCode, Fetch, Look, SendCode, Submit, Understand
from dialogs.values import LastReading, Progress, Register

NOON = 1_790_000_000.0
PHONE = "+989120000001"
BILL = "9985235404124"
RIGHT_CODE = "12345"
LAST = LastReading(
    bill_id=BILL,
    read_on=dt.date(2026, 8, 1),
    registers=(Register(id="total", digits=6),),
    values={"total": 1000},
    daily_use={"total": 5.0},
)

UNDERSTANDING = Embedded()
Answers = Callable[[Effect], Any]


def utility(effect: Effect) -> Any:
    """A utility that knows :data:`LAST`, takes every request and sends the code 12345."""
    step = effect.step
    if isinstance(step, Fetch):
        if step.resource == "debt":
            return {"bill_id": step.of, "as_of": "2026-09-21", "amount": 0}
        return msgspec.to_builtins(LAST) if step.resource == "last_reading" else []
    if isinstance(step, Look):
        return {"failed": "missing"}
    if isinstance(step, Submit):
        return "1000000005"
    if isinstance(step, SendCode):
        return {"status": "sent", "seal": "seal", "speakable": False}
    if isinstance(step, CheckCode):
        return step.code == RIGHT_CODE
    return None


def progress(code: str = "1000000005", **fields: Any) -> Progress:
    defaults: dict[str, Any] = {
        "sequence": 1,
        "status": "in_progress",
        "stage": 1,
        "stages": 4,
        "at": dt.datetime(2026, 9, 21, tzinfo=dt.UTC),
    }
    return Progress(tracking_code=code, **(defaults | fields))


class Talk:
    """One conversation. ``stored`` sends its state through the blob after every turn.

    ``effects`` are the steps the host was asked to do, ``turn`` is the last turn.
    """

    def __init__(self, answers: Answers = utility, *, stored: bool = True) -> None:
        self._answers = answers
        self._stored = stored
        self._ids = itertools.count(1)
        self.now = NOON
        self.effects: list[Any] = []
        self.keys: list[str] = []
        self.state = engine.start(self._event("text"), Profile(), PHONE)
        self.turn: engine.Turn = engine.Turn([], [], [])

    def _event(self, kind: Any, **fields: Any) -> Event:
        id_ = f"event-{next(self._ids)}"
        return Event(kind=kind, id=id_, channel="sms", address=PHONE, at=self.now, **fields)

    def open(self, flow: str, *, ahead: tuple[str, ...] = (), **args: Any) -> list[str]:
        """Put a flow on top and let it go to its first stop."""
        self.state.touched = self.now
        uid = f"frame-{next(self._ids)}"
        self.state.frames.append(Frame(uid, flow, args, ahead=list(ahead)))
        return self.say("تکرار")

    def say(self, text: str, *, after: float = 1.0) -> list[str]:
        """The messages that answer ``text``, sent ``after`` seconds of silence."""
        self.now += after
        return self.enter(self._event("text", text=text))

    def ring(self, timer: str, *, after: float = 1.0) -> list[str]:
        self.now += after
        return self.enter(self._event("timer", timer=timer))

    def bring(self, news: Progress, service: str = "submit_meter_reading") -> list[str]:
        return self.enter(self._event("progress", progress=news, service=service))

    def opt(self, kind: str) -> list[str]:
        return self.enter(self._event(kind))

    def enter(self, event: Event) -> list[str]:
        turning = engine.turn(self.state, event)
        try:
            effect = next(turning)
            while True:
                self.effects.append(effect.step)
                self.keys.append(effect.key)
                effect = turning.send(self._result(effect))
        except StopIteration as end:
            self.turn = end.value
        if self._stored:
            self.state = decode(encode(self.state))
        return [prompt.message for prompt in self.turn.prompts]

    def _result(self, effect: Effect) -> Any:
        if isinstance(effect.step, Understand):
            today = dt.datetime.fromtimestamp(self.now, dt.UTC).date()
            return msgspec.to_builtins(UNDERSTANDING.read(effect.step.text, today))
        return self._answers(effect)

    @property
    def prompts(self) -> list[Prompt]:
        return self.turn.prompts

    @property
    def top(self) -> Frame:
        assert self.state.top is not None, "no flow is running"
        return self.state.top

    @property
    def flows(self) -> list[str]:
        return [frame.flow for frame in self.state.frames]

    def journal(self) -> list[tuple[str, Any]]:
        return [(entry.key, entry.value) for entry in self.top.journal]

    def submitted(self) -> list[Submit]:
        return [step for step in self.effects if isinstance(step, Submit)]


def same(one: Conversation, other: Conversation) -> bool:
    return encode(one) == encode(other)
