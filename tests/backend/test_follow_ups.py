"""What is sent after a request: withdrawals, replies to terms, documents."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest

from backend_adapter.port import ContractViolation
from backend_adapter.sandbox import Course, Stage, SubscriberCard
from dialogs.values import Attachment
from gooya.sandboxed import COURSES
from tests.backend.conftest import Playground, Start


@pytest.fixture
async def card(utility: Playground) -> SubscriberCard:
    return await utility.who("may file anything")


async def at_terms(utility: Playground, bill_id: str, service: str = "reconnect") -> str:
    code, _ = await utility.file(bill_id, service)
    terms = await utility.advance_to(code, COURSES[service], "agreement")
    assert terms.cost == 1_200_000
    return code


async def stage_of(utility: Playground, code: str, service: str = "reconnect") -> str:
    return COURSES[service].at((await utility.backend.progress(code)).stage).key


async def test_who_agrees_to_the_terms_goes_on(utility: Playground, card: SubscriberCard) -> None:
    code = await at_terms(utility, card.bill_id)
    _, answer = await utility.file(card.bill_id, "reply_to_terms", request=code, agrees=True)
    assert (answer.status, answer.stage, answer.stages) == ("completed", 1, 1)
    assert await stage_of(utility, code) == "fee_invoice_issued"
    _, again = await utility.file(card.bill_id, "reply_to_terms", request=code, agrees=True)
    assert (again.status, again.reason) == ("rejected", "not_waiting")


async def test_who_declines_the_terms_finds_the_request_archived(
    utility: Playground, card: SubscriberCard
) -> None:
    code = await at_terms(utility, card.bill_id)
    await utility.file(card.bill_id, "reply_to_terms", request=code, agrees=False)
    assert (await utility.backend.progress(code)).status == "completed"
    assert await stage_of(utility, code) == "archived"
    _, withdrawal = await utility.file(card.bill_id, "withdraw_request", request=code)
    assert withdrawal.reason == "already_closed"


async def test_who_is_in_credit_and_agrees_gets_money_back(utility: Playground) -> None:
    card = await utility.who("in credit")
    code = await at_terms(utility, card.bill_id, "decrease_power")
    await utility.file(card.bill_id, "reply_to_terms", request=code, agrees=True)
    assert await stage_of(utility, code, "decrease_power") == "refund"
    assert (await utility.backend.progress(code)).refund == -card.debt
    await utility.advance(code)
    assert await stage_of(utility, code, "decrease_power") == "execution_date_announced"


async def test_terms_that_lead_to_no_archive_are_declined_by_a_refusal(start: Start) -> None:
    course = Course(
        (
            Stage("received", "received", ("terms",)),
            Stage("terms", "agreement", ("done",)),
            Stage("done", "work"),
        )
    )
    ground = await start(services={"repair": course})
    code, _ = await ground.file(None, "repair")
    for order in ({"agrees": True}, {"agrees": False}):
        _, early = await ground.file(None, "reply_to_terms", request=code, **order)
        assert early.reason == "not_waiting"
    await ground.advance(code)
    await ground.file(None, "reply_to_terms", request=code, agrees=False)
    target = await ground.backend.progress(code)
    assert (target.status, target.reason, target.cost) == ("rejected", "declined", None)


async def test_a_withdrawal_ends_its_request_and_pays_back_what_was_paid(
    utility: Playground, card: SubscriberCard
) -> None:
    code, _ = await utility.file(card.bill_id, "meter_test")
    await utility.advance_to(code, COURSES["meter_test"], "payment")
    withdrawal, answer = await utility.file(card.bill_id, "withdraw_request", request=code)
    assert answer.status == "accepted"
    target = await utility.backend.progress(code)
    assert (target.status, target.reason, target.bill) == ("rejected", "withdrawn", None)
    terms = await utility.advance_to(withdrawal, COURSES["withdraw_request"], "terms")
    assert (terms.refund, terms.cost) == (1_200_000, None)
    last = await utility.advance(withdrawal)
    assert (last.refund, last.status) == (1_200_000, "completed")
    _, again = await utility.file(card.bill_id, "withdraw_request", request=code)
    assert again.reason == "already_withdrawn"


async def test_nothing_comes_back_where_nothing_was_paid(
    utility: Playground, card: SubscriberCard
) -> None:
    code, _ = await utility.file(None, "new_permanent_connection")
    withdrawal, _ = await utility.file(None, "withdraw_request", request=code)
    terms = await utility.advance_to(withdrawal, COURSES["withdraw_request"], "terms")
    assert terms.refund == 0


@pytest.mark.parametrize(
    ("service", "kind"), [("meter_test", "work"), ("meter_test", "result"), ("reconnect", "work")]
)
async def test_what_was_carried_out_is_not_withdrawn(
    utility: Playground, card: SubscriberCard, service: str, kind: str
) -> None:
    code, _ = await utility.file(card.bill_id, service)
    before = await utility.advance_to(code, COURSES[service], kind)
    _, answer = await utility.file(card.bill_id, "withdraw_request", request=code)
    assert (answer.status, answer.reason) == ("rejected", "already_executed")
    assert await utility.backend.progress(code) == before


async def test_only_a_request_of_the_same_subscription_is_followed_up(
    utility: Playground, card: SubscriberCard
) -> None:
    other = await utility.who("legal person")
    code, _ = await utility.file(other.bill_id, "meter_test")
    for target in (code, "4821907362"):
        _, answer = await utility.file(card.bill_id, "withdraw_request", request=target)
        assert (answer.status, answer.reason) == ("rejected", "unknown_request")
    assert (await utility.backend.progress(code)).status == "accepted"


async def test_documents_that_come_later_are_kept_with_their_request(
    utility: Playground, card: SubscriberCard
) -> None:
    code, _ = await utility.file(card.bill_id, "change_name")
    content = b"%PDF-1.7 deed"
    deed = Attachment(
        id="5f2b8c0d9e4a47b18c6d3e2f1a0b9c8d",
        kind="deed",
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    await utility.backend.attach(deed, content)
    request = utility.request(
        card.bill_id,
        "send_documents",
        request=code,
        documents=[{"kind": deed.kind, "attachment": deed.id}],
    )
    answer = await utility.backend.submit(
        msgspec.structs.replace(request, attachments=(deed,)), idempotency_key="k"
    )
    assert (answer.status, answer.stages) == ("completed", 1)
    _, held = await utility.call("GET", "/sandbox/requests")
    assert [(h["request"]["service"], h["documents"]) for h in held] == [
        ("change_name", ["deed"]),
        ("send_documents", []),
    ]
    assert (await utility.backend.progress(code)).sequence == 1


async def test_a_reply_that_came_twice_is_one_reply(
    utility: Playground, card: SubscriberCard
) -> None:
    code = await at_terms(utility, card.bill_id)
    reply = utility.request(card.bill_id, "reply_to_terms", request=code, agrees=True)
    answers = [await utility.backend.submit(reply, idempotency_key="k") for _ in range(2)]
    assert answers[0] == answers[1]
    assert await stage_of(utility, code) == "fee_invoice_issued"


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        ("withdraw_request", {}),
        ("reply_to_terms", {"request": "4821907362"}),
        ("reply_to_terms", {"request": "4821907362", "agrees": "yes"}),
        ("send_documents", {"request": "4821907362", "documents": []}),
        ("send_documents", {"request": "4821907362", "documents": [{"kind": "deed"}]}),
    ],
)
async def test_a_follow_up_without_what_it_must_carry_breaks_the_contract(
    utility: Playground, service: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(ContractViolation) as caught:
        await utility.file(None, service, **fields)
    assert caught.value.http_status == 400
