"""Every question of every service on every channel: back, correction, leaving it and coming back, wrong
answers, and the same question after the call has ended. Pure: the real world plays the cells."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from dialogs.answers.base import Wrong
from dialogs.services import SERVICES
from dialogs.steps import Ask
from tests.conversations.services.pure import MENUS, TODAY, UNKNOWN, PureCustomer
from tests.conversations.services.truth import Choose, Write

CHANNELS = ("sms", "call", "telegram")
EVERYWHERE = [
    pytest.param(service, channel, id=f"{service} {channel}")
    for service in SERVICES
    for channel in CHANNELS
]
READ_BACK = ("form-check", "form-check-new")
WITHOUT_A_REQUEST = ("consumption_history", "payment_history", "track_request")


def straight(service: str, channel: str) -> PureCustomer:
    """Whoever asks for the service and answers everything."""
    customer = PureCustomer(service, channel)
    customer.open_service()
    customer.finish()
    return customer


@pytest.mark.parametrize(("service", "channel"), EVERYWHERE)
def test_nothing_is_asked_twice(service: str, channel: str) -> None:
    customer = straight(service, channel)
    assert [key for key, n in Counter(customer.answered).items() if n > 1] == []
    assert (
        bool(customer.fields) == (service not in WITHOUT_A_REQUEST)
        or not SERVICES[service].inputs[1:]
    )


@pytest.mark.parametrize(("service", "channel"), EVERYWHERE)
def test_back_at_every_question_loses_nothing(service: str, channel: str) -> None:
    customer = PureCustomer(service, channel)
    customer.open_service()
    gone_back: set[str] = set()

    def back(ask: Ask) -> bool:
        journal = customer.top.journal
        done = max((i for i, e in enumerate(journal) if e.kind == "done"), default=-1)
        can = any(e.kind == "answer" and i > done for i, e in enumerate(journal))
        if not can or ask.key in gone_back or ask.message in MENUS:
            return False
        gone_back.add(ask.key)
        customer.command("back")
        now = customer.question()
        assert now is not None
        assert now.key != ask.key, "back stayed where it was"
        customer.truth.given.clear()
        return True

    customer.finish(back)
    assert customer.fields == straight(service, channel).fields


@pytest.mark.parametrize(("service", "channel"), EVERYWHERE)
def test_every_answer_can_be_corrected_at_the_read_back(service: str, channel: str) -> None:
    whole = straight(service, channel)
    if not any(key.partition(".")[0] in READ_BACK for key in whole.answered):
        return
    inputs = SERVICES[service].inputs
    left = [one.key for one in inputs if one.key != "bill" and one.asked(whole.fields)]
    corrections = len(left)
    customer = PureCustomer(service, channel)
    customer.open_service()

    def correct(ask: Ask) -> bool:
        if ask.message not in READ_BACK or ".page" in ask.key or not left:
            return False
        wanted = left.pop(0)
        before = Counter(customer.answered)
        customer.truth.given.pop(wanted, None)
        customer.give(ask, Choose("no"))
        which = customer.question()
        while which is not None and which.message == "form-which":
            values = [option.value for option in which.answer.options]  # type: ignore[attr-defined]
            customer.give(which, Choose(wanted if wanted in values else "more"))
            which = customer.question()
        customer.finish(lambda ask: ask.message in READ_BACK and ".page" not in ask.key, stops=True)
        asked = Counter(customer.answered) - before
        own = [key for key in asked if key.partition(".")[0] not in (*READ_BACK, "voice-check")]
        # A list is one answer, asked in several questions.
        assert len({key.partition(":")[2].rstrip("123456789") for key in own}) == 1, own
        return True

    customer.finish(correct)
    fields: dict[str, Any] = dict(customer.fields)
    assert fields.pop("corrections", 0) == corrections
    said = {key: value for key, value in customer.truth.given.items() if value != "recording"}
    assert fields == whole.fields | said


@pytest.mark.parametrize("channel", ["sms", "telegram"])
@pytest.mark.parametrize("service", SERVICES)
def test_whoever_leaves_a_question_comes_back_to_it_by_resume(service: str, channel: str) -> None:
    customer = PureCustomer(service, channel)
    customer.open_service()
    left: set[str] = set()

    def leave(ask: Ask) -> bool:
        if ask.key in left or not any(e.kind == "answer" for e in customer.top.journal):
            return False
        left.add(ask.key)
        customer.command("menu")
        customer.command("resume")
        now = customer.question()
        assert now is not None
        assert now.key == ask.key
        return False

    customer.finish(leave)
    assert customer.fields == straight(service, channel).fields


@pytest.mark.parametrize("channel", ["sms", "telegram"])
@pytest.mark.parametrize("service", SERVICES)
def test_what_was_cancelled_can_be_begun_again(service: str, channel: str) -> None:
    questions = straight(service, channel).answered
    customer = PureCustomer(service, channel)
    customer.open_service()
    customer.finish(lambda ask: ask.key == questions[-1], stops=True)
    assert "cancelled" in customer.command("cancel")
    assert customer.flows == []
    assert not customer.submitted()
    customer.truth.given.clear()
    customer.open_service()
    customer.finish()
    assert customer.fields == straight(service, channel).fields


WATER, GAS, MISREAD = "123456704112", "123456704139", "9985235404125"
BAD = (
    " ",
    "؟!",
    "αβγδ",
    "سلام",
    "7",
    "1" * 40,
    "9" * 900,
    "سلام " * 190,
    WATER,
    GAS,
    MISREAD,
    UNKNOWN,
    "09123456789",
    "1405/13/45",
    "2025/01/01",
    "3.5",
    "0499370890",
)
"""Empty, signs, another script, a word, too short, too long, a bill of water and of gas, one with a wrong
digit, an unknown one, a mobile, no date, a Gregorian one, a fraction, a national id with a wrong digit."""
KEYED = [text for text in BAD if text.isdecimal() and len(text) <= 13]
FREE = ("text", "voice")
PROOF = ("code", "person-id")
OF_CHATS = (*PROOF, "ask-document")
"""What may be asked first where a call goes on."""
OF_CALLS = ("form-long", "voice-check")
"""Questions that nobody is asked in writing."""


@pytest.mark.parametrize(("service", "channel"), EVERYWHERE)
def test_a_wrong_answer_is_explained_and_the_question_stays(service: str, channel: str) -> None:
    customer = PureCustomer(service, channel)
    customer.open_service()
    tried: set[str] = set()
    previous = [" "]

    def err(ask: Ask) -> bool:
        if ask.key in tried or ask.message in MENUS:
            return False
        tried.add(ask.key)
        customer.state.turns = 0  # nobody is that clumsy in one session
        texts = (*(KEYED if channel == "call" else BAD), previous[0])
        wrong = [text for text in texts if _is_wrong(ask, text)]
        assert wrong or ask.answer.type in FREE, f"nothing is wrong for {ask.key}"
        # On the phone the third one calls an operator; elsewhere it is only offered.
        for text in wrong[:2] if channel == "call" else wrong:
            journal = customer.journal()
            customer.write(text)
            said = [prompt for prompt in customer.prompts if prompt.kind == "wrong"]
            assert said, f"{text[:20]!r} is not explained: {customer.prompts}"
            assert all(customer.text_of(prompt) for prompt in said)
            now = customer.question()
            assert now is not None
            assert now.key == ask.key, f"{text[:20]!r} leads to {now.key}"
            assert customer.journal() == journal
        if channel == "telegram":
            _send_a_file_in_vain(customer, ask)
        reply = customer.reply(ask)
        previous[0] = reply.text if isinstance(reply, Write) else " "
        customer.truth.given.pop(str(ask.args.get("field", "")).partition(":")[2], None)
        return False

    customer.finish(err)
    assert tried


def _send_a_file_in_vain(customer: PureCustomer, ask: Ask) -> None:
    """A document of a type that nobody can read; at a question that takes none, any."""
    text = "!type:1" if ask.answer.takes_files else "b" * 32
    said = customer.enter(customer._event("files", text=text))
    assert ("wrong-photo-type" if ask.answer.takes_files else "photo-kept") in said
    now = customer.question()
    assert now is not None
    assert now.key == ask.key


def _is_wrong(ask: Ask, text: str) -> bool:
    try:
        ask.answer.parse(text, today=TODAY)
    except Wrong:
        return True
    return False


@pytest.mark.parametrize("then", ["sms", "telegram"])
@pytest.mark.parametrize("service", SERVICES)
def test_what_a_call_left_open_goes_on_in_writing_at_the_same_question(
    service: str, then: str
) -> None:
    whole = straight(service, "call")
    own = [key for key in whole.answered if key.partition(".")[0] not in MENUS]
    for number, key in enumerate(own[1:], 1):
        customer = PureCustomer(service, "call")
        ask = customer.finish(lambda ask, key=key: ask.key == key, stops=True)
        if ask is None:
            continue
        said = customer.hang_up()
        assert "call-dropped" in said, f"nothing is said of {key}"
        answered = set(customer.answered)
        customer.answered.clear()
        customer.channel = then
        if then == "telegram":
            customer.state.accounts[f"telegram:{customer.state.address}"] = customer.now
        customer.truth.is_spoken = False
        customer.write("ادامه")
        now = customer.finish(lambda ask: ask.message not in OF_CHATS, stops=True)
        if ask.message not in (*OF_CALLS, *PROOF):
            assert now is not None, f"nothing is asked after {key}"
            assert now.message == ask.message, f"{now.key} is asked, not {key}"
        customer.finish()
        again = answered & set(customer.answered) - set(PROOF)
        assert not again, f"after {number} answers {again} were asked again"
        assert bool(customer.submitted()) == bool(whole.submitted())
