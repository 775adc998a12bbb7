"""Silence and return, limits of a session, opting out, and the stored blob."""

from __future__ import annotations

import msgspec
import pytest

from dialogs import limits
from dialogs.session import Conversation, Entry, Frame, Profile, decode, encode
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import three
from tests.dialogs.talk import BILL, PHONE, Talk, progress

IDLE = limits.SESSION_IDLE + 1.0


@pytest.fixture
def talk() -> Talk:
    """A reading that waits for its figure."""
    talk = Talk()
    assert talk.say(f"قرائت {BILL}") == ["reading"]
    return talk


def test_after_silence_the_customer_is_asked_whether_to_go_on(talk: Talk) -> None:
    assert talk.say("1060", after=IDLE) == ["resume-offer"]
    assert talk.prompts[0].args == {"service": "submit_meter_reading"}
    assert talk.say("1") == ["reading"]
    assert talk.say("1060") == ["reading-check"]


def test_whoever_does_not_go_on_starts_over(talk: Talk) -> None:
    talk.say("سلام", after=IDLE)
    assert talk.say("2") == ["menu"]
    assert talk.flows == ["main_menu"]


def test_a_wish_after_silence_is_not_held_up_by_the_offer(talk: Talk) -> None:
    assert talk.say("پیگیری", after=IDLE) == ["track"]
    assert talk.say("ادامه") == ["reading"], "nothing was answered in the wish"


def test_declining_by_cancel_drops_what_was_offered(talk: Talk) -> None:
    talk.say("سلام", after=IDLE)
    assert talk.say("انصراف") == ["cancelled"]
    assert talk.flows == []


def test_what_nobody_comes_back_to_is_forgotten(talk: Talk) -> None:
    assert talk.say("سلام", after=limits.RESUME_WINDOW + 1.0) == ["menu"]
    assert talk.flows == ["main_menu"]


def test_a_flow_without_an_answer_is_not_offered() -> None:
    talk = Talk()
    talk.say("قرائت")
    assert talk.say("سلام", after=IDLE) == ["menu"]


def test_short_silence_changes_nothing(talk: Talk) -> None:
    assert talk.say("1060", after=limits.SESSION_IDLE - 1.0) == ["reading-check"]


def test_too_many_turns_are_said_once_and_then_nothing_until_silence(define: Define) -> None:
    talk = Talk()
    for _ in range(limits.TURNS_PER_SESSION):
        assert talk.say("سلام") != []
    assert talk.say("سلام") == ["too-many-turns"]
    assert talk.say("سلام") == []
    assert talk.say("سلام", after=IDLE) == ["menu"]


def test_opting_out_is_confirmed_once_and_silences_the_news() -> None:
    talk = Talk()
    assert talk.opt("opt_out") == ["opted-out"]
    assert talk.opt("opt_out") == []
    assert talk.bring(progress(status="rejected", reason="other")) == []
    assert talk.say("سلام") == ["menu"], "who writes is answered"
    assert talk.opt("opt_in") == ["opted-in"]
    assert talk.bring(progress(status="rejected", reason="other")) == ["news-rejected"]


def test_a_message_of_any_length_and_kind_is_answered() -> None:
    for text in ("", "\x00", "‏", "😀" * 50, "\ud7ff", "1" * 5000):
        assert Talk().say(text) == ["menu"]
    assert Talk().say("ا" * 100_000)[0] == "not-understood"


def test_a_conversation_is_the_same_after_it_was_stored(define: Define) -> None:
    define("x", three)
    talk = Talk(stored=False)
    talk.open("x")
    talk.say("1")
    assert decode(encode(talk.state)) == talk.state


def test_a_blob_of_newer_code_is_read_without_what_is_unknown() -> None:
    blob = msgspec.json.decode(encode(Conversation("c", "sms", PHONE, Profile())))
    blob["invented later"] = {"x": 1}
    assert decode(msgspec.json.encode(blob)).id == "c"


@pytest.mark.parametrize("blob", [b"", b"null", b"{}", b"\xff\xfe", b'{"id": 1}'])
def test_a_blob_that_no_code_wrote_is_an_error(blob: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode(blob)


def test_a_small_conversation_takes_little_room() -> None:
    state = Conversation("c", "sms", PHONE, Profile())
    state.frames.append(Frame("u", "f", journal=[Entry("q", 1, "answer")]))
    assert len(encode(state)) < 300
