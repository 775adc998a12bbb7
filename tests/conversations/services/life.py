"""The life of a request, from its receipt through all its stages, and what its customer is told."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from dialogs.notices import payable
from dialogs.services import SERVICES
from dialogs.services.catalogue import Service, Stage
from dialogs.values import Progress
from tests.conversations.services.customer import Customer
from tests.conversations.world import PATIENCE, World


class Life:
    """A request as the sandbox has it. ``told`` are the messages about it, by the key of the stage."""

    def __init__(self, world: World, customer: Customer, service: str, code: str) -> None:
        self.world = world
        self.customer = customer
        self.service: Service = SERVICES[service]
        self.code = code
        self.told: dict[str, list[str]] = {}

    async def stored(self) -> dict[str, Any]:
        """The request as the utility has it."""
        found = await self.world.sandbox("GET", "requests")
        [stored] = [one for one in found if one["request"]["tracking_code"] == self.code]
        return dict(stored)

    async def progress(self) -> Progress:
        return msgspec.convert((await self.stored())["progress"], Progress)

    async def to_the_end(self, *ways: str) -> None:
        """Through all stages that are left of the usual way, or through those with these keys."""
        by_key = {stage.key: stage for stage in self.service.stages}
        here = (await self.progress()).stage
        usual = [stage.key for stage in self.service.usual_way()]
        left = ways or usual[usual.index(self.service.stages[here - 1].key) + 1 :]
        for key in left:
            await self.reach(by_key[key])

    async def reach(self, stage: Stage, **order: str) -> None:
        """Move the request to ``stage`` as it happens in life, and hear of it."""
        before = await self.progress()
        here = self.service.stages[before.stage - 1]
        said, elsewhere = len(self.customer.told), len(self.customer.elsewhere)
        if stage.kind == "payment" and before.bill is not None:
            await self.pay(before)
        elif here.kind == "agreement":
            await self.reply(agrees=stage.kind != "archived")
        else:
            await self.advance(to=stage.key, **order)
        await self.arrives(stage)
        self.told[stage.key] = self.customer.told[said:]
        assert len(self.customer.elsewhere) == elsewhere, f"{stage.key} is told elsewhere, too"
        # A reply has a receipt, and who declines is asked once more.
        replies = 0 if here.kind != "agreement" else 2 if stage.kind == "archived" else 1
        self.check(stage, before, await self.progress(), replies)

    async def pay(self, progress: Progress) -> None:
        assert progress.bill is not None
        order = {"bill_id": progress.bill.bill_id, "payment_id": progress.bill.payment_id}
        await self.world.sandbox("POST", "payments", json=order)

    async def advance(self, **order: str) -> None:
        await self.world.sandbox("POST", "advance", json={"tracking_code": self.code, **order})

    async def reply(self, *, agrees: bool) -> None:
        """Answer the question that came with the terms, where it came."""
        await self.customer.reply_to_terms(agrees=agrees)

    async def arrives(self, stage: Stage) -> None:
        """Wait until our side knows that the request is at ``stage``, , with all that is told of it."""
        number = self.service.stages.index(stage) + 1
        reader = self.world.running.parts.reader
        async with asyncio.timeout(PATIENCE):
            while True:
                tracked = await reader.by_tracking_code(self.code)
                if tracked is not None and tracked.request.stage == number:
                    break
                await asyncio.sleep(0.01)
        await self.customer.news()

    async def ends(self) -> None:
        """Wait until our side knows that the request is over."""
        reader = self.world.running.parts.reader
        async with asyncio.timeout(PATIENCE):
            while True:
                tracked = await reader.by_tracking_code(self.code)
                if tracked is not None and tracked.request.status in ("completed", "rejected"):
                    return
                await asyncio.sleep(0.01)

    def check(self, stage: Stage, before: Progress, after: Progress, replies: int) -> None:
        """One message for what concerns the customer beside ``replies``, none for the rest."""
        told = self.told[stage.key]
        due = payable(after)
        is_new = due is not None and due != payable(before)
        known = due is not None and not is_new and after.bill is not None
        wanted = 1 if is_new or (stage.notify and not (known and stage.kind == "invoice")) else 0
        wanted += replies
        assert len(told) == wanted, f"{stage.key}: {len(told)} messages, not {wanted}: {told!r}"
