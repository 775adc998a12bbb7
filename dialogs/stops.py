"""Where flows stop, and what that means: the stack of running flows, questions, refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import limits
from dialogs.answers.base import Wrong
from dialogs.answers.choice import YesNo
from dialogs.effects import Effect
from dialogs.journal import answered, forget_proof
from dialogs.prompts import Prompt
from dialogs.replay import Asked, Ended, Leaves, Moves, Opened, Run, Stop, Takes, Waits
from dialogs.session import Frame
from dialogs.steps import Ask

_NAMELESS = (
    "main_menu",
    "anything_else",
    "which_service",
    "resume_offer",
    "call_back",
    "link_phone",
    "link_subscription",
    "my_requests",
    "my_settings",
    "erase_me",
    "subscriptions",
    "take_over",
    "terms",
)
"""Flows that are no service of the catalogue: there is no title to speak of them."""


class Stops:
    """The flows of one turn, from stop to stop."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.conversation = run.conversation
        self.event = run.event
        self.say = run.prompts.append
        self.repeats = False
        self.moves_to = ""
        self.took = ("", "")
        self.aside: list[Prompt] = []
        self.written: tuple[str, ...] = ()

    def _arrive(self, medium: str) -> None:
        """The customer does something in ``medium``: what was proved in another one counts no more."""
        conversation = self.conversation
        if conversation.medium == medium:
            return
        conversation.medium = medium
        conversation.proofs.clear()
        conversation.challenge = None
        for frame in conversation.frames:
            forget_proof(frame)

    def _uid(self, flow: str) -> str:
        """Unique for all time, and the same when this turn runs again."""
        source = f"{self.conversation.id}|{self.event.id}|{flow}|{len(self.run.prompts)}".encode()
        return hashlib.blake2b(source, digest_size=8).hexdigest()

    def _push(
        self, flow: str, args: dict[str, Any] | None = None, ahead: tuple[str, ...] = ()
    ) -> Frame:
        frames = self.conversation.frames
        if frames and not answered(frames[-1]):
            frames.pop()
        frames[:] = [f for f in frames if f.flow != flow][-limits.STACK_DEPTH :]
        frames.append(Frame(self._uid(flow), flow, args or {}, ahead=list(ahead)))
        return frames[-1]

    def _go_on(self, *, menu: bool = False) -> Generator[Effect, Any, None]:
        """Advance the flow on top; with ``menu``, open the main menu where there is none."""
        if self.conversation.top is None:
            if not menu:
                return
            self._push("main_menu")
        frame = self.conversation.frames[-1]
        yield from self._stopped(frame, (yield from self.run.advance(frame)))

    def _end_wait(self) -> Generator[Effect, Any, None]:
        """Go on without what the flow on top waits for."""
        self.run.ends_wait = True
        yield from self._go_on()
        self.run.ends_wait = False

    def _below(self) -> Generator[Effect, Any, None]:
        """After a flow ended: back to the one it interrupted, but never straight to a confirmation."""
        below = self.conversation.top
        if below is None:
            return
        said = len(self.run.prompts)
        stop = yield from self.run.advance(below)
        confirms = isinstance(stop, Asked) and stop.ask.ahead == "drop"
        if confirms and has_name(below.flow) and not self.event.call:
            below.paused = True
            del self.run.prompts[said:]
            self.say(Prompt(message="back-later", args={"service": below.flow}))
            return
        if has_name(below.flow):
            back = Prompt(message="back-to", args={"service": below.flow}, fresh=True)
            self.run.prompts.insert(said, back)
        yield from self._stopped(below, stop)

    def _stopped(
        self, frame: Frame, stop: Stop, *, greet: bool = False
    ) -> Generator[Effect, Any, None]:
        if isinstance(stop, Asked):
            if stop.wrong is not None and not greet:
                yield from self._refuse(frame, stop, stop.wrong)
            else:
                self._question(stop, "ask")
        elif isinstance(stop, Opened):
            self.conversation.frames.remove(frame)
            self._push(stop.flow, ahead=stop.ahead).heard = stop.heard
            yield from self._go_on()
        elif isinstance(stop, Ended):
            self.conversation.frames.remove(frame)
            if frame.flow == "resume_offer":
                if stop.value is False:
                    self.conversation.frames.clear()
                yield from self._go_on(menu=True)
            else:
                yield from self._below()
        elif isinstance(stop, Moves):
            self.moves_to = stop.phone
        elif isinstance(stop, Leaves):
            self.run.hangs_up = True
        elif isinstance(stop, Takes):
            yield from self._take(frame, stop)
        else:
            assert isinstance(stop, Waits)
            if self.event.call:
                self.say(Prompt(message="please-wait"))

    def _take(self, frame: Frame, stop: Takes) -> Generator[Effect, Any, None]:
        """Go on with what was begun on another phone, as it was left there; it is proved anew."""
        frames = self.conversation.frames
        frames.remove(frame)
        taken = next((running for running in frames if running.uid == stop.frame.uid), None)
        if taken is None:
            taken = stop.frame
            forget_proof(taken)
            self.took = (stop.conversation, taken.uid)
        else:
            frames.remove(taken)
        frames[:] = [*frames, taken][-limits.STACK_DEPTH :]
        self.say(Prompt(message="resumed", args={"service": taken.flow}))
        yield from self._go_on()

    def _refuse(self, frame: Frame, stop: Asked, wrong: Wrong) -> Generator[Effect, Any, None]:
        """No-match: three counted levels (short, with an example, an operator: offered, or on the
        line at once). A call-back that can't be taken ends there."""
        frame.misses = min(frame.misses + 1, limits.NO_MATCH_LEVELS)
        kind = stop.ask.answer.type
        self.say(Prompt(message=f"wrong-{kind}-{wrong.code}", args=wrong.args_, kind="wrong"))
        if frame.misses == limits.NO_MATCH_LEVELS and self.event.call:
            frame.misses = 0
            if frame.flow == "call_back":  # nobody takes calls now
                self.conversation.frames.remove(frame)
                self.say(Prompt(message="call-back-none", kind="wrong"))
                yield from self._below()
                return
            yield from self._hand_off(frame, "no_match")
            return
        if frame.misses == limits.NO_MATCH_LEVELS:
            self.say(Prompt(message="offer-operator", kind="wrong"))
        elif frame.misses > 1:
            self.say(Prompt(message=f"example-{kind}", kind="wrong"))
        self._question(stop, "again")

    def _question(self, stop: Asked, kind: Any) -> None:
        ask = stop.ask
        if ask.notice and self.event.call and kind == "ask":
            self.say(Prompt(message=ask.notice, args=ask.args, heard=True))
        frame = self.conversation.frames[-1]
        frame.paused = False
        frame.question = _named(frame, ask)
        self.say(
            Prompt(
                message=ask.message,
                args=ask.args,
                rows=ask.rows,
                answer=ask.answer,
                kind=kind,
                fresh=_must_be_known(ask),
            )
        )

    def _hand_off(self, frame: Frame | None, reason: str) -> Generator[Effect, Any, None]:
        if frame is None:
            frame = Frame(self._uid("main_menu"), "main_menu")
        if frame.flow == "call_back":
            yield from self._go_on()  # nobody takes calls now: that is why it runs
            return
        became = yield from self.run.hand_off(frame, reason)
        if became == "transfer":
            self.say(Prompt(message="operator-transfer"))
        elif became == "closed":
            self.say(Prompt(message="operator-closed", fresh=True))
            self._push("call_back", {"service": frame.flow, "reason": reason})
            yield from self._go_on()
        else:
            self.say(Prompt(message="operator"))


def has_name(flow: str) -> bool:
    """Whether there is a title to speak of this flow."""
    return flow not in _NAMELESS


def _must_be_known(ask: Ask) -> bool:
    """Whether a key too many before the question could do harm: say yes, or spend one of few tries."""
    return ask.ahead == "drop" or ask.secret or isinstance(ask.answer, YesNo)


def question_name(frame: Frame) -> str:
    """Names the open question of a flow, for ``Event.asked``; empty while it waits."""
    return "" if frame.waiting else frame.question


def _named(frame: Frame, ask: Ask) -> str:
    """12 hexadecimal digits for a question as it is seen: with other figures it is another one."""
    options = getattr(ask.answer, "options", ())
    seen = msgspec.json.encode((frame.uid, ask.key, ask.args, ask.rows, options))
    return hashlib.blake2b(seen, digest_size=6).hexdigest()
