"""The lines that a turn leaves in the transcript."""

from __future__ import annotations

import msgspec
import pytest

from bots.telegram.chat import Closed, Post, Pressed, Toast, encode
from dialogs.events import Event, Kind
from dialogs.store import Commit, Outbound
from gooya.clock import instant
from gooya.database.transcript import Direction, Line
from gooya.transcribing import HIDDEN, lines
from ivr.speech import Part, Speech
from ivr.speech import encode as encode_speech
from tests.gooya.house import PHONE, START


def written(
    event: Event, *outbound: Outbound, speech: Speech | None = None, secret: bool = False
) -> list[Line]:
    commit = Commit(
        conversation=PHONE, version=1, state=b"", mark=event.id, outbound=outbound, now=START
    )
    return list(lines(event, commit, speech, language="fa", secret=secret))


def event(text: str = "", kind: Kind = "text", channel: str = "sms", source: str = "") -> Event:
    return Event(
        kind=kind, id="m", channel=channel, address=PHONE, at=START, text=text, source=source
    )


def line(
    id_: str, channel: str, direction: Direction, text: str, segments: int = 0, whose: str = PHONE
) -> Line:
    return Line(
        conversation=whose,
        channel=channel,
        direction=direction,
        message_id=id_,
        text=text,
        segments=segments,
        at=instant(START),
    )


def test_a_text_and_its_answer_are_two_lines_and_the_answer_says_what_it_cost() -> None:
    answer = Outbound("a", "sms", PHONE, "الف" * 30, PHONE)
    assert written(event("سلام"), answer) == [
        line("m", "sms", "in", "سلام"),
        line("a", "sms", "out", "الف" * 30, segments=2),
    ]


@pytest.mark.parametrize("kind", ["opt_in", "opt_out", "timer"])
def test_an_opt_out_and_what_no_customer_did_are_no_lines(kind: Kind) -> None:
    assert written(event(kind=kind)) == []


def test_a_press_of_a_button_is_written_as_what_stood_on_it() -> None:
    source = msgspec.json.encode(Pressed("q", 1, "ثبت شود؟", "بله")).decode()
    assert written(event("yes", "press", "telegram", source)) == [
        line("m", "telegram", "in", "[بله]")
    ]


def test_a_secret_and_what_goes_to_another_number_are_not_to_be_read() -> None:
    code = Outbound("c", "sms", "+989120000009", "12345", "")
    assert [each.text for each in written(event("12345"), code, secret=True)] == [HIDDEN, HIDDEN]


def test_of_a_chat_only_the_posts_are_written_and_without_their_markup() -> None:
    acts = Post("<b>قبض</b> &amp; مهلت"), Closed(), Toast("q")
    sent = [Outbound(str(n), "telegram", "1", encode(act), PHONE) for n, act in enumerate(acts)]
    assert written(event(kind="timer"), *sent) == [line("0", "telegram", "out", "قبض & مهلت")]


def test_what_a_call_hears_is_written_in_words_whichever_process_says_it() -> None:
    speech = Speech(sequence=1, parts=(Part(("say/fa/سلام",)),))
    queued = Outbound("s", "call:node", "call", encode_speech(speech), PHONE)
    assert [
        (each.message_id, each.channel, each.text)
        for each in written(event(kind="timer"), queued, speech=speech)
    ] == [("m", "call", "سلام"), ("s", "call", "سلام")]
