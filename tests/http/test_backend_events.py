"""``/backend/events``: only the utility is believed, and each of its events is told once."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import aiohttp
import pytest

from backend_adapter.sandbox import SubscriberCard
from backend_adapter.signing import sign
from gooya.serve import Running
from gooya.settings import Settings
from tests.servers.processes import until

SECRET = Settings().backend_secret


def event(code: str, *, sequence: int = 9, event_id: str = "event-1") -> bytes:
    """A refusal of the request ``code``, which is worth a message to the customer."""
    progress = {
        "tracking_code": code,
        "sequence": sequence,
        "status": "rejected",
        "stage": 2,
        "stages": 4,
        "at": "2026-11-21T10:00:00Z",
        "reason": "reading_date",
    }
    return json.dumps({"event_id": event_id, "progress": progress}).encode()


class Utility:
    """Whoever posts to ``/backend/events``."""

    def __init__(self, running: Running, http: aiohttp.ClientSession) -> None:
        self._url = f"{running.url}/backend/events"
        self._http = http

    async def post(self, body: bytes, *, secret: str = SECRET, ago: int = 0) -> int:
        timestamp = int(time.time()) - ago
        return await self.post_with(
            body,
            {"Gooya-Timestamp": str(timestamp), "Gooya-Signature": sign(secret, timestamp, body)},
        )

    async def post_with(self, body: bytes, headers: dict[str, str]) -> int:
        async with self._http.post(self._url, data=body, headers=headers) as answer:
            assert "Traceback" not in await answer.text()
            return answer.status


@pytest.fixture
def utility(running: Running, http: aiohttp.ClientSession) -> Utility:
    return Utility(running, http)


async def file_a_reading(
    running: Running, http: aiohttp.ClientSession, person: SubscriberCard
) -> str:
    """The tracking code of a reading that went through, receipt told."""
    url = f"{running.url}/sms/simulator"
    for text in (f"قرائت {person.bill_id} {person.values['total'] + 90}", "1"):
        async with http.post(url, json={"from": person.mobile, "text": text}) as answer:
            assert answer.status == 200

    async def told() -> bool:
        return any("کد پیگیری" in text for text in await phone(running, http, person))

    await until(told, "the receipt")
    (request,) = await running.parts.reader.list()
    return request.tracking_code


async def phone(running: Running, http: aiohttp.ClientSession, person: SubscriberCard) -> list[str]:
    """Everything the customer's phone shows of us."""
    query = {"number": str(person.mobile), "wait": "0"}
    async with http.get(f"{running.url}/sms/simulator/messages", params=query) as answer:
        return [message["text"] for message in (await answer.json())["messages"]]


async def test_an_event_is_told_once_however_often_it_comes(
    running: Running, http: aiohttp.ClientSession, person: SubscriberCard, utility: Utility
) -> None:
    code = await file_a_reading(running, http, person)
    before = len(await phone(running, http, person))
    assert await utility.post(event(code)) == 204
    assert await utility.post(event(code)) == 204

    async def told() -> bool:
        return not await running.parts.events.unnotified() and (
            len(await phone(running, http, person)) > before
        )

    await until(told, "the news")
    # An older event under another id is kept, and told to nobody.
    assert await utility.post(event(code, sequence=1, event_id="event-0")) == 204
    assert not await running.parts.events.unnotified()
    (news,) = (await phone(running, http, person))[before:]
    assert code in news
    tracked = await running.parts.reader.by_tracking_code(code)
    assert tracked is not None
    assert tracked.request.status == "rejected"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "unsigned"),
        ({"Gooya-Timestamp": "now", "Gooya-Signature": "v1="}, "malformed"),
        ({"Gooya-Timestamp": "1700000000", "Gooya-Signature": "v1=" + "0" * 64}, "invented"),
    ],
)
async def test_an_event_without_a_right_signature_is_refused(
    utility: Utility, headers: dict[str, str], why: str
) -> None:
    assert await utility.post_with(event("1000000009"), headers) == 403, why


async def test_a_forged_event_and_an_old_one_are_refused(utility: Utility) -> None:
    assert await utility.post(event("1000000009"), secret="guessed") == 403
    assert await utility.post(event("1000000009"), ago=301) == 403
    assert await utility.post(event("1000000009"), ago=-301) == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"event_id": "1"}',
        b'{"event_id": 1, "progress": {}}',
        b'\xff\xfe{"event_id"',
        event("1000000009").replace(b"rejected", b"lost"),
        event("1000000009").replace(b"T10:00:00Z", b"T10:00:00"),
        event("1000000009").replace(b'"stage": 2', b'"stage": 5'),
        event("1000000009", sequence=2**63),
        event("1000000009", event_id=""),
        event("1000000009", event_id="e" * 65),
        event("1000000009", event_id="e\0"),
        event("1000000009").replace(b"{", b'{"more": ' + b"[" * 5000 + b"]" * 5000 + b", ", 1),
        event("1000000009").replace(
            b'"reason"',
            b'"bill": {"bill_id": "9985235404124", "payment_id": "1234567890", "amount": 1,'
            b' "due": "2026-12-01"}, "reason"',
        ),
    ],
)
async def test_a_signed_body_that_is_no_event_is_a_bad_request(
    utility: Utility, body: bytes
) -> None:
    assert await utility.post(body) == 400


async def test_an_event_for_a_code_that_nobody_has_is_not_found(utility: Utility) -> None:
    assert await utility.post(event("1000000009")) == 404


async def test_a_megabyte_is_too_much_signed_or_not(
    utility: Utility, caplog: pytest.LogCaptureFixture
) -> None:
    body: Any = b" " * 1_000_000
    with caplog.at_level(logging.ERROR):
        assert await utility.post(body) == 413
        assert await utility.post_with(body, {}) == 413
    assert caplog.records == []
