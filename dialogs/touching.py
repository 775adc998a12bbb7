"""Messengers: buttons, shared contacts, files, and two conversations that become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import Any, Final

from dialogs import limits
from dialogs.answers.base import UNWRITTEN
from dialogs.calls import OnTheLine
from dialogs.effects import Effect
from dialogs.ids import is_mobile
from dialogs.journal import answered, cut_before
from dialogs.prompts import Prompt
from dialogs.replay import Asked
from dialogs.session import Frame
from dialogs.steps import Ask
from dialogs.stops import has_name, question_name
from dialogs.store.contract import Timer

COMMAND: Final = "command:"
"""Before the name of a command that a button gives."""
HELD_TIMER: Final = "held"
"""Name of the timer that brings the news which are held."""
_ANYWHERE: Final = ("menu", "resume")
"""Commands that mean the same whatever is asked by now."""


class OnTheScreen(OnTheLine):
    """A turn of a customer who touches a screen."""

    stale = False

    def _command(self, name: str) -> Generator[Effect, Any, None]:
        if name == "start":
            yield from self._start()
        else:
            yield from super()._command(name)

    def _touch(self) -> Generator[Effect, Any, None]:
        event, top = self.event, self.conversation.top
        if top is not None and top.waiting and self._goes_away():
            yield from self._end_wait()
        if event.kind == "command":
            yield from self._command(event.text)
        elif event.kind == "press":
            yield from self._press()
        elif event.kind == "contact":
            yield from self._contact()
        elif event.kind == "files":
            yield from self._files()
        elif event.kind == "open":
            flow, *ahead = event.text.replace(UNWRITTEN, "").split()
            self._push(flow, ahead=tuple(ahead[: limits.TYPE_AHEAD]))
            yield from self._go_on()
        else:
            self.say(Prompt(message="cannot-read", args={"what": event.text}))
            yield from self._remind()

    def _goes_away(self) -> bool:
        """Whether the customer does not wait for what is on its way. A second tap on a button does; and
        whoever shares a number goes on with all that runs."""
        kind, command = self.event.kind, self.event.text.removeprefix(COMMAND)
        return command in _ANYWHERE if kind == "press" else kind != "contact"

    def _press(self) -> Generator[Effect, Any, None]:
        """A button answers the question it stands under and no other one."""
        event, top = self.event, self.conversation.top
        command = event.text.removeprefix(COMMAND)
        fits = top is not None and event.asked == question_name(top)
        if command != event.text and (fits or command in _ANYWHERE):
            yield from self._command(command)
        elif fits:
            yield from self._given(event.text)
        else:
            self.stale = True

    def _given(self, answer: str) -> Generator[Effect, Any, None]:
        """Answer the open question."""
        frame = self.conversation.frames[-1]
        self.run.given = answer
        yield from self._stopped(frame, (yield from self.run.advance(frame)))

    def _contact(self) -> Generator[Effect, Any, None]:
        """A phone number from the account's own contact proves itself, asked for or not."""
        phone = self.event.text
        if not is_mobile(phone):
            self.say(Prompt(message="wrong-own_phone-foreign" if phone else "phone-foreign"))
            yield from self._remind()
            return
        ask = yield from self._open_question()
        if ask is not None and ask.answer.contact:
            yield from self._given(UNWRITTEN + phone)
            return
        self._push("link_phone", {"shared": phone})
        yield from self._go_on()

    def _files(self) -> Generator[Effect, Any, None]:
        """Files for a question that takes them; at another moment they are kept until one does. What is
        not taken is said, and why."""
        event, kept = self.event, self.conversation.files
        words = event.text.split()
        ids = [word for word in words if not word.startswith("!")]
        left = Counter[str]()
        for word in words[len(ids) :]:
            why, _, many = word.removeprefix("!").partition(":")
            left[why] += int(many)
        ask = yield from self._open_question()
        asked = ask is not None and ask.answer.takes_files
        if asked and ask is not None:
            most = getattr(ask.answer, "max", len(ids))
            if ids[most:]:
                left["many"] += len(ids[most:])
            ids = ids[:most]
        trouble = "" if ids else next(iter(left), "failed")
        if ids:
            for why, count in left.items():
                self.say(Prompt(message="files-left-out", args={"count": count, "why": why}))
        if asked:
            yield from self._given(UNWRITTEN + (" ".join(ids) or trouble))
            return
        if trouble:
            self.say(Prompt(message=f"wrong-photo-{trouble}"))
        else:
            kept.update(dict.fromkeys(ids, event.at))
            while len(kept) > limits.FILES:
                del kept[next(iter(kept))]
            self.say(Prompt(message="photo-kept"))
        yield from self._remind()

    def _open_question(self) -> Generator[Effect, Any, Ask | None]:
        top = self.conversation.top
        if top is None or top.paused or top.waiting:
            return None
        said = len(self.run.prompts)
        stop = yield from self.run.advance(top)
        del self.run.prompts[said:]
        return stop.ask if isinstance(stop, Asked) else None

    def _remind(self) -> Generator[Effect, Any, None]:
        """Put the open question again, or open the menu."""
        top = self.conversation.top
        if top is None:
            yield from self._go_on(menu=True)
            return
        stop = yield from self.run.advance(top)
        if isinstance(stop, Asked):
            self._question(stop, "remind")
        else:
            yield from self._stopped(top, stop)

    def _start(self) -> Generator[Effect, Any, None]:
        """The first words to somebody who opens the chat; what was left unfinished is offered."""
        self.say(Prompt(message="welcome"))
        frames = self.conversation.frames
        while frames and not answered(frames[-1]):
            frames.pop()
        if frames and has_name(frames[-1].flow):
            self._push("resume_offer", {"service": frames[-1].flow})
        else:
            self._push("main_menu")
        yield from self._go_on()

    def _joined(self) -> Generator[Effect, Any, None]:
        """Another conversation of this customer becomes part of this one: what runs there goes on
        here, above what was begun here."""
        conversation, event = self.conversation, self.event
        other = event.joins
        assert other is not None
        if not conversation.touched:
            conversation.started = event.at
        conversation.touched = event.at
        conversation.channel, conversation.address = event.channel, event.address
        self._arrive(event.medium)
        conversation.turns += 1
        profile = conversation.profile
        profile.subscriptions = list(
            dict.fromkeys([*profile.subscriptions, *other.profile.subscriptions])
        )[: limits.SAVED_SUBSCRIPTIONS]
        profile.names = {**other.profile.names, **profile.names}
        conversation.files.update(other.files)
        conversation.news = conversation.news or other.news
        conversation.told = [*other.told, *conversation.told][-limits.TOLD :]
        conversation.held = [*other.held, *conversation.held][-limits.HELD :]
        if conversation.held:
            due = max(one.until for one in conversation.held)
            self.run.timers.append(Timer(conversation.id, HELD_TIMER, due))
        for frame in other.frames[:-1]:
            _forget_who(frame)
        conversation.keyboards = list(dict.fromkeys([*conversation.keyboards, *other.keyboards]))
        frames = conversation.frames
        while frames and not answered(frames[-1]):
            frames.pop()
        running = {frame.flow for frame in other.frames}
        frames[:] = [f for f in frames if f.flow not in running][-limits.STACK_DEPTH :]
        frames += other.frames
        yield from self._go_on(menu=True)

    def _write_instead(self) -> None:
        """The messenger can't bring our messages: from now on, and the one that came back, by SMS."""
        conversation, event = self.conversation, self.event
        if conversation.channel != event.channel or conversation.address != event.address:
            return
        if is_mobile(conversation.id):
            conversation.channel, conversation.address = "sms", conversation.id
            self.written += (event.text,) if event.text else ()


def _forget_who(frame: Frame) -> None:
    """Cut the journal before the flow looked whether the account has a number: it has one now."""
    cut_before(frame, "recall:owned")
