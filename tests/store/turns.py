"""Short ways to write down turns."""

from __future__ import annotations

import itertools
from typing import Any

from dialogs.store import Commit, Committed, Outbound, Store, Timer, Verdict

NOW = 1_790_000_000.125
ANNA, BABAK = "sms:+989120000001", "sms:+989120000002"
_marks = itertools.count(1)


def turn(conversation: str = ANNA, version: int = 0, **fields: Any) -> Commit:
    """A commit with a mark of its own, at :data:`NOW`."""
    defaults: dict[str, Any] = {"state": b"state", "mark": f"mark-{next(_marks)}", "now": NOW}
    return Commit(conversation=conversation, version=version, **(defaults | fields))


def message(id: str, to: str = "+989120000001", *, channel: str = "sms") -> Outbound:
    return Outbound(id, channel, to, f"متن {id}", "conversation")


def timer(name: str, due: float, conversation: str = ANNA) -> Timer:
    return Timer(conversation, name, due)


async def take_turn(store: Store, conversation: str = ANNA, **fields: Any) -> Committed:
    """One turn that nobody races: load, commit, done."""
    version = (await store.load(conversation, "")).version
    committed = await store.commit(turn(conversation, version, **fields))
    assert committed.verdict is Verdict.DONE
    return committed


async def due_now(store: Store, *, now: float, lease: float = 30.0) -> dict[str, list[str]]:
    """Claim SMS: message ids by recipient."""
    batches = await store.claim_outbound("sms", now=now, lease=lease)
    return {batch.to: [m.id for m in batch.messages] for batch in batches}
