"""Takes confirmed requests from the outbox to the backend: at least once, in order per subscription.

Each row is sent under its request's idempotency key, so that sending it again has no second effect.
The rules of trying again stand here and nowhere else:

- attachments first, the request after them; what the backend took is not sent again by the same
  forwarder, unless the backend says that it lacks one (no answer, then);
- no answer: exponential backoff with full jitter, from 1 second up to 5 minutes;
- refused form (4xx): dead letter at once, for an operator; but 401 and 403 speak of our key, not of
  the request, and count as no answer: an expired key must not kill every waiting request;
- :data:`MAX_ATTEMPTS` failures, or :data:`MAX_AGE` without success: dead letter;
- :data:`BREAKER_THRESHOLD` failures in a row open the circuit breaker: nothing is taken from the
  outbox for a while, then one row probes whether the outage is over. A failed probe does not count
  against its row: an outage is not the row's fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random as _random
import time
from collections import Counter
from collections.abc import Callable
from typing import Literal, cast

import msgspec
from purgatory.domain.model import Context, OpenedState

from backend_adapter.outbox import Attempt, Due, OutboxStore, Outcome
from backend_adapter.port import (
    AttachmentMissing,
    Backend,
    BackendError,
    ContractViolation,
    NotFound,
)
from dialogs.values import Progress, ServiceRequest

logger = logging.getLogger(__name__)

Circuit = Literal["closed", "opened", "half-opened"]

BACKOFF_BASE = 1.0
"""Seconds: upper bound of the first pause, doubled with every failure."""
BACKOFF_CAP = 300.0
MAX_ATTEMPTS = 50
"""Failures while others get through: about two hours, then a row no longer holds up those behind
it."""
MAX_AGE = dt.timedelta(hours=48)
BREAKER_THRESHOLD = 5
BREAKER_COOLDOWN = 30.0
"""Seconds from opening to the probe."""
CONCURRENCY = 16
POLL = 1.0
"""Seconds between looks at the outbox: what another process submitted waits no longer."""
LEASE = dt.timedelta(seconds=60)
"""How long a row whose holder died stays untouched; an attempt is given up at half of it, so that
it never outlives its lease."""
REMEMBERED = 1000
"""Rows of which a forwarder knows what the backend took already; of others it is sent again."""
_OUR_KEY = (401, 403)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of one forwarder; seconds where no unit is named."""

    concurrency: int = CONCURRENCY
    poll: float = POLL
    lease: dt.timedelta = LEASE
    backoff_base: float = BACKOFF_BASE
    backoff_cap: float = BACKOFF_CAP
    max_attempts: int = MAX_ATTEMPTS
    max_age: dt.timedelta = MAX_AGE
    breaker_threshold: int = BREAKER_THRESHOLD
    breaker_cooldown: float = BREAKER_COOLDOWN


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Forwarder:
    """One of these runs in every worker process; several share an outbox.

    ``random`` returns a float in [0, 1). ``counts`` holds the outcomes of this forwarder's attempts,
    and ``claim_failed`` and ``record_failed`` for the times the outbox could not be used.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        backend: Backend,
        *,
        clock: Callable[[], dt.datetime] = utc_now,
        random: Callable[[], float] = _random.random,
        policy: Policy | None = None,
    ) -> None:
        self._outbox = outbox
        self._backend = backend
        self._clock = clock
        self._random = random
        self._policy = policy or Policy()
        self._breaker = Context(
            "backend",
            threshold=self._policy.breaker_threshold,
            ttl=self._policy.breaker_cooldown,
            exclude=[(BackendError, _backend_is_well)],
        )
        self._awake = asyncio.Event()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._attached: dict[int, set[str]] = {}
        """Ids of the attachments that the backend took, by row that isn't delivered yet."""
        self._closing = False
        self._running: asyncio.Task[None] | None = None
        self.counts: Counter[str] = Counter()

    @property
    def circuit(self) -> Circuit:
        """State of the circuit breaker; ``opened`` lasts until the probe is sent."""
        return self._breaker.state

    @property
    def in_flight(self) -> int:
        """Rows this forwarder holds right now."""
        return len(self._deliveries)

    def wake(self) -> None:
        """Look at the outbox now: something was submitted in this process."""
        self._awake.set()

    async def run(self) -> None:
        """Forward until :meth:`close`, or until cancelled: then what is being sent is given back."""
        self._running = asyncio.current_task()
        try:
            while not self._closing:
                self._awake.clear()
                await self._take()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._policy.poll):
                        await self._awake.wait()
        except asyncio.CancelledError:
            await self._settle()
            raise

    async def close(self, *, grace: float = 10.0) -> None:
        """Take nothing more; return when what is in flight has ended.

        Sends that take longer than ``grace`` seconds are broken off and their rows given back.
        """
        self._closing = True
        self._awake.set()
        if self._running is not None:
            await asyncio.wait([self._running])  # its last claim may still bring rows
        if self._deliveries:
            await asyncio.wait(self._deliveries, timeout=grace)
        await self._settle()

    async def _settle(self) -> None:
        """Break off sends; let results that came in be stored."""
        self._closing = True
        for task in self._sending:
            task.cancel()
        self._sending.clear()  # once: a second time would break off giving the row back
        if self._deliveries:
            await asyncio.wait(self._deliveries)

    async def _take(self) -> None:
        room = self._room()
        if room <= 0:
            return
        try:
            rows = await self._outbox.claim(now=self._clock(), lease=self._policy.lease, limit=room)
        except Exception as error:
            # whatever the outbox suffers from, the next look may find it well
            self.counts["claim_failed"] += 1
            logger.warning("outbox can't be read", extra={"error": type(error).__name__})
            return
        for due in rows:
            task = asyncio.create_task(self._deliver(due))
            self._deliveries.add(task)
            task.add_done_callback(self._ended)

    def _room(self) -> int:
        """How many rows may be taken now."""
        if self.circuit == "closed":
            return self._policy.concurrency - self.in_flight
        opened_at = self._breaker.opened_at
        cooling = opened_at is not None and time.time() <= opened_at + self._breaker.ttl
        return 0 if cooling or self.in_flight else 1

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._deliveries.discard(task)
        self._awake.set()

    async def _deliver(self, due: Due) -> None:
        """One attempt at one row, and the record of it."""
        if self._closing:
            # taken in the last moment: somebody else may have it at once
            await self._record(due, None, None)
            return
        me = cast("asyncio.Task[None]", asyncio.current_task())
        self._sending.add(me)
        try:
            attempt, progress = await self._send(due)
        except (asyncio.CancelledError, OpenedState):
            await self._record(due, None, None)
            return
        finally:
            self._sending.discard(me)
        await self._record(due, attempt, progress)

    async def _send(self, due: Due) -> tuple[Attempt, Progress | None]:
        started_at = self._clock()
        probing = self.circuit != "closed"
        progress: Progress | None = None
        outcome: Outcome = "delivered"
        http_status: int | None = None
        text: str | None = None
        try:
            with self._breaker:
                async with asyncio.timeout(self._policy.lease.total_seconds() / 2):
                    request = await self._with_attachments(due)
                    progress = await self._backend.submit(
                        request, idempotency_key=due.idempotency_key
                    )
        except OpenedState:
            raise
        except AttachmentMissing as error:
            self._attached.pop(due.id, None)
            outcome, text = "unavailable", str(error)
        except BackendError as error:
            http_status = getattr(error, "http_status", None)
            outcome, text = "refused" if _backend_is_well(error) else "unavailable", str(error)
        except TimeoutError:
            outcome, text = "unavailable", "no answer within half the lease"
        except Exception as error:
            # a bug of the adapter's: its text may quote the request
            outcome, text = "failed", type(error).__name__
        finally:
            self._note_circuit()
        if probing and outcome == "unavailable":
            outcome = "probe_failed"
        attempt = Attempt(
            started_at=started_at,
            finished_at=self._clock(),
            outcome=outcome,
            http_status=http_status,
            error=text,
        )
        return attempt, progress

    async def _with_attachments(self, due: Due) -> ServiceRequest:
        """The row's request, with those attachments that the backend has now."""
        taken = []
        async with contextlib.aclosing(self._outbox.attachments(due)) as files:
            async for attachment, content in files:
                if attachment.id not in self._attached.get(due.id, ()):
                    await self._backend.attach(attachment, content)
                    self._attached.setdefault(due.id, set()).add(attachment.id)
                taken.append(attachment)
        if len(self._attached) > REMEMBERED:
            del self._attached[next(iter(self._attached))]
        return msgspec.structs.replace(due.request, attachments=tuple(taken))

    async def _record(self, due: Due, attempt: Attempt | None, progress: Progress | None) -> None:
        """Store how an attempt ended; ``None`` gives the row back untried."""
        try:
            if attempt is None:
                await self._outbox.release(due)
                return
            self._log(due, attempt)
            if progress is not None:
                self._attached.pop(due.id, None)
                await self._outbox.delivered(due, attempt, progress)
            elif self._is_over(due, attempt):
                self._attached.pop(due.id, None)
                await self._outbox.dead(due, attempt)
            else:
                next_attempt_at = attempt.finished_at + self._pause(due.attempts)
                await self._outbox.failed(due, attempt, next_attempt_at=next_attempt_at)
        except Exception as error:
            # the lease runs out and the row is sent again, under the same idempotency key
            self.counts["record_failed"] += 1
            logger.error(
                "outbox can't be written",
                extra={"outbox_id": due.id, "error": type(error).__name__},
            )

    def _is_over(self, due: Due, attempt: Attempt) -> bool:
        if attempt.outcome == "refused" or attempt.finished_at - due.enqueued_at > (
            self._policy.max_age
        ):
            return True
        return attempt.outcome != "probe_failed" and due.attempts + 1 >= self._policy.max_attempts

    def _pause(self, failures: int) -> dt.timedelta:
        """Full jitter: anywhere between nothing and the doubled bound."""
        bound = min(self._policy.backoff_cap, self._policy.backoff_base * 2.0 ** min(failures, 30))
        return dt.timedelta(seconds=self._random() * bound)

    def _note_circuit(self) -> None:
        """Say when the breaker changed; its messages are ours to take away."""
        for message in self._breaker.messages:
            state = getattr(message, "state", None)
            if state is not None:
                logger.warning("circuit to the backend changed", extra={"circuit": state})
        self._breaker.messages.clear()

    def _log(self, due: Due, attempt: Attempt) -> None:
        self.counts[attempt.outcome] += 1
        level = logging.INFO if attempt.outcome == "delivered" else logging.WARNING
        logger.log(
            level,
            "outbox delivery",
            extra={
                "outbox_id": due.id,
                "code_tail": due.request.tracking_code[-3:],
                "service": due.request.service,
                "attempt": due.attempts + 1,
                "outcome": attempt.outcome,
                "error": attempt.error,
            },
        )


def _backend_is_well(error: BaseException) -> bool:
    """Whether an error says something of the one request, and nothing of the backend's health."""
    if isinstance(error, ContractViolation):
        return error.http_status not in _OUR_KEY
    return isinstance(error, NotFound | AttachmentMissing)
