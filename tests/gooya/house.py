"""A door with everything behind it, as one process has it; several may share store and database."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable

from backend_adapter.port import Backend, NotFound
from dialogs.events import Event
from dialogs.ids import draw_tracking_code
from dialogs.messages import MESSAGES
from dialogs.nlu import Embedded
from dialogs.session import Conversation, decode
from dialogs.store import Outbound, Store
from dialogs.values import (
    Consumption,
    Contact,
    Debt,
    LastReading,
    Payment,
    Progress,
    ServiceRequest,
    Subscription,
)
from gooya.continuing import Continuing
from gooya.database.attachments import Attachments
from gooya.database.customers import Customers
from gooya.database.engine import Database
from gooya.database.handoffs import Handoffs
from gooya.database.requests import RequestReader
from gooya.database.submissions import RequestWriter
from gooya.database.transcript import Line
from gooya.database.unclear import UnclearTexts
from gooya.effects import Effects
from gooya.operators import Operators
from gooya.proving import Proving
from gooya.turns import Door
from tests.dialogs.talk import BILL, LAST

PHONE = "+989120000001"
MOBILE = "+989120000009"
START = 1_790_000_000.0
CODE = 12345
PERSON_ID = "0499370899"
_ids = itertools.count(1)


class Utility(Backend):
    """Knows one subscription. ``before`` is awaited ahead of every look-up."""

    def __init__(self) -> None:
        self.lookups: list[str] = []
        self.before: Callable[[], Awaitable[None]] | None = None
        self.mobile: str | None = MOBILE

    async def _look(self, what: str, bill_id: str) -> None:
        self.lookups.append(what)
        if self.before is not None:
            await self.before()
        if bill_id != BILL:
            raise NotFound("no such subscription")

    async def last_reading(self, bill_id: str) -> LastReading:
        await self._look("last_reading", bill_id)
        return LAST

    async def payments(self, bill_id: str) -> list[Payment]:
        await self._look("payments", bill_id)
        return []

    async def contact(self, bill_id: str) -> Contact:
        await self._look("contact", bill_id)
        return Contact(bill_id=bill_id, mobile=self.mobile)

    async def identify(self, bill_id: str, person_id: str) -> bool:
        await self._look("identify", bill_id)
        return person_id == PERSON_ID

    async def subscription(self, bill_id: str) -> Subscription:
        raise NotFound("not needed here")

    async def debt(self, bill_id: str) -> Debt:
        raise NotFound("not needed here")

    async def consumption(self, bill_id: str) -> list[Consumption]:
        raise NotFound("not needed here")

    async def submit(self, request: ServiceRequest, *, idempotency_key: str) -> Progress:
        raise NotFound("nothing is forwarded here")

    async def progress(self, tracking_code: str) -> Progress:
        raise NotFound("not needed here")

    async def close(self) -> None:
        return None


class Written:
    """Transcript lines in memory."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def write(self, line: Line) -> None:
        self.lines.append(line)

    async def forget(self, conversation: str) -> None:
        self.lines = [line for line in self.lines if line.conversation != conversation]


class House:
    """One process's door. ``sent`` is what it was given to send at once."""

    def __init__(self, store: Store, database: Database, *, speaks_codes: bool = False) -> None:
        self.store = store
        self.now = START
        self.utility = Utility()
        self.sent: list[Outbound] = []
        self.transcript = Written()
        self.requests = RequestReader(database)
        self.handoffs = Handoffs(database)
        self.effects = Effects(
            backend=self.utility,
            store=store,
            requests=RequestWriter(database, lambda: draw_tracking_code(secrets.randbelow)),
            reader=self.requests,
            customers=Customers(database),
            handoffs=self.handoffs,
            operators=Operators("always"),
            nlu=Embedded(),
            continuing=Continuing(store, Attachments(database), b"k" * 32),
            messages=MESSAGES,
            proving=Proving(
                backend=self.utility,
                store=store,
                reader=self.requests,
                messages=MESSAGES,
                key=b"k" * 32,
                clock=lambda: self.now,
                speaks_codes=speaks_codes,
                draw_code=lambda: CODE,
            ),
            clock=lambda: self.now,
        )
        self.door = Door(
            store=store,
            effects=self.effects,
            customers=Customers(database),
            messages=MESSAGES,
            transcript=self.transcript,
            inbox=UnclearTexts(database),
            language="fa",
            dispatch=self.sent.extend,
        )

    def event(self, text: str, id_: str | None = None, phone: str = PHONE) -> Event:
        id_ = id_ or f"message-{next(_ids)}"
        return Event(kind="text", id=id_, channel="sms", address=phone, at=self.now, text=text)

    async def say(self, text: str, *, after: float = 1.0, id_: str | None = None) -> list[str]:
        """The texts that answer ``text``."""
        self.now += after
        before = len(self.sent)
        await self.door.enter(PHONE, self.event(text, id_))
        await self.gone()
        return [message.text for message in self.sent[before:]]

    async def gone(self) -> None:
        """All that was committed has been sent."""
        for to in {message.to for message in self.sent}:
            ids = tuple(m.id for m in self.sent if m.to == to)
            await self.store.sent("sms", to, ids, now=self.now)

    async def conversation(self) -> Conversation:
        state = (await self.store.load(PHONE, "")).state
        assert state is not None
        return decode(state)

    async def to_confirmation(self) -> None:
        """Up to the read-back of a reading."""
        assert "ثبت شود" in (await self.say(f"قرائت {BILL} 1060"))[0]


async def all_at_once(*work: Awaitable[None]) -> list[BaseException | None]:
    return await asyncio.gather(*work, return_exceptions=True)
