"""What the commands do (:mod:`dialogs.commands` says how they are given)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dialogs import commands
from dialogs.answers.base import Wrong
from dialogs.effects import Effect
from dialogs.journal import answered, keep_taken
from dialogs.prompts import Prompt
from dialogs.replay import Asked
from dialogs.session import Frame
from dialogs.stops import Stops
from dialogs.text import fold


class Obeying(Stops):
    """A turn that may hold a command."""

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
        if frame.taken:
            keep_taken(frame)
            frame.misses = 0
        elif answers:
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
        while len(frames) > 1 and not answered(frames[-1]):
            frames.pop()
        if frames and frames[-1].flow in ("main_menu", "resume_offer"):
            frames.pop()
        if not frames:
            self.say(Prompt(message="nothing-to-resume"))
        yield from self._go_on(menu=True)

    def _help(self, frame: Frame | None) -> Generator[Effect, Any, None]:
        self.say(Prompt(message="help"))
        if frame is None:
            return
        stop = yield from self.run.advance(frame)
        if isinstance(stop, Asked):
            self.say(Prompt(message=f"example-{stop.ask.answer.type}"))
            self._question(stop, "remind")
