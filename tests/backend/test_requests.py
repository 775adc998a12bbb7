"""Submissions: once per key, and along their stages."""

from __future__ import annotations

import asyncio
import datetime as dt

import msgspec
import pytest

from backend_adapter.port import ContractViolation
from backend_adapter.sandbox import Course, Stage
from tests.backend.conftest import API_KEY, TODAY, Playground, Start


async def test_the_same_key_again_gets_the_first_answer_and_one_reading(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    request = ground.reading(card.bill_id, {"total": card.values["total"] + 100})
    first = await ground.backend.submit(request, idempotency_key="k")
    await ground.call("POST", "/sandbox/advance", json={"tracking_code": request.tracking_code})
    answers = await asyncio.gather(
        *(ground.backend.submit(request, idempotency_key="k") for _ in range(5))
    )
    assert answers == [first] * 5
    assert [r["idempotency_key"] for r in await ground.readings(card.bill_id)] == ["k"]


async def test_a_repeated_answer_says_so(ground: Playground) -> None:
    request = ground.request(None)
    headers = {
        "Authorization": f"Bearer {API_KEY}",
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    body = msgspec.json.encode(request)
    spaced = body.replace(b",", b", ")
    first, _ = await ground.call("POST", "/v1/requests", data=body, headers=headers)
    second, _ = await ground.call("POST", "/v1/requests", data=spaced, headers=headers)
    assert (first, second) == (201, 200)


async def test_a_key_or_a_tracking_code_is_not_used_for_another_request(
    ground: Playground,
) -> None:
    one, other = ground.request(None), ground.request(None)
    await ground.backend.submit(one, idempotency_key="k")
    for request, key in ((other, "k"), (one, "another")):
        with pytest.raises(ContractViolation) as caught:
            await ground.backend.submit(request, idempotency_key=key)
        assert caught.value.http_status == 409


async def test_a_service_without_stages_is_refused(ground: Playground) -> None:
    progress = await ground.backend.submit(ground.request(None, "free_energy"), idempotency_key="k")
    assert (progress.status, progress.reason) == ("rejected", "unknown_service")


async def test_a_form_service_goes_along_its_stages_with_fee_and_date(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    request = ground.request(card.bill_id, text="کنتور تند می‌چرخد")
    states = [await ground.backend.submit(request, idempotency_key="k")]
    for _ in range(5):
        await ground.call("POST", "/sandbox/advance", json={"tracking_code": request.tracking_code})
        states.append(await ground.backend.progress(request.tracking_code))
    assert [(s.sequence, s.stage, s.status) for s in states] == [
        (1, 1, "accepted"),
        (2, 2, "in_progress"),
        (3, 3, "in_progress"),
        (4, 4, "in_progress"),
        (5, 5, "completed"),
        (5, 5, "completed"),
    ]
    assert [s.bill is not None for s in states] == [False, True, False, False, False, False]
    assert [s.scheduled_on for s in states[:5]] == [
        None,
        None,
        None,
        TODAY + dt.timedelta(3),
        None,
    ]


async def test_paying_a_fee_settles_the_request_and_not_the_energy_debt(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    before = await ground.backend.debt(card.bill_id)
    request = ground.request(card.bill_id)
    await ground.backend.submit(request, idempotency_key="k")
    _, announced = await ground.call(
        "POST", "/sandbox/advance", json={"tracking_code": request.tracking_code}
    )
    order = {"bill_id": card.bill_id, "payment_id": announced["bill"]["payment_id"]}
    await ground.call("POST", "/sandbox/payments", json=order)
    assert (await ground.backend.progress(request.tracking_code)).bill is None
    assert (await ground.backend.debt(card.bill_id)).amount == before.amount


async def test_a_request_filed_when_its_service_had_more_stages_comes_to_an_end(
    start: Start,
) -> None:
    before = await start()
    code, _ = await before.file(None)
    await before.advance(code)
    await before.sandbox.close()
    fewer = {"meter_test": Course((Stage("done", "work"),))}
    after = await start(services=fewer)
    progress = await after.advance(code)
    assert progress.status == "completed"
    assert await after.backend.progress(code) == progress


async def test_what_is_held_can_be_looked_at(ground: Playground) -> None:
    request = ground.request(None)
    await ground.backend.submit(request, idempotency_key="k")
    _, held = await ground.call("GET", "/sandbox/requests")
    assert [(h["idempotency_key"], h["request"]["tracking_code"]) for h in held] == [
        ("k", request.tracking_code)
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sandbox/faults", {"kind": "fire"}, 400),
        ("/sandbox/faults", {"kind": "error", "match": "("}, 400),
        ("/sandbox/faults", {"kind": "error", "status": 200}, 400),
        ("/sandbox/payments", {"bill_id": "1"}, 400),
        ("/sandbox/advance", {"tracking_code": "4821907362"}, 404),
        ("/sandbox/nothing", {}, 404),
    ],
)
async def test_the_sandbox_own_doors_refuse_what_they_do_not_understand(
    ground: Playground, path: str, body: dict[str, object], status: int
) -> None:
    got, problem = await ground.call("POST", path, json=body)
    assert (got, problem["status"]) == (status, status)
