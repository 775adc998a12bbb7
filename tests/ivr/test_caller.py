"""A caller's session on a line that plays in its own time, with a dialog that a test dictates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ivr.line import Finished, HungUp, Key, Playing, Recorded, Say, TimedOut
from ivr.player import HOLD
from ivr.speech import Entry, Part, Speech
from tests.ivr.scripted_line import (
    BILL,
    CODE,
    MENU,
    NUMBER,
    VOICE,
    Clips,
    ScriptedLine,
    ask,
    calling,
)
from tests.ivr.virtual_time import in_virtual_time

SLEEP = asyncio.sleep
GOODBYE = Speech(sequence=50, parts=(Part(("bye",)),), then="hang_up")
WAIT = Speech(sequence=2, parts=(Part(("please-wait",)),), then="wait")
NOTICE = Part(("notice",), heard=True)
"""Something that must be heard to its end."""


def notice_then(question: str, *, sequence: int = 2, **more: Any) -> Speech:
    return ask(sequence, parts=(NOTICE, Part((question,))), **more)


# -- a call ----------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_call_is_greeted_asked_answered_and_hung_up() -> None:
    async with calling(ask(1, "welcome", "menu"), ask(2, "bill", entry=BILL), GOODBYE) as call:
        await SLEEP(3)
        await call.press("2")
        await SLEEP(2)
        await call.press("9985235404124")
        await call.session
        assert call.heard == ["welcome", "menu", "bill", "bye"]
        assert call.line.ended == "hung up"
        assert call.told == [("keys", "2"), ("keys", "9985235404124"), ("hang_up", "")]
        first, answer, *_ = call.dialog.events
        assert (first.kind, first.channel, first.address) == ("call", "call", NUMBER)
        assert (first.call, first.asked, answer.asked) == ("n1/call-1", "", "q1")
        assert len({event.id for event in call.dialog.events}) == 4


@in_virtual_time
async def test_a_caller_without_a_number_has_a_conversation_of_his_own() -> None:
    async with calling(number="") as call:
        await SLEEP(0.1)
        assert call.caller.conversation == "call:call-1"
        assert call.dialog.events[0].address == "call:call-1"


@in_virtual_time
async def test_silence_is_told_when_the_time_after_the_prompt_is_over() -> None:
    async with calling(ask(1, "one", "two", "three", entry=BILL)) as call:
        await SLEEP(3 + 6.9)
        assert call.told == []
        await SLEEP(0.2)
        assert call.told == [("silence", "")]


@pytest.mark.parametrize(
    ("key", "name"), [("0", "operator"), ("9", "repeat"), ("*", "back")], ids=str
)
@in_virtual_time
async def test_a_command_key_is_a_command(key: str, name: str) -> None:
    async with calling(ask(1, "menu")) as call:
        await SLEEP(2)
        await call.press(key)
        assert call.told == [("command", name)]


@in_virtual_time
async def test_the_silence_behind_a_prompt_goes_on_for_as_long_as_it_is_needed() -> None:
    async with calling(ask(1, "bill", entry=BILL)) as call:
        await SLEEP(1.5)
        for _ in range(30):
            await call.press("1", gap=3.5)
            await call.press("*", gap=0.1)
            assert call.line.plays
            assert call.heard == ["bill"]


# -- barge-in and type-ahead -----------------------------------------------------------------------


@in_virtual_time
async def test_a_key_stops_the_prompt_at_once_and_counts() -> None:
    async with calling(ask(1, "one", "two", "three"), ask(2, "next")) as call:
        await SLEEP(0.5)
        await call.press("1", gap=0)
        await SLEEP(0.01)
        assert call.heard == ["one", "next"]


@in_virtual_time
async def test_while_digits_are_typed_silence_plays() -> None:
    async with calling(ask(1, "one", "two", entry=BILL)) as call:
        await SLEEP(0.5)
        await call.press("9985")
        assert call.caller.typed == "9985"
        assert call.line.plays
        assert call.heard == ["one"]


@in_virtual_time
async def test_everything_typed_ahead_is_taken_without_a_prompt_in_between() -> None:
    answers = ask(1, "menu"), ask(2, "bill", entry=BILL), ask(3, "sure"), ask(4, "done")
    async with calling(*answers) as call:
        await SLEEP(0.5)
        call.dialog.seconds = 0.05
        await call.press("29985235404124#1", gap=0)
        await SLEEP(1)
        assert call.told == [("keys", "2"), ("keys", "9985235404124"), ("keys", "1")]
        assert call.heard == ["menu", "done"]


@in_virtual_time
async def test_keys_during_a_slow_turn_are_type_ahead() -> None:
    async with calling(ask(1, "menu"), ask(2, "code", entry=CODE), ask(3, "done")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 4
        await call.press("112345#", gap=0.3)
        await SLEEP(10)
        assert call.told == [("keys", "1"), ("keys", "12345")]
        assert call.heard[:2] == ["menu", "fa/please-wait"], "nobody waits in silence"
        assert call.heard[-1] == "done"


@in_virtual_time
async def test_a_caller_who_leaves_during_a_slow_turn_does_not_cut_it_in_two() -> None:
    async with calling(ask(1, "menu"), ask(2, "done")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 4
        await call.press("1")
        call.line.disconnect()
        await SLEEP(10)
        assert call.told == [("keys", "1"), ("hang_up", "")]
        assert call.dialog.finished == ["call", "keys", "hang_up"]


@in_virtual_time
async def test_half_an_answer_typed_ahead_goes_on_without_its_prompt() -> None:
    async with calling(ask(1, "menu"), ask(2, "code", entry=CODE)) as call:
        await SLEEP(0.5)
        call.dialog.seconds = 1
        await call.press("1123")
        await SLEEP(1)
        assert call.caller.typed == "123"
        await call.press("45")
        assert call.told == [("keys", "1"), ("keys", "12345")]
        assert call.heard == ["menu"]


@in_virtual_time
async def test_nobody_confirms_what_was_not_heard() -> None:
    fresh = notice_then("sure", fresh=True)
    async with calling(ask(1, "menu"), fresh) as call:
        await SLEEP(0.5)
        await call.press("111", gap=0)
        await SLEEP(0.5)
        await call.press("1")
        await SLEEP(4)
        assert call.told == [("keys", "1")]
        assert call.heard == ["menu", "notice", "sure"]
        await call.press("1")
        assert call.told == [("keys", "1"), ("keys", "1")]


@in_virtual_time
async def test_no_key_cuts_a_notice_short_and_what_is_pressed_is_kept() -> None:
    async with calling(notice_then("question")) as call:
        await SLEEP(0.5)
        await call.press("1")
        assert call.told == []
        await SLEEP(0.5)
        assert call.told == [("keys", "1")]
        assert call.heard == ["notice", "question", "more"]  # the question only just began


@in_virtual_time
async def test_a_key_before_a_notice_leads_to_the_notice_at_once() -> None:
    parts = (Part(("long", "longer", "longest")), NOTICE, Part(("question",)))
    async with calling(ask(1, parts=parts)) as call:
        await SLEEP(0.5)
        await call.press("1")
        assert call.heard == ["long", "notice"]
        assert call.told == []
        await SLEEP(1)
        assert call.told == [("keys", "1")]


@in_virtual_time
async def test_type_ahead_skips_all_but_the_notice() -> None:
    parts = (Part(("news",)), NOTICE, Part(("question",)))
    async with calling(ask(1, "menu"), ask(2, parts=parts), ask(3, "done")) as call:
        await SLEEP(0.5)
        call.dialog.seconds = 0.05
        await call.press("12", gap=0)
        await SLEEP(0.8)
        assert call.heard == ["menu", "notice"]
        await SLEEP(1)
        assert call.told == [("keys", "1"), ("keys", "2")]


@in_virtual_time
async def test_a_terminator_behind_a_full_entry_neither_answers_nor_interrupts() -> None:
    async with calling(ask(1, "code", entry=CODE), ask(2, "menu")) as call:
        await SLEEP(1.5)
        await call.press("12345")
        await call.press("#")
        await SLEEP(1)
        assert call.told == [("keys", "12345")]
        assert call.heard == ["code", "menu"]


@in_virtual_time
async def test_silence_follows_a_prompt_that_was_cut_short_until_its_turn_is_done() -> None:
    async with calling(ask(1, "one", "two"), ask(2, "next")) as call:
        await SLEEP(0.5)
        call.dialog.seconds = 1
        await call.press("1")
        assert call.line.plays
        assert call.heard == ["one"]


# -- speeches before their commit ------------------------------------------------------------------


@in_virtual_time
async def test_what_a_turn_will_say_is_heard_before_it_is_committed_and_once() -> None:
    answer = ask(2, "one", "two", entry=BILL)
    async with calling(ask(1, "menu"), answer) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 1.5
        await call.press("1")
        call.caller.early(answer)
        await SLEEP(0.1)
        assert call.heard == ["menu", "one"]
        await SLEEP(2 + 6)
        assert call.heard == ["menu", "one", "two"]
        assert call.told == [("keys", "1")]
        await SLEEP(1.2)
        assert call.told == [("keys", "1"), ("silence", "")], "its end was noticed"


@in_virtual_time
async def test_a_speech_that_was_not_committed_after_all_gives_way_to_the_one_that_was() -> None:
    async with calling(ask(1, "menu"), ask(2, "right")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 0.2
        await call.press("1")
        call.caller.early(ask(2, "wrong"))
        await SLEEP(1)
        assert call.heard == ["menu", "wrong", "right"]


@in_virtual_time
async def test_a_turn_that_fails_after_all_ends_with_the_operators() -> None:
    async with calling(ask(1, "menu"), *[OSError()] * 3) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 0.2
        await call.press("1")
        call.caller.early(ask(2, "next"))
        await call.session
        assert call.heard == ["menu", "next", "fa/sorry-operator"]


@in_virtual_time
async def test_no_speech_begins_early_that_the_type_ahead_may_answer() -> None:
    async with calling(ask(1, "menu"), ask(2, "sure"), ask(3, "done")) as call:
        await SLEEP(0.5)
        call.dialog.seconds = 0.2
        await call.press("11", gap=0)
        call.caller.early(ask(2, "sure"))
        await SLEEP(1)
        assert call.heard == ["menu", "done"]


@in_virtual_time
async def test_a_key_into_a_speech_that_began_early_answers_it_when_it_is_committed() -> None:
    async with calling(ask(1, "menu"), ask(2, "sure"), ask(3, "done")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 0.5
        await call.press("1")
        call.caller.early(ask(2, "sure"))
        await call.press("1")
        assert call.told == [("keys", "1")]
        await SLEEP(1)
        assert call.told == [("keys", "1"), ("keys", "1")]
        assert call.heard == ["menu", "sure", "done"]


@in_virtual_time
async def test_a_speech_that_could_not_begin_early_is_heard_when_it_is_committed() -> None:
    async with calling(ask(1, "menu"), ask(2, "next")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 0.2
        await call.press("1", gap=0.1)
        call.line.failing = 1
        call.caller.early(ask(2, "next"))
        await SLEEP(1)
        assert call.heard == ["menu", "next"]


# -- recordings ------------------------------------------------------------------------------------


@in_virtual_time
async def test_what_the_caller_says_is_kept_and_can_be_heard() -> None:
    async with calling(ask(1, "speak", entry=VOICE), ask(2, "recording/" + "a" * 32)) as call:
        await SLEEP(1.5)
        [name] = call.line.recordings
        await call.press("#")
        call.caller.tell(Recorded(name, b"RIFF", 4.0))
        await SLEEP(0.5)
        assert call.dialog.kept == [(b"RIFF", 4.0)]
        assert call.clips.recordings == {"a" * 32: b"RIFF"}
        assert call.told == [("recording", "a" * 32)]
        assert call.heard == ["speak", "recording/" + "a" * 32]


@pytest.mark.parametrize(("sound", "seconds"), [(b"", 0.0), (b"", 9.0), (b"RIFF", 0.4)])
@in_virtual_time
async def test_a_recording_with_nothing_in_it_is_empty(sound: bytes, seconds: float) -> None:
    async with calling(ask(1, "speak", entry=VOICE)) as call:
        await SLEEP(1.5)
        call.caller.tell(Recorded(call.line.recordings[0], sound, seconds))
        await SLEEP(0.1)
        assert call.told == [("recording", "empty")]
        assert call.dialog.kept == []


@in_virtual_time
async def test_a_recording_that_cannot_be_had_is_not_taken_for_silence() -> None:
    async with calling(ask(1, "speak", entry=VOICE)) as call:
        await SLEEP(1.5)
        call.caller.tell(Recorded(call.line.recordings[0], b"", 0.0, failed=True))
        await SLEEP(0.1)
        assert call.told == [("recording", "unreadable")]


@in_virtual_time
async def test_sound_that_cannot_be_used_is_unreadable() -> None:
    async def keep(conversation: str, sound: bytes, seconds: float) -> str:
        raise ValueError("no sound")

    async with calling(ask(1, "speak", entry=VOICE), keep=keep) as call:
        await SLEEP(1.5)
        call.caller.tell(Recorded(call.line.recordings[0], b"noise", 3.0))
        await SLEEP(0.1)
        assert call.told == [("recording", "unreadable")]


@in_virtual_time
async def test_a_recording_is_stored_again_when_the_store_was_away() -> None:
    failures = [OSError("away")]

    async def keep(conversation: str, sound: bytes, seconds: float) -> str:
        if failures:
            raise failures.pop()
        return "b" * 32

    async with calling(ask(1, "speak", entry=VOICE), keep=keep) as call:
        await SLEEP(1.5)
        call.caller.tell(Recorded(call.line.recordings[0], b"RIFF", 3.0))
        await SLEEP(1)
        assert call.told == [("recording", "b" * 32)]


@in_virtual_time
async def test_star_while_recording_goes_back_and_keeps_nothing() -> None:
    async with calling(ask(1, "speak", entry=VOICE), ask(2, "menu")) as call:
        await SLEEP(1.5)
        await call.press("5*")
        await SLEEP(1)
        assert call.told == [("command", "back")]
        assert call.line.stopped_recordings == call.line.recordings
        assert call.dialog.kept == []


@in_virtual_time
async def test_hash_during_the_prompt_of_a_recording_leads_to_the_beep() -> None:
    async with calling(ask(1, "speak", "after", "the-beep", entry=VOICE)) as call:
        await SLEEP(0.5)
        await call.press("#")
        assert len(call.line.recordings) == 1
        assert call.heard == ["speak"]


@in_virtual_time
async def test_a_terminator_that_comes_after_the_recording_is_not_for_the_next_question() -> None:
    async with calling(ask(1, "speak", entry=VOICE), ask(2, "menu")) as call:
        await SLEEP(1.5)
        call.caller.tell(Recorded(call.line.recordings[0], b"RIFF", 4.0))
        await SLEEP(0.5)
        await call.press("#")
        assert call.told == [("recording", "a" * 32)]


@in_virtual_time
async def test_a_line_that_cannot_record_is_told_as_unreadable() -> None:
    line = ScriptedLine()
    line.refusals = 1
    async with calling(ask(1, "speak", entry=VOICE), line=line) as call:
        await SLEEP(1.5)
        assert call.told == [("recording", "unreadable")]


@in_virtual_time
async def test_a_recording_of_which_nothing_is_heard_again_is_empty() -> None:
    async with calling(ask(1, "speak", entry=VOICE)) as call:
        await SLEEP(100)
        assert call.told[0] == ("recording", "empty")


# -- speeches that no key asked for ----------------------------------------------------------------


@in_virtual_time
async def test_the_answer_of_the_backend_is_said_when_it_comes() -> None:
    async with calling(ask(1, "menu"), WAIT) as call:
        await SLEEP(1.5)
        await call.press("1")
        await SLEEP(5)
        assert call.caller.phase == "waiting"
        assert call.line.plays
        call.caller.tell(Say(ask(3, "receipt")))
        await SLEEP(0.1)
        assert call.heard == ["menu", "please-wait", "receipt"]


@in_virtual_time
async def test_keys_pressed_while_waiting_answer_the_next_question() -> None:
    async with calling(WAIT) as call:
        await SLEEP(2)
        await call.press("1")
        call.caller.tell(Say(ask(3, "receipt")))
        await SLEEP(0.1)
        assert call.told == [("keys", "1")]


@in_virtual_time
async def test_news_interrupt_a_prompt_but_not_a_notice() -> None:
    async with calling(notice_then("question", sequence=1)) as call:
        await SLEEP(0.5)
        call.caller.tell(Say(ask(2, "news")))
        await SLEEP(0.4)
        assert call.heard == ["notice"]
        await SLEEP(1)
        call.caller.tell(Say(ask(3, "more-news")))
        await SLEEP(0.1)
        assert call.heard[0] == "notice"
        assert call.heard[-2:] == ["news", "more-news"]


@in_virtual_time
async def test_digits_that_are_typed_are_not_lost_to_news() -> None:
    async with calling(ask(1, "bill", entry=BILL), ask(3, "next")) as call:
        await SLEEP(1.5)
        await call.press("9985")
        call.caller.tell(Say(ask(2, "news", entry=BILL)))
        await call.press("235404124")
        assert call.told == [("keys", "9985235404124")]
        await SLEEP(1)
        assert call.heard == ["bill", "next"]


@in_virtual_time
async def test_news_that_came_while_typing_are_said_when_the_entry_is_cleared() -> None:
    async with calling(ask(1, "bill", entry=BILL)) as call:
        await SLEEP(1.5)
        await call.press("99")
        call.caller.tell(Say(ask(2, "news")))
        await call.press("*")
        assert call.heard == ["bill", "news"]


@in_virtual_time
async def test_news_that_are_newer_than_the_turn_replace_its_speech() -> None:
    async with calling(ask(1, "menu"), ask(2, "old")) as call:
        await SLEEP(1.5)
        call.dialog.seconds = 1
        await call.press("1")
        call.caller.tell(Say(ask(3, "new")))
        await SLEEP(2)
        assert call.heard == ["menu", "new"]


@pytest.mark.parametrize("sequence", [4, 5])
@in_virtual_time
async def test_an_older_speech_is_not_said(sequence: int) -> None:
    async with calling(ask(5, "now")) as call:
        await SLEEP(1.5)
        call.caller.tell(Say(ask(sequence, "late")))
        await SLEEP(1)
        assert call.heard == ["now"]


@in_virtual_time
async def test_news_do_not_break_into_a_recording() -> None:
    async with calling(ask(1, "speak", entry=VOICE), ask(2, "thanks")) as call:
        await SLEEP(1.5)
        call.caller.tell(Say(ask(3, "news")))
        await SLEEP(1)
        assert call.heard == ["speak"]
        call.caller.tell(Recorded(call.line.recordings[0], b"RIFF", 2.0))
        await SLEEP(0.5)
        assert call.told == [("recording", "a" * 32)]
        assert call.heard == ["speak", "news"]


# -- never in silence ------------------------------------------------------------------------------


@in_virtual_time
async def test_an_answer_that_stays_away_is_asked_for_and_then_given_up() -> None:
    async with calling(WAIT, WAIT) as call:
        await SLEEP(31.5)
        assert call.told == [("adopted", "")]
        await call.session
        assert call.heard == ["please-wait", "please-wait", "fa/sorry-operator"]
        assert call.line.ended == {"GOOYA_REASON": "trouble"}


@in_virtual_time
async def test_a_turn_that_says_nothing_is_waited_for_likewise() -> None:
    async with calling(None, ask(2, "menu")) as call:
        await SLEEP(31)
        assert call.told == [("adopted", "")]
        assert call.heard == ["menu"]


@in_virtual_time
async def test_a_turn_that_fails_is_tried_again_as_the_same_event() -> None:
    async with calling(OSError(), OSError(), ask(1, "menu")) as call:
        await SLEEP(1.5)
        assert call.heard == ["menu"]
        assert len({event.id for event in call.dialog.events}) == 1


@in_virtual_time
async def test_a_turn_whose_answer_was_lost_is_said_again() -> None:
    async with calling(OSError(), None, ask(2, "menu")) as call:
        await SLEEP(1.5)
        assert call.told == [("adopted", "")]
        assert call.heard == ["menu"]


@in_virtual_time
async def test_a_turn_that_keeps_failing_goes_to_the_operators_with_an_apology() -> None:
    async with calling(ask(1, "menu"), OSError(), OSError(), OSError()) as call:
        await SLEEP(1.5)
        await call.press("1")
        await call.session
        assert call.heard == ["menu", "fa/sorry-operator"]
        assert call.line.ended == {"GOOYA_REASON": "trouble"}
        assert call.told[-1] == ("hang_up", "")


@in_virtual_time
async def test_a_lost_report_of_a_prompt_does_not_hang_the_call() -> None:
    line = ScriptedLine()
    line.deaf = True
    async with calling(ask(1, "menu", "options"), line=line) as call:
        await SLEEP(2 + 5 + 4.9)
        assert call.told == []
        await SLEEP(0.2)
        assert call.told == [("silence", "")]


@pytest.mark.parametrize("fault", ["failing", "breaking"])
@in_virtual_time
async def test_a_prompt_that_is_not_heard_counts_as_heard_once(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    line = ScriptedLine()
    setattr(line, fault, 1)
    async with calling(ask(1, "menu", "options"), ask(2, "again"), line=line) as call:
        await SLEEP(1.5)
        await call.press("9")
        await SLEEP(1)
        assert call.told == [("command", "repeat")]
        assert call.heard[-1] == "again"
        assert len(caplog.records) == 1


@pytest.mark.parametrize("fault", ["failing", "breaking"])
@in_virtual_time
async def test_a_second_prompt_in_a_row_that_is_not_heard_leads_to_the_operators(
    fault: str,
) -> None:
    line = ScriptedLine()
    setattr(line, fault, 1)
    async with calling(ask(1, "menu", "options"), ask(2, "again"), line=line) as call:
        await SLEEP(5)
        setattr(line, fault, 2)
        await call.session
        assert call.line.ended == {"GOOYA_REASON": "trouble"}


@in_virtual_time
async def test_a_session_that_breaks_leaves_the_caller_to_the_operators(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class NoClips(Clips):
        def seconds(self, ref: str) -> float:
            raise RuntimeError("a fault of ours")

    async with calling(ask(1, "menu"), clips=NoClips()) as call:
        await call.session
        assert call.line.ended == {"GOOYA_REASON": "trouble"}
        assert call.told == [("hang_up", "")]
        assert NUMBER not in caplog.text


# -- the end ---------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_transfer_takes_what_the_operators_need_after_its_prompt() -> None:
    transfer = Speech(
        sequence=2, parts=(Part(("moment",)),), then="transfer", variables={"GOOYA_REASON": "asked"}
    )
    async with calling(ask(1, "menu"), transfer) as call:
        await SLEEP(1.5)
        await call.press("0")
        assert call.line.ended == ""
        await call.session
        assert call.heard == ["menu", "moment"]
        assert call.line.ended == {"GOOYA_REASON": "asked"}
        assert call.told == [("command", "operator"), ("hang_up", "")]


@in_virtual_time
async def test_a_refused_transfer_is_tried_again() -> None:
    line = ScriptedLine()
    line.refusals = 2
    async with calling(
        Speech(sequence=1, then="transfer", variables={"A": "b"}), line=line
    ) as call:
        await call.session
        assert call.line.ended == {"A": "b"}


@in_virtual_time
async def test_a_caller_whom_nobody_takes_is_not_left_in_silence() -> None:
    line = ScriptedLine()
    line.refusals = 3
    async with calling(Speech(sequence=1, then="transfer"), line=line) as call:
        await call.session
        assert call.line.ended == "hung up"


@pytest.mark.parametrize("seconds", [0, 0.5, 1.5, 2.05, 2.5, 3.5, 4.5, 7.5])
@in_virtual_time
async def test_the_end_of_a_call_is_told_once_wherever_it_comes(seconds: float) -> None:
    answers = notice_then("menu", sequence=1), ask(2, "code", entry=CODE), WAIT
    async with calling(*answers) as call:
        call.dialog.seconds = 0.1

        async def person() -> None:
            await SLEEP(2)
            await call.press("1", gap=1)
            await call.press("12345", gap=0.3)

        pressing = asyncio.create_task(person())
        await SLEEP(seconds)
        call.line.disconnect()
        call.caller.tell(HungUp())
        call.caller.tell(HungUp())
        await call.session
        await pressing
        assert [kind for kind, _ in call.told].count("hang_up") == 1
        assert call.told[-1] == ("hang_up", "")
        assert call.dialog.events[-1].id == "n1/call-1:hang_up"


@in_virtual_time
async def test_a_line_that_is_gone_is_the_end_even_if_nobody_says_so() -> None:
    async with calling(ask(1, "menu"), ask(2, "next")) as call:
        await SLEEP(1.5)
        call.line.disconnect()
        call.caller.tell(Key("1"))
        await call.session
        assert call.told == [("keys", "1"), ("hang_up", "")]


@in_virtual_time
async def test_keys_and_time_after_hang_up_are_nothing() -> None:
    async with calling(ask(1, "code", entry=CODE)) as call:
        await SLEEP(1.5)
        await call.press("12")
        call.line.disconnect()
        call.caller.tell(HungUp())
        await call.session
        await call.press("345#1")
        await SLEEP(100)
        assert call.told == [("hang_up", "")]


@in_virtual_time
async def test_the_end_of_a_call_is_entered_again_when_it_could_not_be() -> None:
    async with calling(ask(1, "menu")) as call:
        await SLEEP(1.5)
        call.dialog.failures_at_the_end = 3
        call.line.disconnect()
        call.caller.tell(HungUp())
        await call.session
        assert call.told == [("hang_up", "")]


@in_virtual_time
async def test_a_cancelled_session_tells_nobody_and_hangs_up_nobody() -> None:
    async with calling(ask(1, "menu")) as call:
        await SLEEP(0.5)
        call.session.cancel()
        await asyncio.gather(call.session, return_exceptions=True)
        assert call.told == []
        assert call.line.ended == ""


@in_virtual_time
async def test_a_call_of_another_process_is_taken_over_where_it_was() -> None:
    line = ScriptedLine()
    async with calling(ask(1, "one", "two", "three"), line=line) as first:
        await SLEEP(0.5)
        first.session.cancel()
        async with calling(ask(2, "one-again"), line=line, adopted=True) as call:
            await SLEEP(0.5)
            assert call.told == [("adopted", "")]
            assert [event.kind for event in call.dialog.events] == ["adopted"]
            assert call.heard == ["one", "one-again"]
            assert call.line.queued == 0


@in_virtual_time
async def test_a_recording_of_another_process_is_ended_and_asked_for_again() -> None:
    line = ScriptedLine()
    async with calling(ask(1, "speak", entry=VOICE), line=line) as first:
        await SLEEP(1.5)
        first.session.cancel()
        async with calling(ask(2, "speak-again", entry=VOICE), line=line, adopted=True) as call:
            await SLEEP(0.5)
            assert line.stopped_recordings == line.recordings
            assert call.told == [("adopted", "")]
            assert call.heard == ["speak", "speak-again"]


@in_virtual_time
async def test_a_late_report_of_an_earlier_playback_is_not_taken_for_the_present_one() -> None:
    async with calling(ask(1, "menu", "options", "end")) as call:
        await SLEEP(0.5)
        call.caller.tell(Playing("call-1-x", 7))
        call.caller.tell(Finished("call-1-x"))
        await SLEEP(2.5 + 4.9)
        assert call.told == []
        await SLEEP(0.2)
        assert call.told == [("silence", "")]


# -- scripts: no clock -----------------------------------------------------------------------------


@in_virtual_time
async def test_without_a_clock_time_outs_come_as_signals() -> None:
    async with calling(ask(1, "bill", entry=BILL), timing=False) as call:
        await call.caller.settled()
        assert call.caller.phase == "listening"
        call.caller.tell(Key("1"))
        await call.caller.settled()
        await SLEEP(1_000)
        assert (call.told, call.caller.typed) == ([], "1")
        call.caller.tell(TimedOut())
        await call.caller.settled()
        call.caller.tell(TimedOut())
        await call.caller.settled()
        assert call.told == [("keys", "1"), ("silence", "")]


@in_virtual_time
async def test_without_a_clock_a_notice_counts_as_heard() -> None:
    async with calling(notice_then("question", fresh=True), GOODBYE, timing=False) as call:
        await call.caller.settled()
        call.caller.tell(Key("1"))
        await call.session
        assert call.told == [("keys", "1"), ("hang_up", "")]
        assert call.line.ended == "hung up"


@in_virtual_time
async def test_without_a_clock_a_recording_that_times_out_is_empty() -> None:
    async with calling(ask(1, "speak", entry=VOICE), timing=False) as call:
        await call.caller.settled()
        call.caller.tell(TimedOut())
        await call.caller.settled()
        assert call.told == [("recording", "empty")]


# -- generated -------------------------------------------------------------------------------------

ENTRIES = {"menu": MENU, "long menu": Entry("menu", 1, 2), "bill": BILL, "voice": VOICE}
MOMENTS = {"during the prompt": 0.5, "in the notice": 1.5, "after the prompt": 4.5}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("key", "0123456789*#A")
@in_virtual_time
async def test_after_any_key_anywhere_something_plays_and_the_call_goes_on(
    key: str, entry: str, moment: str
) -> None:
    parts = (Part(("intro",)), NOTICE, Part(("question",)))
    async with calling(ask(1, parts=parts, entry=ENTRIES[entry])) as call:
        await SLEEP(MOMENTS[moment])
        await call.press(key)
        await SLEEP(3)
        assert "notice" in call.heard
        assert call.line.plays or call.caller.phase == "recording"
        await SLEEP(120)
        assert call.told
        assert not call.session.done()


@pytest.mark.parametrize("entry", ENTRIES)
@in_virtual_time
async def test_silence_at_any_question_is_told_and_never_ends_the_call_unasked(entry: str) -> None:
    async with calling(ask(1, "question", entry=ENTRIES[entry])) as call:
        await SLEEP(200)
        assert call.told[0] in (("silence", ""), ("recording", "empty"))
        assert {kind for kind, _ in call.told[1:]} == {"silence"}
        assert call.line.ended == ""


@in_virtual_time
async def test_nothing_is_heard_twice_when_keys_come_in_bursts() -> None:
    async with calling(*(ask(n, f"p{n}") for n in range(1, 9))) as call:
        for _ in range(7):
            await SLEEP(0.3)
            await call.press("1", gap=0)
        await SLEEP(5)
        assert call.heard == [f"p{n}" for n in range(1, 9)]
        assert HOLD not in call.heard
