"""The whole loop in real processes: fakesmsc, bearerbox, ``gooya serve`` and ``gooya sandbox``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dialogs.ids import tracking_code_is_valid
from gooya.database import models
from gooya.database.engine import open_database
from tests.servers.gooya import Gooya, Sandbox
from tests.servers.kannel import FakeSmsc, Kannel, Received
from tests.servers.processes import until

LINE = "20001521"


class Loop:
    """One of each, started by :meth:`start`; what starts again keeps its ports and files."""

    def __init__(
        self, folder: Path, utility_folder: Path, engines: Mapping[str, str], ending: ExitStack
    ) -> None:
        self._ending = ending
        self.kannel = Kannel(folder / "kannel")
        self.phones = FakeSmsc(self.kannel)
        settings = {
            **engines,
            "GOOYA_SMS_GATEWAY": "kannel",
            "GOOYA_SMS_KANNEL": f"127.0.0.1:{self.kannel.box_port}",
            "GOOYA_SMS_LINE": LINE,
        }
        self.gooya = Gooya(folder / "gooya", settings)
        self.sandbox = Sandbox(utility_folder, events_url=f"{self.gooya.url}/backend/events")
        self.gooya.settings.update(self.sandbox.access)
        self._database = open_database(
            engines.get("GOOYA_DATABASE", f"sqlite:///{self.gooya.settings['GOOYA_DATA']}/gooya.db")
        )
        self._before: list[Received] = []

    async def start(self) -> None:
        for part in (self.kannel, self.phones, self.sandbox, self.gooya):
            self._ending.callback(part.stop)
        await self.kannel.start()
        await self.phones.start()
        await self.sandbox.start()
        await self.gooya.start()
        await until(self.kannel.boxes, "bearerbox has taken Gooya in")

    async def write(self, phone: str, text: str) -> None:
        await self.phones.send(phone, LINE, text)

    def received(self, phone: str) -> list[str]:
        """Whole messages that a phone got, parts joined; over restarts of the network."""
        everything = [*self._before, *self.phones.received()]
        return join_parts([part for part in everything if part.receiver == phone])

    async def reply(self, phone: str, *, containing: str = "", seconds: float = 60.0) -> str:
        """The first message at a phone that says ``containing``."""

        def found() -> str:
            return next((text for text in self.received(phone) if containing in text), "")

        try:
            reply: str = await until(found, f"a reply with {containing!r}", seconds)
        except AssertionError as late:
            late.add_note(self.gooya.output()[-3000:])
            raise
        return reply

    async def kill_kannel(self) -> None:
        """``kill -9`` bearerbox; the phones lose their network when they have read what it sent."""
        self.kannel.kill()
        self._before += await self.phones.ended()
        self.phones.stop()

    async def restart_kannel(self) -> None:
        """Start bearerbox again after a kill, and connect the phones again."""
        await self.kannel.start()
        await self.phones.start()

    async def requests(self) -> int:
        """Requests in the application's own database."""
        query = sa.select(sa.func.count()).select_from(models.requests)
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def transcript(self, direction: str) -> Sequence[Any]:
        """(text, delivery) in the order they were written down."""
        t = models.transcript.c
        query = sa.select(t.text, t.delivery).where(t.direction == direction).order_by(t.id)
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()

    async def close(self) -> None:
        await self._database.close()


def join_parts(parts: list[Received]) -> list[str]:
    """Messages as a phone shows them: parts joined by the reference of their header, once all are there."""
    messages: list[str] = []
    open_: dict[int, list[str]] = {}
    for part in parts:
        if not part.udh:
            messages.append(part.text)
            continue
        reference, count, number = part.udh[3:6]
        held = open_.setdefault(reference, [""] * count)
        held[number - 1] = part.text
        if all(held):
            messages.append("".join(open_.pop(reference)))
    return messages


def tracking_codes(texts: list[str]) -> list[str]:
    """Every valid tracking code that stands alone on a line, in order."""
    found = (code for text in texts for code in re.findall(r"^[0-9]{10}$", text, re.MULTILINE))
    return [code for code in found if tracking_code_is_valid(code)]
