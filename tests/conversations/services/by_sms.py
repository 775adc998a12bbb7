"""The customer who writes SMS."""

from __future__ import annotations

import uuid

from bots.sms.segments import measure
from dialogs.entry import opening
from dialogs.services import SERVICES
from dialogs.steps import Ask
from tests.conversations.services.customer import Customer, number_of
from tests.conversations.services.truth import Choose, Pay, Reply, Write


class BySms(Customer):
    channel = "sms"
    sent = 0
    """SMS that were written."""

    async def open(self, *words: str) -> None:
        text = " ".join((SERVICES[self.truth.service].keywords["fa"][0], *words))
        wish = opening(text)
        assert wish is not None, f"{text!r} opens nothing"
        assert wish.flow == self.truth.service, f"{text!r} opens {wish.flow}"
        await self.write(text)

    async def answer(self, ask: Ask, reply: Reply) -> None:
        if isinstance(reply, Choose | Pay):
            await self.write(str(number_of(ask, reply.value)))
        else:
            assert isinstance(reply, Write), f"nobody sends this by SMS: {reply}"
            await self.write(reply.text)

    async def conversation(self) -> str:
        return self.phone

    async def write(self, text: str) -> list[str]:
        """Send one SMS; what is answered."""
        self.sent += 1
        await self.world.send(self.phone, text, uuid.uuid4().hex)
        answers = await self.world.replies(self.phone)
        self.told += answers
        return answers

    async def news(self) -> list[str]:
        came = await self.world.replies(self.phone)
        self.told += came
        return came

    async def close(self) -> None:
        await self.news()

    async def track(self, code: str) -> str:
        return "\n".join(await self.write(code))

    @property
    def segments(self) -> int:
        """What all that was received cost."""
        return sum(measure(text).segments for text in self.told)
