"""Which engine a setting means."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.store import StoreUnavailable
from dialogs.store.open import open_store
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.store.turns import ANNA, take_turn


async def test_a_redis_url_is_a_redis_store(redis_url: str) -> None:
    store = await open_store(redis_url)
    assert isinstance(store, RedisStore)
    await take_turn(store)
    await store.close()


async def test_a_path_and_an_sqlite_url_are_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    for url in (str(path), f"sqlite:///{path}"):
        store = await open_store(url)
        assert isinstance(store, SqliteStore)
        await take_turn(store)
        await store.close()
    store = await open_store(str(path))
    assert (await store.load(ANNA, "")).version == 2
    await store.close()


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "sqlite:///", "mysql://h/x"])
async def test_what_is_neither_a_file_nor_a_redis_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        await open_store(url)


async def test_a_file_that_cannot_be_opened_says_so_at_start(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        await open_store(str(tmp_path / "no such directory" / "state.db"))
    (tmp_path / "text").write_text("this is no SQLite file, but long enough to be one" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await open_store(str(tmp_path / "text"))
