"""The promises of ``dialogs/store/contract.py``, on both engines."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from dialogs.store import Committed, Outbound, Snapshot, Store, StoreUnavailable, Timer, Verdict
from tests.store.conftest import OpenStore
from tests.store.turns import ANNA, BABAK, NOW, due_now, message, take_turn, timer, turn

TO, OTHER = "+989120000001", "+989120000002"


class TestConversation:
    async def test_a_new_conversation_has_version_zero_and_no_state(self, store: Store) -> None:
        assert await store.load(ANNA, "m1") == Snapshot(0, None, seen=False)

    async def test_a_commit_is_what_the_next_load_sees(self, store: Store) -> None:
        state = bytes(range(256)) * 300
        assert await store.commit(turn(state=state, mark="m1")) == Committed(Verdict.DONE)
        assert await store.load(ANNA, "m2") == Snapshot(1, state, seen=False)
        assert await store.load(ANNA, "m1") == Snapshot(1, state, seen=True)

    async def test_an_empty_state_is_a_state(self, store: Store) -> None:
        await take_turn(store, state=b"")
        assert await store.load(ANNA, "") == Snapshot(1, b"", seen=False)

    async def test_conversations_do_not_share_marks_or_versions(self, store: Store) -> None:
        await store.commit(turn(ANNA, mark="m1"))
        assert await store.load(BABAK, "m1") == Snapshot(0, None, seen=False)
        assert (await store.commit(turn(BABAK, mark="m1"))).verdict is Verdict.DONE

    @pytest.mark.parametrize("stale", [0, 1, 3])
    async def test_a_commit_on_another_version_is_a_conflict(
        self, store: Store, stale: int
    ) -> None:
        await take_turn(store, state=b"one")
        await take_turn(store, state=b"two")
        lost = turn(ANNA, stale, state=b"lost", mark="lost")
        assert await store.commit(lost) == Committed(Verdict.CONFLICT)
        assert await store.load(ANNA, "lost") == Snapshot(2, b"two", seen=False)

    async def test_a_commit_on_a_conversation_that_was_never_there_is_a_conflict(
        self, store: Store
    ) -> None:
        assert await store.commit(turn(ANNA, 4)) == Committed(Verdict.CONFLICT)

    async def test_a_handled_message_is_a_duplicate_whatever_the_version(
        self, store: Store
    ) -> None:
        first = turn(mark="m1", state=b"first")
        await store.commit(first)
        for version in (0, 1, 2):
            again = turn(ANNA, version, mark="m1", state=b"again")
            assert await store.commit(again) == Committed(Verdict.DUPLICATE)
        assert await store.load(ANNA, "") == Snapshot(1, b"first", seen=False)

    @pytest.mark.parametrize("verdict", [Verdict.CONFLICT, Verdict.DUPLICATE])
    async def test_a_refused_commit_leaves_nothing_behind(
        self, store: Store, verdict: Verdict
    ) -> None:
        await take_turn(store, mark="m1", timers=(timer("kept", NOW),))
        refused = turn(
            ANNA,
            0 if verdict is Verdict.CONFLICT else 1,
            mark="m2" if verdict is Verdict.CONFLICT else "m1",
            state=b"refused",
            outbound=(message("a"),),
            timers=(timer("new", NOW),),
            cancel=("kept",),
            lease=30.0,
        )
        assert await store.commit(refused) == Committed(verdict)
        assert await store.load(ANNA, "m2") == Snapshot(1, b"state", seen=False)
        assert await due_now(store, now=NOW + 100) == {}
        assert await store.outbound_depth("sms") == 0
        assert await store.claim_timers(now=NOW, lease=1) == [timer("kept", NOW)]

    async def test_of_turns_committed_in_one_moment_the_losers_do_not_harm_the_others(
        self, store: Store
    ) -> None:
        outcomes = await asyncio.gather(
            store.commit(turn(ANNA, state=b"won")),
            store.commit(turn(ANNA, state=b"lost")),
            store.commit(turn(BABAK, state=b"won")),
            store.commit(turn(BABAK, 7, state=b"lost")),
        )
        verdicts = [outcome.verdict for outcome in outcomes]
        assert sorted(v.value for v in verdicts) == ["conflict", "conflict", "done", "done"]
        assert (await store.load(ANNA, "")).version == 1
        assert (await store.load(BABAK, "")).state == b"won"

    async def test_a_call_that_cannot_work_does_not_harm_those_of_the_same_moment(
        self, store: Store
    ) -> None:
        good, bad, more = await asyncio.gather(
            store.commit(turn(ANNA)),
            store.commit(turn("half a surrogate pair \ud83d")),
            store.commit(turn(BABAK)),
            return_exceptions=True,
        )
        assert isinstance(bad, UnicodeEncodeError)
        assert good == more == Committed(Verdict.DONE)

    async def test_200_concurrent_increments_count_200(self, open_store: OpenStore) -> None:
        stores = [open_store(), open_store()]

        async def increment(n: int) -> None:
            store = stores[n % 2]
            while True:
                now = await store.load(ANNA, f"add-{n}")
                value = int(now.state or b"0") + 1
                commit = turn(ANNA, now.version, state=b"%d" % value, mark=f"add-{n}")
                if (await store.commit(commit)).verdict is Verdict.DONE:
                    return

        await asyncio.gather(*(increment(n) for n in range(200)))
        assert await stores[0].load(ANNA, "") == Snapshot(200, b"200", seen=False)

    async def test_a_caller_that_gives_up_waiting_harms_nobody(self, store: Store) -> None:
        impatient = asyncio.create_task(store.commit(turn(BABAK)))
        patient = asyncio.create_task(store.commit(turn(ANNA)))
        await asyncio.sleep(0)
        impatient.cancel()
        assert (await patient).verdict is Verdict.DONE
        assert (await store.load(ANNA, "")).version == 1
        assert impatient.cancelled()

    async def test_another_instance_sees_what_was_committed(self, open_store: OpenStore) -> None:
        await take_turn(open_store(), state=b"shared")
        assert (await open_store().load(ANNA, "")).state == b"shared"


class TestOutbound:
    async def test_messages_are_due_at_once_without_a_lease(self, store: Store) -> None:
        committed = await take_turn(store, outbound=(message("a"), message("b")))
        assert committed.leased == ()
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=30)
        assert (batch.channel, batch.to, batch.attempts) == ("sms", TO, 0)
        assert batch.messages == (message("a"), message("b"))

    async def test_channels_are_queues_of_their_own(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"), message("t", channel="telegram")))
        assert await store.outbound_depth("sms") == await store.outbound_depth("telegram") == 1
        assert await due_now(store, now=NOW) == {TO: ["a"]}

    async def test_the_committer_holds_what_it_leased_until_the_lease_ends(
        self, store: Store
    ) -> None:
        committed = await take_turn(store, outbound=(message("a"), message("b")), lease=30.0)
        assert committed.leased == ("a", "b")
        assert await due_now(store, now=NOW + 29.9) == {}
        assert await due_now(store, now=NOW + 30) == {TO: ["a", "b"]}

    async def test_who_has_older_messages_waiting_is_not_leased(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"),))
        both = (message("b"), message("c", OTHER), message("d"), message("e", OTHER))
        committed = await take_turn(store, outbound=both, lease=30.0)
        assert committed.leased == ("c", "e")
        assert await due_now(store, now=NOW) == {TO: ["a", "b", "d"]}

    async def test_a_newer_message_does_not_hurry_one_that_was_put_off(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"),))
        await store.put_off("sms", TO, until=NOW + 60)
        await take_turn(store, outbound=(message("b"),))
        assert await due_now(store, now=NOW + 59) == {}
        assert await due_now(store, now=NOW + 60) == {TO: ["a", "b"]}

    async def test_a_claimed_recipient_comes_again_only_after_the_lease(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"),))
        assert await due_now(store, now=NOW, lease=10) == {TO: ["a"]}
        assert await due_now(store, now=NOW + 9) == {}
        assert await due_now(store, now=NOW + 10, lease=10) == {TO: ["a"]}

    async def test_the_longest_due_are_claimed_first_and_no_more_than_asked(
        self, store: Store
    ) -> None:
        for n in (3, 1, 4, 2, 0):
            fields = {"outbound": (message(f"m{n}", f"+98912{n}"),), "now": NOW + n}
            await take_turn(store, f"c{n}", **fields)
        first = await store.claim_outbound("sms", now=NOW + 9, lease=30, limit=2)
        assert [batch.to for batch in first] == ["+989120", "+989121"]
        rest = await store.claim_outbound("sms", now=NOW + 3, lease=30, limit=9)
        assert [batch.to for batch in rest] == ["+989122", "+989123"]

    async def test_after_sending_the_rest_is_due_at_once(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"), message("b"), message("c")), lease=60)
        await store.sent("sms", TO, ("a", "b"), now=NOW + 1)
        assert await store.outbound_depth("sms") == 1
        assert await due_now(store, now=NOW + 0.5) == {}
        assert await due_now(store, now=NOW + 1) == {TO: ["c"]}

    async def test_when_nothing_is_left_recipient_and_attempts_vanish(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"),))
        await store.put_off("sms", TO, until=NOW)
        await store.sent("sms", TO, ("a",), now=NOW)
        assert await store.outbound_depth("sms") == 0
        assert await due_now(store, now=NOW + 1000) == {}
        await take_turn(store, outbound=(message("b"),))
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=1)
        assert ([m.id for m in batch.messages], batch.attempts) == (["b"], 0)

    async def test_putting_off_counts_attempts_of_the_first_message(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"), message("b")))
        for attempts in (0, 1, 2):
            (batch,) = await store.claim_outbound("sms", now=NOW, lease=30)
            assert batch.attempts == attempts
            await store.put_off("sms", TO, until=NOW)
        await store.sent("sms", TO, ("b",), now=NOW)
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=0)
        assert batch.attempts == 3
        await take_turn(store, outbound=(message("c"),))
        await store.sent("sms", TO, ("a",), now=NOW)
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=30)
        assert ([m.id for m in batch.messages], batch.attempts) == (["c"], 0)

    async def test_sent_and_put_off_for_what_is_gone_are_harmless(self, store: Store) -> None:
        await store.sent("sms", TO, ("a",), now=NOW)
        await store.put_off("sms", TO, until=NOW)
        assert await store.outbound_depth("sms") == 0
        assert await due_now(store, now=NOW + 1) == {}

    async def test_who_lost_its_lease_cannot_end_the_next_holders(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"), message("b")), lease=10)
        assert await due_now(store, now=NOW + 10) == {TO: ["a", "b"]}
        await store.sent("sms", TO, ("a",), now=NOW + 11)
        assert await due_now(store, now=NOW + 11) == {TO: ["b"]}
        await store.sent("sms", TO, ("a",), now=NOW + 12)  # the slow first holder
        assert await due_now(store, now=NOW + 12) == {}

    async def test_messages_keep_their_order_over_many_turns(self, store: Store) -> None:
        for n in range(30):
            await take_turn(store, outbound=(message(f"{n}a"), message(f"{n}b")), lease=5.0)
        claimed = await due_now(store, now=NOW + 60)
        assert claimed == {TO: [f"{n}{half}" for n in range(30) for half in "ab"]}

    async def test_two_processes_share_the_work_and_nobody_is_claimed_twice(
        self, open_store: OpenStore
    ) -> None:
        stores = [open_store(), open_store()]
        recipients = [f"+98912{n:07d}" for n in range(120)]
        await asyncio.gather(
            *(take_turn(stores[0], to, outbound=(message(to, to),)) for to in recipients)
        )
        claimed: Counter[str] = Counter()

        async def work(store: Store) -> None:
            while batches := await store.claim_outbound("sms", now=NOW, lease=60, limit=7):
                for batch in batches:
                    claimed[batch.to] += 1
                    await store.sent("sms", batch.to, (batch.to,), now=NOW)

        await asyncio.gather(*(work(store) for store in stores for _ in range(3)))
        assert claimed == Counter(recipients)
        assert await stores[1].outbound_depth("sms") == 0


class TestInbound:
    """What comes in waits in the same queues, recorded by no turn."""

    async def test_what_is_enqueued_is_due_at_once_in_order(self, store: Store) -> None:
        for n in range(30):
            await store.enqueue(message(f"u{n}"), now=NOW + n)
        assert await due_now(store, now=NOW - 0.1) == {}
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=30)
        assert (batch.to, batch.attempts) == (TO, 0)
        assert batch.messages == tuple(message(f"u{n}") for n in range(30))

    async def test_channels_and_chats_are_queues_of_their_own(self, store: Store) -> None:
        await store.enqueue(message("a", channel="in:telegram"), now=NOW)
        await store.enqueue(message("a", channel="in:bale"), now=NOW)
        await store.enqueue(message("a", OTHER, channel="in:bale"), now=NOW)
        assert await store.outbound_depth("in:telegram") == 1
        assert await store.outbound_depth("in:bale") == 2
        assert await due_now(store, now=NOW) == {}

    async def test_what_is_delivered_again_while_it_waits_waits_once(self, store: Store) -> None:
        for id in ("a", "b", "a", "b", "a"):
            await store.enqueue(message(id), now=NOW)
        assert await due_now(store, now=NOW) == {TO: ["a", "b"]}
        changed = Outbound("a", "sms", TO, "the same update, spelled otherwise")
        await store.enqueue(changed, now=NOW + 1)
        (batch,) = await store.claim_outbound("sms", now=NOW + 30, lease=30)
        assert batch.messages == (message("a"), message("b"))

    async def test_the_same_id_in_another_chat_is_another_message(self, store: Store) -> None:
        await store.enqueue(message("a"), now=NOW)
        await store.enqueue(message("a", OTHER), now=NOW)
        assert await due_now(store, now=NOW) == {TO: ["a"], OTHER: ["a"]}

    async def test_a_long_queue_is_worked_off_from_any_place(self, store: Store) -> None:
        ids = [f"u{n:03}" for n in range(300)]
        for id in ids:
            await store.enqueue(message(id), now=NOW)
        await store.put_off("sms", TO, until=NOW)
        await store.sent("sms", TO, ("gone", ids[299], ids[150], ids[149]), now=NOW)
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=0)
        assert batch.attempts == 1
        assert [m.id for m in batch.messages] == [*ids[:149], *ids[151:299]]
        await store.sent("sms", TO, (ids[1], ids[0]), now=NOW)
        (batch,) = await store.claim_outbound("sms", now=NOW, lease=0)
        assert batch.attempts == 0
        await store.sent("sms", TO, tuple(ids), now=NOW)
        assert await store.outbound_depth("sms") == 0

    async def test_what_was_handled_can_be_enqueued_again(self, store: Store) -> None:
        await store.enqueue(message("a"), now=NOW)
        await store.sent("sms", TO, ("a",), now=NOW)
        await store.enqueue(message("a"), now=NOW + 5)
        assert await due_now(store, now=NOW + 4.9) == {}
        assert await due_now(store, now=NOW + 5) == {TO: ["a"]}

    async def test_enqueued_and_committed_messages_of_a_recipient_share_one_order(
        self, store: Store
    ) -> None:
        await store.enqueue(message("a"), now=NOW)
        committed = await take_turn(store, outbound=(message("b"),), lease=30.0)
        await store.enqueue(message("c"), now=NOW)
        assert committed.leased == ()
        assert await due_now(store, now=NOW) == {TO: ["a", "b", "c"]}

    async def test_what_comes_while_older_is_worked_on_waits_for_its_end(
        self, store: Store
    ) -> None:
        await store.enqueue(message("a"), now=NOW)
        assert await due_now(store, now=NOW) == {TO: ["a"]}
        await store.enqueue(message("b"), now=NOW + 1)
        await store.enqueue(message("a"), now=NOW + 1)
        assert await due_now(store, now=NOW + 29) == {}
        await store.sent("sms", TO, ("a",), now=NOW + 2)
        assert await due_now(store, now=NOW + 2) == {TO: ["b"]}

    async def test_what_a_dead_process_held_comes_again_with_what_came_since(
        self, open_store: OpenStore
    ) -> None:
        dead, alive = open_store(), open_store()
        await dead.enqueue(message("a"), now=NOW)
        assert await due_now(dead, now=NOW, lease=30) == {TO: ["a"]}
        await alive.enqueue(message("b"), now=NOW + 1)
        assert await due_now(alive, now=NOW + 29) == {}
        assert await due_now(alive, now=NOW + 30) == {TO: ["a", "b"]}

    async def test_a_newer_message_does_not_hurry_one_that_was_put_off(self, store: Store) -> None:
        await store.enqueue(message("a"), now=NOW)
        await store.put_off("sms", TO, until=NOW + 60)
        await store.enqueue(message("b"), now=NOW + 1)
        assert await due_now(store, now=NOW + 59) == {}
        (batch,) = await store.claim_outbound("sms", now=NOW + 60, lease=30)
        assert ([m.id for m in batch.messages], batch.attempts) == (["a", "b"], 1)

    async def test_many_that_come_in_one_moment_over_two_processes_wait_once_each(
        self, open_store: OpenStore
    ) -> None:
        stores = [open_store(), open_store()]
        ids = [f"u{n:02}" for n in range(50)]
        await asyncio.gather(
            *(store.enqueue(message(id), now=NOW) for id in ids for store in stores)
        )
        claimed = await due_now(stores[0], now=NOW)
        assert sorted(claimed[TO]) == ids


class TestReceipts:
    async def test_a_recipient_without_one_has_an_empty_receipt(self, store: Store) -> None:
        await take_turn(store, outbound=(message("a"),))
        await store.sent("sms", TO, ("a",), now=NOW)
        assert await store.receipt("sms", TO) == ""

    async def test_the_newest_receipt_is_kept_and_sending_without_one_leaves_it(
        self, store: Store
    ) -> None:
        await take_turn(store, outbound=tuple(message(id) for id in "abc"))
        await store.sent("sms", TO, ("a",), now=NOW, receipt="71")
        await store.sent("sms", TO, ("b",), now=NOW, receipt="75")
        await store.sent("sms", TO, ("c",), now=NOW)
        assert await store.receipt("sms", TO) == "75"
        assert await store.outbound_depth("sms") == 0
        await store.sent("sms", TO, (), now=NOW, receipt="")
        assert await store.receipt("sms", TO) == ""

    async def test_recipients_and_channels_have_receipts_of_their_own(self, store: Store) -> None:
        for channel, to, receipt in (("bale", TO, "1"), ("bale", OTHER, "2"), ("sms", TO, "3")):
            await store.sent(channel, to, (), now=NOW, receipt=receipt)
        assert await store.receipt("bale", TO) == "1"
        assert await store.receipt("bale", OTHER) == "2"
        assert await store.receipt("sms", TO) == "3"

    async def test_a_receipt_is_kept_though_its_message_is_gone_from_the_queue(
        self, store: Store
    ) -> None:
        await take_turn(store, outbound=(message("b"),), lease=30.0)
        await store.sent("sms", TO, ("a",), now=NOW, receipt="71")
        assert await store.receipt("sms", TO) == "71"
        assert await due_now(store, now=NOW + 29) == {}

    async def test_another_process_reads_the_receipt(self, open_store: OpenStore) -> None:
        await open_store().sent("sms", TO, (), now=NOW, receipt="71")
        assert await open_store().receipt("sms", TO) == "71"


class TestTimers:
    async def test_a_timer_is_handed_out_when_due_with_the_time_it_was_set_for(
        self, store: Store
    ) -> None:
        await take_turn(store, timers=(timer("late", NOW + 60.001), timer("soon", NOW + 5)))
        assert await store.claim_timers(now=NOW + 4.9, lease=30) == []
        assert await store.claim_timers(now=NOW + 5, lease=30) == [timer("soon", NOW + 5)]
        assert await store.claim_timers(now=NOW + 60.0005, lease=30) == [timer("soon", NOW + 5)]
        late = await store.claim_timers(now=NOW + 60.001, lease=30)
        assert late == [timer("late", NOW + 60.001)]

    async def test_a_newer_timer_of_the_same_name_replaces_the_older(self, store: Store) -> None:
        await take_turn(store, timers=(timer("expiry", NOW + 5),))
        await take_turn(store, timers=(timer("expiry", NOW + 50),))
        assert await store.claim_timers(now=NOW + 49, lease=30) == []
        assert await store.claim_timers(now=NOW + 50, lease=30) == [timer("expiry", NOW + 50)]

    async def test_cancelled_timers_are_gone_and_others_stay(self, store: Store) -> None:
        mine = (timer("a", NOW), timer("b", NOW), timer("c", NOW))
        await take_turn(store, timers=mine)
        await take_turn(store, BABAK, timers=(timer("a", NOW, BABAK),))
        again = timer("b", NOW + 9)
        await take_turn(store, cancel=("a", "b", "never set"), timers=(again,))
        claimed = await store.claim_timers(now=NOW + 9, lease=30)
        assert set(claimed) == {timer("c", NOW), again, timer("a", NOW, BABAK)}

    async def test_a_turn_that_cancels_a_claimed_timer_ends_it(self, store: Store) -> None:
        await take_turn(store, timers=(timer("expiry", NOW),))
        assert await store.claim_timers(now=NOW, lease=30) != []
        await take_turn(store, cancel=("expiry",))
        assert await store.claim_timers(now=NOW + 1000, lease=30) == []

    async def test_a_timer_whose_claimer_died_comes_again(self, store: Store) -> None:
        await take_turn(store, timers=(timer("expiry", NOW),))
        for now in (NOW, NOW + 30, NOW + 60):
            assert await store.claim_timers(now=now, lease=30) == [timer("expiry", NOW)]
            assert await store.claim_timers(now=now + 29, lease=30) == []

    async def test_two_processes_never_hold_the_same_timer(self, open_store: OpenStore) -> None:
        stores = [open_store(), open_store()]
        names = [f"t{n}" for n in range(100)]
        await take_turn(stores[0], timers=tuple(timer(n, NOW) for n in names))
        claims = await asyncio.gather(
            *(s.claim_timers(now=NOW, lease=30, limit=15) for s in stores for _ in range(4))
        )
        claimed: list[Timer] = [timer for claim in claims for timer in claim]
        assert sorted(timer.name for timer in claimed) == sorted(names)


class TestLimits:
    async def test_uses_up_to_the_limit_pass_and_more_do_not(self, store: Store) -> None:
        passed = [await store.hit("k", limit=3, window=60, now=NOW + n) for n in range(5)]
        assert passed == [True, True, True, False, False]
        assert await store.hit("other", limit=3, window=60, now=NOW)

    async def test_each_use_leaves_the_window_at_its_own_time(self, store: Store) -> None:
        async def hit(after: float) -> bool:
            return await store.hit("k", limit=2, window=60, now=NOW + after)

        assert [await hit(at) for at in (0, 50, 59.9, 60, 60.1, 109.9, 110)] == [
            *(True, True, False),  # full until the first use is a window old
            *(True, False),  # one free place, and one only
            *(False, True),
        ]

    async def test_refused_uses_do_not_count(self, store: Store) -> None:
        assert await store.hit("k", limit=1, window=60, now=NOW)
        for n in range(1, 60):
            assert not await store.hit("k", limit=1, window=60, now=NOW + n)
        assert await store.hit("k", limit=1, window=60, now=NOW + 60)

    async def test_a_limit_of_zero_refuses_everything(self, store: Store) -> None:
        assert not await store.hit("k", limit=0, window=60, now=NOW)

    async def test_who_only_asks_uses_nothing_up(self, store: Store) -> None:
        async def hit(counts: bool) -> bool:
            return await store.hit("k", limit=1, window=60, now=NOW, counts=counts)

        asked = [await hit(counts) for counts in (False, False, True, False, True)]
        assert asked == [True, True, True, False, False]

    async def test_concurrent_uses_over_two_processes_pass_exactly_the_limit(
        self, open_store: OpenStore
    ) -> None:
        stores = [open_store(), open_store()]
        passed = await asyncio.gather(
            *(stores[n % 2].hit("k", limit=20, window=60, now=NOW) for n in range(100))
        )
        assert passed.count(True) == 20


class TestErasure:
    async def test_erasing_removes_state_marks_and_timers_of_that_conversation_only(
        self, store: Store
    ) -> None:
        for conversation in (ANNA, BABAK):
            timers = (timer("a", NOW, conversation), timer("b", NOW, conversation))
            await take_turn(store, conversation, mark="m1", timers=timers)
        await store.erase(ANNA)
        assert await store.load(ANNA, "m1") == Snapshot(0, None, seen=False)
        assert await store.load(BABAK, "m1") == Snapshot(1, b"state", seen=True)
        claimed = await store.claim_timers(now=NOW, lease=1)
        assert {timer.conversation for timer in claimed} == {BABAK}
        assert len(claimed) == 2

    async def test_a_turn_under_way_does_not_bring_an_erased_conversation_back(
        self, store: Store
    ) -> None:
        await take_turn(store)
        loaded = await store.load(ANNA, "m2")
        await store.erase(ANNA)
        outcome = await store.commit(turn(ANNA, loaded.version))
        assert outcome.verdict is Verdict.CONFLICT

    async def test_erasing_what_is_not_there_is_harmless(self, store: Store) -> None:
        await store.erase(ANNA)


class TestClosing:
    async def test_a_closed_store_refuses_calls_and_can_be_closed_again(self, store: Store) -> None:
        await take_turn(store)
        await store.close()
        with pytest.raises(StoreUnavailable):
            await store.load(ANNA, "")
        await store.close()

    async def test_a_store_that_was_never_used_closes(self, store: Store) -> None:
        await store.close()

    async def test_nobody_waits_forever_when_a_store_is_closed_under_them(
        self, store: Store
    ) -> None:
        calls = [asyncio.create_task(store.commit(turn(f"c{n}"))) for n in range(20)]
        await asyncio.sleep(0)
        await store.close()
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            assert outcome == Committed(Verdict.DONE) or isinstance(outcome, StoreUnavailable)
