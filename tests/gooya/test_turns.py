"""The door on real stores: races, crashes, repeated deliveries, limits."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bots.sms.segments import measure
from dialogs import limits
from dialogs.ids import tracking_code_is_valid
from dialogs.messages import MESSAGES
from dialogs.session import encode
from dialogs.store import Commit, Committed, Snapshot, Store, StoreUnavailable, Verdict
from dialogs.values import Debt, Holder, Register, Subscription
from gooya.database.engine import Database
from gooya.turns import TurnFailed
from tests.dialogs.talk import BILL
from tests.gooya.conftest import OpenStore
from tests.gooya.house import CODE, MOBILE, PERSON_ID, PHONE, House

LAST_WORD = MESSAGES.text("too-many-segments", "sms", "fa", {})
Before = Callable[[Commit], Awaitable[None]]


class Interrupted:
    """A real store whose commits something happens before; all else goes straight through."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.before: Before | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def load(self, conversation: str, mark: str) -> Snapshot:
        return await self._store.load(conversation, mark)

    async def commit(self, commit: Commit) -> Committed:
        before, self.before = self.before, None
        if before is not None:
            await before(commit)
        return await self._store.commit(commit)


@pytest.fixture
async def store(open_store: OpenStore) -> Interrupted:
    return Interrupted(open_store())


@pytest.fixture
async def house(store: Interrupted, database: Database) -> House:
    return House(store, database)


# -- once, whatever happens ------------------------------------------------------------------------


async def test_a_message_delivered_again_is_answered_once(house: House) -> None:
    assert len(await house.say("سلام", id_="m1")) == 1
    assert await house.say("سلام", id_="m1") == []


async def test_a_lost_race_runs_the_turn_again_and_its_effects_only_once(
    house: House, store: Interrupted
) -> None:
    await house.say("قرائت")

    async def somebody_is_faster(commit: Commit) -> None:
        rival = Commit(
            conversation=PHONE,
            version=commit.version,
            state=encode(await house.conversation()),
            mark="rival",
            now=house.now,
        )
        assert (await store.commit(rival)).verdict is Verdict.DONE

    store.before = somebody_is_faster
    assert len(await house.say(BILL)) == 1
    assert house.utility.lookups == ["last_reading"]
    top = (await house.conversation()).top
    assert top is not None
    assert top.journal[-1].key == "fetch:last_reading"


async def test_a_crash_between_database_and_state_repeats_the_turn_not_the_request(
    house: House, store: Interrupted
) -> None:
    await house.to_confirmation()

    async def crash(_commit: Commit) -> None:
        raise StoreUnavailable("killed")

    store.before = crash
    with pytest.raises(StoreUnavailable):
        await house.say("1", id_="confirmed")
    filed = await house.requests.list()
    assert len(filed) == 1, "the request was written before the crash"

    await house.say("1", id_="confirmed")
    [receipt] = await house.say("سلام")
    assert filed[0].tracking_code in receipt
    assert tracking_code_is_valid(filed[0].tracking_code)
    assert [r.tracking_code for r in await house.requests.list()] == [filed[0].tracking_code]


async def test_a_commit_whose_answer_was_lost_is_a_duplicate_when_it_comes_again(
    house: House, store: Interrupted
) -> None:
    async def commit_and_crash(commit: Commit) -> None:
        await store.commit(commit)
        raise StoreUnavailable("the answer was lost")

    store.before = commit_and_crash
    with pytest.raises(StoreUnavailable):
        await house.say("سلام", id_="m1")
    assert await house.say("سلام", id_="m1") == []
    [batch] = await house.store.claim_outbound("sms", now=house.now + 61.0, lease=1.0)
    assert len(batch.messages) == 1, "the answer waits in the store and goes out once"


async def test_fifty_messages_of_one_moment_over_two_processes_are_handled_one_after_the_other(
    open_store: OpenStore, database: Database
) -> None:
    houses = [House(open_store(), database), House(open_store(), database)]
    await houses[0].say("سلام")
    await asyncio.gather(
        *(
            house.door.enter(PHONE, house.event("سلام", f"m{number}"))
            for number in range(25)
            # every message reaches both processes, as a gateway that lost an answer delivers it
            for house in houses
        )
    )
    conversation = await houses[0].conversation()
    assert conversation.turns == 26
    lines = [line for house in houses for line in house.transcript.lines]
    heard = [line.message_id for line in lines if line.direction == "in"]
    assert sorted(heard[1:]) == sorted(f"m{n}" for n in range(25))
    answered = [line.message_id for line in lines if line.direction == "out"]
    assert len(answered) == len(set(answered)) == 26


async def test_fifty_different_messages_of_one_moment_are_all_answered(
    open_store: OpenStore, database: Database
) -> None:
    houses = [House(open_store(), database), House(open_store(), database)]
    await houses[0].say("سلام")
    await asyncio.gather(
        *(houses[n % 2].door.enter(PHONE, houses[n % 2].event("تکرار")) for n in range(50))
    )
    conversation = await houses[0].conversation()
    assert conversation.turns == 51
    assert conversation.segments == sum(
        measure(line.text).segments
        for house in houses
        for line in house.transcript.lines
        if line.direction == "out"
    )


# -- failures ----------------------------------------------------------------------------------------


async def test_a_store_that_is_away_is_the_callers_to_know(
    house: House, store: Interrupted
) -> None:
    async def away(_commit: Commit) -> None:
        raise StoreUnavailable("away")

    store.before = away
    with pytest.raises(StoreUnavailable):
        await house.say("سلام", id_="m1")
    assert (await house.store.load(PHONE, "m1")).state is None
    assert len(await house.say("سلام", id_="m1")) == 1


async def test_a_turn_that_takes_too_long_fails_and_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TURN_SECONDS", 0.05)
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    house.utility.before = hang
    with pytest.raises(TurnFailed):
        await house.say(f"قرائت {BILL}", id_="m1")
    snapshot = await house.store.load(PHONE, "m1")
    assert (snapshot.version, snapshot.state, snapshot.seen) == (0, None, False)
    house.utility.before = None
    monkeypatch.setattr(limits, "TURN_SECONDS", 8.0)
    assert len(await house.say(f"قرائت {BILL}", id_="m1")) == 1


async def test_a_backend_that_is_slow_at_each_of_many_look_ups_does_not_take_the_turn_s_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    pause = late = 0.0
    time = asyncio.get_running_loop().time
    # The backend takes its time on this clock alone: how long the machine takes decides nothing.
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: time() + late)

    def answers(what: str, found: object) -> Callable[[str], Awaitable[object]]:
        async def look(bill_id: str) -> object:
            nonlocal late
            looked.append(what)
            late += pause
            return found

        return look

    register = Register(id="total")
    subscription = Subscription(
        bill_id=BILL, company="404", tariff="household", registers=(register,)
    )
    for what, found in (
        ("subscription", subscription),
        ("holder", Holder(bill_id=BILL)),
        ("open_requests", []),
        ("debt", Debt(bill_id=BILL, as_of=dt.date(2026, 11, 22), amount=0)),
    ):
        monkeypatch.setattr(house.utility, what, answers(what, found))
    await house.say("تغییر نام")
    await house.say(BILL)
    await house.say(f"{CODE}")
    looked.clear()
    pause = limits.LOOKING_SECONDS
    monkeypatch.setattr(limits, "TURN_SECONDS", 2.5 * pause)
    assert len(await house.say(PERSON_ID)) == 1
    assert looked == ["holder"]


@pytest.mark.parametrize("blob", [b"", b"{}", b"\x00\xff", b'{"id": 3}', b"[1,2]"])
async def test_a_stored_blob_that_nobody_understands_starts_the_conversation_anew(
    house: House, blob: bytes
) -> None:
    broken = Commit(conversation=PHONE, version=0, state=blob, mark="m0", now=house.now)
    await house.store.commit(broken)
    assert len(await house.say("سلام")) == 1
    assert (await house.conversation()).top is not None


async def test_conversations_do_not_wait_for_each_other(house: House) -> None:
    held = asyncio.Event()
    reached = asyncio.Event()

    async def hold() -> None:
        reached.set()
        await held.wait()

    house.utility.before = hold
    slow = asyncio.create_task(house.door.enter(PHONE, house.event(f"قرائت {BILL}")))
    await reached.wait()
    other = "+989120000002"
    await house.door.enter(other, house.event("سلام", phone=other))
    assert not slow.done()
    held.set()
    await slow
    assert [message.to for message in house.sent] == [other, PHONE]


# -- money ------------------------------------------------------------------------------------------


async def loop(house: House, *, pause: float) -> list[str]:
    """A robot that answers every message, until it hears nothing three times."""
    heard: list[str] = []
    silent = 0
    while silent < 3:
        answers = await house.say("سلام", after=pause)
        heard += answers
        silent = 0 if answers else silent + 1
        assert len(heard) < 400, "nothing stops the robot"
    return heard


async def test_a_robot_is_stopped_by_the_segments_of_its_session(house: House) -> None:
    heard = await loop(house, pause=1.0)
    assert heard[-1].endswith(LAST_WORD)
    assert sum(LAST_WORD in text for text in heard) == 1
    spent = sum(measure(text).segments for text in heard[:-1])
    assert spent <= limits.SEGMENTS_PER_SESSION
    assert await house.say("سلام", after=limits.SESSION_IDLE + 1.0), "a new session may speak"


async def test_a_patient_robot_is_stopped_by_the_segments_of_its_day(house: House) -> None:
    house.now -= house.now % 86400.0 - 3600.0  # early on a day in Tehran
    heard: list[str] = []
    for _ in range(4):
        heard += await loop(house, pause=1.0)
        house.now += limits.SESSION_IDLE
    assert heard[-1].endswith(LAST_WORD)
    spent = sum(measure(text).segments for text in heard if LAST_WORD not in text)
    assert spent <= limits.SEGMENTS_PER_DAY
    assert await house.say("سلام", after=86400.0) != []


async def test_too_many_turns_close_the_session_with_one_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TURNS_PER_SESSION", 3)
    heard = await loop(house, pause=1.0)
    assert heard[3:] == [MESSAGES.text("too-many-turns", "sms", "fa", {})]


# -- who hears what -----------------------------------------------------------------------------------


async def test_a_one_time_code_goes_to_the_registered_mobile_and_nowhere_else(
    house: House,
) -> None:
    await house.say(f"پرداخت {BILL}")
    texts = {message.to: message.text for message in house.sent}
    assert set(texts) == {PHONE, MOBILE}
    shown = str(CODE)
    assert shown in texts[MOBILE]
    assert shown not in texts[PHONE]
    stored = encode(await house.conversation()).decode()
    assert shown not in stored
    assert all(shown not in line.text for line in house.transcript.lines)


async def test_what_a_customer_chose_is_known_in_a_new_conversation(house: House) -> None:
    await house.say("English")
    await house.store.erase(PHONE)
    assert "Electricity company" in (await house.say("hi"))[0]
