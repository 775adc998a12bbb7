"""A turn: one conversation and one event go in, the new conversation and its prompts come out.

The hot path of the product: event in, journal replayed, step taken, prompts out. Pure: the host
performs the effects, renders the prompts and commits everything in one step (``gooya.turns``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import traceback
from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import commands, limits
from dialogs.answers.base import Wrong
from dialogs.calendar import tehran_today
from dialogs.entry import Opening, by_id, opening
from dialogs.events import Event
from dialogs.ids import is_mobile
from dialogs.notices import notice
from dialogs.prompts import Prompt
from dialogs.replay import (
    Asked,
    Effect,
    Ended,
    Opened,
    Run,
    Stop,
    Transfer,
    Waits,
    filed,
    remember_told,
)
from dialogs.session import Conversation, Frame, Profile
from dialogs.store.contract import Timer
from dialogs.text import fold

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
    written: tuple[str, ...] = ()
    """What a call that ended leaves to be sent by SMS, besides the prompts."""


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
        on_the_line = event.channel == "call" and conversation.call
        run.prompts += told or [Prompt(message="sorry-operator" if on_the_line else "sorry")]
        if on_the_line:
            run.transfer = Transfer("defect", flow, {})
        conversation.frames.clear()
    return handler.result()


class _Handler:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.conversation = run.conversation
        self.event = run.event
        self.say = run.prompts.append
        self.repeats = False
        self.written: tuple[str, ...] = ()

    def result(self) -> Turn:
        run, top = self.run, self.conversation.top
        asks = top is not None and any(prompt.answer is not None for prompt in run.prompts)
        return Turn(
            run.prompts,
            run.timers,
            run.cancelled,
            asked=_question_name(top) if asks and top else "",
            repeats=self.repeats,
            hangs_up=run.hangs_up,
            transfer=run.transfer,
            secret=run.secret,
            written=self.written,
        )

    def handle(self) -> Generator[Effect, Any, None]:
        event = self.event
        if event.kind == "text":
            yield from self._text()
        elif event.kind == "progress":
            yield from self._progress()
        elif event.kind == "timer":
            yield from self._timer()
        elif event.kind == "hang_up":
            if event.call == self.conversation.call:
                self._end_call()
        elif event.call:
            yield from self._call()
        else:
            out = event.kind == "opt_out"
            if self.conversation.profile.opted_out != out:
                self.conversation.profile.opted_out = out
                self.say(Prompt(message="opted-out" if out else "opted-in"))

    # -- what the customer sends -----------------------------------------------------------------

    def _text(self) -> Generator[Effect, Any, None]:
        conversation, event = self.conversation, self.event
        text = event.text[: limits.MESSAGE_LENGTH]
        idle = event.at - conversation.touched
        conversation.touched = event.at
        conversation.channel, conversation.address = event.channel, event.address
        if idle > limits.SESSION_IDLE:
            conversation.started, conversation.turns, conversation.segments = event.at, 0, 0
            conversation.proofs.clear()
        if conversation.segments_left(self.run.today) < 0:
            return  # the last word was said
        conversation.turns += 1
        if conversation.turns > limits.TURNS_PER_SESSION:
            self._close_session()
            return
        command = commands.by_word(text)
        wish = None if command else opening(text)
        if conversation.top is not None and conversation.top.waiting:
            self.run.ends_wait = True
            yield from self._go_on()
            self.run.ends_wait = False
            if not command and not wish and any(p.kind == "ask" for p in self.run.prompts):
                return  # nobody can have answered a question that comes only now
        if idle > limits.SESSION_IDLE and conversation.frames:
            late = self._leave_old_frames(idle)
            if late and not command and not wish:
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

    # -- calls -----------------------------------------------------------------------------------

    def _call(self) -> Generator[Effect, Any, None]:
        """What happens on the line. Whatever it is, something is asked at its end."""
        conversation, event = self.conversation, self.event
        idle = event.at - conversation.touched
        known = event.call == conversation.call
        conversation.touched = event.at
        conversation.channel, conversation.address = event.channel, event.address
        if event.kind == "call" or not known:
            yield from self._begin_call(idle)
        elif event.kind == "adopted":
            self.repeats = True
            yield from self._go_on(menu=True)
        else:
            conversation.turns += 1
            if conversation.turns > limits.TURNS_PER_SESSION:
                conversation.frames.clear()
                self.say(Prompt(message="too-many-turns"))
                self.run.hangs_up = True
            else:
                yield from self._on_the_line()
        yield from self._keep_on_the_line()

    def _begin_call(self, idle: float) -> Generator[Effect, Any, None]:
        """Greet, and go on where an earlier call or message stopped. A caller id proves nothing, and
        what was proved elsewhere is not this caller's."""
        conversation = self.conversation
        if conversation.call:
            self._end_call()  # it ended unseen
        conversation.call = self.event.call
        conversation.channel = self.event.channel
        conversation.started, conversation.turns = self.event.at, 1
        conversation.proofs.clear()
        conversation.challenge = None
        self.say(Prompt(message="welcome"))
        if conversation.top is not None and conversation.top.waiting:
            self.run.ends_wait = True
            yield from self._go_on()
            self.run.ends_wait = False
            if any(prompt.answer is not None for prompt in self.run.prompts):
                return
        late = self._leave_old_frames(idle)
        if late and _has_name(late) and idle > limits.SESSION_IDLE:
            self._push("resume_offer", {"service": late})
        elif late and _has_name(late):
            self.say(Prompt(message="resumed", args={"service": late}))
        yield from self._go_on(menu=True)

    def _on_the_line(self) -> Generator[Effect, Any, None]:
        event, top = self.event, self.conversation.top
        if event.kind == "command":
            yield from self._command(event.text)
        elif top is None or (event.asked and event.asked != _question_name(top)):
            yield from self._go_on(menu=True)  # an answer to another question than the open one
        elif event.kind == "silence":
            yield from self._silence(top)
        elif event.kind == "keys" and (command := (yield from self._sign(event.text))):
            yield from self._command(command)  # a lone 0 among digits is a call for help
        else:
            self.run.given = event.text[: limits.MESSAGE_LENGTH]
            yield from self._stopped(top, (yield from self.run.advance(top)))

    def _silence(self, frame: Frame) -> Generator[Effect, Any, None]:
        """No-input: three counted levels (short, explained, good-bye)."""
        stop = yield from self.run.advance(frame)
        if not isinstance(stop, Asked):
            yield from self._stopped(frame, stop)
            return
        frame.silences += 1
        if frame.silences >= limits.NO_INPUT_LEVELS:
            frame.silences = 0
            self.say(Prompt(message="goodbye-silence"))
            self.run.hangs_up = True
            return
        if frame.silences == 1:
            self.say(Prompt(message="no-input", kind="wrong"))
        else:
            self.say(Prompt(message="no-input-help", kind="wrong"))
            self.say(Prompt(message=f"example-{stop.ask.answer.type}", kind="wrong"))
        self._question(stop, "again")

    def _keep_on_the_line(self) -> Generator[Effect, Any, None]:
        """Never leave a caller in silence: after a service comes the question for another one."""
        conversation = self.conversation
        self._name_what_is_kept()
        if self.run.transfer is not None:
            conversation.frames.clear()  # the operator goes on with it
        elif conversation.top is None and not self.run.hangs_up:
            self._push("anything_else")
            yield from self._go_on()
        due = self.event.at + limits.CALL_SILENCE
        self.run.timers.append(Timer(conversation.id, _call_timer(conversation.call), due))

    def _name_what_is_kept(self) -> None:
        """Say that what ears can't keep comes by SMS; whoever can get none hears what to pay with."""
        prompts = self.run.prompts
        last = max((i for i, prompt in enumerate(prompts) if prompt.keep), default=None)
        if last is None:
            return
        if is_mobile(self.conversation.address):
            prompts.insert(last + 1, Prompt(message="kept-by-sms"))
        elif "payment" in prompts[last].args:
            payment = {"payment": prompts[last].args["payment"]}
            prompts.insert(last + 1, Prompt(message="payment-spoken", args=payment))

    def _end_call(self) -> None:
        """Nobody is on the line any more: what ears can't keep follows in writing."""
        conversation = self.conversation
        self.run.cancelled.append(_call_timer(conversation.call))
        conversation.call, conversation.said = "", None
        conversation.proofs.clear()
        conversation.challenge = None
        self.written += tuple(conversation.kept)
        conversation.kept.clear()
        if not is_mobile(conversation.address):
            return
        conversation.channel = "sms"
        broken_off = next((f for f in reversed(conversation.frames) if _answered(f)), None)
        if broken_off is not None and not broken_off.waiting and _has_name(broken_off.flow):
            self.say(Prompt(message="call-dropped", args={"service": broken_off.flow}))

    def _leave_old_frames(self, idle: float) -> str | None:
        """Drop what nobody would come back to; the flow worth offering, if there is one."""
        frames = self.conversation.frames
        if idle > limits.RESUME_WINDOW:
            frames.clear()
        while frames and not _answered(frames[-1]):
            frames.pop()
        for frame in frames:
            _forget_proof(frame)
        return frames[-1].flow if frames else None

    def _sign(self, text: str) -> Generator[Effect, Any, str | None]:
        """The command a sign stands for, unless the open question takes it as an answer."""
        sign = fold(text)
        command = commands.by_sign(sign, self.conversation.channel)
        top = self.conversation.top
        if command is None or top is None or top.paused:
            return command
        said, seen = len(self.run.prompts), top.asked
        stop = yield from self.run.advance(top)
        del self.run.prompts[said:]
        shown = isinstance(stop, Asked) and seen in ("", stop.ask.key)
        if isinstance(stop, Asked) and shown and stop.ask.answer.takes_signs:
            try:
                stop.ask.answer.parse(text, today=self.run.today)
            except Wrong:
                return command
            return None
        return command

    def _first_words(self, text: str, wish: Opening | None) -> Generator[Effect, Any, None]:
        wish = wish or by_id(text)
        if wish is not None:
            self._push(wish.flow, ahead=wish.ahead)
            yield from self._go_on()
            return
        frame = self._push("main_menu")
        self.run.given = text
        yield from self._stopped(frame, (yield from self.run.advance(frame)), greet=True)

    def _answer(self, text: str, wish: Opening | None) -> Generator[Effect, Any, None]:
        frame = self.conversation.frames[-1]
        self.run.given = text
        stop = yield from self.run.advance(frame)
        refused = isinstance(stop, Asked) and stop.wrong is not None
        if refused and wish is None and frame.flow == "main_menu":
            wish = by_id(text)
        if refused and wish is not None:
            self._push(wish.flow, ahead=wish.ahead)
            yield from self._go_on()
            return
        yield from self._stopped(frame, stop)
        if self.run.given is not None and self.conversation.top is None:
            yield from self._first_words(text, wish)

    # -- commands --------------------------------------------------------------------------------

    def _command(self, name: str) -> Generator[Effect, Any, None]:
        top = self.conversation.top
        if name == "cancel":
            yield from self._cancel()
        elif name == "menu":
            if top is None or top.flow != "main_menu":
                self._push("main_menu")
            yield from self._go_on()
        elif name == "back":
            yield from self._back()
        elif name == "resume":
            yield from self._resume()
        elif name == "operator":
            yield from self._hand_off(top, "asked")
        elif name == "help":
            yield from self._help(top)
        elif name.startswith("language-"):
            self.conversation.profile.language = name.removeprefix("language-")
            self.say(Prompt(message="language-set"))
            yield from self._go_on(menu=True)
        else:
            self.repeats = name == "repeat"
            yield from self._go_on(menu=True)

    def _cancel(self) -> Generator[Effect, Any, None]:
        if self.conversation.top is None:
            self.say(Prompt(message="nothing-to-cancel"))
            return
        frames = self.conversation.frames
        if frames.pop().flow == "resume_offer":
            frames.pop()  # whoever declines the offer means what was offered
        self.say(Prompt(message="cancelled-one" if frames else "cancelled"))
        yield from self._below()

    def _back(self) -> Generator[Effect, Any, None]:
        frame = self.conversation.top
        if frame is None:
            yield from self._go_on(menu=True)
            return
        done = max((i for i, e in enumerate(frame.journal) if e.kind == "done"), default=-1)
        answers = [i for i, e in enumerate(frame.journal) if e.kind == "answer" and i > done]
        if answers:
            del frame.journal[answers[-1] :]
            frame.misses = 0
            frame.ahead.clear()
            frame.kept.clear()
        elif frame.flow != "main_menu" and done < 0:
            self.conversation.frames.pop()
            self._push("main_menu")
        elif frame.flow == "main_menu" and len(self.conversation.frames) > 1:
            self.conversation.frames.pop()
            yield from self._below()
            return
        yield from self._go_on()

    def _resume(self) -> Generator[Effect, Any, None]:
        frames = self.conversation.frames
        while len(frames) > 1 and not _answered(frames[-1]):
            frames.pop()
        if frames and frames[-1].flow in ("main_menu", "resume_offer"):
            frames.pop()
        if not frames:
            self.say(Prompt(message="nothing-to-resume"))
        yield from self._go_on(menu=True)

    def _hand_off(self, frame: Frame | None, reason: str) -> Generator[Effect, Any, None]:
        if frame is None:
            frame = Frame(self._uid("main_menu"), "main_menu")
        became = yield from self.run.hand_off(frame, reason)
        if became == "transfer":
            self.say(Prompt(message="operator-transfer"))
        elif became == "closed":
            self.say(Prompt(message="operator-closed"))
            self._push("call_back", {"service": frame.flow, "reason": reason})
            yield from self._go_on()
        else:
            self.say(Prompt(message="operator"))

    def _help(self, frame: Frame | None) -> Generator[Effect, Any, None]:
        self.say(Prompt(message="help"))
        if frame is None:
            return
        stop = yield from self.run.advance(frame)
        if isinstance(stop, Asked):
            self.say(Prompt(message=f"example-{stop.ask.answer.type}"))
            self._question(stop, "remind")

    # -- timers and news -------------------------------------------------------------------------

    def _timer(self) -> Generator[Effect, Any, None]:
        self.run.cancelled.append(self.event.timer)
        if self.event.timer == _call_timer(self.conversation.call):
            self._end_call()
            return
        top = self.conversation.top
        if top and top.waiting and self.event.timer == f"{top.uid}:{len(top.journal)}":
            yield from self._go_on()
            yield from self._called()

    def _progress(self) -> Generator[Effect, Any, None]:
        progress = self.event.progress
        assert progress is not None
        top = self.conversation.top
        if top is not None and top.waiting == progress.tracking_code:
            yield from self._go_on()
            yield from self._called()
            return
        conversation = self.conversation
        conversation.news = progress
        if not conversation.profile.opted_out:
            news = notice(self.event.service, progress, conversation.told)
            self.run.prompts.extend(news)
            remember_told(conversation, progress)
            if news and conversation.call:
                yield from self._go_on()
                yield from self._called()

    def _called(self) -> Generator[Effect, Any, None]:
        """After something that no key asked for: a caller is not left in silence."""
        if self.conversation.call:
            yield from self._keep_on_the_line()

    # -- frames ----------------------------------------------------------------------------------

    def _uid(self, flow: str) -> str:
        """Unique for all time, and the same when this turn runs again."""
        source = f"{self.conversation.id}|{self.event.id}|{flow}|{len(self.run.prompts)}".encode()
        return hashlib.blake2b(source, digest_size=8).hexdigest()

    def _push(
        self, flow: str, args: dict[str, Any] | None = None, ahead: tuple[str, ...] = ()
    ) -> Frame:
        frames = self.conversation.frames
        if frames and not _answered(frames[-1]):
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

    def _below(self) -> Generator[Effect, Any, None]:
        """After a flow ended: back to the one it interrupted, but never straight to a confirmation."""
        below = self.conversation.top
        if below is None:
            return
        said = len(self.run.prompts)
        stop = yield from self.run.advance(below)
        if isinstance(stop, Asked) and stop.ask.ahead == "drop" and not self.event.call:
            below.paused = True
            del self.run.prompts[said:]
            self.say(Prompt(message="back-later", args={"service": below.flow}))
            return
        if _has_name(below.flow):
            back = Prompt(message="back-to", args={"service": below.flow})
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
            self._push(stop.flow, ahead=stop.ahead)
            yield from self._go_on()
        elif isinstance(stop, Ended):
            self.conversation.frames.remove(frame)
            if frame.flow == "resume_offer":
                if stop.value is False:
                    self.conversation.frames.clear()
                yield from self._go_on(menu=True)
            else:
                yield from self._below()
        else:
            assert isinstance(stop, Waits)
            if self.event.call:
                self.say(Prompt(message="please-wait"))

    def _refuse(self, frame: Frame, stop: Asked, wrong: Wrong) -> Generator[Effect, Any, None]:
        """No-match: three counted levels (short, with an example, an operator: offered, or on the
        line at once)."""
        frame.misses = min(frame.misses + 1, limits.NO_MATCH_LEVELS)
        kind = stop.ask.answer.type
        self.say(Prompt(message=f"wrong-{kind}-{wrong.code}", args=wrong.args_, kind="wrong"))
        if frame.misses == limits.NO_MATCH_LEVELS and self.event.call:
            frame.misses = 0
            yield from self._hand_off(frame, "no_match")
            return
        if frame.misses == limits.NO_MATCH_LEVELS:
            self.say(Prompt(message="offer-operator", kind="wrong"))
        elif frame.misses > 1:
            self.say(Prompt(message=f"example-{kind}", kind="wrong"))
        self._question(stop, "again")

    def _question(self, stop: Asked, kind: Any) -> None:
        ask = stop.ask
        self.conversation.frames[-1].paused = False
        self.say(
            Prompt(
                message=ask.message,
                args=ask.args,
                rows=ask.rows,
                answer=ask.answer,
                kind=kind,
                heard=ask.heard,
                fresh=ask.ahead == "drop",
            )
        )


_NAMELESS = ("main_menu", "anything_else", "resume_offer", "call_back", "link_subscription")
"""Flows that are no service of the catalogue: there is no title to speak of them."""


def _has_name(flow: str) -> bool:
    return flow not in _NAMELESS


def _question_name(frame: Frame) -> str:
    return f"{frame.uid}.{frame.asked}"


def _call_timer(call: str) -> str:
    return f"call:{call}"


def _answered(frame: Frame) -> bool:
    """Whether the customer put anything into this flow."""
    return frame.flow != "main_menu" and any(e.kind == "answer" for e in frame.journal)


def _forget_proof(frame: Frame) -> None:
    """Cut the journal before its proof: what it opened is not shown again to whoever comes later."""
    keys = [entry.key for entry in frame.journal]
    if "proved" in keys and not any(key.startswith("submit:") for key in keys):
        del frame.journal[keys.index("proved") :]
