"""The utility's bad days: what the adapter says, and that nothing is done twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from backend_adapter.port import ContractViolation, Unavailable
from backend_adapter.rest import RestBackend, Timeouts
from dialogs.values import ServiceRequest
from tests.backend.conftest import API_KEY, Playground, Start
from tests.servers.ports import reserved_port
from tests.servers.processes import until


@pytest.fixture
async def hasty(ground: Playground) -> AsyncIterator[RestBackend]:
    """Waits for no submission, on a connection that is there already: what it sends arrives."""
    backend = RestBackend(ground.url, API_KEY, timeouts=Timeouts(submit=0.3))
    await backend.subscription((await ground.who("demo: single tariff")).bill_id)
    yield backend
    await backend.close()


async def a_reading(ground: Playground) -> ServiceRequest:
    card = await ground.who("demo: single tariff")
    return ground.reading(card.bill_id, {"total": card.values["total"] + 100})


async def test_an_answer_that_comes_too_late_is_a_backend_unavailable(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    await ground.fault("latency", seconds=20, match="getDebt")
    hasty = RestBackend(ground.url, API_KEY, timeouts=Timeouts(lookup=0.3))
    started = time.monotonic()
    with pytest.raises(Unavailable, match="in time"):
        await hasty.debt(card.bill_id)
    assert time.monotonic() - started < 5
    await hasty.close()
    await ground.call("DELETE", "/sandbox/faults")
    assert (await ground.backend.debt(card.bill_id)).bill_id == card.bill_id


async def test_latency_within_the_time_out_is_only_slow(ground: Playground) -> None:
    card = await ground.who("demo: single tariff")
    await ground.fault("latency", seconds=0.05)
    assert (await ground.backend.debt(card.bill_id)).bill_id == card.bill_id


@pytest.mark.parametrize("kind", ["latency", "timeout_after_work"])
async def test_what_a_fault_holds_back_goes_on_when_it_is_removed(start: Start, kind: str) -> None:
    ground = await start(timeouts=Timeouts(lookup=60.0))
    card = await ground.who("demo: single tariff")
    await ground.fault(kind, seconds=3600, match="getDebt")
    asking = asyncio.create_task(ground.backend.debt(card.bill_id))

    async def struck() -> bool:
        _, faults = await ground.call("GET", "/sandbox/faults")
        return "struck" in faults[0]

    await until(struck, "the answer is held back")
    await ground.call("DELETE", "/sandbox/faults")
    assert (await asking).bill_id == card.bill_id


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_errors_that_pass_are_a_backend_unavailable(ground: Playground, status: int) -> None:
    request = await a_reading(ground)
    await ground.fault("error", status=status, match="POST /v1/requests")
    with pytest.raises(Unavailable):
        await ground.backend.submit(request, idempotency_key="k")
    assert await ground.readings(str(request.bill_id)) == []
    assert (await ground.backend.submit(request, idempotency_key="k")).status == "accepted"


@pytest.mark.parametrize("status", [400, 403, 404, 422])
async def test_errors_that_stay_need_an_operator(ground: Playground, status: int) -> None:
    request = await a_reading(ground)
    await ground.fault("error", status=status, match="submitRequest")
    with pytest.raises(ContractViolation) as caught:
        await ground.backend.submit(request, idempotency_key="k")
    assert caught.value.http_status == status


@pytest.mark.parametrize("kind", ["timeout_after_work", "reset_after_work"])
async def test_work_whose_answer_was_lost_is_not_done_again(
    ground: Playground, hasty: RestBackend, kind: str
) -> None:
    request = await a_reading(ground)
    await ground.fault(kind, match="submitRequest")
    with pytest.raises(Unavailable):
        await hasty.submit(request, idempotency_key="k")
    # on a slow machine the work goes on when nobody waits for it any more
    done = await until(lambda: ground.readings(str(request.bill_id)), "the work is done")
    assert len(done) == 1
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert progress.status == "accepted"
    assert len(await ground.readings(str(request.bill_id))) == 1


async def test_a_connection_reset_before_the_work_leaves_nothing_behind(
    ground: Playground,
) -> None:
    request = await a_reading(ground)
    await ground.fault("reset", count=2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await ground.backend.submit(request, idempotency_key="k")
    assert await ground.readings(str(request.bill_id)) == []


async def test_a_kept_alive_connection_gone_stale_is_not_noticed_by_a_look_up(
    ground: Playground,
) -> None:
    card = await ground.who("demo: single tariff")
    await ground.backend.debt(card.bill_id)
    await ground.fault("reset", match="getDebt")
    assert (await ground.backend.debt(card.bill_id)).bill_id == card.bill_id
    _, faults = await ground.call("GET", "/sandbox/faults")
    assert faults[0]["struck"] == 1


async def test_a_submission_is_never_repeated_by_the_adapter_itself(
    ground: Playground,
) -> None:
    request = await a_reading(ground)
    await ground.backend.debt(str(request.bill_id))
    await ground.fault("reset_after_work", match="submitRequest", count=None)
    with pytest.raises(Unavailable):
        await ground.backend.submit(request, idempotency_key="k")
    _, faults = await ground.call("GET", "/sandbox/faults")
    assert faults[0]["struck"] == 1


async def test_a_look_up_that_is_always_reset_gives_up(ground: Playground) -> None:
    card = await ground.who("demo: single tariff")
    await ground.fault("reset", count=None)
    with pytest.raises(Unavailable):
        await ground.backend.debt(card.bill_id)
    await ground.call("DELETE", "/sandbox/faults")
    assert (await ground.backend.debt(card.bill_id)).bill_id == card.bill_id


async def test_nobody_listening_is_a_backend_unavailable() -> None:
    with reserved_port() as port:
        backend = RestBackend(f"http://127.0.0.1:{port}", "k")
        try:
            with pytest.raises(Unavailable):
                await backend.debt("1234567804121")
        finally:
            await backend.close()
