"""From the queue to the chat: order, retries, receipts, and how fast a bot may be."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis

import bots.telegram.sender
from bots.retries import MAX_ATTEMPTS
from bots.telegram.account import Account
from bots.telegram.chat import Act, Answered, Button, Closed, Picture, Post, Toast, encode
from bots.telegram.limiter import Limiter
from bots.telegram.platform import BALE, TELEGRAM
from bots.telegram.sender import ChatSender
from dialogs.store import Commit, Outbound, Store, StoreUnavailable
from dialogs.store.redis import RedisStore
from dialogs.store.sqlite import SqliteStore
from tests.servers.bot_api import BotApi, Customer
from tests.servers.redis import RedisServer

MENU = ((Button("یک", "a1:1"), Button("دو", "a1:2")),)


class Clock:
    """Wall clock that a test may move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class House:
    """One account, its sender and a world of chats."""

    def __init__(self, api: BotApi, store: Store, account: Account) -> None:
        self.api = api
        self.store = store
        self.account = account
        self.clock = Clock()
        self.outcomes: list[tuple[str, str]] = []
        self.troubles: list[Exception] = []
        """Raised instead of recording an outcome."""
        self.changed = asyncio.Event()
        self._ids = itertools.count(1)
        self.sender = self.another_sender()

    def another_sender(self, limiter: Limiter | None = None) -> ChatSender:
        return ChatSender(
            self.store,
            self.account,
            limiter=limiter or Limiter(per_chat=1e6, overall=1e6),
            clock=self.clock,
            outcome=self._outcome,
            jitter=lambda: 0.0,
        )

    async def _outcome(self, message: Outbound, what: str) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.outcomes.append((message.id, what))
        self.changed.set()

    def message(self, to: Customer | str, act: Act | str) -> Outbound:
        chat = to if isinstance(to, str) else str(to.id)
        text = act if isinstance(act, str) else encode(act)
        return Outbound(f"m{next(self._ids)}", self.account.name, chat, text)

    async def queues(self, to: Customer | str, *acts: Act | str) -> None:
        for act in acts:
            await self.store.enqueue(self.message(to, act), now=self.clock())

    async def gone(self, number: int) -> list[str]:
        """Wait until so many messages left the queue; what became of them."""
        async with asyncio.timeout(20):
            while len(self.outcomes) < number:
                self.changed.clear()
                await self.changed.wait()
        return [what for _, what in self.outcomes]

    async def emptied(self) -> None:
        """Stop, and see that nothing is left behind."""
        await self.sender.close()
        assert await self.store.outbound_depth(self.account.name) == 0

    async def receipt(self, customer: Customer) -> str:
        await self.sender.close()
        return await self.store.receipt(self.account.name, str(customer.id))


async def draw(picture: Picture) -> bytes:
    raise AssertionError("no pictures here")


@asynccontextmanager
async def running(sender: ChatSender) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await sender.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@asynccontextmanager
async def opened(store: Store, **api: Any) -> AsyncIterator[House]:
    async with BotApi(**api) as server:
        account = Account(BALE if server.bale else TELEGRAM, server.token, server.url, draw=draw)
        await account.start()
        try:
            yield House(server, store, account)
        finally:
            await account.close()
            await store.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bots.telegram.sender, "POLL", 0.02)


@pytest.fixture
async def house(quick: None, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(SqliteStore(tmp_path / "state.db")) as house:
        yield house


@pytest.fixture(params=["sqlite", "redis"])
async def either(
    request: pytest.FixtureRequest, quick: None, tmp_path: Path
) -> AsyncIterator[House]:
    """A house on each of the two stores."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_server").url
        with redis.Redis.from_url(url) as client:
            client.flushall()
        store: Store = RedisStore(url)
    else:
        store = SqliteStore(tmp_path / "state.db")
    async with opened(store) as house:
        yield house


def texts(customer: Customer) -> list[str]:
    return [message.text for message in customer.answers]


# --- order and retries


async def test_every_chat_gets_its_messages_in_order_through_all_kinds_of_trouble(
    either: House,
) -> None:
    # Not cuts after the work: those may double a message, see below.
    either.api.trouble(rate_429=0.1, retry_after=0.01, rate_5xx=0.1, cut_before=0.05)
    customers = [either.api.customer() for _ in range(20)]
    for n in range(5):
        for customer in customers:
            await either.queues(customer, Post(str(n)))
    async with running(either.sender):
        assert await either.gone(100) == ["sent"] * 100
    assert [texts(customer) for customer in customers] == [["0", "1", "2", "3", "4"]] * 20
    await either.emptied()


async def test_a_turn_of_this_process_is_sent_without_a_look_at_the_store(either: House) -> None:
    sara = either.api.customer()
    messages = tuple(either.message(sara, Post(str(n))) for n in range(3))
    commit = Commit(
        conversation="c1",
        version=0,
        state=b"{}",
        mark="1",
        outbound=messages,
        now=either.clock(),
        lease=60,
    )
    committed = await either.store.commit(commit)
    assert committed.leased == ("m1", "m2", "m3")
    either.sender.take(messages)
    await either.emptied()
    assert texts(sara) == ["0", "1", "2"]


async def test_a_429_of_one_chat_holds_up_no_other_and_is_waited_out(house: House) -> None:
    sara, reza = house.api.customer(), house.api.customer()
    house.api.fail("sendMessage", "429", chat=sara, retry_after=3600)
    await house.queues(sara, Post("برای سارا ۱"), Post("برای سارا ۲"))
    await house.queues(reza, Post("برای رضا ۱"), Post("برای رضا ۲"))
    async with running(house.sender):
        await house.gone(2)
        assert (texts(sara), texts(reza)) == ([], ["برای رضا ۱", "برای رضا ۲"])
        house.clock.ahead += 3590
        await house.queues(reza, Post("برای رضا ۳"))
        await house.gone(3)
        assert texts(sara) == []
        house.clock.ahead += 10
        await house.gone(5)
    assert texts(sara) == ["برای سارا ۱", "برای سارا ۲"]


async def test_what_went_out_before_trouble_does_not_go_out_again(house: House) -> None:
    sara = house.api.customer()
    await house.queues(sara, Post("۱"), Answered(99, "گم"), Post("۲"), Post("۳"))
    house.api.fail("editMessageText", "502", count=3)
    async with running(house.sender):
        assert await house.gone(4) == ["sent"] * 4
    assert texts(sara) == ["۱", "۲", "۳"]


async def test_a_message_that_fails_thirty_times_is_given_up(house: House) -> None:
    sara = house.api.customer()
    house.api.fail("sendMessage", "500", count=MAX_ATTEMPTS)
    await house.queues(sara, Post("هرگز"), Post("بعدی"))
    async with running(house.sender):
        assert await house.gone(2) == ["given_up", "sent"]
    assert texts(sara) == ["بعدی"]
    assert len(house.api.called("sendMessage")) == MAX_ATTEMPTS + 1


@pytest.mark.parametrize(("how", "copies"), [("cut-before", 1), ("cut-after", 2)])
async def test_a_post_whose_fate_is_unknown_goes_out_again(
    house: House, how: Any, copies: int
) -> None:
    sara = house.api.customer()
    house.api.fail("sendMessage", how)
    await house.queues(sara, Post("پرسش", MENU), Post("بعدی"))
    async with running(house.sender):
        assert await house.gone(2) == ["sent", "sent"]
    assert texts(sara) == ["پرسش"] * copies + ["بعدی"]
    assert await house.receipt(sara) == str(sara.chat[copies - 1].id)


@pytest.mark.parametrize("how", ["429", "502", "cut-before", "cut-after"])
async def test_a_toast_is_tried_once_and_holds_nothing_up(house: House, how: Any) -> None:
    sara = house.api.customer()
    await house.account.post(str(sara.id), Post("پرسش", MENU))
    query = await sara.presses("یک")
    house.api.fail("answerCallbackQuery", how, retry_after=3600)
    await house.queues(sara, Toast(query, "ثبت شد"), Post("بعدی"))
    async with running(house.sender):
        assert await house.gone(2) == ["given_up", "sent"]
    assert len(house.api.called("answerCallbackQuery")) == 1
    assert texts(sara) == ["پرسش", "بعدی"]


async def test_what_the_messenger_refuses_or_nobody_understands_is_not_in_the_way(
    house: House,
) -> None:
    sara = house.api.customer()
    await house.queues(
        sara,
        Post("ی" * 4097),
        '{"type":"dance"}',
        "no JSON",
        Post("پرسش", ((Button("ی", "ی" * 33),),)),
        Post("می‌رسد"),
    )
    async with running(house.sender):
        assert await house.gone(5) == ["refused"] * 4 + ["sent"]
    assert texts(sara) == ["می‌رسد"]
    await house.emptied()


async def test_who_blocked_the_bot_gets_nothing_and_every_message_is_told_of(
    either: House,
) -> None:
    sara, reza = either.api.customer(), either.api.customer()
    await sara.blocks()
    await either.queues(sara, Post("۱"), Post("۲"), Post("۳"))
    await either.queues("31337", Post("به هیچ‌کس"))
    async with running(either.sender):
        assert await either.gone(4) == ["unreachable"] * 4
        await either.queues(reza, Post("سلام"))
        await either.gone(5)
        # One call found it out.
        assert len(either.api.called("sendMessage", sara)) == 1
        await sara.unblocks()
        await either.queues(sara, Post("باز هم"))
        await either.gone(6)
    assert (texts(sara), texts(reza)) == (["باز هم"], ["سلام"])
    await either.emptied()


async def test_no_message_leaves_the_queue_before_its_outcome_is_recorded(either: House) -> None:
    sara = either.api.customer()
    await either.queues(sara, Post("۱"))
    async with running(either.sender):
        await either.gone(1)
        await sara.blocks()
        either.troubles = [StoreUnavailable(), RuntimeError()]
        await either.queues(sara, Post("۲"), Post("۳"))
        assert await either.gone(3) == ["sent", "unreachable", "unreachable"]
    assert [id_ for id_, _ in either.outcomes] == ["m1", "m2", "m3"]
    assert texts(sara) == ["۱"]
    await either.emptied()


async def test_a_long_batch_is_given_back_before_its_lease_ends(
    either: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots.telegram.sender, "HOLD", 0.0)
    sara = either.api.customer()
    await either.queues(sara, *(Post(str(n)) for n in range(5)))
    async with running(either.sender):
        await either.gone(5)
    assert texts(sara) == ["0", "1", "2", "3", "4"]
    await either.emptied()


async def test_a_bale_account_sends_from_its_own_queue(quick: None, tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "state.db"), dialect="bale") as house:
        reza = house.api.customer()
        house.api.fail("sendMessage", "429", retry_after=5)  # Bale doesn't say how long
        await house.queues(reza, Post("<b>سلام</b>"), Answered(7, "x"), Closed(), Post("۲"))
        async with running(house.sender):
            assert await house.gone(4) == ["sent"] * 4
        assert texts(reza) == ["سلام", "۲"]


# --- keyboards and their receipts


async def test_a_question_answered_by_writing_loses_its_buttons(either: House) -> None:
    sara = either.api.customer()
    await either.queues(sara, Post("گفته"), Post("پرسش", MENU), Post("یادآوری"))
    async with running(either.sender):
        await either.gone(3)
        assert await either.receipt(sara) == str(sara.chat[1].id)
        await either.queues(sara, Closed(), Post("پرسش بعدی"))
        await either.gone(5)
        assert await either.receipt(sara) == ""
        await either.queues(sara, Closed())
        await either.gone(6)
    assert [message.keyboard for message in sara.chat] == [[]] * 4
    assert len(either.api.called("editMessageReplyMarkup")) == 1


async def test_a_turn_may_ask_and_close_in_one_go(house: House) -> None:
    sara = house.api.customer()
    await house.queues(sara, Post("پرسش", MENU), Closed(), Post("پرسش دیگر", MENU))
    async with running(house.sender):
        await house.gone(3)
    assert [bool(message.keyboard) for message in sara.chat] == [False, True]
    assert await house.receipt(sara) == str(sara.chat[1].id)


async def test_a_question_answered_by_a_button_has_no_open_keyboard(house: House) -> None:
    sara = house.api.customer()
    await house.queues(sara, Post("پرسش", MENU))
    async with running(house.sender):
        await house.gone(1)
        question = sara.chat[0]
        query = await sara.presses("یک")
        await house.queues(sara, Toast(query), Answered(question.id, "پرسش\n<b>✔ یک</b>"))
        await house.gone(3)
    assert (question.text, question.keyboard, sara.toasts) == ("پرسش\n✔ یک", [], [""])
    assert await house.receipt(sara) == ""


async def test_a_press_on_an_old_question_leaves_the_open_one_its_receipt(house: House) -> None:
    sara = house.api.customer()
    await house.queues(sara, Post("پرسش ۱", MENU), Post("پرسش ۲", MENU))
    async with running(house.sender):
        await house.gone(2)
        old, new = sara.chat
        await house.queues(sara, Answered(old.id, "پرسش ۱"), Closed())
        await house.gone(4)
    assert (old.keyboard, new.keyboard) == ([], [])


async def test_the_contact_key_comes_and_goes(house: House) -> None:
    sara = house.api.customer()
    await house.queues(sara, Post("شماره؟", contact="فرستادن شماره"))
    async with running(house.sender):
        await house.gone(1)
        assert sara.reply_keyboard[0][0].contact
        await house.queues(sara, Post("ممنون"))
        await house.gone(2)
    assert sara.reply_keyboard == []
    assert await house.receipt(sara) == ""


# --- rates


class VirtualTime:
    """A clock that moves only when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        await woken

    async def run(self, *work: Awaitable[None]) -> None:
        together = asyncio.gather(*work)
        while True:
            for _ in range(5):
                await asyncio.sleep(0)
            if together.done():
                return await together
            self.now, _, woken = heapq.heappop(self._sleepers)
            woken.set_result(None)


Times = dict[str, list[float]]


async def sent_at(
    chats: dict[str, int], limiter: Callable[[VirtualTime], Limiter] | None = None
) -> Times:
    """When each chat's so many messages may go out, in seconds from the start."""
    virtual = VirtualTime()
    limit = limiter(virtual) if limiter else Limiter(clock=virtual, sleep=virtual.sleep)
    times: Times = {chat: [] for chat in chats}

    async def send(chat: str) -> None:
        for _ in range(chats[chat]):
            await limit.wait(chat)
            times[chat].append(round(virtual.now - 1000, 6))

    await virtual.run(*map(send, chats))
    return times


async def test_a_chat_gets_three_messages_at_once_and_then_one_a_second() -> None:
    times = await sent_at({"1": 6})
    assert times["1"] == pytest.approx([0, 0, 0, 1, 2, 3])


async def test_all_chats_together_get_thirty_a_second() -> None:
    times = await sent_at({str(n): 1 for n in range(303)})
    every = sorted(at for [at] in times.values())
    assert every[3] == 0
    assert every[-1] == pytest.approx(10, abs=0.1)
    for first, later in zip(every, every[34:], strict=False):
        assert later - first >= 1


async def test_a_chat_that_waits_for_itself_holds_up_no_other() -> None:
    times = await sent_at({"busy": 50, **{str(n): 1 for n in range(60)}})
    assert max(at for chat, [at, *_] in times.items() if chat != "busy") < 2.2
    assert times["busy"][-1] == pytest.approx(47, abs=0.2)


async def test_idle_chats_are_forgotten() -> None:
    virtual = VirtualTime()
    limiter = Limiter(overall=1e9, clock=virtual, sleep=virtual.sleep)
    for number in range(50_000):
        await limiter.wait(str(number))
        virtual.now += 0.01
    assert len(limiter) <= 1_001


async def test_a_sender_below_the_messengers_rates_is_never_told_to_wait(house: House) -> None:
    house.api.enforce_rates(per_chat=1, burst=3, overall=30)
    customers = [house.api.customer() for _ in range(5)]
    for customer in customers:
        await house.queues(customer, *(Post(str(n)) for n in range(3)))
    async with running(house.another_sender(Limiter(burst=2))):
        assert await house.gone(15) == ["sent"] * 15
    assert {call.status for call in house.api.called("sendMessage")} == {200}
    assert [texts(customer) for customer in customers] == [["0", "1", "2"]] * 5


async def test_toasts_count_for_no_rate(house: House) -> None:
    sara = house.api.customer()
    await house.account.post(str(sara.id), Post("پرسش", MENU))
    queries = [await sara.presses("یک") for _ in range(20)]
    await house.queues(sara, *(Toast(query) for query in queries), Post("پایان"))

    async def never(seconds: float) -> None:
        raise AssertionError("nobody waits")

    sender = house.another_sender(Limiter(per_chat=1, burst=1, overall=10, sleep=never))
    async with running(sender):
        assert await house.gone(21) == ["sent"] * 21
    assert len(sara.toasts) == 20
