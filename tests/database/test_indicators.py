"""How well services are done, counted from requests and what the backend said of them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from dialogs.services import CATALOGUE
from dialogs.values import Debt, Progress, RequestStatus
from gooya.database.engine import Database
from gooya.database.events import Events
from gooya.database.submissions import RequestWriter
from gooya.indicators import BALANCE, Corrections, Handling, Indicators, Share, Timely
from tests.database.samples import NOW, at, codes, new_request

MINUTE, DAY = 60.0, 86_400.0
LATER = at(30 * DAY)


class _Desk:
    """Files requests and answers them; seconds are counted from :data:`NOW`."""

    def __init__(self, database: Database) -> None:
        self._writer, self._events = RequestWriter(database, codes()), Events(database)
        self._keys = itertools.count(1)

    async def file(self, service: str = BALANCE, seconds: float = 0.0, **changes: Any) -> str:
        new = new_request(
            f"key-{next(self._keys)}", service=service, submitted_at=at(seconds), **changes
        )
        return (await self._writer.submit(new)).tracking_code

    async def answer(
        self, code: str, seconds: float, status: RequestStatus = "completed", **more: Any
    ) -> None:
        """The backend says something, and the customer is told at once."""
        said = Progress(
            tracking_code=code,
            sequence=int(seconds) + 1,
            status=status,
            stage=2,
            stages=5,
            at=at(seconds),
            **more,
        )
        await self._events.record(said, f"{code}-{seconds}", at(seconds))
        for news in await self._events.unnotified():
            await self._events.mark_notified(news.id, at(seconds))

    async def declare(self, code: str, seconds: float, fee: int = 0) -> None:
        debt = Debt(bill_id="9985235404124", as_of=dt.date(2026, 6, 1), amount=0, fee=fee)
        await self.answer(code, seconds, debt=debt)


async def test_the_balance_has_its_four_indicators(database: Database) -> None:
    desk = _Desk(database)
    quick = await desk.file(bill_id="9985235404124", fields={"corrections": 2})
    again = await desk.file(bill_id="9985235404124", seconds=100.0)
    slow = await desk.file(bill_id="9174639504124")
    refused = await desk.file(bill_id="9403272004129")
    await desk.file(bill_id="1177809000124")
    await desk.answer(quick, 5.0, "in_progress")
    await desk.declare(quick, 30.0)
    await desk.declare(quick, 40.0, fee=50_000)
    await desk.declare(again, 100.0 + 5 * MINUTE, fee=50_000)
    await desk.declare(slow, 6 * MINUTE)
    await desk.answer(refused, 10.0, "rejected", reason="reading_below_last")

    found = await Indicators(database).balance(None, at(10 * MINUTE))

    assert found.requests == 5
    assert found.timely_declaration == Timely(
        count=2, of=4, share=0.5, median_seconds=300.0, p95_seconds=360.0
    ), "of four that were answered or are late, two came within five minutes"
    assert found.timely_dispatch_for_next_bill == Share(2, 3, 0.6667)
    assert found.correct_entry == Share(3, 4, 0.75)
    assert found.corrections_count == Corrections(in_dialog=2, repeated=1, count=3)


async def test_a_balance_that_still_has_time_is_not_late(database: Database) -> None:
    await _Desk(database).file()
    found = await Indicators(database).balance(None, at(4 * MINUTE))
    assert found.timely_declaration == Timely(
        count=0, of=0, share=None, median_seconds=None, p95_seconds=None
    )
    assert found.correct_entry == Share(0, 0, None)


async def test_a_balance_that_was_computed_but_not_told_is_late(database: Database) -> None:
    code = await _Desk(database).file()
    debt = Debt(bill_id="9985235404124", as_of=NOW.date(), amount=0)
    said = Progress(
        tracking_code=code, sequence=1, status="completed", stage=4, stages=5, at=at(1), debt=debt
    )
    await Events(database).record(said, "e", at(1))
    found = await Indicators(database).balance(None, at(6 * MINUTE))
    assert (found.timely_declaration.count, found.timely_declaration.of) == (0, 1)


async def test_requests_for_a_subscription_on_another_day_in_tehran_are_no_correction(
    database: Database,
) -> None:
    desk = _Desk(database)
    before_midnight = 12 * 3600.0  # NOW is half past eleven in Tehran
    for seconds in (0.0, before_midnight, before_midnight + 3600.0):
        await desk.file(seconds=seconds)
    found = await Indicators(database).balance(None, LATER)
    assert found.corrections_count == Corrections(in_dialog=0, repeated=1, count=1)


async def test_other_services_are_counted_by_status_with_their_days(database: Database) -> None:
    desk = _Desk(database)
    names = [await desk.file("change_name") for _ in range(4)]
    for code, days in zip(names, (2, 4, 9), strict=False):
        await desk.answer(code, days * DAY)
    await desk.answer(names[3], DAY, "rejected", reason="debt")
    test = await desk.file("meter_test", seconds=20 * DAY)
    await desk.answer(test, 21 * DAY, "in_progress")
    await desk.file("reply_to_terms")

    everything = await Indicators(database).handling(None)

    assert {row.service: row for row in everything} == {
        "change_name": Handling(
            service="change_name",
            requests=4,
            completed=3,
            rejected=1,
            median_days=4.0,
            duration_days=6,
        ),
        "meter_test": Handling(
            service="meter_test",
            requests=1,
            in_progress=1,
            duration_days=CATALOGUE["meter_test"].duration_days,
        ),
    }
    lately = await Indicators(database).handling(at(10 * DAY))
    assert [row.service for row in lately] == ["meter_test"]
    assert (await Indicators(database).balance(at(0), LATER)).requests == 0
