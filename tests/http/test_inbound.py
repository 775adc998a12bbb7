"""Bad input at the gateways' routes, and what happens to good input while the store is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from yarl import URL

from gooya import logs
from gooya.serve import Running
from tests.http.conftest import SECRET, Serve
from tests.servers.processes import until
from tests.servers.redis import RedisServer

PHONE = "+989121234567"
TEXT = "قرائت"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


class Call:
    """One way to bring a message in: the HTTP request for fields that may be wrong."""

    def __init__(self, gateway: str, build: Callable[[str, str], dict[str, Any]]) -> None:
        self.gateway = gateway
        self.build = build

    def settings(self) -> dict[str, str]:
        """Of a Gooya behind this gateway; nothing listens where it would send to."""
        return {
            "sms_gateway": self.gateway,
            "sms_secret": SECRET,
            "sms_kavenegar_key": "key",
            "sms_kavenegar_url": "http://127.0.0.1:9",
            "sms_kannel_url": "http://127.0.0.1:9/cgi-bin/sendsms",
        }


def simulator(text: str, id_: str) -> dict[str, Any]:
    body = f'{{"from": "{PHONE}", "text": "{text}", "id": "{id_}"}}'
    return {"method": "POST", "url": "/sms/simulator", "data": body, "headers": JSON}


def kannel(text: str, id_: str) -> dict[str, Any]:
    fields = f"secret={SECRET}&from={quote(PHONE)}&to=20001521&text={quote(text)}&id={id_}"
    return {"method": "GET", "url": f"/sms/kannel?{fields}"}


def kavenegar(text: str, id_: str) -> dict[str, Any]:
    fields = f"from={quote(PHONE)}&to=10004346&message={quote(text)}&messageid={id_}"
    url = f"/sms/kavenegar?secret={SECRET}"
    return {"method": "POST", "url": url, "data": fields, "headers": FORM}


WAYS = [Call("simulator", simulator), Call("kannel-http", kannel), Call("kavenegar", kavenegar)]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.gateway)


async def status(http: aiohttp.ClientSession, running: Running, call: dict[str, Any]) -> int:
    url = URL(running.url + call["url"], encoded=True)
    more = {key: value for key, value in call.items() if key not in ("method", "url")}
    async with http.request(call["method"], url, **more) as answer:
        text = await answer.text()
        assert "Traceback" not in text
        assert PHONE not in text
        return answer.status


async def committed(running: Running) -> int:
    """How many turns the sender's conversation took."""
    return (await running.parts.store.load(PHONE, "test")).version


def unknown_parameter(call: dict[str, Any]) -> dict[str, Any]:
    if call["method"] == "GET":
        return call | {"url": call["url"] + "&colour=red"}
    if call["headers"] is JSON:
        return call | {"data": call["data"].replace("{", '{"colour": "red", ')}
    # Kavenegar's parameters are customary, not documented: what is missing is what can be told.
    return call | {"data": call["data"].replace("message=", "massage=")}


def broken_utf8(call: dict[str, Any]) -> dict[str, Any]:
    if call["method"] == "GET":
        return call | {"url": call["url"].replace("text=", "text=%D9%FF")}
    if call["headers"] is JSON:
        return call | {"data": call["data"].encode().replace(TEXT.encode(), b"\xd9\xff")}
    return call | {"data": call["data"].replace("message=", "message=%D9%FF")}


def a_megabyte(call: dict[str, Any]) -> dict[str, Any]:
    return call | {"data": b"x" * 1_000_000}


@every_way
@pytest.mark.parametrize(
    ("spoil", "expected"), [(unknown_parameter, 400), (broken_utf8, 400), (a_megabyte, 413)]
)
async def test_bad_input_is_refused_and_the_next_message_is_handled(
    served: Serve,
    http: aiohttp.ClientSession,
    way: Call,
    spoil: Callable[[dict[str, Any]], dict[str, Any]],
    expected: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(**way.settings()) as running:
        good = way.build(TEXT, "1")
        assert await status(http, running, spoil(good)) == expected
        assert await committed(running) == 0
        assert await status(http, running, good) == 200
        assert await committed(running) == 1
    assert PHONE not in caplog.text
    assert PHONE[3:] not in caplog.text


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.gateway)
async def test_a_stranger_without_the_secret_is_refused(
    served: Serve, http: aiohttp.ClientSession, way: Call
) -> None:
    async with served(**way.settings()) as running:
        call = way.build(TEXT, "1")
        wrong = call | {"url": call["url"].replace(SECRET, "guess")}
        assert await status(http, running, wrong) == 403
        assert await committed(running) == 0


@every_way
async def test_a_message_that_comes_twice_is_one_turn(
    served: Serve, http: aiohttp.ClientSession, way: Call
) -> None:
    async with served(**way.settings()) as running:
        for _ in range(2):
            assert await status(http, running, way.build(TEXT, "7")) == 200
        assert await committed(running) == 1


@every_way
async def test_while_the_store_is_away_nothing_is_acknowledged_and_the_repetition_is_handled_once(
    served: Serve,
    redis: RedisServer,
    http: aiohttp.ClientSession,
    way: Call,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(state=redis.url, **way.settings()) as running:
        redis.stop()
        assert await status(http, running, way.build(TEXT, "9")) == 503
        redis.start()

        async def accepted() -> bool:
            return await status(http, running, way.build(TEXT, "9")) == 200

        await until(accepted, "the repetition is taken")
        assert await status(http, running, way.build(TEXT, "9")) == 200
        assert await committed(running) == 1
    assert PHONE[3:] not in caplog.text


async def test_the_longest_text_that_phones_send_comes_through_kannels_address(
    served: Serve, http: aiohttp.ClientSession
) -> None:
    long = Call("kannel-http", kannel)
    async with served(**long.settings()) as running:
        request = long.build("س" * 2_000, "long")
        async with http.request(**{**request, "url": running.url + request["url"]}) as answer:
            assert answer.status == 200


async def test_of_a_request_that_can_t_be_read_nothing_is_logged_but_that(
    served: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.configure("debug")
        async with served(sms_gateway="kannel-http", sms_secret=SECRET) as running:
            reader, writer = await asyncio.open_connection(*running.url[7:].split(":"))
            line = f"GET /sms/kannel?secret={SECRET}&from={PHONE} and more HTTP/1.1\r\n\r\n"
            writer.write(line.encode())
            await reader.read()
            writer.close()
            await writer.wait_closed()
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
    logged = capsys.readouterr().err
    assert "BadStatusLine" in logged or "BadHttpMessage" in logged
    assert SECRET not in logged
    assert "9121234567" not in logged
