"""A thousand customers at once through one process, on a day when much goes wrong on the way.

Nothing is cut after its work here: a message whose answer got lost is sent again, as the contract says.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from gooya.database.engine import open_database
from tests.conversations.chatting import check_chat
from tests.conversations.messengers import Messenger, Person, Way
from tests.conversations.people import KINDS
from tests.conversations.world import World, open_world
from tests.e2e.loop import tracking_codes
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

PATIENCE = 150.0
"""Seconds for everybody together; the machine may be busy."""
FIRST = ["ثبت قرائت کنتور", "شناسهٔ قبض برق", "رقم کنتور", "درست است، ثبت شود", "قرائت شما ثبت شد"]
"""What the answers say, in their order; a receipt before the backend's answer has the bill follow it."""


@contextlib.asynccontextmanager
async def crowd(
    folder: Path, count: int, way: Way, **settings: str
) -> AsyncIterator[tuple[World, list[SubscriberCard]]]:
    """A world with so many subscribers that nothing is unusual about."""
    everybody = list_subscribers(folder / "sandbox.db", subscribers=round(count * 2.4))
    people = [card for card in everybody if KINDS["single"](card)][:count]
    assert len(people) == count, f"only {len(people)} subscribers"
    async with open_world(folder, {"telegram": way}, **settings) as world:
        yield world, people


async def talk(person: Person, card: SubscriberCard) -> None:
    """From the start to the receipt, by buttons where there are some; the confirmation is tapped twice."""
    answers = 0

    async def answered() -> None:
        nonlocal answers
        answers += 1
        await person.until(lambda: len(person.shown) >= answers, PATIENCE)

    await person.writes("/start")
    await answered()
    await person.presses(FIRST[0])
    await answered()
    await person.writes(card.bill_id)
    await answered()
    await person.writes(str(figure(card)))
    await answered()
    await person.presses(FIRST[3])
    await person.presses(FIRST[3])
    await answered()
    await person.until(lambda: "شناسه پرداخت" in person.shown[-1].text, PATIENCE)


def figure(card: SubscriberCard) -> int:
    return card.values["total"] + 90


async def all_talk(world: World, people: Sequence[SubscriberCard]) -> list[Person]:
    api = world.messengers["telegram"]
    chats = [api.person(f"+98939{number:07d}") for number, _ in enumerate(people)]
    await asyncio.gather(*map(talk, chats, people))
    async with asyncio.timeout(PATIENCE):
        while not await world.rests("nobody"):
            await asyncio.sleep(0.05)
    await world.forwarded()
    return chats


def check(person: Person, card: SubscriberCard) -> str:
    """Every answer is there, once and in order; the tracking code of the receipt."""
    shown = [message.text for message in person.shown]
    for text, words in zip([m.written for m in person.shown], FIRST, strict=False):
        assert words in text, shown
    assert len(shown) in (len(FIRST), len(FIRST) + 1), shown
    assert [text for text in shown if "شناسه پرداخت" in text] == shown[-1:]
    assert card.bill_id in shown[-1]
    [code] = set(tracking_codes(shown[4:5]))
    assert code in shown[-1]
    check_chat(person, card.bill_id, card.mobile or card.bill_id)
    return code


async def check_backend(world: World, people: Sequence[SubscriberCard], codes: list[str]) -> None:
    stored = await world.sandbox("GET", "requests")
    assert Counter(r["request"]["tracking_code"] for r in stored) == Counter(codes)
    filed = {r["request"]["tracking_code"]: r["request"] for r in stored}
    for card, code in zip(people, codes, strict=True):
        assert filed[code]["bill_id"] == card.bill_id
        assert filed[code]["fields"]["readings"] == [{"register": "total", "value": figure(card)}]
    assert await world.running.parts.store.outbound_depth("in:telegram") == 0


def trouble(api: Messenger, *, retry_after: int | None) -> None:
    """One call in ten is refused, one in twenty fails, one update in ten comes twice or late."""
    api.trouble(
        rate_429=0.1,
        retry_after=retry_after,
        rate_5xx=0.03,
        cut_before=0.02,
        duplicates=0.1,
        late=0.1,
    )


async def play(
    folder: Path, count: int, way: Way, *, retry_after: int | None = 1, **settings: str
) -> None:
    async with crowd(folder, count, way, **settings) as (world, people):
        trouble(world.messengers["telegram"], retry_after=retry_after)
        chats = await all_talk(world, people)
        codes = [check(person, card) for person, card in zip(chats, people, strict=True)]
        await check_backend(world, people, codes)


async def test_of_a_thousand_chats_each_gets_its_answers_in_order_and_once(tmp_path: Path) -> None:
    await play(tmp_path, 1_000, "webhook")


async def test_so_do_chats_that_are_polled_where_nobody_says_how_long_to_wait(
    tmp_path: Path,
) -> None:
    await play(tmp_path, 100, "polling", retry_after=None)


async def test_so_do_chats_on_redis_and_postgresql(tmp_path: Path) -> None:
    with PostgresServer() as postgres, RedisServer() as redis:
        url = await postgres.create_database()
        database = open_database(url)
        try:
            await database.upgrade()
        finally:
            await database.close()
        await play(tmp_path, 200, "webhook", database=url, state=redis.url)
