"""A backend that answers outside the contract: an operator must look, nothing is made up."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import web

from backend_adapter.port import ContractViolation
from backend_adapter.rest import RestBackend
from backend_adapter.sandbox import RunningSandbox, serve_sandbox
from dialogs.values import ServiceRequest
from tests.backend.conftest import NOW

BILL = "1234567804121"
CODE = "4821907362"
REQUEST = ServiceRequest(
    tracking_code=CODE, service="meter_test", bill_id=None, channel="sms", submitted_at=NOW
)
PROGRESS: dict[str, Any] = {
    "tracking_code": CODE,
    "sequence": 1,
    "status": "accepted",
    "stage": 1,
    "stages": 2,
    "at": "2026-11-21T09:00:00Z",
}
DEBT: dict[str, Any] = {"bill_id": BILL, "as_of": "2026-11-21", "amount": 1000}


class Liar:
    """Answers every call with what a test put here."""

    def __init__(self) -> None:
        self.answer = web.Response()

    async def handle(self, request: web.Request) -> web.Response:
        await request.read()
        return self.answer


@pytest.fixture
def liar() -> Liar:
    return Liar()


@pytest.fixture
async def server(liar: Liar) -> AsyncIterator[RunningSandbox]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", liar.handle)
    running = await serve_sandbox(app)
    yield running
    await running.close()


@pytest.fixture
async def backend(server: RunningSandbox) -> AsyncIterator[RestBackend]:
    adapter = RestBackend(server.url, "k")
    yield adapter
    await adapter.close()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"<html>Welcome</html>", id="no JSON"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="broken UTF-8"),
        pytest.param(b"[" * 5000, id="nested without end"),
        pytest.param(b'{"more": ' + b"[" * 5000 + b"]" * 5000 + b"}", id="nested deeply"),
        pytest.param(b"null", id="null"),
        pytest.param(b" " * 1_000_001, id="longer than 1 MB"),
        pytest.param(gzip.compress(msgspec.json.encode(DEBT)), id="packed"),
        pytest.param(msgspec.json.encode({**DEBT, "amount": "1000"}), id="amount as text"),
        pytest.param(msgspec.json.encode({**DEBT, "as_of": "1405/08/30"}), id="Jalali date"),
        pytest.param(msgspec.json.encode({**DEBT, "bill_id": "704121"}), id="other bill id"),
        pytest.param(msgspec.json.encode({"bill_id": BILL}), id="fields missing"),
        pytest.param(
            msgspec.json.encode({**DEBT, "payment_id": "12908190"}), id="payment id of another bill"
        ),
    ],
)
async def test_a_look_up_with_another_body_breaks_the_contract(
    backend: RestBackend, liar: Liar, answer: bytes
) -> None:
    liar.answer = web.Response(body=answer, content_type="application/json")
    with pytest.raises(ContractViolation) as caught:
        await backend.debt(BILL)
    assert BILL not in str(caught.value)
    assert "1000" not in str(caught.value)


async def test_the_holder_of_another_subscription_is_not_taken_for_this_ones(
    backend: RestBackend, liar: Liar
) -> None:
    liar.answer = web.json_response({"bill_id": "1234567904126"})
    with pytest.raises(ContractViolation):
        await backend.holder(BILL)


@pytest.mark.parametrize("answer", [{}, {"matches": 1}, {"matches": "true"}, []])
async def test_a_comparison_without_a_clear_answer_is_not_a_match(
    backend: RestBackend, liar: Liar, answer: object
) -> None:
    liar.answer = web.json_response(answer)
    with pytest.raises(ContractViolation) as caught:
        await backend.identify(BILL, "0084575948")
    assert "0084575948" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"tracking_code": "9999999999"},
        {"status": "done"},
        {"stage": 3},
        {"stage": 0},
        {"sequence": 0},
        {"sequence": 2**63},
        {"stages": 2**31},
        {"at": "2026-11-21T09:00:00"},
        {"reason": "no_reason"},
        {"cost": -1000},
        {"refund": -1000},
        {"bill": {"bill_id": BILL, "payment_id": "12908190", "amount": 1000, "due": "2026-12-01"}},
    ],
)
async def test_a_submission_answered_with_another_progress_breaks_the_contract(
    backend: RestBackend, liar: Liar, change: dict[str, Any]
) -> None:
    liar.answer = web.Response(
        status=201,
        body=msgspec.json.encode({**PROGRESS, **change}),
        content_type="application/json",
    )
    with pytest.raises(ContractViolation):
        await backend.submit(REQUEST, idempotency_key="k")


@pytest.mark.parametrize("status", [204, 302, 418])
async def test_a_status_that_the_contract_does_not_know_breaks_it(
    backend: RestBackend, liar: Liar, status: int
) -> None:
    liar.answer = web.Response(status=status, headers={"Location": "/elsewhere"})
    with pytest.raises(ContractViolation) as caught:
        await backend.submit(REQUEST, idempotency_key="k")
    assert caught.value.http_status == status


async def test_fields_of_a_newer_contract_are_passed_over(backend: RestBackend, liar: Liar) -> None:
    body = msgspec.json.encode({**PROGRESS, "colour": "blue"})
    liar.answer = web.Response(status=201, body=body, content_type="application/json")
    assert (await backend.submit(REQUEST, idempotency_key="k")).stage == 1


def test_an_address_that_is_none_is_refused_at_start() -> None:
    for address in ("", "localhost:80", "ftp://utility.example", "http://"):
        with pytest.raises(ValueError):
            RestBackend(address, "k")
