"""The files of a request reach the backend before it does, through every failure."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import math
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from backend_adapter.forwarder import Forwarder, Policy
from backend_adapter.outbox import OutboxStatus
from backend_adapter.rest import RestBackend, Timeouts
from backend_adapter.sandbox import Course, Stage, create_sandbox, serve_sandbox
from gooya.database import models
from gooya.database.attachments import MAX_BYTES, Attachment, Attachments
from gooya.database.customers import Customers
from gooya.database.engine import Database
from gooya.database.outbox import OutboxEntry, SqlOutbox
from gooya.database.submissions import RequestWriter
from tests.database.samples import PHONE, codes, new_request
from tests.forwarder.test_delivery import KILLED, after_the_lease, now
from tests.forwarder.utility import Utility
from tests.servers.processes import Process, until

PHOTO, DEED = b"\xff\xd8\xff photo", b"%PDF-1.7 deed"
QUICK = Policy(poll=0.02, backoff_base=0.02, backoff_cap=0.05, breaker_threshold=1000)


@pytest.fixture
async def utility() -> AsyncIterator[Utility]:
    utility = Utility()
    await utility.start()
    yield utility
    await utility.close()


@contextlib.asynccontextmanager
async def running(
    database: Database,
    url: str,
    timeouts: Timeouts | None = None,
    policy: Policy = QUICK,
    clock: Callable[[], dt.datetime] = now,
) -> AsyncIterator[Forwarder]:
    backend = RestBackend(url, "key", timeouts=timeouts)
    forwarder = Forwarder(SqlOutbox(database), backend, clock=clock, policy=policy)
    task = asyncio.create_task(forwarder.run())
    try:
        yield forwarder
    finally:
        await forwarder.close(grace=0)
        await task
        await backend.close()


async def submit(database: Database, *contents: bytes, key: str = "k") -> list[str]:
    """File a request with these files and return their ids."""
    files = Attachments(database)
    ids = [
        await files.add("c-1", Attachment(content_type="image/jpeg", content=content), now())
        for content in contents
    ]
    documents = [{"kind": f"page_{n}", "attachment": id_} for n, id_ in enumerate(ids, 1)]
    await RequestWriter(database, codes()).submit(
        new_request(
            key,
            service="meter_test",
            bill_id=None,
            fields={"documents": documents},
            submitted_at=now(),
        )
    )
    return ids


async def ended(database: Database, status: OutboxStatus = "delivered") -> OutboxEntry:
    async def there() -> OutboxEntry | None:
        entry = await SqlOutbox(database).show(1)
        return entry if entry is not None and entry.item.status == status else None

    found = await until(there, f"the row is {status}")
    assert isinstance(found, OutboxEntry)
    return found


def named(utility: Utility) -> list[object]:
    return [attachment["id"] for attachment in utility.named["k"]]


async def test_the_sandbox_has_the_files_of_a_request_when_it_comes(
    database: Database, tmp_path: Path
) -> None:
    sandbox = await serve_sandbox(
        create_sandbox(
            database_path=tmp_path / "sandbox.db",
            services={"meter_test": Course((Stage("received", "received"),))},
            events_url=None,
            events_secret="",
            api_key="key",
            subscribers=1,
            stage_seconds=math.inf,
        )
    )
    large = PHOTO.ljust(MAX_BYTES, b"\0")
    photo, deed = await submit(database, large, DEED)
    async with running(database, sandbox.url):
        await ended(database)
    async with aiohttp.ClientSession() as http, http.get(f"{sandbox.url}/sandbox/requests") as held:
        (stored,) = await held.json()
    await sandbox.close()
    assert stored["progress"]["status"] == "accepted"
    assert stored["request"]["attachments"] == [
        {
            "id": id_,
            "kind": kind,
            "content_type": "image/jpeg",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for id_, kind, content in ((photo, "page_1", large), (deed, "page_2", DEED))
    ]


async def test_files_come_first_and_once_although_the_request_needs_several_attempts(
    database: Database, utility: Utility
) -> None:
    async def reluctant(key: str) -> int:
        return 503 if key == "k" and utility.calls[key] <= 3 else 201

    utility.behave = reluctant
    photo, deed = await submit(database, PHOTO, DEED)
    async with running(database, utility.url):
        await ended(database)
    assert utility.effects == [photo, deed, "k"]
    assert utility.calls == {photo: 1, deed: 1, "k": 4}
    assert utility.files == {photo: PHOTO, deed: DEED}


async def test_an_attempt_goes_on_with_the_file_at_which_the_last_one_failed(
    database: Database, utility: Utility
) -> None:
    photo, deed = await submit(database, PHOTO, DEED)

    photos = []

    async def hang_at_the_second(key: str) -> int:
        if key == deed:
            photos.append(utility.calls[photo])
        return 0 if key == deed and utility.calls[key] == 1 else 201

    utility.behave = hang_at_the_second
    async with running(database, utility.url, Timeouts(attach=0.2)):
        entry = await ended(database)
    assert utility.effects == [photo, deed, "k"]
    # on a slow machine a file may be given up though it was answered, and is sent once more
    assert len(photos) >= 2
    assert {*photos, utility.calls[photo]} == {photos[0]}
    assert utility.calls["k"] == 1
    outcomes = [a.outcome for a in entry.attempts]
    assert outcomes == ["unavailable"] * (len(outcomes) - 1) + ["delivered"]


async def test_a_backend_that_lost_the_files_gets_them_again(
    database: Database, utility: Utility
) -> None:
    photo, deed = await submit(database, PHOTO, DEED)

    async def forgetful(key: str) -> int:
        if key == "k" and utility.calls[key] == 1:
            del utility.files[photo]
        return 201

    utility.behave = forgetful
    async with running(database, utility.url):
        entry = await ended(database)
    assert utility.calls == {photo: 2, deed: 2, "k": 2}
    assert [a.outcome for a in entry.attempts] == ["unavailable", "delivered"]
    assert named(utility) == [photo, deed]


async def test_a_file_that_the_backend_refuses_is_a_dead_letter_at_once(
    database: Database, utility: Utility
) -> None:
    (photo,) = await submit(database, PHOTO)

    async def picky(key: str) -> int:
        return 415 if key == photo else 201

    utility.behave = picky
    async with running(database, utility.url):
        entry = await ended(database, "dead")
    (attempt,) = entry.attempts
    assert (attempt.outcome, attempt.http_status) == ("refused", 415)
    assert utility.calls == {photo: 1}


async def test_a_file_erased_before_its_request_went_out_does_not_hold_it_up(
    database: Database, utility: Utility, caplog: pytest.LogCaptureFixture
) -> None:
    photo, deed = await submit(database, PHOTO, DEED)
    async with database.write() as connection:
        await connection.execute(
            sa.delete(models.attachments).where(models.attachments.c.id == photo)
        )
    async with running(database, utility.url):
        await ended(database)
    assert named(utility) == [deed]
    assert "an attachment is gone, its request goes without it" in caplog.messages


async def test_a_customer_forgotten_between_two_attempts_has_no_file_in_the_second(
    database: Database, utility: Utility
) -> None:
    forgotten = asyncio.Event()

    async def fail_the_first_once_forgotten(key: str) -> int:
        if key == "k" and utility.calls[key] == 1:
            await forgotten.wait()
            return 503
        return 201

    utility.behave = fail_the_first_once_forgotten
    await submit(database, PHOTO)
    async with running(database, utility.url):
        await until(lambda: utility.calls["k"], "the backend was asked")
        await Customers(database).forget("sms", PHONE, "c-1", now())
        forgotten.set()
        await ended(database)
    assert utility.calls["k"] == 2
    assert named(utility) == []


@pytest.mark.parametrize("moment", ["file", "request"])
async def test_a_forwarder_killed_in_the_middle_is_replaced_and_the_effect_is_one(
    database: Database, database_url: str, utility: Utility, tmp_path: Path, moment: str
) -> None:
    photo, deed = await submit(database, PHOTO, DEED)
    held = deed if moment == "file" else "k"

    async def hang(key: str) -> int:
        return 0 if key == held else 201

    utility.behave = hang
    script = tmp_path / "forwarder.py"
    root = Path(__file__).parents[2]
    script.write_text(f"import sys\nsys.path.insert(0, {str(root)!r})\n{KILLED}")
    process = Process([sys.executable, script, database_url, utility.url], tmp_path / "log")
    try:
        await until(lambda: held in utility.effects, "the backend has it")
    finally:
        process.end(signal.SIGKILL)

    async def well(key: str) -> int:
        return 201

    utility.behave = well
    async with running(database, utility.url, clock=after_the_lease):
        entry = await ended(database)
    assert [a.outcome for a in entry.attempts] == ["abandoned", "delivered"]
    assert utility.effects == [photo, deed, "k"]
    assert utility.files == {photo: PHOTO, deed: DEED}
    assert utility.calls[photo] == 2
    assert named(utility) == [photo, deed]


async def test_what_the_backend_lacks_says_nothing_against_its_health(
    database: Database, utility: Utility
) -> None:
    await submit(database, PHOTO)

    async def forgetful(key: str) -> int:
        if key == "k" and utility.calls[key] <= 3:
            utility.files.clear()
        return 201

    utility.behave = forgetful
    policy = Policy(poll=0.02, backoff_base=0.02, breaker_threshold=2, breaker_cooldown=3600)
    async with running(database, utility.url, policy=policy) as forwarder:
        await ended(database)
        assert forwarder.circuit == "closed"
    assert utility.calls["k"] == 4
