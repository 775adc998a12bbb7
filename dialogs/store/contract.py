"""The one state store: what a turn reads and what it commits, all or nothing.

A conversation is one opaque blob under a version. Everything a turn decides (the new blob, the mark
that its inbound message was handled, the messages to send, the timers to set) is one
:class:`Commit`, applied atomically when the version still is the one that was loaded. A lost race
answers ``CONFLICT`` and the pure turn runs again on the newer state (DESIGN.md sections 3 and 4).

The queues carry both directions: messages to send, recorded by the turn that decided them, and
inbound messages on their way to their turn, recorded by :meth:`Store.enqueue` before their gateway
hears that we have them. For both, ``dialogs.store.delivery`` works a channel's queues off.

Engines: :class:`dialogs.store.sqlite.SqliteStore`, :class:`dialogs.store.redis.RedisStore`.
All times are POSIX seconds (float, UTC) given by the caller: an engine reads no clock of its own,
except for letting keys expire.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class Outbound(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message recorded before it is delivered; those to one ``channel`` and ``to`` keep their order.

    It is delivered to a customer, or, when it came from one, to its turn.
    """

    id: str
    channel: str
    """``in:`` and the channel for inbound messages."""
    to: str
    """The recipient; for inbound messages the chat they came from."""
    text: str
    """What is sent; for inbound messages what came, as the gateway gave it."""
    conversation: str = ""
    """The conversation whose turn committed it."""


class Timer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A wake-up call of a conversation. Setting one of the same name replaces the older one."""

    conversation: str
    name: str
    due: float


class Snapshot(msgspec.Struct, frozen=True):
    """What a turn starts from: version 0 and no state for a conversation that is new."""

    version: int
    state: bytes | None
    seen: bool
    """Whether the inbound mark asked for was committed before."""


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    conversation: str
    version: int
    """The version loaded; the stored one must still be the same, and is one more afterwards."""
    state: bytes
    mark: str
    """Id of the handled inbound event, unique within the conversation."""
    outbound: tuple[Outbound, ...] = ()
    timers: tuple[Timer, ...] = ()
    """Timers of this conversation to set."""
    cancel: tuple[str, ...] = ()
    """Names of this conversation's timers to remove (before ``timers`` are set)."""
    now: float
    lease: float = 0.0
    """Seconds for which the caller itself takes the outbound messages into its hands, where no older
    message for the same recipient waits; 0 leaves them to :meth:`Store.claim_outbound` at once."""


class Verdict(enum.Enum):
    DONE = "done"
    CONFLICT = "conflict"
    """Somebody else committed meanwhile: load again."""
    DUPLICATE = "duplicate"
    """The mark was there already: nothing was written."""


class Committed(msgspec.Struct, frozen=True):
    verdict: Verdict
    leased: tuple[str, ...] = ()
    """Ids of the outbound messages that the caller now holds under ``Commit.lease``."""


class Batch(msgspec.Struct, frozen=True):
    """All waiting messages of one recipient, oldest first, held by whoever claimed them."""

    channel: str
    to: str
    messages: tuple[Outbound, ...]
    attempts: int
    """How often delivering the first of them was put off before."""
    at: float
    """When it was claimed, by the claimer's clock. What came later is not in it."""


class Store(Protocol):
    """One turn is one :meth:`load` and one :meth:`commit`: on Redis one round trip each.

    Raises :class:`StoreUnavailable` from every method when the engine can't be reached.
    """

    async def load(self, conversation: str, mark: str) -> Snapshot: ...

    async def commit(self, commit: Commit) -> Committed: ...

    async def enqueue(self, message: Outbound, *, now: float) -> None:
        """Record a message that no turn commits, behind what waits for its recipient.

        It is due at once unless older messages wait. As durable as a commit when this returns. The
        same id enqueued again while it waits changes nothing.
        """
        ...

    async def claim_outbound(
        self, channel: str, *, now: float, lease: float, limit: int = 100
    ) -> list[Batch]:
        """Take due recipients for ``lease`` seconds; whoever dies loses them to the next claimer."""
        ...

    async def sent(
        self,
        channel: str,
        to: str,
        ids: tuple[str, ...],
        *,
        now: float,
        receipt: str | None = None,
    ) -> None:
        """Forget messages that were delivered (or never will be). What is left of the recipient is
        due now. A ``receipt`` replaces the recipient's older one, also when the ids are gone."""
        ...

    async def receipt(self, channel: str, to: str) -> str:
        """The last receipt of a recipient (the messenger's id of the last message with a keyboard),
        empty when there is none. Kept for :data:`STATE_DAYS` after it was written."""
        ...

    async def put_off(self, channel: str, to: str, *, until: float) -> None:
        """Delivering the first message failed for now: due again at ``until``, one attempt more."""
        ...

    async def outbound_depth(self, channel: str) -> int:
        """Recipients with waiting messages, for metrics."""
        ...

    async def claim_timers(self, *, now: float, lease: float, limit: int = 100) -> list[Timer]:
        """Due timers, held for ``lease`` seconds; a commit that cancels the name removes them."""
        ...

    async def hit(
        self, key: str, *, limit: int, window: float, now: float, counts: bool = True
    ) -> bool:
        """Count one use of ``key``; False when ``limit`` uses within ``window`` seconds are spent.
        Without ``counts`` only say so.

        A refused use is not counted. Sliding window, atomic over all processes. A key keeps its
        limit and window: only as many uses are remembered as the limit of the call before.
        """
        ...

    async def erase(self, conversation: str) -> None:
        """Remove state, marks and timers of a conversation (a customer's right to be forgotten).

        What waits in a queue goes when it is delivered, receipts when their time is over.
        """
        ...

    async def close(self) -> None: ...


class StoreUnavailable(Exception):
    """The engine can't be reached or can't write now; nothing of the call took effect, as far as
    anyone can know: a commit whose answer was lost shows as ``DUPLICATE`` when it is tried again."""


STATE_DAYS = 30
"""A conversation or a receipt that nobody touched for this long is gone (bounded in time at rest)."""
MARK_DAYS = 3
"""How long an inbound message id is remembered; gateways repeat for at most two days."""
