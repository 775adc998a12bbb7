"""The outbox in SQL: who gets which row, when, and what an operator sees of it."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
import sqlalchemy as sa

from backend_adapter.outbox import Due
from dialogs.values import Attachment
from gooya.database import models
from gooya.database.attachments import Attachment as File
from gooya.database.attachments import Attachments
from gooya.database.customers import Customers
from gooya.database.engine import Database, open_database
from gooya.database.events import Events, Recorded
from gooya.database.outbox import SqlOutbox
from gooya.database.requests import RequestReader
from gooya.database.submissions import RequestWriter
from tests.database.samples import (
    LEASE,
    NOW,
    PHONE,
    at,
    attempt,
    codes,
    count,
    new_request,
    progress,
)


async def _submit(database: Database, *bills: str | None) -> None:
    writer = RequestWriter(database, codes())
    for number, bill in enumerate(bills):
        await writer.submit(new_request(f"k{number}", bill_id=bill))


async def _claim(outbox: SqlOutbox, seconds: float = 0, limit: int = 10) -> list[Due]:
    return await outbox.claim(now=at(seconds), lease=LEASE, limit=limit)


async def test_a_claim_takes_the_oldest_row_of_each_subscription_only(database: Database) -> None:
    await _submit(database, "A", "A", "B", None, None)
    outbox = SqlOutbox(database)
    claimed = await _claim(outbox)
    assert [due.idempotency_key for due in claimed] == ["k0", "k2", "k3", "k4"]
    assert [due.subscription for due in claimed] == ["A", "B", "1000000004", "1000000005"]
    assert claimed[0].request.fields == new_request().fields
    assert await _claim(outbox) == []


async def test_the_next_row_of_a_subscription_comes_when_the_first_is_delivered(
    database: Database,
) -> None:
    await _submit(database, "A", "A")
    outbox = SqlOutbox(database)
    (first,) = await _claim(outbox)
    await outbox.failed(first, attempt("unavailable"), next_attempt_at=at(30))
    assert await _claim(outbox, 10) == []
    (again,) = await _claim(outbox, 31)
    assert (again.id, again.attempts) == (first.id, 1)
    await outbox.delivered(again, attempt("delivered", 32), progress("1000000001"))
    (second,) = await _claim(outbox, 33)
    assert second.idempotency_key == "k1"


async def test_what_follows_a_request_without_a_subscription_comes_after_it(
    database: Database,
) -> None:
    writer = RequestWriter(database, codes())
    code = (await writer.submit(new_request("first", bill_id=None))).tracking_code
    fields = {"request": code, "documents": []}
    await writer.submit(
        new_request("second", bill_id=None, service="send_documents", fields=fields)
    )
    outbox = SqlOutbox(database)
    (first,) = await _claim(outbox)
    assert (first.idempotency_key, first.subscription) == ("first", code)
    await outbox.delivered(first, attempt("delivered"), progress(code))
    (second,) = await _claim(outbox, 1)
    assert second.idempotency_key == "second"


async def test_delivery_stores_attempt_status_and_answer_together(database: Database) -> None:
    await _submit(database, "A")
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    await outbox.delivered(due, attempt("delivered"), progress("1000000001"))
    entry = await outbox.show(due.id)
    assert entry is not None
    assert (entry.item.status, entry.item.finished_at) == ("delivered", at(1))
    assert entry.attempts == (attempt("delivered"),)
    tracked = await RequestReader(database).by_tracking_code("1000000001")
    assert tracked is not None
    assert tracked.request.status == "accepted"
    assert len(await Events(database).unnotified()) == 1


async def test_a_delivery_whose_answer_cannot_be_stored_stores_nothing(database: Database) -> None:
    await _submit(database, "A")
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    foreign = progress("4711471147")
    results = await asyncio.gather(
        outbox.delivered(due, attempt("delivered"), foreign), return_exceptions=True
    )
    assert isinstance(results[0], LookupError)
    entry = await outbox.show(due.id)
    assert entry is not None
    assert (entry.item.status, entry.attempts) == ("pending", ())


async def test_a_row_whose_holder_died_is_handed_out_when_the_lease_ends(
    database: Database,
) -> None:
    await _submit(database, "A")
    outbox = SqlOutbox(database)
    (lost,) = await _claim(outbox)
    assert await _claim(outbox, 59) == []
    (again,) = await _claim(outbox, 61)
    assert (again.id, again.attempts) == (lost.id, 1)
    entry = await outbox.show(again.id)
    assert entry is not None
    assert [(a.outcome, a.started_at) for a in entry.attempts] == [("abandoned", NOW)]
    # the first holder wakes up: it no longer decides
    await outbox.failed(lost, attempt("unavailable", 62), next_attempt_at=at(62))
    await outbox.dead(lost, attempt("refused", 62))
    await outbox.release(lost)
    assert await _claim(outbox, 63) == []
    # but what the backend has, it has
    await outbox.delivered(lost, attempt("delivered", 64), progress("1000000001"))
    await outbox.delivered(again, attempt("delivered", 65), progress("1000000001"))
    entry = await outbox.show(again.id)
    assert entry is not None
    assert (entry.item.status, entry.item.finished_at) == ("delivered", at(64))
    assert len(await Events(database).unnotified()) == 1


async def test_a_released_row_is_due_at_once_without_anattempt(database: Database) -> None:
    await _submit(database, "A")
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    await outbox.release(due)
    (again,) = await _claim(outbox, 1)
    assert again.attempts == 0
    assert await count(database, models.outbox_attempts) == 0


async def test_processes_that_claim_at_the_same_time_never_get_the_same_row(
    database: Database, database_url: str
) -> None:
    await _submit(database, *(f"B{n}" for n in range(30)))
    others = [open_database(database_url) for _ in range(3)]
    claims = await asyncio.gather(
        *(_claim(SqlOutbox(one), limit=4) for one in others for _ in range(4))
    )
    for one in others:
        await one.close()
    ids = [due.id for claim in claims for due in claim]
    assert len(ids) == len(set(ids))
    rest = await _claim(SqlOutbox(database), limit=50)
    assert len(ids) + len(rest) == 30


async def test_a_dead_letter_is_listed_shown_and_sent_again_with_a_new_allowance(
    database: Database,
) -> None:
    await _submit(database, "A", "A")
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    await outbox.dead(due, attempt("refused", error="the backend refused the form"))
    # it does not hold up the next one
    (second,) = await _claim(outbox, 2)
    await outbox.delivered(second, attempt("delivered", 3), progress("1000000002"))

    (item,) = await outbox.list(status="dead")
    assert (item.id, item.tracking_code, item.attempts) == (due.id, "1000000001", 1)
    assert item.last_error == "the backend refused the form"
    assert [row.status for row in await outbox.list()] == ["delivered", "dead"]
    assert await outbox.depth() == {"pending": 0, "dead": 1}
    assert await outbox.show(999) is None

    assert not await outbox.retry(second.id, at(100))
    assert await outbox.retry(due.id, at(100))
    assert not await outbox.retry(due.id, at(100))
    (again,) = await _claim(outbox, 100)
    assert (again.id, again.attempts, again.enqueued_at) == (due.id, 0, at(100))
    entry = await outbox.show(due.id)
    assert entry is not None
    assert (entry.item.finished_at, len(entry.attempts)) == (None, 1)


async def test_probes_of_an_outage_do_not_count_as_failures_of_the_row(database: Database) -> None:
    await _submit(database, "A")
    outbox = SqlOutbox(database)
    for number in range(3):
        (due,) = await _claim(outbox, number * 10)
        await outbox.failed(
            due, attempt("probe_failed", number * 10 + 1), next_attempt_at=at(number * 10 + 2)
        )
    (due,) = await _claim(outbox, 100)
    assert due.attempts == 0


async def test_a_claim_beside_many_delivered_rows_reads_the_partial_indexes(
    database: Database,
) -> None:
    await _submit(database, "A", "B")
    async with database.write() as connection:
        delivered = {
            "request_id": await connection.scalar(sa.select(sa.func.min(models.requests.c.id))),
            "operation": "submit",
            "status": "delivered",
            "next_attempt_at": NOW,
            "created_at": NOW,
            "enqueued_at": NOW,
        }
        for start in range(0, 20_000, 2_000):
            await connection.execute(
                sa.insert(models.outbox),
                [delivered | {"subscription": f"S{n}"} for n in range(start, start + 2_000)],
            )
        await connection.execute(sa.text("ANALYZE"))

    statements = []
    sa.event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *call: statements.append(call)
    )
    assert len(await _claim(SqlOutbox(database))) == 2
    _, _, claim, parameters, *_ = next(call for call in statements if "FROM outbox" in call[2])
    # a parameter would keep a prepared statement from using the partial index
    assert claim.count("status = 'pending'") == 2
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    async with database.read() as connection:
        rows = (await connection.exec_driver_sql(explain + claim, parameters)).all()
    plan = " ".join(str(row) for row in rows)
    assert "ix_outbox_pending_due" in plan
    assert "Seq Scan on outbox " not in plan
    assert "SCAN outbox" not in plan


async def test_deliveries_of_the_same_moment_share_a_transaction_and_a_bad_one_fails_alone(
    database: Database,
) -> None:
    await _submit(database, "A", "B", "C")
    told: list[Recorded] = []
    outbox = SqlOutbox(database, tell=told.append)
    rows = await _claim(outbox)
    commits: list[sa.Connection] = []
    sa.event.listen(database.engine.sync_engine, "commit", commits.append)

    await asyncio.gather(
        *(
            outbox.delivered(due, attempt("delivered"), progress(due.request.tracking_code))
            for due in rows[:2]
        )
    )
    assert len(commits) == 1
    (recorded,) = told
    assert recorded.news == await Events(database).unnotified()

    (last,) = rows[2:]
    outcomes = await asyncio.gather(
        outbox.delivered(rows[0], attempt("delivered", 2), progress("1000000001")),
        outbox.delivered(last, attempt("delivered", 2), progress("4711471147")),
        return_exceptions=True,
    )
    assert outcomes[0] is None
    assert isinstance(outcomes[1], LookupError)
    assert [item.status for item in await outbox.list()] == ["pending", "delivered", "delivered"]
    assert len(await Events(database).unnotified()) == 2


async def test_the_files_of_a_row_come_one_by_one_as_its_request_names_them(
    database: Database,
) -> None:
    files = Attachments(database)
    said = await files.add("c-1", File(content_type="audio/wav", content=b"RIFF"), NOW)
    photo = await files.add("c-1", File(content_type="image/jpeg", content=b"photo"), NOW)
    foreign = await files.add("c-2", File(content_type="image/jpeg", content=b"card"), NOW)
    documents = [{"kind": "card", "attachment": foreign}, {"kind": "deed", "attachment": photo}]
    fields = {"documents": documents, "name": f"recording:{said}"}
    await RequestWriter(database, codes()).submit(new_request(fields=fields))
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    assert [each async for each in outbox.attachments(due)] == [
        (
            Attachment(
                id=photo,
                kind="deed",
                content_type="image/jpeg",
                size=5,
                sha256=hashlib.sha256(b"photo").hexdigest(),
            ),
            b"photo",
        ),
        (
            Attachment(
                id=said,
                kind="recording",
                content_type="audio/wav",
                size=4,
                sha256=hashlib.sha256(b"RIFF").hexdigest(),
            ),
            b"RIFF",
        ),
    ]


async def test_a_file_of_a_customer_who_was_forgotten_is_left_out_and_the_log_says_so(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    photo = await Attachments(database).add(
        "c-1", File(content_type="image/jpeg", content=b"photo"), NOW
    )
    fields = {"documents": [{"kind": "deed", "attachment": photo}]}
    await RequestWriter(database, codes()).submit(new_request(fields=fields))
    await Customers(database).forget("sms", PHONE, "c-1", NOW)
    outbox = SqlOutbox(database)
    (due,) = await _claim(outbox)
    assert [each async for each in outbox.attachments(due)] == []
    (record,) = caplog.records
    assert record.getMessage() == "an attachment is gone, its request goes without it"
    assert not any(secret in str(vars(record)) for secret in (photo, PHONE, "1000000001"))
