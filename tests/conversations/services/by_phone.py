"""The customer who calls, and how long they have to listen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from dialogs.steps import Ask
from ivr.book import book
from ivr.player import HOLD
from ivr.spoken import option
from tests.conversations.services.by_sms import BySms
from tests.conversations.services.customer import Customer, number_of
from tests.conversations.services.truth import Choose, Pay, Reply, Truth, Write
from tests.conversations.telephone import Telephone
from tests.conversations.world import World

_PATIENCE: Final = "pause/2000"
"""Begins what is heard while the utility thinks; the sandbox answers before."""
_OPTION: Final = "fa/option-for"


class _Receiver(Telephone):
    """A telephone that keeps the clips of the prompts."""

    def __init__(self, number: str) -> None:
        super().__init__(number, [])
        self.clips: list[str] = []
        """Heard since the last key."""

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        await super().play(playback, clips)
        self.clips += [clip for clip in clips if clip != HOLD]


class ByPhone(Customer):
    channel = "call"

    def __init__(self, world: World, truth: Truth) -> None:
        super().__init__(world, truth)
        truth.is_spoken = True
        self.listened: list[tuple[str, list[str]]] = []
        """Question and clips, of every prompt as far as somebody hears it who knows what they want."""
        self._telephone: _Receiver | None = None

    @property
    def telephone(self) -> _Receiver:
        assert self._telephone is not None, "nobody has called"
        return self._telephone

    async def open(self, *words: str) -> None:
        """Call, and go through the menus; what is known is keyed in when it is asked."""
        await self.dial()

    async def dial(self) -> None:
        self._telephone = _Receiver(self.phone)
        self._telephone.dial(self.world.switchboard)
        await self.world.settle_call(self._telephone)

    async def answer(self, ask: Ask, reply: Reply) -> None:
        telephone = self.telephone
        assert not telephone.ended, f"the call is {telephone.ended}"
        keys = ask.answer.keys
        if keys is None:
            self._heard(ask.key)
            telephone.speak()
        else:
            number = number_of(ask, reply.value) if isinstance(reply, Choose | Pay) else 0
            assert number or isinstance(reply, Write), f"no key says this: {reply}"
            digits = str(number) if number else reply.text.replace("/", "")  # type: ignore[union-attr]
            self._heard(ask.key, number)
            telephone.press(digits if len(digits) == keys.maximum else f"{digits}#")
        await self.world.settle_call(telephone)

    def _heard(self, question: str, number: int = 0) -> None:
        """Note what was heard; up to the option with this number, where there is one."""
        clips, self.telephone.clips = self.telephone.clips, []
        if number and _OPTION in clips:
            last = option(number, "fa")[-1]
            clips = clips[: len(clips) - clips[::-1].index(last)]
        if _PATIENCE in clips:
            at = clips.index(_PATIENCE)
            clips = clips[:at] + clips[at + 1 + len(_WAIT) :]
        self.listened.append((question, clips))

    async def close(self) -> None:
        """Hang up when the receipt was heard, before anything else is offered."""
        telephone = self.telephone
        clips = telephone.clips
        if _MORE in clips:
            telephone.clips = clips[: clips.index(_MORE)]
        self._heard("receipt")
        if not telephone.ended:
            telephone.put_down()
            await self.world.settle_call(telephone)
        self.told += await self.world.replies(self.phone)

    async def reply_to_terms(self, *, agrees: bool) -> None:
        """By SMS, where the news came."""
        by_sms = BySms(self.world, self.truth)
        try:
            await by_sms.reply_to_terms(agrees=agrees)
        finally:
            self.told += by_sms.told

    async def conversation(self) -> str:
        return self.telephone.conversation

    async def news(self) -> list[str]:
        came = await self.world.replies(self.phone)
        self.told += came
        return came

    async def track(self, code: str) -> str:
        caller = self.again(Truth("track_request", self.card, self.truth.today, code=code))
        await caller.ask_for()
        heard = [" ".join(prompt) for prompt in caller.telephone.heard]
        return "\n".join(heard)


def _said(message: str) -> list[str]:
    return list(book("fa").say(message, {}, dt.date.min))


_WAIT: Final = _said("please-wait")
_MORE: Final = next(ref for ref in _said("anything-else") if not ref.startswith("pause/"))
