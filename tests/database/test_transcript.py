"""The transcript is written in batches and survives a short outage of the database."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from gooya.database import engine, models, retention, transcript
from gooya.database.engine import Database, DatabaseUnavailable
from gooya.database.handoffs import Handoff, Handoffs
from gooya.database.outbox import SqlOutbox
from gooya.database.retention import Purged, purge
from gooya.database.submissions import RequestWriter
from gooya.database.transcript import Line, TranscriptWriter
from tests.database.samples import (
    LEASE,
    NOW,
    PHONE,
    attempt,
    codes,
    count,
    new_request,
    unclear,
)
from tests.servers.postgres import PostgresServer
from tests.servers.processes import until


def _line(number: int, **changes: Any) -> Line:
    values: dict[str, Any] = {
        "conversation": "c-1",
        "channel": "sms",
        "direction": "out",
        "message_id": f"m{number}",
        "text": f"پیام {number}",
        "segments": 1,
        "at": NOW,
    }
    return Line(**(values | changes))


async def _rows(database: Database) -> list[Any]:
    table = models.transcript
    async with database.read() as connection:
        return list((await connection.execute(sa.select(table).order_by(table.c.id))).all())


async def test_lines_are_written_within_a_moment_in_their_order(database: Database) -> None:
    commits = []
    sa.event.listen(database.engine.sync_engine, "commit", lambda _: commits.append(1))
    writer = TranscriptWriter(database)
    for number in range(450):
        writer.write(_line(number))
    assert writer.waiting == 450
    await until(lambda: writer.waiting == 0, "everything is written")
    await writer.close()
    rows = await _rows(database)
    assert [row.text for row in rows] == [f"پیام {n}" for n in range(450)]
    assert rows[0].at == NOW
    assert len(commits) == 3


async def test_many_delivery_reports_share_a_batch_with_their_lines(database: Database) -> None:
    writer = TranscriptWriter(database)
    for number in range(20):
        writer.write(_line(number))
        writer.delivery(f"m{number}", "delivered")
    await writer.close()
    assert writer.dropped == 0
    assert [row.delivery for row in await _rows(database)] == ["delivered"] * 20


async def test_a_delivery_report_is_kept_and_a_final_one_is_not_overridden(
    database: Database,
) -> None:
    writer = TranscriptWriter(database)
    for number in range(3):
        writer.write(_line(number))
    for message, status in [("m0", "accepted"), ("m0", "delivered"), ("m0", "buffered"),
                            ("m1", "failed"), ("unknown", "failed")]:  # fmt: skip
        writer.delivery(message, status)
    await writer.close()
    assert [row.delivery for row in await _rows(database)] == ["delivered", "failed", None]


@contextlib.contextmanager
def _outage(request: pytest.FixtureRequest, url: str) -> Iterator[None]:
    """PostgreSQL is stopped; on SQLite another process holds the file."""
    if url.startswith("sqlite"):
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    server.stop()
    try:
        yield
    finally:
        server.start()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 0.05)
    monkeypatch.setattr(transcript, "INTERVAL", 0.02)
    monkeypatch.setattr(transcript, "OUTAGE_PAUSE", 0.02)


@pytest.mark.usefixtures("impatient")
async def test_an_outage_loses_nothing_until_the_bound_and_then_the_oldest(
    request: pytest.FixtureRequest,
    database_url: str,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = TranscriptWriter(database, bound=5, batch=2)
    with _outage(request, database_url):
        for number in range(8):
            writer.write(_line(number))
        assert (writer.waiting, writer.dropped) == (5, 3)
        await until(lambda: len(caplog.records) >= 2, "it tried twice")
        assert (writer.waiting, writer.dropped) == (5, 3)
    await until(lambda: writer.waiting == 0, "everything is written")
    await writer.close()
    assert [row.message_id for row in await _rows(database)] == ["m3", "m4", "m5", "m6", "m7"]
    assert not any("پیام" in str(vars(record)) for record in caplog.records)


@pytest.mark.usefixtures("impatient")
async def test_what_is_forgotten_while_it_is_being_written_does_not_come_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TranscriptWriter(database)
    under_way, go_on, store = asyncio.Event(), asyncio.Event(), writer._store

    async def fail_at_first(batch: Sequence[Any]) -> None:
        if not under_way.is_set():
            under_way.set()
            await go_on.wait()
            raise DatabaseUnavailable("away")
        await store(batch)

    monkeypatch.setattr(writer, "_store", fail_at_first)
    for number, conversation in enumerate(("c-1", "c-2", "c-1")):
        writer.write(_line(number, conversation=conversation))
    await under_way.wait()
    assert writer.waiting == 3
    forgetting = asyncio.create_task(writer.forget("c-1"))
    await until(lambda: writer.waiting == 1, "it is forgotten")
    go_on.set()
    await forgetting
    await until(lambda: writer.waiting == 0, "everything is written")
    await writer.close()
    assert [row.message_id for row in await _rows(database)] == ["m1"]


@pytest.mark.usefixtures("impatient")
async def test_what_is_being_written_is_there_to_erase_once_the_rest_is_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TranscriptWriter(database)
    under_way, go_on, store = asyncio.Event(), asyncio.Event(), writer._store

    async def slow(batch: Sequence[Any]) -> None:
        lines = list(batch)
        under_way.set()
        await go_on.wait()
        await store(lines)

    monkeypatch.setattr(writer, "_store", slow)
    writer.write(_line(0))
    await under_way.wait()
    forgetting = asyncio.create_task(writer.forget("c-1"))
    await until(lambda: writer.waiting == 0, "it is forgotten")
    assert not forgetting.done()
    go_on.set()
    await forgetting
    assert len(await _rows(database)) == 1
    await writer.close()


@pytest.mark.usefixtures("impatient")
async def test_closing_in_an_outage_ends_and_counts_what_was_lost(
    request: pytest.FixtureRequest, database_url: str, database: Database
) -> None:
    writer = TranscriptWriter(database)
    with _outage(request, database_url):
        writer.write(_line(1))
        await writer.close()
    assert (writer.waiting, writer.dropped) == (0, 1)
    with pytest.raises(RuntimeError):
        writer.write(_line(2))


async def test_a_line_that_cannot_be_stored_is_dropped_alone(database: Database) -> None:
    writer = TranscriptWriter(database)
    for number in range(3):
        writer.write(_line(number, direction="up" if number == 1 else "in"))
    await writer.close()
    assert writer.dropped == 1
    assert [row.message_id for row in await _rows(database)] == ["m0", "m2"]


async def test_purging_deletes_what_is_old_and_keeps_the_requests(database: Database) -> None:
    writer, outbox, handoffs = TranscriptWriter(database), SqlOutbox(database), Handoffs(database)
    for days in range(60):
        writer.write(_line(days, at=NOW - dt.timedelta(days=days)))
    await writer.close()
    for days in (1, 40):
        await handoffs.add(
            Handoff(
                key=None,
                conversation="c-1",
                channel="sms",
                address=PHONE,
                reason="asked",
                service="track_request",
                step="code",
                answers={},
                created_at=NOW - dt.timedelta(days=days),
            )
        )
        at = NOW - dt.timedelta(days=days)
        await unclear(database, f"k{days}", "c-1", at)
    await RequestWriter(database, codes()).submit(new_request())
    (due,) = await outbox.claim(now=NOW, lease=LEASE, limit=1)
    await outbox.dead(due, attempt("refused"))

    with pytest.raises(ValueError, match="one day"):
        await purge(database, NOW, 0)
    assert await purge(database, NOW, 30) == Purged(
        transcript=29, attempts=0, handoffs=1, attachments=0, unclear=1
    )
    assert await count(database, models.transcript) == 31
    later = NOW + dt.timedelta(days=100)
    assert await purge(database, later, 30) == Purged(
        transcript=31, attempts=1, handoffs=1, attachments=0, unclear=1
    )
    assert await count(database, models.requests) == 1
    assert await count(database, models.outbox) == 1


async def test_purging_goes_in_chunks_until_everything_old_is_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 10)
    writer = TranscriptWriter(database)
    for number in range(35):
        writer.write(_line(number))
    await writer.close()
    assert (await purge(database, NOW + dt.timedelta(days=9), 8)).transcript == 35
