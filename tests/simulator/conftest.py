"""The simulator behind a real server: an echo dialog instead of Gooya's, everything else as shipped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bots.sms.gateway import DeliveryReport, InboundSms, SmsOut
from bots.sms.simulator import SimulatorGateway
from bots.telegram import inbox as inboxes
from gooya.console.pages import create_pages

SHUTDOWN = 40.0
"""Seconds that a server waits for its handlers."""
MENU = "خدمات:\n۱ ثبت قرائت\n۲ سوابق پرداخت\n۰ راهنما"
SUBSCRIBERS = [
    {"name": "مشترک یک", "mobile": "09121112233", "bill_id": "9985235404124", "note": "خانگی"},
    {"mobile": "09351234567", "bill_id": "9174639504124", "note": "کشاورزی"},
]


class Echo:
    """A dialog that answers every message once; ``refuse`` makes its turns fail."""

    def __init__(self) -> None:
        self.gateway = SimulatorGateway(self.receive, self.report)
        self.received: list[InboundSms] = []
        self.reports: list[DeliveryReport] = []
        self.refuse = False

    async def receive(self, sms: InboundSms) -> None:
        if self.refuse:
            raise RuntimeError("no store")
        self.received.append(sms)
        text = MENU if sms.text == "منو" else sms.text
        await self.gateway.send(SmsOut(f"reply-{sms.message_id}", sms.sender, text))

    async def report(self, report: DeliveryReport) -> None:
        self.reports.append(report)


class Server:
    """A running site whose listening socket can be closed and opened again on the same port."""

    def __init__(self, echo: Echo, subscribers: list[dict[str, str]] | None) -> None:
        self.echo = echo
        self.subscribers = subscribers
        self.port = 0

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(create_pages())
        app.add_routes(self.echo.gateway.routes())
        if self.subscribers is not None:
            app.router.add_get("/demo/subscribers", self._people)
        app.on_shutdown.append(self._close)
        self.runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        await self.runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _close(self, _: web.Application) -> None:
        await self.echo.gateway.close()

    async def _people(self, _: web.Request) -> web.Response:
        return web.json_response(self.subscribers)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def server(echo: Echo) -> AsyncIterator[Server]:
    server = Server(echo, SUBSCRIBERS)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def albums_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly its parts come, an album is one until the test moves the clock on."""
    monkeypatch.setattr(inboxes, "ALBUM_QUIET", 3600.0)


@pytest.fixture
async def http(server: Server) -> AsyncIterator[ClientSession]:
    async with ClientSession(server.url) as session:
        yield session


async def read_events(
    session: ClientSession, number: str, count: int, headers: dict[str, str] | None = None
) -> list[tuple[int, str, dict[str, Any]]]:
    """The next ``count`` Server-Sent Events of a number as (id, kind, data)."""
    events: list[tuple[int, str, dict[str, Any]]] = []
    async with (
        asyncio.timeout(20),
        session.get(
            "/sms/simulator/stream", params={"number": number}, headers=headers or {}
        ) as response,
    ):
        assert response.status == 200
        fields: dict[str, str] = {}
        async for raw in response.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                events.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                fields = {}
                if len(events) == count:
                    break
            else:
                fields = {}
    return events
