"""Sends what turns committed: in order for every phone, retried, and forgotten only when gone out."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable

from bots import retries
from bots.sms.addresses import mask
from bots.sms.gateway import Gateway, SendError, SmsOut
from dialogs.store import Batch, Outbound, Store
from dialogs.store.delivery import Delivery

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between looks at the store for what other processes committed."""
LEASE = 60.0
CONCURRENCY = 100
"""Phones written to at the same time."""

Outcome = Callable[[Outbound, str], None]
"""Told of every message that left the queue: ``sent``, ``refused`` or ``given_up``."""


class SmsSender:
    """Takes the channel's outbound messages from the store to the gateway."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        *,
        clock: Callable[[], float],
        outcome: Outcome,
        channel: str = "sms",
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._outcome = outcome
        self._channel = channel
        self._jitter = jitter
        self._delivery = Delivery(
            store,
            channel,
            self._send_in_order,
            clock=clock,
            poll=POLL,
            lease=LEASE,
            width=CONCURRENCY,
        )

    def take(self, messages: Iterable[Outbound]) -> None:
        """Send messages that the caller's commit leased to this process."""
        self._delivery.take(messages)

    async def run(self) -> None:
        """Send what is due until cancelled."""
        await self._delivery.run()

    async def close(self) -> None:
        """Return when what is being sent has ended."""
        await self._delivery.close()

    async def _send_in_order(self, batch: Batch) -> None:
        gone: list[str] = []
        attempts = batch.attempts
        for message in batch.messages:
            try:
                await self._gateway.send(SmsOut(message.id, message.to, message.text))
            except SendError as error:
                level = logging.ERROR if error.alarm else logging.WARNING
                log.log(level, "SMS not sent: %s", error, extra={"to": mask(message.to)})
                if error.retryable and attempts + 1 < retries.MAX_ATTEMPTS:
                    if gone:
                        await self._store.sent(
                            self._channel, batch.to, tuple(gone), now=self._clock()
                        )
                    until = self._clock() + retries.pause(attempts) * self._jitter()
                    await self._store.put_off(self._channel, batch.to, until=until)
                    return
                self._outcome(message, "given_up" if error.retryable else "refused")
            else:
                self._outcome(message, "sent")
            gone.append(message.id)
            attempts = 0
        await self._store.sent(self._channel, batch.to, tuple(gone), now=self._clock())
