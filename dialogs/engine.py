"""A turn: one conversation and one event go in, the new conversation and its prompts come out.

The hot path of the product: event in, journal replayed, step taken, prompts out. Pure: the host
performs the effects, renders the prompts and commits everything in one step (``gooya.turns``).
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import commands, limits
from dialogs.answers.base import UNWRITTEN
from dialogs.calendar import tehran_today
from dialogs.calls import call_timer, is_heard
from dialogs.capabilities import CHANNELS
from dialogs.effects import Effect, Transfer
from dialogs.entry import Opening, by_id, opening
from dialogs.events import Event
from dialogs.journal import filed, forget_proof, wait_timer
from dialogs.prompts import Prompt
from dialogs.replay import Asked, Run
from dialogs.session import Conversation, Profile
from dialogs.stops import has_name, question_name
from dialogs.store.contract import Timer
from dialogs.touching import HELD_TIMER
from dialogs.wishes import Unclear, Wishing

log = logging.getLogger(__name__)

Turning = Generator[Effect, Any, "Turn"]


class Turn(msgspec.Struct, frozen=True):
    """What the host commits and says."""

    prompts: list[Prompt]
    timers: list[Timer]
    cancelled: list[str]
    asked: str = ""
    """Names the open question, for ``Event.asked``; empty when nothing is asked."""
    repeats: bool = False
    """The customer wants to hear again what was said last."""
    hangs_up: bool = False
    transfer: Transfer | None = None
    secret: bool = False
    """What the customer entered (a one-time code) is not to be written down."""
    aside: tuple[Prompt, ...] = ()
    """What goes in writing to the customer's number while somebody is on the line."""
    unclear: Unclear | None = None
    """What the customer wrote was not understood, or it had to be asked what it means."""
    chose: tuple[str, str] = ("", "")
    """The key of an unclear text, and the service that its customer came to in the end."""
    stale: bool = False
    """The button belonged to a question that is no longer open; nothing happened."""
    took: tuple[str, str] = ("", "")
    """Conversation and uid of a flow that goes on here from now on, and there no more."""
    moves_to: str = ""
    """The conversation in which the running flow goes on; this turn is not to be committed."""
    written: tuple[str, ...] = ()
    """What a call that ended leaves to be sent by SMS, besides the prompts."""
    erases: bool = False
    """Nothing of the customer is to be left after this turn."""


def start(event: Event, profile: Profile, conversation: str) -> Conversation:
    """A conversation that nobody had before."""
    return Conversation(conversation, event.channel, event.address, profile, started=event.at)


def turn(conversation: Conversation, event: Event) -> Turning:
    """Advance ``conversation`` (in place) by ``event``: yields effects, returns the :class:`Turn`.

    A defect in a flow never escapes: all flows are dropped, the customer gets an apology (or the
    tracking code that was not told yet) and the log says which flow it was.
    """
    today = tehran_today(dt.datetime.fromtimestamp(event.at, dt.UTC))
    run = Run(conversation, event, today)
    handler = _Handler(run)
    try:
        yield from handler.handle()
    except Exception as error:
        flow = conversation.top.flow if conversation.top else "-"
        # The exception's own text may name the customer: where it happened has to do.
        places = [f"{p.name}:{p.lineno}" for p in traceback.extract_tb(error.__traceback__)[-4:]]
        log.error(
            "flow failed, dropped",
            extra={"flow": flow, "error": type(error).__name__, "where": " > ".join(places)},
        )
        told = [prompt for frame in conversation.frames for prompt in filed(frame)]
        on_the_line = is_heard(conversation, event)
        run.prompts += told or [Prompt(message="sorry-operator" if on_the_line else "sorry")]
        if on_the_line:
            run.transfer = Transfer("defect", flow, {})
        conversation.frames.clear()
    return handler.result()


class _Handler(Wishing):
    def result(self) -> Turn:
        run, top = self.run, self.conversation.top
        asks = top is not None and any(prompt.answer is not None for prompt in run.prompts)
        return Turn(
            run.prompts,
            run.timers,
            run.cancelled,
            asked=question_name(top) if asks and top else "",
            repeats=self.repeats,
            hangs_up=run.hangs_up,
            transfer=run.transfer,
            secret=run.secret,
            aside=tuple(self.aside),
            written=self.written,
            stale=self.stale,
            unclear=self.unclear,
            chose=self.chose,
            moves_to=self.moves_to,
            took=self.took,
            erases=run.erases,
        )

    def handle(self) -> Generator[Effect, Any, None]:
        event = self.event
        if event.kind == "joined":
            yield from self._joined()
        elif event.kind == "unreachable":
            self._write_instead()
        elif event.kind == "taken":
            frames = self.conversation.frames
            frames[:] = [frame for frame in frames if frame.uid != event.text]
        elif event.kind == "progress":
            yield from self._progress()
        elif event.kind == "timer":
            yield from self._timer()
        elif event.kind == "hang_up":
            if event.call == self.conversation.call:
                self._end_call()
        elif event.call:
            yield from self._call()
        elif event.kind in ("opt_in", "opt_out"):
            out = event.kind == "opt_out"
            if self.conversation.profile.opted_out != out:
                self.conversation.profile.opted_out = out
                self.say(Prompt(message="opted-out" if out else "opted-in"))
        else:
            yield from self._message()

    def _message(self) -> Generator[Effect, Any, None]:
        """Whatever a customer sends who writes, or touches a screen."""
        conversation, event = self.conversation, self.event
        idle = event.at - conversation.touched
        conversation.touched = event.at
        conversation.channel, conversation.address = event.channel, event.address
        self._arrive(event.medium)
        if idle > limits.SESSION_IDLE:
            conversation.started, conversation.turns, conversation.segments = event.at, 0, 0
            conversation.proofs.clear()
            self._leave_outdated(idle)
            for frame in conversation.frames:
                forget_proof(frame)
        if CHANNELS[event.channel].paid and conversation.segments_left(self.run.today) < 0:
            return  # the last word was said
        conversation.turns += 1
        if conversation.turns > limits.TURNS_PER_SESSION:
            self._close_session()
            return
        if event.kind == "text":
            yield from self._text(event.text[: limits.MESSAGE_LENGTH].replace(UNWRITTEN, ""), idle)
        else:
            yield from self._touch()
        if not self.misunderstood and all(prompt.kind != "wrong" for prompt in self.run.prompts):
            conversation.misunderstood = 0

    def _text(self, text: str, idle: float) -> Generator[Effect, Any, None]:
        conversation = self.conversation
        command = commands.by_word(text)
        wish = None if command else opening(text)
        if conversation.top is not None and conversation.top.waiting:
            yield from self._end_wait()
            if not command and not wish and any(p.kind == "ask" for p in self.run.prompts):
                return  # nobody can have answered a question that comes only now
        if idle > limits.SESSION_IDLE and conversation.frames:
            late = self._leave_old_frames(idle)
            if late and not command and not wish:
                if has_name(late):
                    self._push("resume_offer", {"service": late})
                yield from self._go_on()
                return
        if command is None:
            command = yield from self._sign(text)
        if command is not None:
            yield from self._command(command)
        elif conversation.top is None or conversation.top.paused:
            yield from self._first_words(text, wish)
        else:
            yield from self._answer(text, wish)

    def _close_session(self) -> None:
        if self.conversation.turns == limits.TURNS_PER_SESSION + 1:
            self.conversation.frames.clear()
            self.say(Prompt(message="too-many-turns"))

    def _first_words(self, text: str, wish: Opening | None) -> Generator[Effect, Any, None]:
        wish = wish or by_id(text)
        if wish is not None:
            self._push(wish.flow, ahead=wish.ahead)
            yield from self._go_on()
            return
        frame = self._push("main_menu")
        self.run.given = text
        stop = yield from self.run.advance(frame)
        refused = isinstance(stop, Asked) and stop.wrong is not None
        if not (refused and (yield from self._follow(text, None))):
            yield from self._stopped(frame, stop, greet=True)

    def _answer(self, text: str, wish: Opening | None) -> Generator[Effect, Any, None]:
        frame = self.conversation.frames[-1]
        self.run.given = text
        said = len(self.run.prompts)
        stop = yield from self.run.advance(frame)
        refused = isinstance(stop, Asked) and stop.wrong is not None
        if refused and wish is None and frame.flow == "main_menu":
            wish = by_id(text)
        if wish is not None and (refused or self.run.unread):
            del self.run.prompts[said:]
            self._push(wish.flow, ahead=wish.ahead)
            yield from self._go_on()
            return
        if isinstance(stop, Asked) and refused and (yield from self._follow(text, stop)):
            return
        yield from self._stopped(frame, stop)
        if self.run.given is not None and self.conversation.top is None:
            yield from self._first_words(text, wish)

    def _timer(self) -> Generator[Effect, Any, None]:
        self.run.cancelled.append(self.event.timer)
        if self.event.timer == call_timer(self.conversation.call):
            self._end_call()
            return
        if self.event.timer == HELD_TIMER:
            yield from self._tell_held()
            return
        top = self.conversation.top
        if top and top.waiting and self.event.timer == wait_timer(top):
            yield from self._go_on()
            yield from self._called()
