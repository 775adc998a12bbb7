"""Messengers in the pure core: buttons, contacts, files, and two conversations that become one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dialogs import limits
from dialogs.answers.base import UNWRITTEN
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.session import Conversation, Profile
from dialogs.steps import Forget, Link, Match, Remember, SendCode
from tests.dialogs.talk import BILL, NOON, PHONE, RIGHT_CODE, Talk, utility

CHAT = "5000000001"
ACCOUNT = f"telegram:{CHAT}"
FILE = "a" * 32
SUBSCRIPTION = {
    "bill_id": BILL,
    "company": "041",
    "tariff": "household",
    "registers": [{"id": "total", "digits": 6}],
}


class ChatTalk(Talk):
    """A talk in a messenger. ``registered`` is whether the account's number is the bill's."""

    def __init__(self, conversation: str = ACCOUNT, *, registered: bool = False) -> None:
        super().__init__(self._answer)
        self.registered = registered
        self.state = Conversation(conversation, "telegram", CHAT, Profile(), started=NOON)

    def _answer(self, effect: Effect) -> Any:
        if isinstance(effect.step, Match):
            return self.registered
        if getattr(effect.step, "resource", "") == "subscription":
            return SUBSCRIPTION
        return utility(effect)

    def _event(self, kind: Any, **fields: Any) -> Event:
        id_ = f"event-{next(self._ids)}"
        return Event(kind=kind, id=id_, channel="telegram", address=CHAT, at=self.now, **fields)

    def does(self, kind: str, text: str = "", *, after: float = 1.0, **fields: Any) -> list[str]:
        self.now += after
        return self.enter(self._event(kind, text=text, **fields))

    def press(self, what: str, asked: str | None = None) -> list[str]:
        return self.does("press", what, asked=self.turn.asked if asked is None else asked)

    def join(self, luggage: Conversation) -> list[str]:
        return self.does("joined", joins=luggage)


def linked() -> ChatTalk:
    """A chat whose account has proved its number."""
    talk = ChatTalk(PHONE)
    talk.state.accounts[ACCOUNT] = NOON
    return talk


def to_confirmation(talk: Talk) -> None:
    talk.say(f"قرائت {BILL} 1060")
    assert talk.prompts[-1].message == "reading-check"


# -- buttons --------------------------------------------------------------------------------------


def test_a_button_answers_its_question() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    talk.press("1")
    assert len(talk.submitted()) == 1


def test_a_button_of_an_older_question_does_nothing_and_is_told_so() -> None:
    talk = ChatTalk()
    talk.say("منو")
    menu = talk.turn.asked
    to_confirmation(talk)
    assert talk.press("1", asked=menu) == []
    assert talk.turn.stale
    assert not talk.submitted()
    talk.press("1", asked=talk.top.question)
    assert len(talk.submitted()) == 1


def test_a_question_with_other_figures_is_another_question() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    first = talk.turn.asked
    talk.press("2")
    talk.say("1070")
    assert talk.prompts[-1].message == "reading-check"
    talk.press("1", asked=first)
    assert talk.turn.stale
    assert not talk.submitted()


def test_a_double_tap_confirms_once() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    question = talk.turn.asked
    talk.press("1")
    talk.press("1", asked=question)
    assert talk.turn.stale
    assert len(talk.submitted()) == 1


def test_a_button_pressed_when_nothing_is_asked_is_stale() -> None:
    talk = ChatTalk()
    talk.press("1", asked="0123456789ab")
    assert talk.turn.stale


def test_the_menu_can_be_opened_from_under_any_message() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    assert talk.press("command:menu", asked="0123456789ab") == ["menu"]
    assert talk.press("command:resume", asked="")[-1] == "reading-check"


def test_back_under_an_older_question_is_stale() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    talk.press("command:back", asked="0123456789ab")
    assert talk.turn.stale
    assert talk.press("command:back", asked=talk.top.question) == ["reading"]


# -- the phone number -----------------------------------------------------------------------------


def test_who_shares_the_own_contact_moves_to_the_conversation_of_that_number() -> None:
    talk = ChatTalk()
    talk.does("contact", PHONE)
    assert talk.turn.moves_to == PHONE
    there = ChatTalk(PHONE)
    assert there.join(talk.state) == ["phone-linked"]
    assert there.state.accounts.keys() == {ACCOUNT}
    assert there.state.owned == PHONE
    assert [step for step in there.effects if isinstance(step, Link)] == [Link(PHONE)]


def test_a_contact_of_somebody_else_proves_nothing_and_the_question_stays() -> None:
    talk = ChatTalk()
    talk.say("منو")
    assert talk.does("contact", "") == ["phone-foreign", "menu"]
    assert not talk.turn.moves_to


def test_nobody_can_write_what_a_shared_contact_looks_like() -> None:
    talk = ChatTalk()
    talk.open("link_phone")
    talk.say(UNWRITTEN + PHONE)
    assert not talk.turn.moves_to
    assert [step.of for step in talk.effects if isinstance(step, SendCode)] == [PHONE]


def test_a_number_that_is_written_is_proved_by_a_code() -> None:
    talk = ChatTalk()
    talk.open("link_phone")
    assert talk.say("09120000001") == ["phone-code-sent", "code"]
    assert talk.say("54321") == ["code-wrong", "code"]
    talk.say(RIGHT_CODE)
    assert talk.turn.moves_to == PHONE


def test_what_was_begun_by_sms_goes_on_in_the_chat() -> None:
    sms = Talk()
    sms.say(f"قرائت {BILL}")
    there = ChatTalk(PHONE)
    there.state = sms.state
    chat = ChatTalk()
    chat.does("contact", PHONE)
    assert there.join(chat.state) == ["phone-linked", "back-to", "reading"]
    there.say("1060")
    there.press("1")
    assert len(there.submitted()) == 1


def test_what_needs_the_number_goes_on_by_itself_once_it_is_shared() -> None:
    talk = ChatTalk()
    assert talk.say(f"پرداخت {BILL}") == ["phone-ask"]
    talk.does("contact", PHONE)
    there = ChatTalk(PHONE, registered=True)
    assert there.join(talk.state) == ["phone-linked", "payments-none"]
    assert not any(isinstance(step, SendCode) for step in there.effects)


def test_another_number_than_the_registered_one_still_needs_a_code() -> None:
    talk = linked()
    assert talk.say(f"پرداخت {BILL}") == ["code-sent", "code"]


def test_what_an_account_proved_does_not_count_for_messages_in_its_numbers_name() -> None:
    talk = linked()
    talk.registered = True
    assert talk.say(f"پرداخت {BILL}") == ["payments-none"]
    by_sms = Talk()
    by_sms.state, by_sms.now = talk.state, talk.now
    assert by_sms.say(f"پرداخت {BILL}") == ["code-sent", "code"]


def test_the_names_and_files_of_a_chat_come_along() -> None:
    chat = ChatTalk()
    chat.state.profile.subscriptions, chat.state.profile.names = [BILL], {BILL: "خانه"}
    chat.does("files", FILE)
    chat.does("contact", PHONE)
    there = ChatTalk(PHONE)
    there.join(chat.state)
    assert there.state.profile.names == {BILL: "خانه"}
    assert list(there.state.files) == [FILE]


def test_an_account_with_another_number_than_before_moves_alone() -> None:
    talk = linked()
    talk.say(f"قرائت {BILL}")
    talk.does("contact", "+989120000002")
    assert talk.turn.moves_to == "+989120000002"
    assert talk.flows == ["submit_meter_reading", "link_phone"]


# -- files ----------------------------------------------------------------------------------------


def unusual(talk: Talk) -> None:
    """Up to the question for a photo of the meter."""
    talk.say(f"قرائت {BILL} 9000")
    talk.say("1")
    assert talk.prompts[-1].message == "reading-photo"


def test_a_photo_of_an_unusual_figure_goes_with_the_request() -> None:
    talk = ChatTalk()
    unusual(talk)
    assert talk.does("files", FILE) == ["reading-check"]
    talk.press("1")
    (request,) = talk.submitted()
    assert request.fields["documents"] == [{"kind": "meter_photo", "attachment": FILE}]


def test_a_photo_may_be_left_out() -> None:
    talk = ChatTalk()
    unusual(talk)
    talk.press("1")
    talk.press("1")
    (request,) = talk.submitted()
    assert "documents" not in request.fields


@pytest.mark.parametrize("trouble", limits.FILE_TROUBLE)
def test_a_file_that_cannot_be_used_is_asked_for_again(trouble: str) -> None:
    talk = ChatTalk()
    unusual(talk)
    assert talk.does("files", f"!{trouble}:1") == [f"wrong-photo-{trouble}", "reading-photo"]
    assert talk.does("files", FILE) == ["reading-check"]


def test_words_where_a_photo_is_wanted_are_no_answer() -> None:
    talk = ChatTalk()
    unusual(talk)
    assert talk.say("دوربینش خراب است")[0] == "wrong-photo-missing"


def test_a_photo_at_the_wrong_moment_is_kept_and_offered_later() -> None:
    talk = ChatTalk()
    talk.say("منو")
    assert talk.does("files", FILE) == ["photo-kept", "menu"]
    unusual(talk)
    talk.press("1")
    talk.press("1")
    (request,) = talk.submitted()
    assert request.fields["documents"] == [{"kind": "meter_photo", "attachment": FILE}]


def test_a_kept_photo_is_not_offered_after_an_hour() -> None:
    talk = ChatTalk()
    talk.does("files", FILE)
    talk.now += limits.FILES_KEPT
    unusual(talk)
    (answer,) = [prompt.answer for prompt in talk.prompts if prompt.answer is not None]
    assert [option.value for option in getattr(answer, "options", ())] == ["skip"]


def test_only_the_last_few_files_are_kept() -> None:
    talk = ChatTalk()
    for number in range(limits.FILES + 3):
        talk.does("files", f"{number:032x}")
    assert len(talk.state.files) == limits.FILES


# -- everything else ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["sticker", "location", "voice", "edited"])
def test_what_cannot_be_read_is_said_and_the_question_stays(what: str) -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    assert talk.does("unreadable", what) == ["cannot-read", "reading-check"]
    talk.press("1")
    assert len(talk.submitted()) == 1


def test_start_greets_and_opens_the_menu() -> None:
    assert ChatTalk().does("command", "start") == ["welcome", "menu"]


def test_start_offers_what_was_left_unfinished() -> None:
    talk = ChatTalk()
    to_confirmation(talk)
    assert talk.does("command", "start") == ["welcome", "resume-offer"]
    assert talk.press("1")[-1] == "reading-check"


def test_a_deep_link_follows_its_request() -> None:
    talk = ChatTalk()
    assert talk.does("open", "track_request 1000000005")[0] == "track-unknown"


def test_the_menu_of_a_chat_also_has_what_the_customer_keeps_here() -> None:
    assert own_menu(ChatTalk()) >= {"track_request", "subscriptions", "link_phone"}
    assert "link_phone" not in own_menu(linked()), "its number is known"


def own_menu(talk: ChatTalk) -> set[str]:
    """What the last group of the main menu offers."""
    talk.say("منو")
    talk.say(str(len(talk.prompts[-1].answer.options)))  # type: ignore[union-attr]
    return {option.value for option in talk.prompts[-1].answer.options}  # type: ignore[union-attr]


def test_subscriptions_are_added_named_and_removed() -> None:
    talk = ChatTalk()
    talk.open("subscriptions")
    talk.say(BILL)
    assert talk.say("خانه") == ["subscription-added"]
    assert talk.state.profile.names == {BILL: "خانه"}
    talk.open("subscriptions")
    talk.press("1")
    talk.press("1")
    assert talk.say("مغازه") == ["subscription-renamed"]
    assert [s.name for s in talk.effects if isinstance(s, Remember)] == ["خانه", "مغازه"]
    talk.open("subscriptions")
    talk.press("1")
    assert talk.press("2") == ["subscription-removed"]
    assert talk.state.profile.subscriptions == []
    assert [step for step in talk.effects if isinstance(step, Forget)] == [Forget(BILL)]


def test_a_subscription_is_chosen_by_its_name() -> None:
    talk = ChatTalk()
    talk.state.profile.subscriptions, talk.state.profile.names = [BILL], {BILL: "خانه"}
    talk.say("قرائت")
    assert talk.prompts[-1].message == "bill-saved"
    assert talk.say("خانه") == ["reading"]


def test_a_chat_that_cannot_be_reached_gets_its_news_by_sms() -> None:
    talk = linked()
    talk.does("unreachable", "قبض شما صادر شد.")
    assert talk.turn.written == ("قبض شما صادر شد.",)
    assert (talk.state.channel, talk.state.address) == ("sms", PHONE)


def test_a_chat_without_a_number_that_cannot_be_reached_stays_as_it_is() -> None:
    talk = ChatTalk()
    talk.does("unreachable", "قبض شما صادر شد.")
    assert talk.turn.written == ()
    assert talk.state.channel == "telegram"


def test_the_state_of_before_the_messenger_is_still_understood() -> None:
    old = msgspec.json.encode(
        {
            "id": PHONE,
            "channel": "sms",
            "address": PHONE,
            "profile": {},
            "challenge": {"bill_id": BILL, "seal": "s", "expires": 1.0},
        }
    )
    found = msgspec.json.decode(old, type=Conversation)
    assert found.challenge is not None
    assert found.challenge.of == BILL


def test_nobody_can_write_what_a_file_looks_like() -> None:
    talk = ChatTalk()
    unusual(talk)
    assert talk.say(FILE)[0] == "wrong-photo-missing"
    assert talk.say(UNWRITTEN + FILE)[0] == "wrong-photo-missing"


def test_files_that_were_not_taken_are_told_of() -> None:
    talk = ChatTalk()
    assert talk.does("files", f"{FILE} !large:1 !many:5")[:2] == ["files-left-out"] * 2
    assert [p.args for p in talk.prompts[:2]] == [
        {"count": 1, "why": "large"},
        {"count": 5, "why": "many"},
    ]
    assert list(talk.state.files) == [FILE]


def test_of_more_files_than_a_question_takes_the_first_ones_count() -> None:
    talk = ChatTalk()
    unusual(talk)
    files = [f"{number:032x}" for number in range(5)]
    assert talk.does("files", " ".join(files)) == ["files-left-out", "reading-check"]
    talk.press("1")
    (request,) = talk.submitted()
    assert [d["attachment"] for d in request.fields["documents"]] == files[:3]
