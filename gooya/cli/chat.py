"""``gooya chat``: write to the flows from the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import click
import sqlalchemy as sa

from bots.sms.addresses import mask, normalise_mobile, replyable
from dialogs.store import Outbound
from gooya import clock as clocks
from gooya import logs
from gooya.cli.alone import alone, waits
from gooya.database import models
from gooya.parts import Parts, sms_event
from gooya.settings import Settings, load

PATIENCE = 20.0
"""Seconds to wait for what a turn announced (a receipt that waits for the backend)."""


@click.command()
@click.option("--from", "sender", default="09121234567", show_default=True, help="Who writes.")
@click.option(
    "--channel", type=click.Choice(["sms"]), default="sms", show_default=True, help="How."
)
def chat(sender: str, channel: str) -> None:
    """Write to Gooya from the terminal, as a customer does from a phone.

    Without a terminal it takes one text a line from standard input and prints each reply, a blank
    line after each turn. It uses the same database and state as `gooya serve`. A message to another
    phone (a one-time code) is shown with the number it went to.
    """
    address = normalise_mobile(sender)
    if not replyable(address):
        raise click.ClickException(f"{sender!r} is no mobile number")
    settings = load()
    logs.configure("error")
    asyncio.run(_chat(settings, address))


async def _chat(settings: Settings, address: str) -> None:
    async with _Terminal.open(settings, address) as terminal:
        for line in _lines():
            for reply in await terminal.turn(line):
                click.echo(reply)
            click.echo()


def _lines() -> Iterator[str]:
    interactive = sys.stdin.isatty()
    while True:
        if interactive:
            click.echo("> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        yield line.rstrip("\n")


class _Terminal:
    """A phone in the terminal: takes its own replies and leaves everybody else's alone."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._shown: set[str] = set()
        self._arrived: list[str] = []
        self._parts: Parts

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, settings: Settings, address: str) -> AsyncIterator[_Terminal]:
        terminal = cls(address)
        async with alone(
            settings, dispatch=terminal._dispatch, mine=lambda conversation: conversation == address
        ) as parts:
            terminal._parts = parts
            yield terminal

    async def turn(self, text: str) -> list[str]:
        """Send one text and return what came back."""
        began = clocks.system()
        event = sms_event(f"chat:{uuid.uuid4().hex}", self._address, text, began)
        await self._parts.door.enter(self._address, event)
        waited = False
        while await waits(self._parts, self._address) and clocks.system() - began < PATIENCE:
            waited = True
            await asyncio.sleep(0.05)
        if waited:
            # Another process may have brought the answer; then only the transcript has it.
            await self._read_transcript(began)
        arrived, self._arrived = self._arrived, []
        return arrived

    def _dispatch(self, messages: list[Outbound]) -> None:
        for message in messages:
            self._shown.add(message.id)
            other = "" if message.to == self._address else f"[SMS to {mask(message.to)}] "
            self._arrived.append(other + message.text)
            task = asyncio.ensure_future(self._forget(message))
            task.add_done_callback(lambda done: done.exception())

    async def _forget(self, message: Outbound) -> None:
        now = clocks.system()
        await self._parts.store.sent(message.channel, message.to, (message.id,), now=now)

    async def _read_transcript(self, since: float) -> None:
        if self._arrived:
            return
        t = models.transcript.c
        query: Any = (
            sa.select(t.message_id, t.text)
            .where(
                t.conversation == self._address,
                t.direction == "out",
                t.at >= clocks.instant(since),
            )
            .order_by(t.id)
        )
        for _ in range(40):
            async with self._parts.database.read() as connection:
                rows = (await connection.execute(query)).all()
            new = [row for row in rows if row.message_id not in self._shown]
            if new:
                self._shown.update(row.message_id for row in new)
                self._arrived += [row.text for row in new]
                return
            await asyncio.sleep(0.05)
