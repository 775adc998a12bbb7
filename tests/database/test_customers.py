"""What is remembered of a customer, and that it can be forgotten."""

from __future__ import annotations

import asyncio
import datetime as dt

import sqlalchemy as sa

from gooya.database import models
from gooya.database.attachments import Attachment, Attachments
from gooya.database.customers import Customers, Forgotten, Profile
from gooya.database.engine import Database, open_database
from gooya.database.events import Events
from gooya.database.handoffs import Handoff, Handoffs
from gooya.database.requests import RequestReader
from gooya.database.submissions import RequestWriter
from gooya.database.transcript import Line, TranscriptWriter
from tests.database.samples import NOW, PHONE, codes, count, new_request, progress, unclear


async def test_an_address_never_seen_has_an_empty_profile(database: Database) -> None:
    assert await Customers(database).profile("sms", PHONE) == Profile()


async def test_the_last_five_subscriptions_are_offered_most_recent_first(
    database: Database,
) -> None:
    customers = Customers(database)
    for minute in range(7):
        await customers.save_subscription(
            "sms", PHONE, f"bill-{minute}", NOW + dt.timedelta(minutes=minute), language="fa"
        )
    later = NOW + dt.timedelta(hours=1)
    await customers.save_subscription("sms", PHONE, "bill-0", later, language="fa", label="خانه")
    profile = await customers.profile("sms", PHONE)
    assert profile.bill_ids == ("bill-0", "bill-6", "bill-5", "bill-4", "bill-3")
    assert (profile.language, profile.opted_out) == ("fa", False)


async def test_language_opt_out_and_preferred_channel_are_remembered(database: Database) -> None:
    customers = Customers(database)
    await customers.set_language("sms", PHONE, "en", NOW)
    await customers.set_opted_out("sms", PHONE, True, NOW, language="fa")
    profile = await customers.profile("sms", PHONE)
    assert (profile.language, profile.opted_out) == ("en", True)
    await customers.set_opted_out("sms", PHONE, False, NOW, language="fa")
    assert not (await customers.profile("sms", PHONE)).opted_out
    for channel in ("telegram", ""):
        await customers.set_preferred("sms", PHONE, channel, NOW, language="fa")
        assert (await customers.profile("sms", PHONE)).preferred == channel


async def test_two_processes_that_meet_a_customer_at_once_make_one(
    database: Database, database_url: str
) -> None:
    other = open_database(database_url)
    await asyncio.gather(
        *(
            Customers(one).save_subscription("telegram", "77", f"b{n}", NOW, language="fa")
            for n in range(8)
            for one in (database, other)
        )
    )
    await other.close()
    assert await count(database, models.customers) == 1
    assert await count(database, models.saved_subscriptions) == 8


async def test_forgetting_erases_the_person_and_keeps_what_is_owed_under_the_tracking_code(
    database: Database,
) -> None:
    customers, events = Customers(database), Events(database)
    writer = RequestWriter(database, codes())
    done = (await writer.submit(new_request("done"))).tracking_code
    waiting = (await writer.submit(new_request("waiting"))).tracking_code
    other = (
        await writer.submit(new_request("o", address="+989120000002", conversation="c-2"))
    ).tracking_code
    await events.record(progress(done, 1, "completed"), "e1", NOW)
    transcript = TranscriptWriter(database)
    for conversation in ("c-1", "c-2"):
        transcript.write(_line(conversation))
    await transcript.close()
    await Handoffs(database).add(_handoff("c-1"))
    await unclear(database, "k1", "c-1")

    erased = await customers.forget("sms", PHONE, "c-1", NOW)

    assert erased == Forgotten(customer=True, requests=2, transcript=1, handoffs=1)

    assert await customers.profile("sms", PHONE) == Profile()
    assert await events.unnotified() == []
    reader = RequestReader(database)
    for code, fields in ((done, {}), (waiting, new_request().fields)):
        tracked = await reader.by_tracking_code(code)
        assert tracked is not None
        assert (tracked.request.conversation, tracked.request.address) == (None, None)
        assert tracked.request.fields == fields
    kept = await reader.by_tracking_code(other)
    assert kept is not None
    assert kept.request.address == "+989120000002"
    assert await count(database, models.customers) == 1
    assert await count(database, models.saved_subscriptions) == 1
    assert await count(database, models.handoffs) == 0
    assert await count(database, models.unclear) == 0
    assert await count(database, models.transcript) == 1

    await events.record(progress(waiting, 1, "completed"), "e2", NOW)
    tracked = await reader.by_tracking_code(waiting)
    assert tracked is not None
    assert (tracked.request.status, tracked.request.fields) == ("completed", {})
    assert await events.unnotified() == []
    assert await _mentions(database) == 0


async def test_forgetting_a_number_erases_what_its_messenger_accounts_left_in_chats_of_their_own(
    database: Database,
) -> None:
    customers, attachments = Customers(database), Attachments(database)
    await customers.link("telegram", "77", PHONE, NOW, language="fa")
    await customers.link("bale", "77", PHONE, NOW, language="fa")
    mine, others = ["telegram:77", "bale:77"], ["telegram:777", "sms:77"]
    transcript, photo = TranscriptWriter(database), Attachment(content_type="a/b", content=b"x")
    for conversation in mine + others:
        transcript.write(_line(conversation))
        await Handoffs(database).add(_handoff(conversation))
        await attachments.add(conversation, photo, NOW)
        await unclear(database, conversation, conversation)
    await transcript.close()
    writer = RequestWriter(database, codes())
    code = (
        await writer.submit(
            new_request("late", channel="telegram", address="900", conversation="telegram:77")
        )
    ).tracking_code

    erased = await customers.forget("sms", PHONE, PHONE, NOW)

    assert erased == Forgotten(customer=True, requests=1, transcript=2, handoffs=2)
    for table in (models.transcript, models.handoffs, models.attachments, models.unclear):
        async with database.read() as connection:
            left = await connection.scalars(sa.select(table.c.conversation))
        assert sorted(left) == sorted(others)
    tracked = await RequestReader(database).by_tracking_code(code)
    assert tracked is not None
    assert (tracked.request.conversation, tracked.request.address) == (None, None)


async def test_forgetting_an_address_never_seen_changes_nothing(database: Database) -> None:
    await RequestWriter(database, codes()).submit(new_request())
    nothing = await Customers(database).forget("bale", "1", "c-9", NOW)
    assert nothing == Forgotten(customer=False, requests=0, transcript=0, handoffs=0)
    assert (await Customers(database).profile("sms", PHONE)).bill_ids == ("9985235404124",)


async def test_handoffs_are_listed_newest_first(database: Database) -> None:
    handoffs = Handoffs(database)
    await handoffs.add(_handoff("c-1"))
    await handoffs.add(_handoff("c-2"))
    assert await handoffs.list() == [_handoff("c-2"), _handoff("c-1")]


async def _mentions(database: Database) -> int:
    """Rows in any table that still name the customer."""
    found = 0
    async with database.read() as connection:
        for table in models.metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                found += any(value in (PHONE, "c-1") for value in row)
    return found


def _line(conversation: str) -> Line:
    return Line(
        conversation=conversation,
        channel="sms",
        direction="in",
        message_id=f"m-{conversation}",
        text="قرائت",
        segments=1,
        at=NOW,
    )


def _handoff(conversation: str) -> Handoff:
    return Handoff(
        key=None,
        conversation=conversation,
        channel="sms",
        address=PHONE,
        reason="asked",
        service=None,
        step=None,
        answers={"reading": [1, 2]},
        created_at=NOW,
    )
