"""The flow of every service that is a form: asks what nobody knows, reads it back, files it once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dialogs import limits
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.policy import Level
from dialogs.session import Entry, encode
from dialogs.steps import Alert, Fetch, HandOff, Identify, Look, Submit
from tests.dialogs.talk import BILL, NOON, RIGHT_CODE, Talk, progress, utility

NATIONAL_ID = "0012345679"
LEGAL_ID = "10380284790"
OTHER, THIRD = "9174639504124", "9403272004129"
FILE = "a" * 32
DEBT = {
    "bill_id": BILL,
    "as_of": "2026-09-21",
    "amount": 129_000,
    "payment_id": "12908190",
}


class FormTalk(Talk):
    """A talk with a utility that knows what the test says. ``proved`` is what the customer has proved
    for :data:`BILL`; resources are builtins by name, or ``{"failed": …}``."""

    def __init__(
        self, channel: str = "sms", *, proved: Level = Level.PUBLIC, **resources: Any
    ) -> None:
        self.channel, self.call = channel, ""
        super().__init__(self._answer)
        self.resources: dict[str, Any] = {
            "subscription": {"tariff": "household"},
            "holder": {},
            "open_requests": [],
            "debt": {**DEBT, "amount": 0},
        } | resources
        self.verdict = ""
        """To a national id, in place of the comparison."""
        if channel == "call":
            self.call = "node/1"
            self._enter("call")
        self.state.medium = self._event("text").medium
        if proved:
            self.state.proofs[BILL] = [float(proved), NOON + 10 * limits.PROOF_LIFE]

    def _answer(self, effect: Effect) -> Any:
        step = effect.step
        if isinstance(step, Identify):
            return self.verdict or ("right" if step.person_id == NATIONAL_ID else "wrong")
        if isinstance(step, HandOff):
            return "noted"
        if not isinstance(step, Fetch):
            return utility(effect)
        known = self.resources[step.resource]
        if step.resource == "subscription" and "failed" not in known:
            return {"bill_id": step.of, "company": "041", "registers": [], **known}
        return {"bill_id": step.of, **known} if step.resource == "holder" else known

    def _event(self, kind: Any, **fields: Any) -> Event:
        event = super()._event(kind, **fields)
        return msgspec.structs.replace(event, channel=self.channel, call=self.call)

    def _enter(self, kind: str, text: str = "") -> list[str]:
        asked = self.turn.asked if kind == "keys" else ""
        return self.enter(self._event(kind, text=text, asked=asked))

    def say(self, text: str, *, after: float = 1.0) -> list[str]:
        """What is written, or keyed in on the phone."""
        if not self.call:
            return super().say(text, after=after)
        self.now += after
        return self._enter("command", "repeat") if text == "تکرار" else self._enter("keys", text)

    def begin(self, service: str, bill: str = BILL) -> list[str]:
        """The service, and the subscription it is for."""
        self.open(service)
        return self.say(bill)

    def back(self) -> list[str]:
        return self._enter("command", "back")

    def send_file(self) -> list[str]:
        return self._enter("files", FILE)

    def speak(self) -> list[str]:
        return self._enter("recording", FILE)

    def rows(self) -> list[str]:
        """Keys of the inputs that the last message reads back."""
        return [key.partition(":")[2] for row in self._last_rows() if (key := row.get("field"))]

    def fetched(self, resource: str) -> int:
        """How often the utility was asked for it."""
        return sum(isinstance(s, Fetch) and s.resource == resource for s in self.effects)

    def _last_rows(self) -> list[dict[str, Any]]:
        return [row.args for row in self.prompts[-1].rows]

    @property
    def asked(self) -> str:
        """Key of the input or document that is asked for, else the question."""
        prompt = self.prompts[-1]
        name: str = prompt.args.get("field") or prompt.args.get("document") or prompt.message
        return name.rpartition(":")[2]

    @property
    def filed(self) -> dict[str, Any]:
        """Fields of the one request that was filed."""
        [request] = self.submitted()
        return request.fields


def proved(channel: str = "sms", **resources: Any) -> FormTalk:
    """Somebody who has proved everything that can be."""
    return FormTalk(channel, proved=Level.REGISTERED_MOBILE_AND_NATIONAL_ID, **resources)


# -- the way through ---------------------------------------------------------------------------


def test_what_the_service_is_and_needs_is_said_once_and_first() -> None:
    talk = proved()
    assert talk.open("meter_test") == ["form-info", "bill"]
    assert talk.prompts[0].args == {"service": "meter_test"}
    assert talk.say(BILL) == ["form-check"]


def test_a_form_without_questions_is_read_back_and_filed_with_its_receipt() -> None:
    talk = proved()
    talk.begin("meter_test")
    assert talk.submitted() == []
    talk.say("1")
    assert talk.submitted() == [Submit(service="meter_test", bill_id=BILL, fields={})]
    assert talk.bring(progress(), "meter_test") == ["form-done"]
    receipt = talk.prompts[0]
    assert receipt.keep
    assert receipt.args["code"] == "1000000005"
    assert receipt.rows[0].args == {"stage": "meter_test:2"}, "what happens next"


def test_a_caller_hears_the_receipt_in_brief_where_the_rest_comes_by_sms() -> None:
    talk = proved("call")
    talk.begin("meter_test")
    talk.say("1")
    assert talk.bring(progress(), "meter_test")[0] == "form-done"
    assert talk.prompts[0].brief == "form-done-brief"


@pytest.mark.parametrize("why", ["a landline", "no more SMS today"])
def test_a_caller_who_gets_no_sms_hears_the_whole_receipt(why: str) -> None:
    talk = proved("call")
    talk.begin("meter_test")
    talk.say("1")
    if why == "a landline":
        talk.state.address = "+982133334444"
    else:
        talk.state.segments = limits.SEGMENTS_PER_SESSION + 1
    assert talk.bring(progress(), "meter_test")[0] == "form-done"
    assert not talk.prompts[0].brief
    assert talk.prompts[0].rows


def test_a_caller_does_not_hear_what_the_utility_knew_itself() -> None:
    def read_back(channel: str) -> list[str]:
        talk = proved(channel)
        talk.begin("change_name")
        for text in ("1", NATIONAL_ID, "1360/01/01", "09121234567"):
            talk.say(text.replace("/", "") if channel == "call" else text)
        return talk.rows()

    assert "use" in read_back("sms")
    assert "use" not in read_back("call")


def test_a_receipt_does_not_wait_for_a_utility_that_takes_long() -> None:
    talk = proved()
    talk.begin("meter_test")
    talk.say("1")
    [wait] = talk.turn.timers
    assert talk.ring(wait.name, after=limits.OUTCOME_SECONDS) == ["form-done"]


def test_a_refusal_at_once_is_told_with_its_reason() -> None:
    talk = proved()
    talk.begin("meter_test")
    talk.say("1")
    refused = progress(status="rejected", reason="open_request")
    assert talk.bring(refused, "meter_test") == ["rejected"]
    assert talk.prompts[0].args["reason"] == "open_request"


def test_every_answer_is_asked_for_once_and_read_back() -> None:
    talk = proved()
    talk.begin("temporary_disconnection")
    asked = [talk.asked]
    for date in ("1405/8/1", "1405/9/1"):
        talk.say(date)
        asked.append(talk.asked)
    assert asked == ["from_date", "to_date", "form-check"]
    assert talk.rows() == ["from_date", "to_date"]
    talk.say("1")
    assert talk.filed == {"from_date": "2026-10-23", "to_date": "2026-11-22"}


def test_a_wrong_answer_is_named_and_asked_again() -> None:
    talk = proved()
    talk.begin("temporary_disconnection")
    assert talk.say("1405/13/1")[0].startswith("wrong-jalali_date-")
    assert talk.asked == "from_date"
    talk.say("1405/8/10")
    assert talk.say("1405/8/9")[0] == "wrong-jalali_date-too_early", "before its first day"


def test_conditions_leave_out_what_an_answer_made_needless() -> None:
    talk = proved()
    talk.begin("change_tariff")
    talk.say("1")
    assert talk.asked == "form-check", "a household has no licence"
    talk.say("1")
    assert talk.filed == {"use": "household"}

    talk = proved()
    talk.begin("change_tariff")
    asked = []
    for text in ("4", "نانوایی", "پروانه 123", "صمت", "1406/1/1"):
        asked.append(talk.asked)
        talk.say(text)
    assert asked == ["use", "activity", "licence", "licence_issuer", "licence_expires"]
    assert talk.asked == "form-check"


def test_a_form_that_has_no_subscription_asks_for_no_bill_and_no_proof() -> None:
    talk = FormTalk()
    talk.open("new_permanent_connection")
    assert talk.asked == "person"
    for text in ("1", NATIONAL_ID, "1360/1/1"):
        talk.say(text)
    assert talk.asked == "use", "the number the customer writes from is known"


# -- nothing is asked twice ---------------------------------------------------------------------


def test_what_the_utility_knows_is_not_asked_but_read_back_and_filed() -> None:
    talk = proved(holder={"shared": True})
    talk.begin("permanent_removal")
    assert talk.asked == "form-check"
    assert talk.rows() == ["shared"]
    talk.say("1")
    assert talk.filed == {"shared": True}


def test_what_the_utility_does_not_know_is_asked() -> None:
    talk = proved()
    talk.begin("permanent_removal")
    assert talk.asked == "shared"
    talk.say("2")
    assert talk.asked == "form-check"
    talk.say("1")
    assert talk.filed == {"shared": False}


def test_a_utility_that_is_away_makes_everything_asked_and_nothing_lost() -> None:
    away = {"failed": "away"}
    talk = proved(subscription=away, holder=away, open_requests=away, debt=away)
    talk.begin("permanent_removal")
    assert talk.asked == "shared"
    talk.say("1")
    talk.say("1")
    assert talk.filed == {"shared": True}


def test_a_tariff_that_is_no_option_of_the_question_is_asked() -> None:
    talk = proved(subscription={"tariff": "lighthouse"})
    talk.begin("change_name")
    for text in ("1", NATIONAL_ID, "1360/1/1", "09121234567"):
        talk.say(text)
    assert talk.asked == "use"


def test_a_legal_person_is_asked_for_the_representative_and_not_for_the_company() -> None:
    talk = proved(holder={"person": "legal", "legal_id": LEGAL_ID})
    talk.begin("increase_power")
    asked = []
    for text in ("مریم احمدی", NATIONAL_ID, "1405/12", "1405/6/1", "1", "32"):
        asked.append(talk.asked)
        talk.say(text)
    representative = ["representative_name", "representative_national_id"]
    assert asked == [*representative, "letter_number", "letter_date", "phases", "amperes"]
    talk.say("1")  # the first page of the read-back
    talk.say("1")
    assert talk.filed["company_id"] == LEGAL_ID
    assert talk.filed["person"] == "legal"
    assert talk.filed["letter_date"] == "2026-08-23"


def test_a_natural_person_is_asked_for_no_company() -> None:
    talk = proved()
    talk.begin("increase_power")
    assert talk.asked == "phases"
    talk.say("1")
    talk.say("32")
    assert talk.rows() == ["person", "phases", "amperes"]


def test_nothing_is_looked_up_or_asked_twice_in_one_conversation() -> None:
    talk = proved()
    talk.begin("increase_power")
    talk.say("1")
    talk.say("32")
    for text in ("2", "2", "2", "1"):
        talk.say(text)
    looked_up = ("subscription", "holder", "open_requests", "debt")
    assert [talk.fetched(resource) for resource in looked_up] == [1, 1, 1, 1]


# -- lists and what may be left out ---------------------------------------------------------------


def test_a_list_takes_one_after_the_other_until_that_was_all() -> None:
    talk = proved()
    talk.begin("merge_connections")
    assert talk.prompts[-1].message == "ask-bill_id"
    assert talk.say(OTHER) == ["ask-another"]
    assert talk.say(THIRD) == ["ask-another"]
    assert talk.say("1") == ["form-check"]
    assert talk.rows().count("other_bills") == 2
    talk.say("1")
    assert talk.filed["other_bills"] == [OTHER, THIRD]


def test_one_thing_is_not_listed_twice() -> None:
    talk = proved()
    talk.begin("merge_connections")
    assert talk.say(BILL) == ["given-twice", "ask-bill_id"], "the subscription itself"
    talk.say(OTHER)
    assert talk.say(OTHER) == ["given-twice", "ask-another"]
    talk.say("1")
    talk.say("1")
    assert talk.filed["other_bills"] == [OTHER]


def test_a_listed_bill_must_be_one_that_the_utility_knows() -> None:
    talk = proved()
    talk.begin("merge_connections")
    talk.resources["subscription"] = {"failed": "missing"}
    assert talk.say(OTHER) == ["bill-unknown", "ask-bill_id"]


def test_what_is_optional_can_be_left_out_and_is_not_filed() -> None:
    talk = proved(subscription={"tariff": "industrial"})
    talk.begin("change_name")
    for text in ("1", NATIONAL_ID, "1360/1/1", "09121234567"):
        talk.say(text)
    assert talk.asked == "licence"
    talk.say("1")
    assert talk.asked == "licence_issuer"
    talk.say("1")
    assert {"licence", "licence_issuer"}.isdisjoint(talk.rows())
    talk.say("1")
    assert {"licence", "licence_issuer"}.isdisjoint(talk.filed)


# -- what the utility demands first ------------------------------------------------------------------


def test_a_debt_is_told_with_its_payment_id_and_asked_about_until_it_is_paid() -> None:
    talk = proved(debt=DEBT)
    assert talk.begin("reconnect") == ["form-debt", "form-debt-paid"]
    told = talk.prompts[0]
    assert told.keep
    assert told.args == {"amount": 129_000, "bill": BILL, "payment": "12908190"}
    assert talk.say("1") == ["form-debt", "form-debt-paid"], "it is not paid yet"
    talk.resources["debt"] = {**DEBT, "amount": 0}
    assert talk.say("1") == ["form-check"]
    assert talk.submitted() == []


def test_however_often_a_debt_is_said_to_be_paid_the_conversation_grows_no_longer() -> None:
    talk = proved(debt=DEBT)
    talk.begin("reconnect")
    size = len(encode(talk.state))
    for _ in range(90):
        assert talk.say("1") == ["form-debt", "form-debt-paid"]
    assert len(encode(talk.state)) < size + 100
    talk.resources["debt"] = {**DEBT, "amount": 0}
    assert talk.say("1") == ["form-check"]


def test_a_conversation_stored_with_every_time_a_debt_was_asked_about_goes_on_where_it_was() -> (
    None
):
    talk = proved(debt=DEBT)
    talk.begin("reconnect")
    journal = talk.top.journal
    paid = Entry("form-debt-paid", "paid", "answer")
    first = next(i for i, entry in enumerate(journal) if entry.key == "fetch:debt")
    rounds = journal[first:]
    journal += [paid, *rounds, paid, *rounds]
    talk.resources["debt"] = {**DEBT, "amount": 0}
    assert talk.say("1") == ["form-check"]
    assert paid not in talk.top.journal
    assert talk.fetched("debt") == 2, "at the beginning and now"
    talk.top.journal[first:first] = [*rounds, paid]
    talk.say("1")
    assert talk.submitted(), "nothing is asked again"


def test_back_from_a_debt_leads_to_what_was_asked_before_it() -> None:
    talk = proved(debt=DEBT)
    talk.begin("reconnect")
    talk.say("1")
    talk.say("1")
    assert talk.back() == ["bill"]


def test_whoever_comes_back_days_later_goes_on_where_the_debt_was_told() -> None:
    talk = proved(debt=DEBT)
    talk.begin("reconnect")
    assert talk.say("سلام", after=2 * limits.DAY)[-1] == "resume-offer"
    assert talk.say("1") == ["code-sent", "code"], "the proof has ended meanwhile"
    assert talk.say(RIGHT_CODE) == ["person-id"]
    assert talk.say(NATIONAL_ID) == ["form-debt", "form-debt-paid"]
    talk.resources["debt"] = {**DEBT, "amount": 0}
    assert talk.say("1") == ["form-check"]


def test_a_credit_is_no_debt() -> None:
    talk = proved(debt={**DEBT, "amount": -5_000, "payment_id": None})
    assert talk.begin("reconnect") == ["form-check"]


def test_an_open_request_of_the_same_kind_is_shown_instead_of_a_second_one() -> None:
    open_ = {
        "tracking_code": "1000000005",
        "service": "meter_test",
        "submitted_on": "2026-09-01",
    }
    talk = proved(open_requests=[open_])
    assert talk.begin("meter_test") == ["form-open"]
    assert talk.prompts[0].args["code"] == "1000000005"
    assert talk.submitted() == []
    assert Look("1000000005") in talk.effects
    assert talk.begin("reconnect") == ["form-check"], "another service's is no hindrance"


def test_names_that_differ_end_in_the_explanation_of_the_paper() -> None:
    talk = proved(holder={"same_name": False})
    assert talk.begin("permanent_removal") == ["form-names-differ"]
    assert talk.submitted() == []


def test_names_that_differ_hinder_no_other_service() -> None:
    talk = proved(holder={"same_name": False})
    assert talk.begin("meter_replacement") == ["form-check"]


# -- correcting -----------------------------------------------------------------------------------


def options(talk: FormTalk) -> list[str]:
    return [option.value for option in talk.prompts[-1].answer.options]  # type: ignore[union-attr]


def correct(talk: FormTalk, which: str) -> list[str]:
    """From the read-back to the question again."""
    assert talk.say("2") == ["form-which"]
    return talk.say(str(options(talk).index(which) + 1))


def test_a_corrected_answer_keeps_the_others_and_comes_back_to_the_read_back() -> None:
    talk = proved()
    talk.begin("increase_power")
    talk.say("1")
    talk.say("32")
    correct(talk, "phases")
    assert talk.asked == "phases"
    assert talk.say("2") == ["form-check"]
    talk.say("1")
    assert talk.filed == {"person": "natural", "phases": "three", "amperes": 32, "corrections": 1}


def test_a_corrected_answer_asks_what_it_makes_necessary_and_drops_the_needless() -> None:
    talk = proved()
    talk.begin("repair_metering_equipment")
    talk.say("4")
    assert talk.asked == "details"
    talk.say("کنتور سوخته است")
    correct(talk, "fault")
    assert talk.say("1") == ["form-check"]
    assert talk.rows() == ["fault"], "the description was of something else"
    correct(talk, "fault")
    talk.say("4")
    assert talk.asked == "details"
    talk.say("دود می‌کند")
    talk.say("1")
    assert talk.filed == {"fault": "other", "details": "دود می‌کند", "corrections": 2}


@pytest.mark.parametrize(
    ("which", "asked"),
    [("bill", ["form-check"]), ("phases", ["form-which", "form-check"])],
)
def test_going_back_from_a_correction_leaves_everything_as_it_was(
    which: str, asked: list[str]
) -> None:
    talk = proved()
    talk.begin("increase_power")
    talk.say("1")
    talk.say("32")
    correct(talk, which)
    talk.say("?!")
    assert [question for _ in asked for question in talk.back()] == asked
    talk.say("1")
    assert talk.filed == {"person": "natural", "phases": "one", "amperes": 32}


def test_what_the_utility_knew_can_be_corrected_too() -> None:
    talk = proved(holder={"shared": False})
    talk.begin("permanent_removal")
    correct(talk, "shared")
    talk.say("1")
    talk.say("1")
    assert talk.filed == {"shared": True, "corrections": 1}


def test_a_first_day_that_moved_behind_the_last_asks_for_the_last_again() -> None:
    talk = proved()
    talk.begin("temporary_disconnection")
    talk.say("1405/8/1")
    talk.say("1405/9/1")
    correct(talk, "from_date")
    talk.say("1405/10/1")
    assert talk.asked == "to_date"
    assert talk.say("1405/9/1")[0] == "wrong-jalali_date-too_early"
    assert talk.say("1405/11/1") == ["form-check"]


def test_another_subscription_can_be_given_at_the_read_back_and_is_proved_by_itself() -> None:
    talk = proved()
    talk.begin("meter_test")
    assert correct(talk, "bill") == ["bill"]
    assert talk.say(OTHER) == ["code-sent", "code"]


# -- back ------------------------------------------------------------------------------------------


def test_back_at_every_question_asks_the_one_before_and_keeps_what_came_earlier() -> None:
    talk = proved()
    talk.begin("change_tariff")
    given = ["4", "نانوایی", "پروانه 123", "صمت", "1406/1/1"]
    asked = []
    for text in given:
        asked.append(talk.asked)
        talk.say(text)
    for text, key in zip(reversed(given), reversed(asked), strict=True):
        talk.back()
        assert talk.asked == key
        talk.say(text)
        talk.back()
    assert talk.asked == "use"
    talk.back()
    assert talk.asked == "bill"
    talk.say(BILL)
    for text in given:
        talk.say(text)
    talk.say("1")
    assert talk.filed == {
        "use": "industrial",
        "activity": "نانوایی",
        "licence": "پروانه 123",
        "licence_issuer": "صمت",
        "licence_expires": "2027-03-21",
    }


def test_a_filed_form_is_not_filed_again_by_back() -> None:
    talk = proved()
    talk.begin("meter_test")
    talk.say("1")
    talk.bring(progress(), "meter_test")
    talk.back()
    assert len(talk.submitted()) == 1


# -- channels ----------------------------------------------------------------------------------------


def test_documents_are_asked_for_where_they_can_be_sent() -> None:
    talk = proved("telegram", holder={"shared": True})
    talk.begin("permanent_removal")
    assert talk.asked == "proxy"
    assert talk.send_file() == ["ask-document"]
    assert talk.asked == "identity"
    talk.say("1")
    assert talk.prompts[-1].message == "form-check"
    talk.say("1")
    assert talk.filed["documents"] == [{"kind": "proxy", "attachment": FILE}]
    talk.bring(progress(), "permanent_removal")
    left = [row.args["document"] for row in talk.prompts[0].rows if "document" in row.args]
    assert left == ["permanent_removal:identity"], "what was left out is still to be sent"


def test_where_documents_cannot_be_sent_the_receipt_says_which_are_to_come() -> None:
    talk = proved(holder={"shared": False})
    talk.begin("permanent_removal")
    talk.say("1")
    talk.bring(progress(), "permanent_removal")
    left = [row.args["document"] for row in talk.prompts[0].rows if "document" in row.args]
    assert left == ["permanent_removal:identity"], "a proxy is for several sharers"


def test_an_optional_document_is_not_reminded_of() -> None:
    talk = proved()
    talk.begin("bill_review")
    talk.say("مبلغ قبض درست نیست")
    talk.say("1")
    talk.bring(progress(), "bill_review")
    assert "row-to-send" not in [row.message for row in talk.prompts[0].rows]


def test_on_the_phone_words_are_spoken_played_back_and_filed_as_a_recording() -> None:
    talk = proved("call")
    talk.begin("bill_review")
    assert talk.asked == "problem"
    assert talk.speak() == ["voice-check"]
    assert talk.say("2") == ["ask-text"], "said once more"
    talk.speak()
    assert talk.say("1")[-1] == "form-check"
    assert talk.prompts[-1].rows[0].message == "row-recording"
    talk.say("1")
    assert talk.filed == {"problem": f"recording:{FILE}"}


def test_on_the_phone_nobody_records_what_may_be_left_out() -> None:
    talk = proved("call", subscription={"tariff": "industrial"})
    talk.begin("change_name")
    for keys in ("1", NATIONAL_ID, "13600101", "09121234567"):
        talk.say(keys)
    assert talk.prompts[-1].message == "form-check"
    assert {"licence", "licence_issuer"}.isdisjoint(talk.rows())


def test_a_caller_is_offered_to_write_a_long_form_and_nobody_else_is() -> None:
    assert proved("call").open("new_permanent_connection")[-1] == "form-long"
    assert proved("call").begin("change_name") == ["ask-choice"], (
        "nobody is asked for all that may be asked"
    )
    assert proved().open("new_permanent_connection")[-1] == "ask-choice"


def test_the_fee_is_heard_to_the_end_before_anything_is_filed() -> None:
    talk = proved("call")
    talk.begin("meter_test")
    assert [p.message for p in talk.prompts if p.heard] == ["form-fee"]


def test_a_long_read_back_is_confirmed_page_by_page() -> None:
    talk = proved(holder={"person": "legal", "legal_id": LEGAL_ID})
    talk.begin("increase_power")
    for text in ("مریم احمدی", NATIONAL_ID, "1405/12", "1405/6/1", "1", "32"):
        talk.say(text)
    first = talk.rows()
    assert talk.say("1") == ["form-check"]
    assert [*first, *talk.rows()][-2:] == ["phases", "amperes"]
    assert len(first) == 5
    talk.say("2")
    assert talk.prompts[-1].message == "form-which"


# -- proof --------------------------------------------------------------------------------------------


def prove_mobile(talk: FormTalk, service: str = "meter_replacement") -> list[str]:
    assert talk.begin(service) == ["code-sent", "code"]
    return talk.say(RIGHT_CODE)


def test_a_form_of_one_proof_asks_for_the_code_alone() -> None:
    assert prove_mobile(FormTalk(), "meter_test") == ["form-check"]


def test_the_second_proof_is_the_national_id_and_it_is_kept_nowhere() -> None:
    talk = FormTalk()
    assert prove_mobile(talk) == ["person-id"]
    assert talk.say(NATIONAL_ID) == ["form-check"]
    assert NATIONAL_ID not in str(talk.state)
    talk.say("1")
    assert talk.submitted() == [Submit(service="meter_replacement", bill_id=BILL, fields={})]


def test_somebody_elses_national_id_is_told_three_times_and_opens_nothing() -> None:
    talk = FormTalk()
    prove_mobile(talk)
    assert talk.say("0499370899") == ["person-id-wrong", "person-id"]
    assert talk.say("0499370899") == ["person-id-wrong", "person-id"]
    assert talk.say("0499370899")[-1] == "person-id-limited"
    assert HandOff("identity", transfer=False) in talk.effects
    assert talk.fetched("holder") == 0
    assert talk.submitted() == []


def test_a_number_that_is_no_national_id_costs_no_try() -> None:
    talk = FormTalk()
    prove_mobile(talk)
    assert talk.say("1234567890")[0] == "wrong-person_id-check_digit"
    assert not any(isinstance(step, Identify) for step in talk.effects)


@pytest.mark.parametrize("verdict", ["limited", "away"])
def test_an_identity_that_cannot_be_compared_now_ends_the_form(verdict: str) -> None:
    talk = FormTalk()
    talk.verdict = verdict
    prove_mobile(talk)
    assert talk.say(NATIONAL_ID) == [f"person-id-{verdict}"]
    assert talk.submitted() == []


def test_what_was_proved_for_one_form_is_not_asked_for_the_next() -> None:
    talk = FormTalk()
    prove_mobile(talk)
    talk.say(NATIONAL_ID)
    talk.say("1")
    talk.bring(progress(), "meter_replacement")
    talk.open("reconnect")
    assert talk.say("1") == ["form-check"], "the subscription is known, and so is the customer"


def test_a_proof_of_the_mobile_alone_is_completed_by_the_national_id() -> None:
    talk = FormTalk(proved=Level.REGISTERED_MOBILE)
    assert talk.begin("reconnect") == ["person-id"]
    assert talk.say(NATIONAL_ID) == ["form-check"]


def test_a_new_mobile_is_told_to_the_old_one() -> None:
    talk = proved()
    talk.begin("edit_customer_info")
    talk.say("موبایل")
    talk.say("09121234567")
    talk.say("1")
    alerts = [step for step in talk.effects if isinstance(step, Alert)]
    assert [(alert.bill_id, alert.args) for alert in alerts] == [(BILL, {"code": "1000000005"})]
    assert talk.filed == {"item": "mobile", "mobile": "+989121234567"}


def test_another_correction_of_the_data_alerts_nobody() -> None:
    talk = proved()
    talk.begin("edit_customer_info")
    talk.say("کدپستی")
    talk.say("1391311111")
    talk.say("1")
    assert talk.filed["postal_code"] == "1391311111"
    assert not any(isinstance(step, Alert) for step in talk.effects)
