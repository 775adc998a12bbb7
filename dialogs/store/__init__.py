"""State store: :mod:`contract` says what it promises, the engines stand beside it."""

from dialogs.store.contract import (
    Batch,
    Commit,
    Committed,
    Outbound,
    Snapshot,
    Store,
    StoreUnavailable,
    Timer,
    Verdict,
)

__all__ = [
    "Batch",
    "Commit",
    "Committed",
    "Outbound",
    "Snapshot",
    "Store",
    "StoreUnavailable",
    "Timer",
    "Verdict",
]
