"""The customer who chats in a messenger."""

from __future__ import annotations

import asyncio
from typing import Self

from dialogs.steps import Ask
from tests.conversations.chatting import check_chat, photo
from tests.conversations.messengers import Person, Shown, numbered
from tests.conversations.services.customer import Customer, number_of
from tests.conversations.services.truth import Choose, Pay, Reply, Send, Share, Truth, Write
from tests.conversations.world import PATIENCE, World


class InChat(Customer):
    channel = "messenger"
    done = 0
    """Buttons pressed and messages written."""

    def __init__(self, world: World, truth: Truth, person: Person | None = None) -> None:
        super().__init__(world, truth)
        self.person = person or world.messengers["telegram"].person(self.phone)
        self._before = self._read = len(self.person.shown)

    def again(self, truth: Truth) -> Self:
        return type(self)(self.world, truth, self.person)

    @property
    def shown(self) -> list[Shown]:
        """The bot's messages since this wish began."""
        return self.person.shown[self._before :]

    async def open(self, *words: str) -> None:
        await self.write("/start")

    async def answer(self, ask: Ask, reply: Reply) -> None:
        if isinstance(reply, Choose | Pay):
            await self.press(number_of(ask, reply.value))
        elif isinstance(reply, Share):
            await self.share()
        elif isinstance(reply, Send):
            self.done += 1
            await self.person.sends_photo(photo(self.done))
            await self._settle()
        else:
            assert isinstance(reply, Write)
            await self.write(reply.text)

    async def press(self, number: int) -> None:
        """Press the button of an answer."""
        [message] = [m for m in self.person.answers if m.keyboard][-1:]
        buttons = numbered(button for row in message.keyboard for button in row)
        self.done += 1
        await self.person.presses(buttons[number])
        await self._settle()

    async def share(self) -> None:
        """Share the account's own phone number."""
        self.done += 1
        await self.person.shares_contact()
        await self._settle()

    async def write(self, text: str) -> None:
        self.done += 1
        await self.person.writes(text)
        await self._settle()

    async def conversation(self) -> str:
        door = self.world.running.parts.door
        return await door.whose(f"{self.person.messenger.name}:{self.person.id}")

    async def news(self) -> list[str]:
        await self._settle()
        came = [shown.written for shown in self.person.shown[self._read :]]
        self._read = len(self.person.shown)
        self.told += came
        self.elsewhere += await self.world.inbox(self.phone)
        return came

    async def track(self, code: str) -> str:
        await self.write(code)
        return "\n".join(await self.news())

    async def close(self) -> None:
        await self.news()
        check_chat(self.person, self.card.bill_id, self.phone)

    async def _settle(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.world.rests(await self.conversation()):
                await asyncio.sleep(0.01)
