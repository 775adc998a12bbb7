"""A customer who answers whatever is asked, on any channel, until nothing is asked any more."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Generator
from typing import Any, Final, Self

from backend_adapter.sandbox import SubscriberCard
from dialogs.answers.choice import option_numbers
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.ids import make_payment_id, tracking_code_is_valid
from dialogs.replay import Asked, Run, Stop
from dialogs.session import Conversation
from dialogs.steps import Ask
from dialogs.text import latin_digits
from tests.conversations.services.truth import Choose, Pay, Reply, Truth
from tests.conversations.world import World

MOST_QUESTIONS: Final = 60
"""After so many answers a conversation is taken to go round in circles."""
TERMS: Final = ("terms", "terms-free")
"""Questions whether the customer agrees."""
_CODE: Final = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")


class Customer(ABC):
    """``told`` is everything that was shown, heard or received, in writing, in order."""

    channel: str

    def __init__(self, world: World, truth: Truth) -> None:
        self.world = world
        self.truth = truth
        self.told: list[str] = []
        self.elsewhere: list[str] = []
        """SMS to somebody who chats."""
        self.asked: Counter[str] = Counter()
        """How often each question was answered, by its key."""

    def again(self, truth: Truth) -> Self:
        """The same person with another wish."""
        return type(self)(self.world, truth)

    @property
    def card(self) -> SubscriberCard:
        return self.truth.card

    @property
    def phone(self) -> str:
        assert self.card.mobile is not None
        return self.card.mobile

    # What each channel does in its own way -------------------------------------------------------

    @abstractmethod
    async def open(self, *words: str) -> None:
        """Ask for the service; ``words`` go with it where the channel takes them at once."""

    @abstractmethod
    async def answer(self, ask: Ask, reply: Reply) -> None:
        """Say ``reply`` to the open question."""

    @abstractmethod
    async def conversation(self) -> str:
        """Id of the conversation that this customer has."""

    @abstractmethod
    async def news(self) -> list[str]:
        """What came by itself since the last look, in writing."""

    @abstractmethod
    async def track(self, code: str) -> str:
        """What is said of a request."""

    @abstractmethod
    async def close(self) -> None:
        """Be done with it; what it leaves is told."""

    # What all do alike ---------------------------------------------------------------------------

    async def ask_for(self, *words: str) -> None:
        """The shortest way through the service, from the first word to the receipt."""
        await self.open(*words)
        await self.finish()
        await self.close()

    async def finish(self, until: str = "") -> Ask | None:
        """Answer until nothing is asked, or until the question ``until``, which is left open."""
        for _ in range(MOST_QUESTIONS):
            ask = await self.question()
            if ask is None or ask.message == until or self.is_over(ask):
                return ask
            reply = self.truth.reply(ask)
            if isinstance(reply, Pay):
                await self.pay(ask)
            self.asked[ask.key] += 1
            await self.answer(ask, reply)
        raise AssertionError(f"asked again and again: {self.asked.most_common(3)}")

    def is_over(self, ask: Ask) -> bool:
        """Whether all that is left to ask is what is wanted next."""
        return ask.message in ("menu", "anything-else") and bool(self.asked)

    async def question(self) -> Ask | None:
        """What this customer is asked now."""
        conversation, event, today = await self.world.conversation(await self.conversation())
        return open_question(conversation, event, today)

    async def reply_to_terms(self, *, agrees: bool) -> None:
        """Answer the question that came with the news of the terms; who declines is asked once more."""
        ask = await self.question()
        assert ask is not None, "nothing is asked of the terms"
        while ask is not None and not self.is_over(ask):
            values = [option.value for option in getattr(ask.answer, "options", ())]
            sure = agrees or ask.message not in TERMS
            await self.answer(ask, Choose(values[0 if sure else 1]))
            ask = await self.question()

    async def pay(self, ask: Ask) -> None:
        """Pay what is owed, as somebody does who was told so."""
        bill = self.card.bill_id
        thousands = -(-self.card.debt // 1000) * 1000
        order = {"bill_id": bill, "payment_id": make_payment_id(bill, thousands, 5, 91)}
        await self.world.sandbox("POST", "payments", json=order)

    def codes(self) -> list[str]:
        """All numbers in what was told that may be a tracking code, the last one first."""
        found = _CODE.findall(latin_digits("\n".join(self.told)))
        return list(dict.fromkeys(code for code in reversed(found) if tracking_code_is_valid(code)))


def number_of(ask: Ask, value: str) -> int:
    """The number of the option with this value."""
    options = ask.answer.options  # type: ignore[attr-defined]
    values = [option.value for option in options]
    return option_numbers(len(values))[values.index(value)]


def open_question(conversation: Conversation, event: Event, today: Any) -> Ask | None:
    """What a conversation waits for, by replaying it; None where nothing is asked."""
    top = conversation.top
    if top is None or top.paused or top.waiting:
        return None
    run = Run(conversation, event, today).advance(top)
    stops: list[Stop] = []

    def through() -> Generator[Effect, Any, None]:
        stops.append((yield from run))

    assert not list(through()), "a replay does its effects once more"
    return stops[0].ask if isinstance(stops[0], Asked) else None
