"""A messenger's chat in the terminal: what is said is printed, buttons are pressed by their names."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click

from bots.sms.addresses import mask
from bots.telegram.presenter import COMMANDS
from bots.telegram.simulated_chats import Json
from bots.telegram.simulator import MessengerSimulator
from bots.telegram.updates import parse
from dialogs.store import Outbound
from dialogs.text import fold
from gooya import clock as clocks
from gooya.cli.alone import PATIENCE, alone, brought_by_others, forget, waits
from gooya.messengers import Chats, drawing
from gooya.parts import Parts
from gooya.settings import Settings

CHANNEL = "telegram"
PICTURES = {"consumption": "consumption chart", "payments": "table of payments"}
RATES = (1_000.0, 1_000.0)
"""Messages a second: nobody here asks for less."""
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))


class _Button(NamedTuple):
    message: int
    name: str
    """What is written to press it: the number of an option, the name of a command. (A number is never
    a command: it answers, also where nothing is to choose.)"""
    label: str
    data: str


class TerminalChat:
    """The chat of the account whose number is ``address``, with the messenger in this process."""

    def __init__(self, address: str) -> None:
        self._number = address.removeprefix("+")
        self._own = self._conversation = f"{CHANNEL}:{self._number}"
        self._messenger = MessengerSimulator(CHANNEL, draw=drawing(clocks.system))
        self._seen = 0
        """The last event of the chat that was printed."""
        self._printed: set[int] = set()
        """Messages by id: one that changes is not printed again."""
        self._shown: set[str] = set()
        """Outbound messages by id."""
        self._arrived: list[str] = []
        self._parts: Parts
        self._chats: Chats

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, settings: Settings, address: str) -> AsyncIterator[TerminalChat]:
        chat = cls(address)
        async with alone(
            settings,
            dispatch=chat._dispatch,
            mine=lambda conversation: conversation in (chat._own, chat._conversation),
            dispatches=lambda channel: channel in ("sms", CHANNEL),
        ) as parts:
            chat._parts = parts
            chat._chats = Chats(parts, chat._messenger, rates=RATES)
            chat._conversation = await parts.door.whose(chat._own)
            yield chat
            await chat._chats.close()

    async def turn(self, line: str) -> list[str]:
        """Do what a line of input says and return what came back. Raises ``ClickException``."""
        if not line.strip():
            return []
        began = clocks.system()
        inbound = parse(self._update(line))
        if inbound is not None:
            await self._chats.handle(inbound)
        self._conversation = await self._parts.door.whose(self._own)
        waited = False
        while await waits(self._parts, self._conversation) and clocks.system() - began < PATIENCE:
            waited = True
            await asyncio.sleep(0.05)
        arrived = await self._collect()
        if not arrived:
            await self._claim()
            arrived = await self._collect()
        if waited and not arrived:
            # Another process may have brought the answer; then only the transcript has it.
            arrived = await brought_by_others(
                self._parts, self._conversation, since=began, shown=self._shown
            )
        return arrived

    async def _collect(self) -> list[str]:
        await self._chats.sender.close()
        arrived = [*self._arrived, *self._new()]
        self._arrived.clear()
        return arrived

    def _dispatch(self, messages: list[Outbound]) -> None:
        for message in messages:
            if message.channel == "sms":
                self._arrived.append(f"[SMS to {mask(message.to)}] {message.text}")
                forget(self._parts, message)
            elif message.to == self._number:
                self._take([message])

    async def _claim(self) -> None:
        """Take what waits for this chat: of a terminal that was killed, or of a process that has no
        messenger. Nothing newer would come before it."""
        store, now = self._parts.store, clocks.system()
        for batch in await store.claim_outbound(CHANNEL, now=now, lease=PATIENCE):
            if batch.to == self._number:
                self._take(batch.messages)
            else:
                await store.put_off(CHANNEL, batch.to, until=now)

    def _take(self, messages: Sequence[Outbound]) -> None:
        self._shown.update(message.id for message in messages)
        self._chats.sender.take(messages)

    def _update(self, line: str) -> Json:
        """What is done, as the Bot API tells it."""
        chats, number = self._messenger.chats, self._number
        command, _, rest = line.strip().partition(" ")
        if command == "/contact":
            return chats.shared(number, own=True)[0]
        if command == "/photo":
            return chats.sent(number, _read(rest), name=Path(rest).name)[0]
        if command == "/press":
            button = _named(rest, self._buttons())
            if button is None:
                raise click.ClickException(f"there is no button {rest!r}")
        else:
            newest = next(groupby(self._buttons(), key=lambda button: button.message), None)
            button = _named(line, newest[1]) if newest else None
        if button is None:
            return chats.written(number, line)[0]
        query = f"{number}:{uuid.uuid4().hex}"
        return chats.pressed(number, button.message, button.data, query=query)[0]

    def _buttons(self) -> Iterator[_Button]:
        """Those of the newest message first."""
        for event in reversed(self._messenger.chats.since(self._number, 0)):
            yield from _buttons(event.data)

    def _new(self) -> Iterator[str]:
        for event in self._messenger.chats.since(self._number, self._seen):
            self._seen, data = event.seq, event.data
            if event.kind == "toast" and data["text"]:
                yield f"[toast: {_plain(data['text'])}]"
            elif event.kind == "key" and data["label"]:
                yield f"[/contact] {_plain(data['label'])}"
            elif event.kind == "message" and data["message_id"] not in self._printed:
                self._printed.add(data["message_id"])
                if "picture" in data:
                    yield f"[picture: {PICTURES[data['picture']]}]"
                yield _plain(data.get("text") or data.get("caption", ""))
                yield from (f"[{button.name}] {_plain(button.label)}" for button in _buttons(data))


def _buttons(message: Json) -> list[_Button]:
    """The buttons under a message: options in their order (rows of a right-to-left language are
    turned round), then commands."""
    found: list[_Button] = []
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for key in row:
            what = key["callback_data"].partition(":")[2]
            name = what.replace("command:", "/")
            found.append(_Button(message["message_id"], name, key["text"], key["callback_data"]))
    names = [f"/{command}" for command in COMMANDS]
    return sorted(
        found,
        key=lambda b: (b.name in names, names.index(b.name) if b.name in names else int(b.name)),
    )


def _named(name: str, buttons: Iterable[_Button]) -> _Button | None:
    wanted = fold(name)
    return next((b for b in buttons if wanted in (fold(b.name), fold(b.label))), None)


def _plain(text: str) -> str:
    """Without empty lines: one of those ends a turn."""
    return "\n".join(line for line in text.translate(_ISOLATES).splitlines() if line)


def _read(name: str) -> bytes:
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name or '/photo'}: {error.strerror}") from error
    if not content:
        raise click.ClickException(f"{name}: the file is empty")
    return content
