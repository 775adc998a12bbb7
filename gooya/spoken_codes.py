"""One-time codes that are said in a call: what a turn records for one, and its way to the phone."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import msgspec

from bots.sms.addresses import mask, national
from bots.sms.gateway import SendError, SmsOut, Speaks
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.services import SERVICES
from dialogs.store import Batch, Outbound, Store
from dialogs.store.delivery import Delivery
from gooya.clock import Clock, instant
from gooya.metrics import SPOKEN
from ivr.asterisk.announcer import Announcer
from ivr.book import book
from ivr.line import LineError
from ivr.spoken import pause

log = logging.getLogger(__name__)

CHANNEL = "spoken"
"""The outbound channel of these calls."""
BETWEEN = 2_000
"""Milliseconds before the code is said again: time to find a pen."""
AGAIN_SECONDS = 5.0
"""Until a call that failed is made a second time, which is the last."""
USEFUL_SECONDS = 30.0
"""What must be left of a code's life for a call: it rings, and then the code is heard and entered."""


class SpokenCode(msgspec.Struct, frozen=True):
    code: str
    purpose: str
    """As in :class:`dialogs.steps.SendCode`."""
    language: str
    until: float
    """When the code ends (POSIX seconds)."""

    def outbound(self, id_: str, to: str) -> Outbound:
        """What a turn commits for it; ``to`` is the mobile in E.164."""
        return Outbound(id_, CHANNEL, to, msgspec.json.encode(self).decode())

    def clips(self) -> list[str]:
        """What the call says."""
        message = "code-call" if self.purpose in SERVICES else f"code-call-{self.purpose}"
        args = {"code": self.code, "service": self.purpose}
        today, known = tehran_today(instant(self.until)), book(self.language)
        again = known.say("code-call-again", args, today)
        return [*known.say(message, args, today), pause(BETWEEN), *again]

    def text(self) -> str:
        """The same in words, for a voice that is not ours."""
        return book(self.language).words(self.clips())


Call = Callable[[Outbound, SpokenCode], Awaitable[None]]
"""Makes a call. Raises :class:`SendError` or :class:`LineError`."""


def by_gateway(gateway: Speaks) -> Call:
    """Calls that an SMS gateway makes; it reads the text out."""

    async def call(message: Outbound, code: SpokenCode) -> None:
        await gateway.speak(SmsOut(message.id, message.to, code.text()))

    return call


def by_asterisk(announcer: Announcer) -> Call:
    """Calls that our Asterisk makes; they are over when this returns."""

    async def call(message: Outbound, code: SpokenCode) -> None:
        await announcer.announce(national(message.to), code.clips())

    return call


class CodeCalls:
    """Makes the calls that turns have committed, one at a time to each phone."""

    def __init__(self, store: Store, call: Call, *, clock: Clock) -> None:
        self._store = store
        self._call = call
        self._clock = clock
        # Longer than a call takes: nobody else makes it meanwhile.
        self._delivery = Delivery(
            store, CHANNEL, self._deliver, clock=clock, lease=limits.CODE_LIFE
        )

    async def run(self) -> None:
        """Make the calls that are due until cancelled."""
        await self._delivery.run()

    async def close(self) -> None:
        """Return when the calls that are being made have ended."""
        await self._delivery.close()

    async def _deliver(self, batch: Batch) -> None:
        gone: list[str] = []
        for message in batch.messages:
            outcome = await self._make(message)
            is_first_try = bool(gone) or not batch.attempts
            if outcome == "failed" and is_first_try:
                if gone:
                    await self._store.sent(CHANNEL, batch.to, tuple(gone), now=self._clock())
                until = self._clock() + AGAIN_SECONDS
                await self._store.put_off(CHANNEL, batch.to, until=until)
                return
            SPOKEN.labels(outcome).inc()
            gone.append(message.id)
        await self._store.sent(CHANNEL, batch.to, tuple(gone), now=self._clock())

    async def _make(self, message: Outbound) -> str:
        code = msgspec.json.decode(message.text, type=SpokenCode)
        if code.until - self._clock() < USEFUL_SECONDS:
            return "late"
        outcome, level = "failed", logging.WARNING
        try:
            await self._call(message, code)
        except LineError as error:
            reason: Exception = error
        except SendError as error:
            reason = error
            if error.alarm:
                level = logging.ERROR
            if not error.retryable:
                outcome = "refused"
        else:
            return "made"
        log.log(level, "no call with a code: %s", reason, extra={"to": mask(message.to)})
        return outcome
