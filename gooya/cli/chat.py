"""``gooya chat``: write to the flows from the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import uuid
from collections.abc import AsyncIterator, Iterator

import click

from bots.sms.addresses import mask, normalise_mobile, replyable
from dialogs.store import Outbound
from gooya import clock as clocks
from gooya import logs
from gooya.cli.alone import PATIENCE, alone, brought_by_others, forget, waits
from gooya.cli.terminal_chat import TerminalChat
from gooya.parts import Parts, sms_event
from gooya.settings import Settings, load


@click.command()
@click.option("--from", "sender", default="09121234567", show_default=True, help="Who writes.")
@click.option(
    "--channel",
    type=click.Choice(["sms", "telegram"]),
    default="sms",
    show_default=True,
    help="How.",
)
def chat(sender: str, channel: str) -> None:
    """Write to Gooya from the terminal, as a customer does from a phone.

    Without a terminal it takes one text a line from standard input and prints each reply, a blank
    line after each turn. It uses the same database and state as `gooya serve`. A message to another
    phone (a one-time code) is shown with the number it went to.

    With --channel telegram it is a chat in a messenger, by an account whose own number is --from. No
    token is needed and nothing leaves this machine. Buttons are shown one a line, as `[1] label`:
    write what stands in the brackets, or the label, to press one. Other lines:

    \b
    /start, /menu …  the commands of the bot
    /contact         share your own number
    /photo FILE      send a photo, or any other file
    /press LABEL     press a button, also one of an older message

    A picture is shown as `[picture: consumption chart]`, a notice that a press brings as `[toast: …]`.
    """
    address = normalise_mobile(sender)
    if not replyable(address):
        raise click.ClickException(f"{sender!r} is no mobile number")
    settings = load()
    logs.configure("error")
    phone = _Terminal if channel == "sms" else TerminalChat
    asyncio.run(_chat(settings, address, phone))


async def _chat(
    settings: Settings, address: str, phone: type[_Terminal] | type[TerminalChat]
) -> None:
    async with phone.open(settings, address) as terminal:
        for line in _lines():
            try:
                replies = await terminal.turn(line)
            except click.ClickException as error:
                if not sys.stdin.isatty():
                    raise
                error.show()
                continue
            for reply in replies:
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
        if waited and not self._arrived:
            # Another process may have brought the answer; then only the transcript has it.
            self._arrived += await brought_by_others(
                self._parts, self._address, since=began, shown=self._shown
            )
        arrived, self._arrived = self._arrived, []
        return arrived

    def _dispatch(self, messages: list[Outbound]) -> None:
        for message in messages:
            self._shown.add(message.id)
            other = "" if message.to == self._address else f"[SMS to {mask(message.to)}] "
            self._arrived.append(other + message.text)
            forget(self._parts, message)
