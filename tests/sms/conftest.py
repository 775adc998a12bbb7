from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bots.sms.gateway import DeliveryReport, InboundSms
from bots.sms.kannel_box import KannelBox
from tests.servers.kannel import BOX_ID, FakeSmsc, Kannel
from tests.servers.processes import until
from tests.servers.smsc import Smsc

LINE = "30001234"


class App:
    """What stands behind a gateway: keeps what it got, fails or waits when told to."""

    def __init__(self) -> None:
        self.inbound: list[InboundSms] = []
        self.reports: list[DeliveryReport] = []
        self.failures = 0
        """How many of the next calls fail."""
        self.attempts = 0

    async def receive(self, sms: InboundSms) -> None:
        self.attempts += 1
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the store is down")
        self.inbound.append(sms)

    async def report(self, report: DeliveryReport) -> None:
        self.reports.append(report)

    @property
    def texts(self) -> list[str]:
        return [sms.text for sms in self.inbound]

    def statuses(self, id_: str) -> list[str]:
        return [report.status for report in self.reports if report.message_id == id_]


MakeBox = Callable[..., KannelBox]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def kannel(tmp_path: Path) -> AsyncIterator[Kannel]:
    server = Kannel(tmp_path / "kannel")
    try:
        await server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
async def phones(kannel: Kannel) -> AsyncIterator[FakeSmsc]:
    smsc = FakeSmsc(kannel)
    try:
        await smsc.start()
        yield smsc
    finally:
        smsc.stop()


@pytest.fixture
async def carrier(tmp_path: Path) -> AsyncIterator[Smsc]:
    smsc = Smsc(tmp_path)
    try:
        await smsc.start()
        yield smsc
    finally:
        smsc.stop()


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., Any]]:
    """Start a box on a Kannel and wait until it is taken in; closed at the end of the test."""
    async with AsyncExitStack() as stack:

        async def make(kannel: Kannel, app: App, **options: Any) -> KannelBox:
            settings: dict[str, Any] = {
                "host": "127.0.0.1",
                "port": kannel.box_port,
                "box_id": BOX_ID,
                "line": LINE,
                "receive": app.receive,
                "report": app.report,
                "reconnect": (0.05, 0.2),
            }
            box = KannelBox(**(settings | options))
            stack.push_async_callback(box.close)
            before = kannel.boxes()
            await box.start()
            await until(lambda: box.connected, "the box is connected")
            await until(lambda: kannel.boxes() > before, "bearerbox has taken the box in")
            return box

        yield make
