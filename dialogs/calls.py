"""Calls: greeting, keys, silence, the end of the line, and coming back."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import limits
from dialogs.capabilities import CHANNELS
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.ids import is_mobile
from dialogs.journal import answered, filed, forget_proof
from dialogs.obeying import Obeying
from dialogs.prompts import Prompt
from dialogs.replay import Asked
from dialogs.session import Conversation, Frame
from dialogs.stops import has_name, question_name
from dialogs.store.contract import Timer


class OnTheLine(Obeying):
    """A turn of a conversation that may have a caller on the line."""

    def _call(self) -> Generator[Effect, Any, None]:
        """What happens on the line. Whatever it is, something is asked at its end."""
        conversation, event = self.conversation, self.event
        idle = event.at - conversation.touched
        known = event.call == conversation.call
        conversation.touched = event.at
        conversation.channel, conversation.address = event.channel, event.address
        if not known and conversation.call:
            self._end_call()  # it ended unseen
            self.run.prompts.clear()
        self._arrive(event.call)
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
        conversation.call = self.event.call
        conversation.channel = self.event.channel
        conversation.started, conversation.turns = self.event.at, 1
        if conversation.top is not None and conversation.top.waiting:
            # What it waits for comes as news.
            self.run.prompts += filed(conversation.frames.pop())
            self._set_aside()
        self.run.prompts.insert(0, Prompt(message="welcome"))
        # What news asked in writing is not read out to whoever calls.
        conversation.frames[:] = [frame for frame in conversation.frames if not frame.opened]
        late = self._leave_old_frames(idle)
        if late and has_name(late) and idle > limits.SESSION_IDLE:
            self._push("resume_offer", {"service": late})
        elif late and has_name(late):
            self.say(Prompt(message="resumed", args={"service": late}))
        yield from self._go_on(menu=True)

    def _on_the_line(self) -> Generator[Effect, Any, None]:
        event, top = self.event, self.conversation.top
        if event.kind == "command":
            yield from self._command(event.text)
        elif top is None or (event.asked and event.asked != question_name(top)):
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
        self.run.timers.append(Timer(conversation.id, call_timer(conversation.call), due))

    def _called(self) -> Generator[Effect, Any, None]:
        """After something that no key asked for: a caller is not left in silence."""
        if self.conversation.listens:
            yield from self._keep_on_the_line()

    def _tell(self, news: list[Prompt]) -> Generator[Effect, Any, None]:
        """News that no flow waits for. Who calls need not be whose number it is: a caller hears them
        only where they can't be written."""
        self.run.prompts.extend(news)
        if not self.conversation.listens:
            return
        self._set_aside()
        if self.run.prompts:
            yield from self._go_on()
            yield from self._called()

    def _set_aside(self) -> None:
        """What is said so far goes to the customer's number in writing, if that is possible."""
        if is_mobile(self.conversation.address):
            self.aside += self.run.prompts
            self.run.prompts.clear()

    def _name_what_is_kept(self) -> None:
        """Say that what ears can't keep comes by SMS; whoever can get none hears all of it, and what to
        pay with."""
        prompts = self.run.prompts
        last = max((i for i, prompt in enumerate(prompts) if prompt.keep), default=None)
        if last is None:
            return
        conversation = self.conversation
        can_follow = conversation.segments_left(self.run.today) >= 0
        if can_follow and is_mobile(conversation.address):
            if not prompts[last].brief:
                prompts.insert(last + 1, Prompt(message="kept-by-sms"))
            return
        prompts[:] = [msgspec.structs.replace(prompt, brief="") for prompt in prompts]
        kept = [args for p in prompts if p.keep for args in (p.args, *(r.args for r in p.rows))]
        prompts[last + 1 : last + 1] = [
            Prompt(message="payment-spoken", args={"payment": args["payment"]})
            for args in kept
            if "payment" in args
        ]

    def _end_call(self) -> None:
        """Nobody is on the line any more: what ears can't keep follows in writing."""
        conversation = self.conversation
        self.run.cancelled.append(call_timer(conversation.call))
        conversation.call, conversation.said = "", None
        self._arrive("")
        kept, conversation.kept = conversation.kept, []
        chats = CHANNELS[conversation.channel].account  # the customer went on there meanwhile
        if not is_mobile(conversation.id if chats else conversation.address):
            return
        if not chats:
            conversation.channel = "sms"
        if conversation.segments_left(self.run.today) < 0:
            return  # somebody calls and calls in this number's name
        self.written += tuple(kept)
        broken_off = next((f for f in reversed(conversation.frames) if answered(f)), None)
        silent = any(frame.silences >= limits.NO_INPUT_LEVELS for frame in conversation.frames)
        if conversation.top is not None and conversation.top.flow == "anything_else":
            conversation.frames.pop()
        for frame in conversation.frames:
            frame.silences = 0
        if broken_off is None or broken_off.waiting or not has_name(broken_off.flow):
            if silent and not conversation.profile.opted_out:
                self.say(Prompt(message="call-silent"))
            return
        if broken_off.dropped == len(broken_off.journal) or conversation.profile.opted_out:
            return
        broken_off.dropped = len(broken_off.journal)
        self.say(Prompt(message="call-dropped", args={"service": broken_off.flow}))

    def _leave_old_frames(self, idle: float) -> str | None:
        """Drop what nobody would come back to; the flow worth offering, if there is one. What news asked is
        still to be answered."""
        self._leave_outdated(idle)
        frames = self.conversation.frames
        for frame in frames:
            forget_proof(frame)
        if frames and frames[-1].opened:
            return None
        while frames and not answered(frames[-1]):
            frames.pop()
        return frames[-1].flow if frames else None

    def _leave_outdated(self, idle: float) -> None:
        """Drop what nobody would come back to after ``idle`` seconds; what news opened is younger."""
        self.conversation.frames[:] = [
            frame
            for frame in self.conversation.frames
            if min(idle, self.event.at - frame.opened) <= limits.RESUME_WINDOW
        ]


def call_timer(call: str) -> str:
    """Name of the timer that ends a call which nobody reports the end of."""
    return f"call:{call}"


def is_heard(conversation: Conversation, event: Event) -> bool:
    """Whether the answer is spoken: what was done on the line, and what comes of it later."""
    if event.kind == "hang_up":
        return False
    return bool(event.call) or (conversation.listens and not event.of_customer)
