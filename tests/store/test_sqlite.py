"""What only the SQLite engine promises: crashes, several processes, expiry, the file."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from dialogs.store import Committed, Snapshot, StoreUnavailable, Verdict
from dialogs.store.contract import MARK_DAYS, STATE_DAYS
from dialogs.store.sqlite import CLEANUP_ROWS, CLEANUP_SECONDS, SqliteStore
from tests.store.turns import ANNA, BABAK, NOW, message, take_turn, turn

DAY = 86_400.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def rows(path: Path, table: str) -> int:
    db = sqlite3.connect(path)
    try:
        (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(count)
    finally:
        db.close()


async def test_processes_killed_while_writing_lose_nothing_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.db"
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.store.write_until_killed", str(path), name],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for name in ("one", "two")
    ]
    acknowledged: list[str] = []
    for writer in writers:  # both are in full swing before the first one dies
        assert writer.stdout is not None
        acknowledged += [writer.stdout.readline().decode().strip() for _ in range(100)]
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for writer in writers:
        rest, _ = writer.communicate()
        acknowledged += [line for line in rest.decode().split("\n")[:-1] if line]
    assert len(acknowledged) >= 200

    store = SqliteStore(path)
    counts: dict[str, int] = {}
    for text in acknowledged:
        conversation, _, n = text.partition(":")
        counts[conversation] = max(counts.get(conversation, 0), int(n))
        assert (await store.load(conversation, text)).seen
    batches = await store.claim_outbound("sms", now=NOW, lease=60)
    queued = {batch.to: [m.id for m in batch.messages] for batch in batches}
    inbound = await store.claim_outbound("in:sms", now=NOW, lease=60)
    received = {batch.to: len(batch.messages) for batch in inbound}
    for conversation, count in counts.items():
        version = (await store.load(conversation, "")).version
        assert version - count in (0, 1)  # one turn may have been killed before its print
        assert queued[conversation] == [f"{conversation}:{n + 1}" for n in range(version)]
        assert received[conversation] - version in (0, 1)  # enqueued, then its turn was killed
    await store.close()


@pytest.mark.parametrize("what", ["commit", "enqueue"])
async def test_writes_of_one_moment_share_a_transaction(tmp_path: Path, what: str) -> None:
    path = tmp_path / "state.db"
    store = SqliteStore(path)
    await store.prepare()
    db = sqlite3.connect(path)
    before = db.execute("PRAGMA data_version").fetchone()
    pages = (tmp_path / "state.db-wal").stat().st_size
    if what == "commit":
        await asyncio.gather(*(store.commit(turn(f"c{n}", state=b"x")) for n in range(100)))
    else:
        await asyncio.gather(*(store.enqueue(message("u", f"c{n}"), now=NOW) for n in range(100)))
    assert db.execute("PRAGMA data_version").fetchone() != before
    db.close()
    # Each transaction writes the pages it touched to the log: 100 of them would be 400 pages.
    assert ((tmp_path / "state.db-wal").stat().st_size - pages) / 4096 < 60
    await store.close()


async def test_a_file_that_another_process_locks_for_long_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    store = SqliteStore(path, timeout=0.1)
    await take_turn(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    commit = turn(ANNA, 1, state=b"later")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.commit(commit)
    assert (await store.load(ANNA, commit.mark)) == Snapshot(1, b"state", seen=False)
    other.execute("ROLLBACK")
    other.close()
    assert await store.commit(commit) == Committed(Verdict.DONE)
    await store.close()


async def test_a_full_disk_is_unavailable_and_leaves_the_conversation_as_it_was(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "state.db")
    await take_turn(store)
    # SQLite's own limit on the size of the file answers as a full disk does.
    await store._writer.submit(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone())
    big = turn(ANNA, 1, state=bytes(10_000_000))
    small = turn(BABAK)
    outcomes = await asyncio.gather(store.commit(big), store.commit(small), return_exceptions=True)
    assert all(isinstance(outcome, StoreUnavailable) for outcome in outcomes)
    assert (await store.load(ANNA, big.mark)) == Snapshot(1, b"state", seen=False)
    assert await store.commit(small) == Committed(Verdict.DONE)
    await store.close()


async def test_a_conversation_that_nobody_touched_for_long_is_gone(tmp_path: Path) -> None:
    clock = Clock()
    store = SqliteStore(tmp_path / "state.db", clock=clock)
    await take_turn(store)
    clock.now += STATE_DAYS * DAY
    assert (await store.load(ANNA, "")).version == 1
    clock.now += DAY
    assert await store.load(ANNA, "") == Snapshot(0, None, seen=False)
    await take_turn(store, state=b"begins anew")
    assert await store.load(ANNA, "") == Snapshot(1, b"begins anew", seen=False)
    await store.close()


async def test_a_conversation_that_goes_on_lives_on(tmp_path: Path) -> None:
    clock = Clock()
    store = SqliteStore(tmp_path / "state.db", clock=clock)
    for _ in range(3):
        await take_turn(store)
        clock.now += (STATE_DAYS - 1) * DAY
    assert (await store.load(ANNA, "")).version == 3
    await store.close()


async def test_what_expired_is_removed_from_the_file_by_and_by(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "state.db"
    store = SqliteStore(path, clock=clock)
    await asyncio.gather(*(take_turn(store, f"c{n}") for n in range(CLEANUP_ROWS + 10)))
    await store.hit("k", limit=3, window=60, now=NOW)
    await store.sent("telegram", "1", (), now=NOW, receipt="71")
    clock.now += (MARK_DAYS + 1) * DAY
    await take_turn(store, BABAK)  # brings the first cleanup
    await take_turn(store, BABAK)  # and goes on where that one stopped
    assert rows(path, "mark") == 2
    assert rows(path, "hits") == 0
    assert rows(path, "conversation") == CLEANUP_ROWS + 11
    assert rows(path, "receipt") == 1
    clock.now += (STATE_DAYS + 1) * DAY
    for _ in range(3):
        await store.claim_timers(now=NOW, lease=1)
        clock.now += CLEANUP_SECONDS
    assert rows(path, "conversation") == rows(path, "receipt") == 0
    await store.close()


async def test_a_receipt_lives_as_long_as_a_conversation_after_its_last_write(
    tmp_path: Path,
) -> None:
    clock = Clock()
    store = SqliteStore(tmp_path / "state.db", clock=clock)
    for receipt in ("71", "75"):
        await store.sent("telegram", "1", (), now=clock.now, receipt=receipt)
        clock.now += STATE_DAYS * DAY
        assert await store.receipt("telegram", "1") == receipt
    clock.now += DAY
    assert await store.receipt("telegram", "1") == ""
    await store.close()


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "state.db")
    await take_turn(store, outbound=(message("a"),))
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {0o600}
    await store.close()
    assert [p.name for p in tmp_path.iterdir()] == ["state.db"]


async def test_a_file_of_the_first_version_keeps_its_conversations_and_learns_receipts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.db"
    store = SqliteStore(path)
    await take_turn(store, outbound=(message("a"),))
    await store.close()
    db = sqlite3.connect(path)
    db.executescript("DROP TABLE receipt; PRAGMA user_version = 1")  # what that version lacked
    db.close()
    store = SqliteStore(path)
    assert (await store.load(ANNA, "")).version == 1
    assert await store.outbound_depth("sms") == 1
    await store.sent("sms", message("a").to, ("a",), now=NOW, receipt="71")
    assert await store.receipt("sms", message("a").to) == "71"
    await store.close()


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match="newer version"):
        await store.load(ANNA, "")
    await store.close()


async def test_many_stores_may_open_a_new_file_at_the_same_time(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "state.db", timeout=30) for _ in range(8)]
    await asyncio.gather(*(take_turn(store, f"c{n}") for n, store in enumerate(stores)))
    assert (await stores[0].load("c7", "")).version == 1
    for store in stores:
        await store.close()
