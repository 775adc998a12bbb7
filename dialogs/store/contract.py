"""The one state store: what a turn reads and what it commits, all or nothing.

A conversation is one opaque blob under a version. Everything a turn decides (the new blob, the mark
that its inbound message was handled, the messages to send, the timers to set) is one
:class:`Commit`, applied atomically when the version still is the one that was loaded. A lost race
answers ``CONFLICT`` and the pure turn runs again on the newer state (DESIGN.md sections 3 and 4).

Engines: :class:`dialogs.store.sqlite.SqliteStore`, :class:`dialogs.store.redis.RedisStore`.
All times are POSIX seconds (float, UTC) given by the caller: an engine reads no clock of its own,
except for letting keys expire.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec


class Outbound(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message recorded before it is sent; messages to one ``channel`` and ``to`` keep their order."""

    id: str
    channel: str
    to: str
    text: str
    conversation: str = ""


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
    """How often sending the first of them was put off before."""


class Store(Protocol):
    """One turn is one :meth:`load` and one :meth:`commit`: on Redis one round trip each.

    Raises :class:`StoreUnavailable` from every method when the engine can't be reached.
    """

    async def load(self, conversation: str, mark: str) -> Snapshot: ...

    async def commit(self, commit: Commit) -> Committed: ...

    async def claim_outbound(
        self, channel: str, *, now: float, lease: float, limit: int = 100
    ) -> list[Batch]:
        """Take due recipients for ``lease`` seconds; whoever dies loses them to the next claimer."""
        ...

    async def sent(self, channel: str, to: str, ids: tuple[str, ...], *, now: float) -> None:
        """Forget messages that went out (or never will). What is left of the recipient is due now."""
        ...

    async def put_off(self, channel: str, to: str, *, until: float) -> None:
        """Sending the first message failed for now: due again at ``until``, one attempt more."""
        ...

    async def outbound_depth(self, channel: str) -> int:
        """Recipients with waiting messages, for metrics."""
        ...

    async def claim_timers(self, *, now: float, lease: float, limit: int = 100) -> list[Timer]:
        """Due timers, held for ``lease`` seconds; a commit that cancels the name removes them."""
        ...

    async def hit(self, key: str, *, limit: int, window: float, now: float) -> bool:
        """Count one use of ``key``; False when ``limit`` uses within ``window`` seconds are spent.

        A refused use is not counted. Sliding window, atomic over all processes. A key keeps its
        limit and window: only as many uses are remembered as the limit of the call before.
        """
        ...

    async def erase(self, conversation: str) -> None:
        """Remove state, marks and timers of a conversation (a customer's right to be forgotten)."""
        ...

    async def close(self) -> None: ...


class StoreUnavailable(Exception):
    """The engine can't be reached or can't write now; nothing of the call took effect, as far as
    anyone can know: a commit whose answer was lost shows as ``DUPLICATE`` when it is tried again."""


STATE_DAYS = 30
"""A conversation that nobody touched for this long is gone (bounded in time at rest)."""
MARK_DAYS = 3
"""How long an inbound message id is remembered; gateways repeat for at most two days."""
