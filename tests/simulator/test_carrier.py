"""The simulated carrier over HTTP: what a phone, and a test that plays one, can rely on."""

from __future__ import annotations

import asyncio
import io
import logging

import pytest
from aiohttp import ClientSession

from bots.sms.gateway import SendError, SmsOut
from bots.sms.simulated_network import MESSAGES_PER_PHONE, PHONES
from tests.simulator.conftest import SHUTDOWN, Echo, Server, read_events

PHONE = "09123456789"
E164 = "+989123456789"


async def post(http: ClientSession, **body: object) -> int:
    async with http.post("/sms/simulator", json=body) as response:
        return response.status


async def replies(http: ClientSession, number: str, after: int = 0, wait: float = 5) -> dict:
    params = {"number": number, "after": str(after), "wait": str(wait)}
    async with http.get("/sms/simulator/messages", params=params) as response:
        assert response.status == 200
        return await response.json()


async def test_a_message_reaches_the_dialog_with_a_normalised_sender_and_the_reply_the_phone(
    echo: Echo, http: ClientSession
) -> None:
    async with http.post(
        "/sms/simulator", json={"from": "۰۹۱۲ ۳۴۵ ۶۷۸۹", "text": "سلام", "id": "m-1"}
    ) as response:
        assert (response.status, await response.json()) == (200, {"id": "m-1"})
    assert [(sms.sender, sms.message_id, sms.text) for sms in echo.received] == [
        (E164, "m-1", "سلام")
    ]
    answer = await replies(http, PHONE)
    assert [(m["text"], m["parts"], m["encoding"]) for m in answer["messages"]] == [
        ("سلام", 1, "ucs2")
    ]
    assert [(r.message_id, r.status) for r in echo.reports] == [("reply-m-1", "delivered")]


async def test_long_polling_waits_for_the_next_reply_and_goes_on_after_the_last_one(
    http: ClientSession,
) -> None:
    waiting = asyncio.create_task(replies(http, PHONE))
    await post(http, **{"from": PHONE, "text": "یک"})
    first = await waiting
    await post(http, **{"from": PHONE, "text": "دو"})
    second = await replies(http, PHONE, after=first["last"])
    assert [m["text"] for m in second["messages"]] == ["دو"]
    nothing = await replies(http, PHONE, after=second["last"], wait=0)
    assert nothing == {"messages": [], "last": second["last"]}


async def test_a_message_that_was_not_committed_is_refused_and_can_be_sent_again(
    echo: Echo, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    echo.refuse = True
    with caplog.at_level(logging.INFO):
        assert await post(http, **{"from": PHONE, "text": "شناسه 9985235404124", "id": "m"}) == 503
    assert "9985235404124" not in caplog.text
    assert PHONE[1:] not in caplog.text
    echo.refuse = False
    assert await post(http, **{"from": PHONE, "text": "شناسه 9985235404124", "id": "m"}) == 200
    events = await read_events(http, PHONE, 3)
    shown = [data["from"] for _, kind, data in events if kind == "message"]
    assert shown == ["phone", "line"]
    assert [data["status"] for _, kind, data in events if kind == "delivery"] == ["delivered"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"text": "a"}', 400),
        (b'{"from": 9123456789, "text": "a"}', 400),
        (b'{"from": "09123456789", "text": ""}', 400),
        (b'{"from": "09123456789", "text": "a", "id": ""}', 400),
        (b'{"from": "02188888888", "text": "a"}', 400),
        (b'{"from": "BANK", "text": "a"}', 400),
        (b'{"from": "09123456789", "text": "' + b"a" * 4001 + b'"}', 413),
        (b'{"from": "09123456789", "text": "' + b"a" * 100_000 + b'"}', 413),
        (b'{"from": "09123456789", "text": "' + b"a" * 1_500_000 + b'"}', 413),
    ],
)
async def test_a_post_that_is_no_message_is_refused_with_a_reason(
    echo: Echo, http: ClientSession, body: bytes, status: int
) -> None:
    async with http.post("/sms/simulator", data=io.BytesIO(body)) as response:
        assert response.status == status
        assert (await response.json())["error"]
    assert echo.received == []


async def test_a_message_of_four_thousand_characters_is_taken(
    echo: Echo, http: ClientSession
) -> None:
    assert await post(http, **{"from": PHONE, "text": "ب" * 4000}) == 200
    assert len(echo.received[0].text) == 4000


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("stream", "number=123"),
        ("stream", ""),
        ("stream", f"number={PHONE}&after=x"),
        ("messages", f"number={PHONE}&after=-1"),
        ("messages", f"number={PHONE}&after=۱"),
        ("messages", f"number={PHONE}&wait=soon"),
    ],
)
async def test_a_question_with_a_wrong_number_or_cursor_is_refused(
    http: ClientSession, path: str, query: str
) -> None:
    async with http.get(f"/sms/simulator/{path}?{query}") as response:
        assert response.status == 400


async def test_the_stream_goes_on_after_the_last_event_the_page_saw(http: ClientSession) -> None:
    await post(http, **{"from": PHONE, "text": "یک"})
    seen = await read_events(http, PHONE, 3)
    await post(http, **{"from": PHONE, "text": "دو\nسطر"})
    rest = await read_events(http, PHONE, 3, headers={"Last-Event-ID": str(seen[-1][0])})
    assert [data.get("text") for _, kind, data in rest if kind == "message"] == ["دو\nسطر"] * 2
    assert [id for id, _, _ in rest] == sorted(id for id, _, _ in rest)


async def test_the_stream_delivers_while_it_is_open(http: ClientSession) -> None:
    reading = asyncio.create_task(read_events(http, PHONE, 3))
    await post(http, **{"from": PHONE, "text": "سلام"})
    assert {kind for _, kind, _ in await reading} == {"message", "delivery"}


async def test_nobody_hears_the_messages_of_another_number(http: ClientSession) -> None:
    await post(http, **{"from": PHONE, "text": "سلام"})
    assert (await replies(http, "09121112233", wait=0))["messages"] == []


async def test_a_message_sent_twice_under_one_id_shows_once(
    echo: Echo, http: ClientSession
) -> None:
    for _ in range(2):
        await echo.gateway.send(SmsOut("same", E164, "یک بار"))
    assert len((await replies(http, PHONE))["messages"]) == 1


async def test_a_recipient_that_is_no_mobile_is_refused_for_good(echo: Echo) -> None:
    with pytest.raises(SendError) as refusal:
        await echo.gateway.send(SmsOut("x", "BANK", "سلام"))
    assert not refusal.value.retryable


async def test_a_phone_keeps_its_latest_messages_only(echo: Echo, http: ClientSession) -> None:
    for n in range(MESSAGES_PER_PHONE + 5):
        await echo.gateway.send(SmsOut(str(n), E164, str(n)))
    kept = (await replies(http, PHONE))["messages"]
    assert [m["text"] for m in kept] == [str(n) for n in range(5, MESSAGES_PER_PHONE + 5)]


async def test_the_longest_unused_number_makes_room_for_a_new_one(
    echo: Echo, http: ClientSession
) -> None:
    for n in range(PHONES + 1):
        await echo.gateway.send(SmsOut("x", f"+98912{n:07}", "سلام"))
    assert (await replies(http, "09120000000", wait=0))["messages"] == []
    assert len((await replies(http, "09120001000", wait=0))["messages"]) == 1


async def test_shutting_down_ends_open_streams_at_once(echo: Echo) -> None:
    server = Server(echo, None)
    await server.start()
    async with ClientSession(server.url) as http:
        response = await http.get("/sms/simulator/stream", params={"number": PHONE})
        await response.content.readline()
        async with asyncio.timeout(SHUTDOWN / 2):  # below the server's own patience
            await server.stop()
        assert b"retry" not in await response.content.read()


async def test_a_call_shows_on_the_phone_as_what_it_said_once_and_is_no_sms(
    echo: Echo, http: ClientSession
) -> None:
    for _ in range(2):
        await echo.gateway.speak(SmsOut("call-1", E164, "کد شما: یک دو"))
    await post(http, **{"from": PHONE, "text": "سلام"})
    answer = await replies(http, PHONE)
    shown = [(m["text"], m["spoken"]) for m in answer["messages"]]
    assert shown == [("کد شما: یک دو", True), ("سلام", False)]
    assert [report.message_id for report in echo.reports if report.message_id == "call-1"] == []


async def test_a_number_that_is_no_mobile_is_not_called(echo: Echo) -> None:
    with pytest.raises(SendError):
        await echo.gateway.speak(SmsOut("call-1", "+982188888888", "کد شما"))
