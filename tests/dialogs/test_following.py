"""A request after it was filed: the answer to terms, quiet hours, where news go, tracking, settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from dialogs import limits
from dialogs.effects import Effect
from dialogs.messages import MESSAGES
from dialogs.services import CATALOGUE
from dialogs.session import Frame
from dialogs.steps import Look, MyRequests, SendCode, Submit
from dialogs.touching import HELD_TIMER
from dialogs.values import Bill, Progress
from tests.dialogs.conftest import Define
from tests.dialogs.small_flows import three
from tests.dialogs.talk import BILL, NOON, PHONE, RIGHT_CODE, Talk, progress, utility
from tests.dialogs.test_calls import PhoneTalk
from tests.dialogs.test_touching import CHAT, FILE, SUBSCRIPTION, ChatTalk, linked

CODE, OTHER, REPLY = "1000000005", "1000000018", "1000000029"
SERVICE = "increase_power"
DAY = dt.date(2026, 9, 21)
NIGHT = 3 * 3600.0
"""Seconds that the quiet hours of these tests still last."""


def at(stage: str, service: str = SERVICE, code: str = CODE, **fields: Any) -> Progress:
    keys = [one.key for one in CATALOGUE[service].stages]
    number = keys.index(stage) + 1
    return progress(code, **{"stage": number, "stages": len(keys), **fields})


ASKS = at("terms_announced", cost=1_200_000)
VISIT = at("site_visit", scheduled_on=DAY)


def filed(news: Progress, service: str = SERVICE, **fields: Any) -> dict[str, Any]:
    shown = {"service": service, "submitted_on": "2026-09-01", "progress": news, "bill_id": BILL}
    return msgspec.to_builtins({**shown, "tracking_code": news.tracking_code, **fields})  # type: ignore[no-any-return]


class Own:
    """A host whose database holds ``requests``, newest first."""

    def __init__(self, *requests: dict[str, Any]) -> None:
        self.requests = requests

    def __call__(self, effect: Effect) -> Any:
        step = effect.step
        if isinstance(step, MyRequests):
            return list(self.requests)
        if isinstance(step, Look):
            found = [r for r in self.requests if r["tracking_code"] == step.tracking_code]
            return found[0] if found else {"failed": "missing"}
        if isinstance(step, Submit):
            return REPLY
        return utility(effect)


def replies(talk: Talk) -> list[Any]:
    return [step.fields for step in talk.submitted() if step.service == "reply_to_terms"]


def text(talk: Talk) -> str:
    return "\n".join(
        MESSAGES.text(line.message, "sms", "fa", line.args)
        for prompt in talk.prompts
        for line in (prompt, *prompt.rows)
    )


# -- the answer to terms ---------------------------------------------------------------------------


def test_terms_are_asked_at_once_where_nothing_else_is_open() -> None:
    talk = Talk(Own())
    assert talk.bring(ASKS, SERVICE) == ["terms"]
    assert talk.say("1") == []
    assert replies(talk) == [{"request": CODE, "agrees": True}]
    assert talk.bring(progress(REPLY, status="completed"), "reply_to_terms") == ["terms-agreed"]
    assert talk.flows == []


@pytest.mark.parametrize("word", ["موافقم", "موافق", "بله", "قبول دارم", "I agree"])
def test_agreement_has_many_words(word: str) -> None:
    talk = Talk()
    talk.bring(ASKS, SERVICE)
    talk.say(word)
    assert replies(talk) == [{"request": CODE, "agrees": True}]


@pytest.mark.parametrize("word", ["2", "موافق نیستم", "مخالفم", "نه"])
def test_a_refusal_is_asked_twice_because_it_ends_the_request(word: str) -> None:
    talk = Talk()
    talk.bring(ASKS, SERVICE)
    assert talk.say(word) == ["terms-decline"]
    assert talk.say("2") == ["terms"], "it was a slip"
    talk.say(word)
    assert replies(talk) == []
    talk.say("1")
    assert replies(talk) == [{"request": CODE, "agrees": False}]


@pytest.mark.parametrize("silence", [60.0, 5 * 3600.0, 3 * limits.DAY])
def test_the_answer_that_comes_hours_or_days_later_still_answers(silence: float) -> None:
    talk = Talk()
    talk.say("سلام")
    talk.now += 30 * limits.DAY
    assert talk.bring(ASKS, SERVICE) == ["terms"]
    talk.say("1", after=silence)
    assert replies(talk) == [{"request": CODE, "agrees": True}]


def test_after_the_window_of_all_dialogs_the_question_is_over() -> None:
    talk = Talk()
    talk.bring(ASKS, SERVICE)
    assert talk.say("سلام", after=limits.RESUME_WINDOW + 1.0) == ["menu"]


def test_a_first_answer_that_is_none_does_not_lose_the_question() -> None:
    talk = Talk()
    talk.bring(ASKS, SERVICE)
    assert talk.say("زرد", after=7200.0) == ["wrong-yes_no-unclear", "terms"]
    talk.say("1", after=7200.0)
    assert replies(talk) == [{"request": CODE, "agrees": True}]


def test_what_the_customer_left_half_way_lies_below_the_question(define: Define) -> None:
    define("submit_meter_reading", three)
    talk = Talk(Own())
    talk.open("submit_meter_reading")
    talk.say("1")
    talk.now += 2 * limits.DAY
    assert talk.bring(ASKS, SERVICE) == ["terms"]
    talk.say("1", after=3600.0)
    assert talk.ring(talk.turn.timers[0].name) == ["terms-agreed", "back-to", "q"]
    assert talk.journal() == [("q.a", 1)]


def test_continue_goes_back_to_what_was_left_half_way(define: Define) -> None:
    define("submit_meter_reading", three)
    talk = Talk()
    talk.open("submit_meter_reading")
    talk.say("1")
    talk.now += 2 * limits.DAY
    talk.bring(ASKS, SERVICE)
    assert talk.say("ادامه", after=3600.0) == ["q"]
    assert talk.flows == ["submit_meter_reading"]


def test_terms_do_not_come_between_a_question_and_its_answer() -> None:
    talk = Talk()
    talk.say(f"قرائت {BILL}")
    assert talk.bring(ASKS, SERVICE) == ["news-agreement"]
    assert talk.say("1060") == ["reading-check"]


def test_a_repeated_event_asks_nothing_twice() -> None:
    talk = Talk()
    talk.bring(ASKS, SERVICE)
    assert talk.bring(ASKS, SERVICE) == []


def test_nothing_is_asked_on_a_live_call_and_nothing_asked_before_is_read_out() -> None:
    talk = PhoneTalk()
    talk.bring(ASKS, SERVICE)
    assert talk.flows == ["terms"]
    assert "terms" not in talk.dial(after=3600.0)
    assert talk.bring(at("terms_announced", code=OTHER, cost=5), SERVICE) == []
    assert [prompt.message for prompt in talk.turn.aside] == ["news-agreement"]
    assert "terms" not in talk.flows


def test_after_a_call_the_question_comes_in_writing() -> None:
    talk = PhoneTalk()
    talk.dial()
    talk.state.frames[:] = [Frame("u", "anything_else")]
    talk._on_phone("hang_up")
    assert talk.bring(ASKS, SERVICE) == ["terms"]


def test_the_keyword_with_the_code_opens_the_question() -> None:
    talk = Talk(Own(filed(ASKS)))
    assert talk.say(f"موافقت {CODE}") == ["terms"]
    talk.say("1")
    assert replies(talk) == [{"request": CODE, "agrees": True}]


def test_the_keyword_alone_asks_who_only_writes_for_the_code() -> None:
    talk = Talk(Own(filed(ASKS)))
    assert talk.say("موافقت") == ["terms-code"]
    assert not any(isinstance(step, MyRequests) for step in talk.effects)
    assert talk.say(CODE) == ["terms"]


def test_the_keyword_finds_what_waits_for_an_account() -> None:
    talk = linked()
    talk._answers = Own(filed(VISIT, tracking_code=OTHER), filed(ASKS))
    assert talk.say("موافقت") == ["terms"]
    assert talk.prompts[0].args["code"] == CODE


def test_of_several_that_wait_one_is_chosen() -> None:
    talk = linked()
    other = at("terms_announced", code=OTHER, cost=7)
    talk._answers = Own(filed(other), filed(ASKS))
    assert talk.say("موافقت") == ["terms-which"]
    assert talk.say("2") == ["terms"]
    assert talk.prompts[0].args["code"] == CODE


def test_a_request_that_waits_for_nothing_is_told() -> None:
    talk = Talk(Own(filed(VISIT)))
    assert talk.say(f"موافقت {CODE}") == ["terms-none"]


def test_a_reply_that_comes_too_late_says_so() -> None:
    talk = Talk(Own())
    talk.bring(ASKS, SERVICE)
    talk.say("1")
    late = progress(REPLY, status="rejected", reason="not_waiting")
    assert talk.bring(late, "reply_to_terms") == ["news-reply-refused"]
    assert "دیگر منتظر پاسخ نیست" in text(talk)


# -- quiet hours -----------------------------------------------------------------------------------


def bring_at_night(talk: Talk, news: Progress, service: str = SERVICE) -> list[str]:
    until = NOON + 30 * limits.DAY + NIGHT
    event = talk._event("progress", progress=news, service=service, quiet_until=until)
    return talk.enter(event)


def asleep(talk: Talk) -> Talk:
    talk.say("سلام")
    talk.say("انصراف")
    talk.now = NOON + 30 * limits.DAY
    return talk


def test_news_of_the_night_come_in_the_morning_one_by_one_and_in_order() -> None:
    talk = asleep(Talk())
    assert bring_at_night(talk, VISIT) == []
    (timer,) = talk.turn.timers
    assert (timer.name, timer.due) == (HELD_TIMER, NOON + 30 * limits.DAY + NIGHT)
    assert bring_at_night(talk, at("refund", refund=5, code=OTHER)) == []
    assert talk.ring(HELD_TIMER, after=NIGHT) == ["news-scheduled"]
    (timer,) = talk.turn.timers
    assert talk.ring(HELD_TIMER, after=timer.due - talk.now) == ["news-refund"]
    assert talk.turn.timers == []
    assert talk.ring(HELD_TIMER) == []


def test_who_is_awake_is_told_at_once() -> None:
    talk = asleep(Talk())
    talk.say("سلام")
    assert bring_at_night(talk, VISIT) == ["news-scheduled"]
    talk.now += limits.AWAKE + 1.0
    assert bring_at_night(talk, at("refund", refund=5)) == []


def test_what_comes_after_held_news_waits_for_its_turn() -> None:
    talk = asleep(Talk())
    bring_at_night(talk, VISIT)
    talk.say("سلام")
    assert bring_at_night(talk, at("refund", refund=5)) == []
    (timer,) = talk.turn.timers
    assert timer.due == talk.now
    assert talk.ring(HELD_TIMER) == ["news-refund"], "the visit is over"


def test_a_question_of_the_night_is_asked_in_the_morning() -> None:
    talk = asleep(Talk())
    bring_at_night(talk, ASKS)
    assert talk.ring(HELD_TIMER, after=NIGHT) == ["terms"]
    talk.say("1", after=3600.0)
    assert replies(talk) == [{"request": CODE, "agrees": True}]


def test_what_is_over_by_the_morning_is_left_out() -> None:
    talk = asleep(Talk())
    pay = Bill(bill_id=BILL, payment_id="1234567890123", amount=1000, due=DAY)
    bring_at_night(talk, ASKS)
    bring_at_night(talk, at("fee_invoice_issued", bill=pay))
    assert talk.ring(HELD_TIMER, after=NIGHT) == ["news-bill"]
    assert talk.state.held == []


def test_who_opted_out_over_night_is_told_nothing() -> None:
    talk = asleep(Talk())
    bring_at_night(talk, VISIT)
    talk.opt("opt_out")
    assert talk.ring(HELD_TIMER, after=NIGHT) == []
    assert bring_at_night(talk, VISIT) == []
    assert talk.state.held == []


def test_what_the_customer_waits_for_comes_at_night() -> None:
    talk = Talk(Own())
    talk.bring(ASKS, SERVICE)
    talk.say("1")
    talk.now += limits.AWAKE + 60.0
    assert bring_at_night(talk, progress(REPLY), "reply_to_terms") == ["terms-agreed"]


def test_held_news_move_along_with_an_account() -> None:
    talk = ChatTalk()
    talk.now = NOON + 30 * limits.DAY
    bring_at_night(talk, VISIT)
    number = ChatTalk(PHONE)
    number.now = talk.now
    number.join(talk.state)
    assert [timer.name for timer in number.turn.timers] == [HELD_TIMER]
    assert [one.progress for one in number.state.held] == [VISIT]


# -- where news go ---------------------------------------------------------------------------------


def test_news_go_where_the_customer_chose() -> None:
    talk = linked()
    talk.say("سلام")
    talk.state.profile.preferred = "sms"
    assert talk.bring(VISIT, SERVICE) == ["news-scheduled"]
    assert (talk.state.channel, talk.state.address) == ("sms", PHONE)
    talk.state.profile.preferred = "telegram"
    talk.bring(at("refund", refund=5), SERVICE)
    assert (talk.state.channel, talk.state.address) == ("telegram", CHAT)


@pytest.mark.parametrize("chosen", ["", "bale"])
def test_without_a_channel_that_can_be_reached_news_go_to_the_one_used_last(chosen: str) -> None:
    talk = linked()
    talk.say("سلام")
    talk.state.profile.preferred = chosen
    talk.bring(VISIT, SERVICE)
    assert (talk.state.channel, talk.state.address) == ("telegram", CHAT)


def test_news_do_not_turn_away_what_is_awaited_in_another_channel() -> None:
    talk = linked()
    talk._answers = Own()
    talk.bring(ASKS, SERVICE)
    talk.press("1")
    talk.state.profile.preferred = "sms"
    talk.bring(at("refund", refund=5, code=OTHER), SERVICE)
    assert talk.state.channel == "telegram"


# -- tracking --------------------------------------------------------------------------------------


def test_tracking_counts_the_usual_way_and_names_what_is_next() -> None:
    talk = Talk(Own(filed(VISIT, documents=["identity"])))
    assert talk.say(f"پیگیری {CODE}") == ["track-stage"]
    assert "مرحله ۳ از ۸: بازدید از محل" in text(talk)
    assert "گام بعدی: موافقت با شرایط و هزینه" in text(talk)
    assert "تاریخ مراجعه" in text(talk)


def test_a_side_way_has_a_title_and_no_number() -> None:
    aside = filed(at("refund", refund=700), documents=["identity"])
    talk = Talk(Own(aside))
    assert talk.say(f"پیگیری {CODE}") == ["track-aside"]
    assert "استرداد وجه" in text(talk)
    assert "۷۰۰" in text(talk)
    ended = filed(at("archived", status="completed"), documents=["identity"])
    assert Talk(Own(ended)).say(f"پیگیری {CODE}") == ["track-ended"]


@pytest.mark.parametrize("reason", ["withdrawn", "declined"])
def test_what_the_customer_ended_is_closed_and_not_refused(reason: str) -> None:
    talk = Talk(Own(filed(progress(CODE, status="rejected", reason=reason))))
    assert talk.say(f"پیگیری {CODE}") == ["track-closed"]


@pytest.mark.parametrize("status", ["submitted", "in_progress", "completed", "rejected"])
@pytest.mark.parametrize("stage", [0, 1, 99])
@pytest.mark.parametrize("service", ["a_service_of_last_year", SERVICE])
def test_a_request_that_the_catalogue_does_not_know_is_shown_all_the_same(
    service: str, stage: int, status: str
) -> None:
    talk = Talk(Own(filed(progress(CODE, stage=stage, status=status), service)))
    said = talk.say(f"پیگیری {CODE}")
    assert said[0].startswith("track-")
    assert "sorry" not in said


def test_a_request_that_waits_can_be_answered_where_it_is_tracked() -> None:
    talk = Talk(Own(filed(ASKS, documents=["identity"])))
    assert talk.say(f"پیگیری {CODE}") == ["track-stage", "track-do"]
    assert talk.say("1") == ["terms"]
    assert talk.say("1") == []
    assert replies(talk) == [{"request": CODE, "agrees": True}]


def test_missing_documents_are_named_where_they_cannot_be_sent() -> None:
    talk = Talk(Own(filed(VISIT)))
    assert talk.say(f"پیگیری {CODE}") == ["track-stage", "documents-missing"]
    assert "کارت ملی" in text(talk)


def test_missing_documents_are_taken_where_they_can_be_sent() -> None:
    talk = linked()
    talk._answers = Own(filed(VISIT))
    assert talk.say(f"پیگیری {CODE}") == ["track-stage", "track-do"]
    assert talk.say("1") == ["ask-document"]
    talk.does("files", FILE)
    (sent,) = [step for step in talk.submitted() if step.service == "send_documents"]
    assert sent.fields == {
        "request": CODE,
        "documents": [{"kind": "identity", "attachment": FILE}],
    }
    assert talk.say("سلام")[0] == "documents-sent"


def test_nothing_is_sent_where_no_file_came() -> None:
    talk = linked()
    talk._answers = Own(filed(VISIT))
    talk.say(f"پیگیری {CODE}")
    talk.say("1")
    assert talk.say("1") == ["documents-none"]
    assert talk.submitted() == []


# -- what is the customer's own --------------------------------------------------------------------


def test_own_requests_are_listed_after_a_code_to_the_own_number() -> None:
    talk = Talk(Own(filed(VISIT, documents=["identity"]), filed(at("refund"), code=OTHER)))
    talk._answers = Own(
        filed(VISIT, documents=["identity"]), filed(at("refund", code=OTHER), "increase_power")
    )
    assert talk.say("درخواست‌های من") == ["phone-code-sent", "code"]
    assert [step.of for step in talk.effects if isinstance(step, SendCode)] == [PHONE]
    assert talk.say(RIGHT_CODE) == ["my-requests"]
    assert talk.say("1") == ["track-stage"]


def test_a_wrong_code_shows_no_requests() -> None:
    talk = Talk(Own(filed(VISIT)))
    talk.say("my requests")
    assert talk.say("54321") == ["code-wrong", "code"]
    assert not any(isinstance(step, MyRequests) for step in talk.effects)


def test_a_number_that_is_withheld_shows_no_requests() -> None:
    talk = PhoneTalk("")
    talk.state.id = "call:1"
    talk.dial()
    talk.state.frames[:] = [Frame("u", "my_requests")]
    assert talk.command("repeat")[0] == "own-no-number"


def test_a_list_that_an_account_opened_is_not_read_on_by_who_writes_in_its_numbers_name() -> None:
    talk = linked()
    talk._answers = Own(filed(VISIT), filed(at("refund", code=OTHER)))
    assert talk.say("درخواست‌های من") == ["my-requests"]
    sms = Talk(talk._answers)
    sms.state, sms.now = talk.state, talk.now
    said = sms.say("1")
    assert "track-stage" not in said
    assert said[-1] == "code"


def test_who_has_no_requests_is_told_so() -> None:
    for talk, said in ((linked(), "my-requests-none"), (ChatTalk(), "my-requests-none-here")):
        talk._answers = Own()
        assert talk.say("درخواست‌های من") == [said]


def test_the_language_is_a_setting() -> None:
    talk = Talk()
    assert talk.say("تنظیمات") == ["settings"]
    talk.say("1")
    assert talk.say("2") == ["language-set"]
    assert talk.state.profile.language == "en"


def test_where_news_go_is_offered_to_who_has_a_choice() -> None:
    talk = linked()
    talk.say("تنظیمات")
    assert talk.say("2") == ["settings-news"]
    assert [option.value for option in talk.prompts[0].answer.options] == [  # type: ignore[union-attr]
        "last",
        "sms",
        "telegram",
    ]
    assert talk.say("2") == ["settings-saved"]
    assert talk.state.profile.preferred == "sms"
    alone = Talk()
    alone.say("settings")
    values = [option.value for option in alone.prompts[0].answer.options]  # type: ignore[union-attr]
    assert values == ["language", "erase"]


def test_the_customers_data_are_erased_after_a_warning_and_a_proof() -> None:
    talk = Talk()
    assert talk.say("پاک کردن اطلاعات من") == ["erase"]
    assert talk.say("1") == ["phone-code-sent", "code"]
    assert not talk.turn.erases
    assert talk.say(RIGHT_CODE) == ["erased"]
    assert talk.turn.erases


def test_who_thinks_better_of_it_loses_nothing() -> None:
    talk = linked()
    talk.say("erase my data")
    assert talk.say("2") == ["erase-not"]
    assert not talk.turn.erases


def test_on_the_phone_a_subscription_is_saved_without_a_name() -> None:
    talk = PhoneTalk()
    talk._answers = lambda effect: (
        SUBSCRIPTION if getattr(effect.step, "resource", "") == "subscription" else utility(effect)
    )
    talk.dial()
    talk.state.frames[:] = [Frame("u", "subscriptions")]
    assert talk.command("repeat") == ["bill"]
    assert talk.press(BILL)[0] == "subscription-saved"
    assert talk.state.profile.subscriptions == [BILL]
    talk.state.frames[:] = [Frame("v", "subscriptions")]
    assert talk.command("repeat") == ["subscriptions"]
    assert talk.press("1") == ["subscription-do"]
    assert talk.press("2")[0] == "subscription-removed"
    assert talk.state.profile.subscriptions == []
