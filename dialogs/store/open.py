"""Which engine a setting means."""

from __future__ import annotations

from pathlib import Path

from dialogs.store.contract import Store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore


async def open_store(url: str) -> Store:
    """The store that ``GOOYA_STATE`` names; whoever opens it awaits ``close()``.

    ``redis://``, ``rediss://`` and ``unix://`` are a Redis server, connected with the first call.
    Anything else is an SQLite file, as a path or as ``sqlite:///relative`` / ``sqlite:////absolute``
    (SQLAlchemy's way), made when missing. Raises ``ValueError`` for another kind of URL, and
    :class:`~dialogs.store.contract.StoreUnavailable` for a file that can't be used.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("redis", "rediss", "unix"):
        return RedisStore(url)
    if separator:
        if scheme != "sqlite" or not rest.startswith("/"):
            raise ValueError("a state store is redis://, rediss://, unix://, sqlite:/// or a file")
        url = rest[1:]
    if url in ("", ":memory:"):
        raise ValueError("the state store needs a file: what is in memory survives no crash")
    store = SqliteStore(Path(url))
    try:
        await store.prepare()
    except BaseException:
        await store.close()
        raise
    return store
