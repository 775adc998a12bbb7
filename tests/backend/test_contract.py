"""``openapi.yaml`` is valid, and the sandbox does what it says, whatever it is sent."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from aiohttp import web
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import validate

from backend_adapter.sandbox import create_sandbox, list_subscribers, serve_sandbox
from backend_adapter.sandbox.contract import Broken, Contract
from tests.backend.conftest import API_KEY, NOW, SERVICES, Playground

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (resources.files("backend_adapter") / "openapi.yaml").read_text("utf-8")
)
MAY_BE_REFUSED = ["2xx", "401", "403", "404", "409", "424", "429", "5xx"]
"""Statuses that a well-formed call may get: 424 for a request that names a file nobody put."""
schema = schemathesis.openapi.from_dict(
    DOCUMENT,
    config=schemathesis.Config.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": MAY_BE_REFUSED}}}
    ),
)


@schemathesis.serializer("application/pdf", "audio/wav")
def as_it_is(context: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox in a thread of its own: schemathesis calls it from outside any event loop."""
    path = tmp_path_factory.mktemp("contract") / "sandbox.db"
    started, url = threading.Event(), ""
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        nonlocal url
        app = create_sandbox(
            database_path=path,
            services=SERVICES,
            events_url=None,
            events_secret="",
            api_key=API_KEY,
            clock=lambda: NOW,
            subscribers=12,
            stage_seconds=math.inf,
        )
        running = await serve_sandbox(app)
        url = running.url
        started.set()
        await stop.wait()
        await running.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(20)
    yield url
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    loop.close()


def test_the_contract_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_sandbox_keeps_the_contract(case: schemathesis.Case[Any], sandbox_url: str) -> None:
    case.call_and_validate(
        base_url=sandbox_url, headers={"Authorization": f"Bearer {API_KEY}"}, timeout=10
    )


def test_an_answer_outside_the_contract_would_be_caught(tmp_path: Path) -> None:
    operation = Contract().operations["getDebt"]
    card = list_subscribers(tmp_path / "s.db", subscribers=1)[0]
    body = f'{{"bill_id":"{card.bill_id}","as_of":"2026-11-21","amount":"1"}}'
    with pytest.raises(Broken, match="/amount"):
        operation.check_response(web.Response(text=body, content_type="application/json"))
    with pytest.raises(Broken, match="418"):
        operation.check_response(web.Response(status=418, text="{}"))


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 20_000, "application/json", 400),
        (b"{}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * 1_000_001, "application/json", 413),
    ],
)
async def test_a_body_that_is_no_request_is_a_problem_in_the_contract_words(
    ground: Playground, body: bytes, content_type: str, status: int
) -> None:
    headers = {
        "Authorization": f"Bearer {API_KEY}",
        "Idempotency-Key": "k",
        "Content-Type": content_type,
    }
    got, problem = await ground.call("POST", "/v1/requests", data=body, headers=headers)
    assert (got, problem["status"]) == (status, status)


async def test_a_reading_service_without_a_reading_is_refused_as_malformed(
    ground: Playground,
) -> None:
    headers = {"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": "k"}
    body = {
        "tracking_code": "4821907362",
        "service": "submit_meter_reading",
        "bill_id": "1234567804121",
        "channel": "sms",
        "submitted_at": "2026-11-21T09:00:00Z",
        "fields": {"text": "۱۲۳۴"},
    }
    status, problem = await ground.call("POST", "/v1/requests", json=body, headers=headers)
    assert status == 400
    assert "۱۲۳۴" not in problem["detail"]


async def test_nothing_is_told_without_the_key_and_no_method_is_guessed(
    ground: Playground,
) -> None:
    path = "/v1/subscriptions/1234567804121"
    assert (await ground.call("GET", path))[0] == 401
    assert (await ground.call("DELETE", path))[0] == 405
