"""Events move a request forward, never back, and each is told once."""

from __future__ import annotations

import asyncio
import datetime as dt

import msgspec
import pytest

from dialogs.values import Bill, Progress
from gooya.database.engine import Database
from gooya.database.events import Events, Recorded, UnknownRequest
from gooya.database.requests import RequestReader, TrackedRequest
from gooya.database.submissions import RequestWriter
from tests.database.samples import NOW, PHONE, codes, new_request, progress


async def _submitted(database: Database) -> str:
    return (await RequestWriter(database, codes()).submit(new_request())).tracking_code


async def _tracked(database: Database, code: str) -> TrackedRequest:
    tracked = await RequestReader(database).by_tracking_code(code)
    assert tracked is not None
    return tracked


async def test_an_event_moves_the_request_and_is_kept(database: Database) -> None:
    code = await _submitted(database)
    told = Progress(
        tracking_code=code,
        sequence=0,
        status="completed",
        stage=3,
        stages=3,
        at=NOW,
        bill=Bill(
            bill_id="9985235404124", payment_id="12345", amount=1_250_000, due=dt.date(2026, 6, 20)
        ),
    )
    assert await Events(database).record(told, "e1", NOW + dt.timedelta(minutes=1))
    tracked = await _tracked(database, code)
    assert tracked.request.progress == told
    assert (tracked.request.status, tracked.request.stage) == ("completed", 3)
    assert tracked.request.updated_at == NOW + dt.timedelta(minutes=1)
    (event,) = tracked.events
    assert (event.event_id, event.progress, event.occurred_at) == ("e1", told, NOW)


async def test_a_sequence_may_be_a_time_in_milliseconds(database: Database) -> None:
    code, events = await _submitted(database), Events(database)
    for sequence in (1_790_000_000_000, 2**63 - 1):
        told = msgspec.structs.replace(progress(code), sequence=sequence)
        assert await events.record(told, f"e{sequence}", NOW)
        assert (await _tracked(database, code)).request.progress == told


async def test_a_repeated_event_changes_nothing_even_when_both_arrive_at_once(
    database: Database,
) -> None:
    code, events = await _submitted(database), Events(database)
    results = await asyncio.gather(*(events.record(progress(code), "e1", NOW) for _ in range(5)))
    assert sorted(results) == [False] * 4 + [True]
    assert len((await _tracked(database, code)).events) == 1
    assert len(await events.unnotified()) == 1


async def test_an_older_event_neither_overrides_the_newer_state_nor_is_told(
    database: Database,
) -> None:
    code, events = await _submitted(database), Events(database)
    await events.record(progress(code, 3, "completed"), "e3", NOW)
    assert await events.record(progress(code, 2, "in_progress"), "e2", NOW)
    assert await events.record(progress(code, 3, "completed"), "e3-by-webhook", NOW)
    tracked = await _tracked(database, code)
    assert (tracked.request.status, tracked.request.sequence) == ("completed", 3)
    assert [event.event_id for event in tracked.events] == ["e2", "e3", "e3-by-webhook"]
    assert [n.event_id for n in await events.unnotified()] == ["e3"]


async def test_events_wait_until_the_customer_was_told_and_say_where_to(
    database: Database,
) -> None:
    code, events = await _submitted(database), Events(database)
    for sequence in (1, 2):
        await events.record(progress(code, sequence), f"e{sequence}", NOW)
    first, second = await events.unnotified()
    assert (first.conversation, first.channel, first.address) == ("c-1", "sms", PHONE)
    assert (first.language, first.service) == ("fa", "submit_meter_reading")
    assert first.bill_id == "9985235404124"
    assert second.progress == progress(code, 2)
    await events.mark_notified(first.id, NOW)
    assert [n.id for n in await events.unnotified()] == [second.id]
    later = NOW + dt.timedelta(hours=1)
    await asyncio.gather(*(events.mark_notified(n.id, later) for n in (first, second)))
    assert await events.unnotified() == []
    assert (await _tracked(database, code)).events[0].notified_at == NOW


async def test_an_event_of_a_request_nobody_submitted_is_an_error(database: Database) -> None:
    with pytest.raises(UnknownRequest) as caught:
        await Events(database).record(progress("4711471147"), "e1", NOW)
    assert "4711471147" not in str(caught.value)


async def test_what_was_recorded_is_told_after_its_commit_but_never_before_older_news(
    database: Database,
) -> None:
    told: list[Recorded] = []
    code, events = await _submitted(database), Events(database, tell=told.append)
    assert await events.record(progress(code, 1), "e1", NOW)
    assert not await events.record(progress(code, 1), "e1", NOW)
    assert all(
        await asyncio.gather(
            events.record(progress(code, 2), "e2", NOW), events.record(progress(code, 3), "e3", NOW)
        )
    )
    first, repeated, together = told
    assert first.news == (await events.unnotified())[:1]
    assert not first.more
    assert (repeated.news, repeated.more) == ([], False)
    assert (together.news, together.more) == ([], True)
    assert [n.event_id for n in await events.unnotified()] == ["e1", "e2", "e3"]
