"""A confirmed request, its tracking code and its outbox row are there together or not at all."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from gooya.database import models
from gooya.database.attachments import Attachment, Attachments
from gooya.database.batching import GroupCommit
from gooya.database.engine import Database, DatabaseError, DatabaseUnavailable, open_database
from gooya.database.requests import RequestReader
from gooya.database.submissions import RequestWriter
from tests.database.samples import NOW, PHONE, codes, count, new_request
from tests.servers.processes import until

TABLES = (models.requests, models.outbox, models.customers, models.saved_subscriptions)


async def test_a_submission_stores_request_code_outbox_row_and_customer(database: Database) -> None:
    woken = []
    writer = RequestWriter(database, codes(), on_created=lambda: woken.append(True))
    receipt = await writer.submit(new_request())
    assert (receipt.tracking_code, receipt.created) == ("1000000001", True)
    assert woken == [True]
    tracked = await RequestReader(database).by_tracking_code("1000000001")
    assert tracked is not None
    request = tracked.request
    assert (request.status, request.stage, request.stages) == ("submitted", 1, 3)
    assert request.fields == new_request().fields
    assert (request.submitted_at, request.sequence, request.progress) == (NOW, None, None)
    assert tracked.events == ()
    assert [await count(database, table) for table in TABLES] == [1, 1, 1, 1]


async def test_submitting_again_gives_the_same_code_and_writes_nothing(database: Database) -> None:
    writer = RequestWriter(database, codes())
    first = await writer.submit(new_request())
    again = await writer.submit(new_request(fields={"other": 1}))
    assert again.tracking_code == first.tracking_code
    assert (first.created, again.created) == (True, False)
    assert [await count(database, table) for table in TABLES] == [1, 1, 1, 1]


async def test_the_same_submission_at_the_same_moment_from_two_processes_is_one_request(
    database: Database, database_url: str
) -> None:
    other = open_database(database_url)
    draw = codes()
    writers = [RequestWriter(database, draw), RequestWriter(other, draw)]
    receipts = await asyncio.gather(
        *(writer.submit(new_request(f"k{n % 10}")) for n in range(40) for writer in writers)
    )
    await other.close()
    assert sum(receipt.created for receipt in receipts) == 10
    assert len({receipt.tracking_code for receipt in receipts}) == 10
    assert [await count(database, table) for table in TABLES] == [10, 10, 1, 1]


async def test_a_hundred_concurrent_submissions_share_transactions_and_all_land(
    database: Database,
) -> None:
    commits = []
    sa.event.listen(database.engine.sync_engine, "commit", lambda _: commits.append(1))
    writer = RequestWriter(database, codes())
    receipts = await asyncio.gather(
        *(
            writer.submit(new_request(f"k{n}", address=f"+98912000{n:04d}", conversation=f"c{n}"))
            for n in range(100)
        )
    )
    assert len({receipt.tracking_code for receipt in receipts}) == 100
    assert all(receipt.created for receipt in receipts)
    assert len(commits) <= 2
    assert [await count(database, table) for table in TABLES] == [100, 100, 100, 100]


async def test_a_submission_that_cannot_be_stored_fails_alone(database: Database) -> None:
    writer = RequestWriter(database, codes())
    results = await asyncio.gather(
        writer.submit(new_request("good-1")),
        writer.submit(new_request("bad", channel="pigeon", address="+989120000009")),
        writer.submit(new_request("good-2")),
        return_exceptions=True,
    )
    assert isinstance(results[1], DatabaseError)
    assert not isinstance(results[1], DatabaseUnavailable)
    assert "+98" not in str(results[1])
    assert [await count(database, table) for table in TABLES] == [2, 2, 1, 1]


async def test_fields_that_are_not_json_are_refused_at_once(database: Database) -> None:
    with pytest.raises(TypeError):
        await RequestWriter(database, codes()).submit(new_request(fields={"x": object()}))


async def test_a_tracking_code_that_is_taken_is_drawn_again(database: Database) -> None:
    drawn = iter(["1000000001", "1000000001", "1000000001", "1000000002", "1000000003"])
    writer = RequestWriter(database, lambda: next(drawn))
    receipts = [await writer.submit(new_request("a")), await writer.submit(new_request("b"))]
    assert [r.tracking_code for r in receipts] == ["1000000001", "1000000002"]


async def test_two_of_one_group_never_get_the_same_code(database: Database) -> None:
    drawn = iter(["1000000001", "1000000001", "1000000002"])
    writer = RequestWriter(database, lambda: next(drawn))
    receipts = await asyncio.gather(
        writer.submit(new_request("a")), writer.submit(new_request("b"))
    )
    assert {r.tracking_code for r in receipts} == {"1000000001", "1000000002"}


async def test_a_draw_that_only_finds_taken_codes_fails_and_stores_nothing(
    database: Database,
) -> None:
    writer = RequestWriter(database, lambda: "1000000001")
    await writer.submit(new_request("a"))
    with pytest.raises(DatabaseError, match="no free tracking code"):
        await writer.submit(new_request("b", address="+989120000009"))
    assert [await count(database, table) for table in TABLES] == [1, 1, 1, 1]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_killed_in_the_middle_leaves_nothing_and_the_repeat_works(
    database: Database, database_url: str
) -> None:
    writer = RequestWriter(database, codes())
    admin = open_database(database_url)
    blocked = sa.text(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database()"
    )
    async with admin.write() as lock:
        # the transaction gets through to the outbox row and waits there
        await lock.execute(sa.text("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE"))
        submission = asyncio.create_task(writer.submit(new_request()))
        pid = await until(lambda: _scalar(admin, blocked), "the submission waits")
        await lock.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DatabaseUnavailable):
            await submission
    await admin.close()
    assert [await count(database, table) for table in TABLES] == [0, 0, 0, 0]
    assert (await writer.submit(new_request())).created
    assert [await count(database, table) for table in TABLES] == [1, 1, 1, 1]


async def _owners(database: Database) -> dict[str, str | None]:
    """Tracking code of the request that holds it, by attachment."""
    query = sa.select(models.attachments.c.id, models.requests.c.tracking_code).join_from(
        models.attachments, models.requests, isouter=True
    )
    async with database.read() as connection:
        return {row.id: row.tracking_code for row in await connection.execute(query)}


async def _photo(database: Database, conversation: str = "c-1") -> str:
    photo = Attachment(content_type="image/jpeg", content=b"a photo")
    return await Attachments(database).add(conversation, photo, NOW)


async def test_the_files_that_a_request_names_become_part_of_it(database: Database) -> None:
    photo, said, other = [await _photo(database) for _ in range(3)]
    fields = {
        "documents": [{"kind": "meter_photo", "attachment": photo}],
        "address": {"street": f"recording:{said}"},
    }
    receipt = await RequestWriter(database, codes()).submit(new_request(fields=fields))
    code = receipt.tracking_code
    assert await _owners(database) == {photo: code, said: code, other: None}


async def test_a_file_of_somebody_else_stays_where_it_is_and_the_log_says_so(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    foreign, mine = await _photo(database, "c-2"), await _photo(database)
    documents = [{"kind": "deed", "attachment": id_} for id_ in (foreign, mine, "f" * 32)]
    receipt = await RequestWriter(database, codes()).submit(
        new_request(fields={"documents": documents})
    )
    assert await _owners(database) == {foreign: None, mine: receipt.tracking_code}
    assert [record.getMessage() for record in caplog.records] == [
        "an attachment is not its request's"
    ] * 2
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert not any(secret in logged for secret in (foreign, "c-1", "c-2", PHONE))


async def test_a_file_stays_with_the_request_that_named_it_first(database: Database) -> None:
    photo = await _photo(database)
    writer = RequestWriter(database, codes())
    fields = {"documents": [{"kind": "deed", "attachment": photo}]}
    first = await writer.submit(new_request("a", fields=fields))
    await writer.submit(new_request("b", fields=fields))
    assert await _owners(database) == {photo: first.tracking_code}


async def test_concurrent_submissions_take_their_own_files_each(database: Database) -> None:
    photos = {f"c{n}": await _photo(database, f"c{n}") for n in range(20)}
    writer = RequestWriter(database, codes())
    receipts = await asyncio.gather(
        *(
            writer.submit(
                new_request(
                    conversation,
                    conversation=conversation,
                    fields={"documents": [{"kind": "deed", "attachment": photo}]},
                )
            )
            for conversation, photo in photos.items()
        )
    )
    assert await _owners(database) == {
        photo: receipt.tracking_code
        for photo, receipt in zip(photos.values(), receipts, strict=True)
    }


KILLED = """
import asyncio, os, sys
import sqlalchemy as sa
from gooya.database.engine import open_database
from gooya.database.submissions import RequestWriter
from tests.database.samples import codes, new_request

async def main(url, moment):
    database = open_database(url)
    engine = database.engine.sync_engine
    def before(connection, cursor, statement, *rest):
        if moment in statement:
            os._exit(9)
    sa.event.listen(engine, "before_cursor_execute", before)
    if moment == "answer":
        await RequestWriter(database, codes(5_000_000_001)).submit(new_request())
        os._exit(9)
    await RequestWriter(database, codes(5_000_000_001)).submit(new_request())

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("moment", "stored"),
    [("INSERT INTO requests", 0), ("INSERT INTO outbox", 0), ("answer", 1)],
)
async def test_a_process_killed_before_or_after_the_commit_leaves_all_or_nothing(
    database: Database, database_url: str, moment: str, stored: int
) -> None:
    root = Path(__file__).parents[2]
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", KILLED, database_url, moment], cwd=root
    )
    assert ended.returncode == 9
    assert [await count(database, table) for table in TABLES] == [stored] * 4
    receipt = await RequestWriter(database, codes()).submit(new_request())
    assert receipt.created is (stored == 0)
    assert receipt.tracking_code == ("1000000001" if stored == 0 else "5000000001")
    assert [await count(database, table) for table in TABLES] == [1, 1, 1, 1]


async def test_closing_the_writer_waits_for_what_was_submitted(database: Database) -> None:
    writer = RequestWriter(database, codes())
    submission = asyncio.create_task(writer.submit(new_request()))
    await asyncio.sleep(0)
    await writer.close()
    assert await count(database, models.requests) == 1
    assert (await submission).created
    with pytest.raises(RuntimeError):
        await writer.submit(new_request("late"))


async def test_a_group_in_an_outage_fails_as_a_whole_without_being_tried_one_by_one() -> None:
    calls = []

    async def commit(items: object) -> list[int]:
        calls.append(items)
        raise DatabaseUnavailable("down")

    groups: GroupCommit[int, int] = GroupCommit(commit)
    results = await asyncio.gather(*(groups.submit(n) for n in range(5)), return_exceptions=True)
    assert all(isinstance(result, DatabaseUnavailable) for result in results)
    assert calls == [[0, 1, 2, 3, 4]]


async def test_the_reader_lists_requests_newest_first(
    database: Database,
) -> None:
    writer, reader = RequestWriter(database, codes()), RequestReader(database)
    for key in ("a", "b"):
        await writer.submit(new_request(key))
    await writer.submit(new_request("c", service="declare_debt_balance", bill_id=None))
    assert [r.idempotency_key for r in await reader.list()] == ["c", "b", "a"]
    assert [r.idempotency_key for r in await reader.list(service="declare_debt_balance")] == ["c"]
    assert await reader.list(status="completed") == []
    with pytest.raises(ValueError, match="lost"):
        await reader.list(status="lost")  # type: ignore[arg-type]
    assert await reader.by_tracking_code("9999999999") is None


async def test_no_error_text_quotes_a_phone_number(database: Database) -> None:
    async def insert_twice() -> None:
        async with database.write() as connection:
            await connection.execute(
                sa.insert(models.customers).values(id=1, language="fa", created_at=NOW)
            )
            for _ in range(2):
                await connection.execute(
                    sa.insert(models.addresses).values(kind="sms", value=PHONE, customer_id=1)
                )

    with pytest.raises(DatabaseError) as caught:
        await insert_twice()
    assert PHONE not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def _scalar(database: Database, query: sa.TextClause) -> object:
    async with database.read() as connection:
        return await connection.scalar(query)
