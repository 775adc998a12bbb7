"""What a load balancer and Prometheus see of a process."""

from __future__ import annotations

import logging

import aiohttp
import pytest
from aiohttp import web

from gooya.http import create_app
from gooya.serve import Running
from tests.http.conftest import Serve
from tests.servers.processes import until
from tests.servers.redis import RedisServer


async def test_a_process_that_can_handle_messages_is_alive_and_ready(
    running: Running, http: aiohttp.ClientSession
) -> None:
    for path, text in (("healthz", "ok"), ("readyz", "ready")):
        async with http.get(f"{running.url}/{path}") as answer:
            assert (answer.status, await answer.text()) == (200, text)


async def test_without_redis_it_is_alive_but_not_ready_until_redis_is_back(
    served: Serve, redis: RedisServer, http: aiohttp.ClientSession
) -> None:
    async with served(state=redis.url) as running:
        redis.stop()
        async with http.get(f"{running.url}/readyz") as answer:
            assert (answer.status, await answer.text()) == (503, "StoreUnavailable")
        async with http.get(f"{running.url}/healthz") as answer:
            assert answer.status == 200
        redis.start()

        async def ready() -> bool:
            async with http.get(f"{running.url}/readyz") as answer:
                return answer.status == 200

        await until(ready, "ready again")


async def test_prometheus_gets_the_metrics(running: Running, http: aiohttp.ClientSession) -> None:
    body = {"from": "09121234567", "text": "سلام"}
    async with http.post(f"{running.url}/sms/simulator", json=body) as answer:
        assert answer.status == 200
    async with http.get(f"{running.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = await answer.text()
    assert 'gooya_turns_total{kind="text"}' in text
    assert "9121234567" not in text


async def test_an_unknown_path_and_the_simulator_page_outside_of_the_demo_are_not_found(
    running: Running, http: aiohttp.ClientSession
) -> None:
    for path in ("/", "/demo/subscribers", "/nowhere", "/sms/kannel", "/sms/kavenegar"):
        async with http.get(f"{running.url}{path}") as answer:
            assert answer.status == 404, path


async def test_a_request_that_fails_is_logged_by_its_route_and_not_by_a_secret_path(
    running: Running, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(request: web.Request) -> web.Response:
        raise ValueError(request.path)

    app = create_app(running.parts, routes=[web.post("/bale/{path}", fails)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        async with http.post(f"http://127.0.0.1:{port}/bale/the-secret") as answer:
            assert (answer.status, await answer.text()) == (500, "internal error")
    finally:
        await runner.cleanup()
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert vars(record)["route"] == "/bale/{path}"
    assert all("the-secret" not in str(vars(record)) for record in caplog.records)
