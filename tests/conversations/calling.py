"""Plays a conversation on the phone: keys for words, and what is heard for what is written."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from operator import methodcaller

import msgspec

from dialogs import commands, limits
from dialogs.answers.base import Wrong
from dialogs.calendar import tehran_today
from dialogs.entry import opening
from dialogs.ids import is_mobile
from dialogs.messages import MESSAGES
from dialogs.steps import Ask
from dialogs.text import latin_digits
from gooya.clock import instant
from ivr.keypad import KEYS
from tests.conversations.case import Case, Turn
from tests.conversations.play import Play, seconds
from tests.conversations.questions import open_question
from tests.conversations.telephone import Heard, Telephone
from tests.conversations.world import PATIENCE, World
from tests.menus import way_to

MENU_KEYS = {"menu": "", "anything-else": "1", "resume-offer": "2"}
"""How the main menu is reached from the questions that offer it."""
_SIGNS = {
    command.name: sign for command in commands.COMMANDS for sign in command.signs.get("call", ())
}


class Call(Play):
    """A conversation of a caller. See :mod:`tests.conversations.case` for what differs on the phone."""

    in_real_time = False
    """Whether what is heard of a turn comes only after a while."""

    def __init__(self, world: World, case: Case) -> None:
        super().__init__(world, case)
        self._telephones: dict[str, Telephone] = {}
        """By the number that they show."""
        self._heard: dict[str, list[Heard]] = defaultdict(list)
        """Prompts in all calls of a number."""
        self._pending = False

    @property
    def telephone(self) -> Telephone | None:
        """The one whose call goes on."""
        telephone = self._telephones.get(self.phone)
        return None if telephone is None or telephone.ended else telephone

    @property
    def heard(self) -> list[Heard]:
        """All prompts in the calls of this phone."""
        return self._heard[self.phone]

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            await self.put_down()

    async def put_down(self) -> None:
        """End the calls that are still going on."""
        for telephone in self._telephones.values():
            telephone.put_down()
            await self._settle(telephone)

    async def turn(self, turn: Turn) -> list[str]:
        if turn.text_only:
            return []
        if self.case.by_text is False and turn.send is not None:
            return await super().turn(turn)
        owner, self.phone = self.phone, self.fill(turn.from_) if turn.from_ else self.phone
        try:
            return await self._turn(turn)
        finally:
            self.phone = owner

    async def _turn(self, turn: Turn) -> list[str]:
        """Do what the turn says, and hold against it what is heard of it."""
        self._pending = turn.pending
        ends = turn.wait and self.case.by_text and seconds(turn.wait) > limits.CALL_SILENCE
        if ends and self.telephone:
            await self.hang_up()
            await self.inbox()  # what it leaves is no answer to this turn
        await self.happen(turn)
        heard = self.heard
        before = len(heard)
        if turn.call:
            await self.dial()
        for again in range(turn.times):
            if again:
                before = len(heard)
            await self._act(turn)
        if turn.hang_up:
            await self.hang_up()
        messages = await self.inbox()
        if turn.pending or not turn.acts or self.in_real_time:
            await self._wait_for(turn, before, messages)
        self.check_call(turn, heard[before:], messages)
        return messages

    async def _act(self, turn: Turn) -> None:
        if turn.keys is not None:
            if self.case.by_text and self.telephone is None:
                await self.dial()
            for keys in self.fill(turn.keys).split():
                await self.press(keys)
        elif turn.send is not None:
            await self.say(self.fill(turn.send))
        elif turn.silence:
            await self.does(methodcaller("be_silent"))
        elif turn.speak:
            await self.does(methodcaller("speak"))

    async def _wait_for(self, turn: Turn, before: int, messages: list[str]) -> None:
        """Wait until everything is heard and received that the turn expects."""
        async with asyncio.timeout(PATIENCE):
            while True:
                heard = self.heard[before:]
                said = "\n".join([*self._written(heard), *messages])
                if turn.hears:
                    said = _spoken(heard)
                if all(self.fill(text) in said for text in turn.hears or turn.expect):
                    return
                await asyncio.sleep(0.01)
                messages += await self.inbox()

    def check_call(self, turn: Turn, heard: list[Heard], messages: list[str]) -> None:
        """Hold what was heard and received against what the turn says of it."""
        written = turn
        if turn.hears:
            written = msgspec.structs.replace(turn, expect=[], silent=False)
        self.check(written, [*self._written(heard), *messages])
        self.check_messages(msgspec.structs.replace(turn, messages=None), messages)
        spoken = _spoken(heard)
        for text in map(self.fill, turn.hears):
            assert text in spoken, f"expected to hear {text!r} in {spoken!r}"
        for text in map(self.fill, turn.not_hears):
            assert text not in spoken, f"did not expect to hear {text!r} in {spoken!r}"
        if turn.sms is not None:
            assert messages or not turn.sms, f"expected SMS {turn.sms!r}"
            assert turn.sms or not messages, f"expected no SMS, got {messages!r}"
        for text in map(self.fill, turn.sms or []):
            assert text in "\n".join(messages), f"expected SMS {text!r} in {messages!r}"
        if (telephone := self._telephones.get(self.phone)) and turn.acts:
            self.check_end(turn, telephone)

    def check_end(self, turn: Turn, telephone: Telephone) -> None:
        """The call ended as the turn says, or something is asked: nobody is left in silence."""
        expected = "gone" if turn.hang_up else turn.ends
        assert telephone.ended == expected, f"the call: {telephone.ended!r}, expected {expected!r}"
        phase = telephone.caller.phase
        asked = phase in ("listening", "recording") or (turn.pending and phase == "waiting")
        assert telephone.ended or asked, f"left in silence: {phase}"

    def _written(self, heard: list[Heard]) -> list[str]:
        """What was heard, each prompt as an SMS."""
        if not heard:
            return []
        conversation = self._telephones[self.phone].conversation
        return [self.world.tap.written(conversation, prompt) for prompt in heard]

    # What a caller does ------------------------------------------------------------------------

    async def dial(self) -> None:
        telephone = self._telephones[self.phone] = Telephone(self.phone, self.heard)
        telephone.dial(self.world.switchboard)
        await self._settle(telephone)

    async def hang_up(self) -> None:
        await self.does(methodcaller("put_down"))

    async def press(self, keys: str) -> None:
        await self.does(methodcaller("press", keys))

    async def say(self, text: str) -> None:
        """Press what an SMS text means. AssertionError for what no keys say."""
        text = latin_digits(text).strip()
        wish = opening(text)
        begins = self.telephone is None
        if begins:
            await self.dial()
        command = commands.by_word(text) or commands.by_sign(text, "call")
        if wish is not None:
            await self._go_to_menu()
            for answer in (*way_to(wish.flow), *wish.ahead):
                await self.answer(answer)
        elif command is not None:
            assert command in _SIGNS, f"no key says {text!r}"
            await self.answer(_SIGNS[command])
        elif not begins or text.isdecimal():
            await self.answer(text)

    async def answer(self, text: str) -> None:
        """Press the keys of an answer to the open question."""
        ask = await self.question()
        if hasattr(ask.answer, "options"):
            text = self._option(ask, text)
        elif text != "*":
            text += "#"
        assert set(text) <= set(KEYS), f"no key says {text!r}"
        await self.press(text)

    async def question(self) -> Ask:
        """What the caller is asked now."""
        telephone = self.telephone
        assert telephone is not None, "the call is over"
        return (await open_question(self.world, telephone.conversation)).ask

    async def _go_to_menu(self) -> None:
        message = (await self.question()).message
        assert message in MENU_KEYS, f"no key leads from {message!r} to another service"
        if keys := MENU_KEYS[message]:
            await self.press(keys)

    def _option(self, ask: Ask, text: str) -> str:
        """The number of the option that ``text`` names: its value, its label in an SMS, or a number."""
        options = ask.answer.options  # type: ignore[attr-defined]
        values = [option.value for option in options]
        if text in values:
            return str(values.index(text) + 1)
        if text.isdecimal() or text == "*":
            return text
        labels = [MESSAGES.text(o.label, "sms", "fa", o.args) for o in options]
        answer = ask.answer.with_labels(labels)  # type: ignore[attr-defined]
        try:
            value = answer.parse(text, today=tehran_today(instant(self.world.clock())))
        except Wrong:
            raise AssertionError(f"no option of {ask.message!r} is {text!r}") from None
        if isinstance(value, bool):
            return "1" if value else "2"
        return str(values.index(value) + 1)

    async def does(self, act: Callable[[Telephone], None]) -> None:
        telephone = self.telephone
        assert telephone is not None, "the call is over"
        act(telephone)
        await self._settle(telephone)

    async def _settle(self, telephone: Telephone) -> None:
        if self._pending:
            await telephone.caller.settled()
        else:
            await self.world.settle_call(telephone)

    async def inbox(self) -> list[str]:
        """The SMS that came to the phone since the last look."""
        return await self.world.inbox(self.phone) if is_mobile(self.phone) else []


def _spoken(heard: list[Heard]) -> str:
    return "\n".join(" ".join(prompt) for prompt in heard)
