"""A running Gooya to talk to: the whole process, on real sockets, with a clock that tests move."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp

from backend_adapter.sandbox import list_subscribers
from bots.sms.simulator import SimulatorGateway
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.events import Event
from dialogs.session import Conversation, decode
from gooya import clock as clocks
from gooya import serve as serving
from gooya.messengers import Chats
from gooya.parts import sms_event
from gooya.serve import SIMULATOR, Running, serve
from gooya.settings import Settings, SettingsError
from gooya.speaking import CALLS
from gooya.spoken_codes import CHANNEL as SPOKEN
from gooya.telephony import make_switchboard
from ivr import switchboard as switchboards
from ivr.switchboard import Switchboard
from tests.conversations.messengers import Messenger, Screens, Way
from tests.conversations.people import Cast
from tests.conversations.telephone import Tap, Telephone
from tests.servers.ports import free_port

OTP = 12345
PATIENCE = 90.0
"""Seconds: a slow machine counts so many failures that the forwarder rests for half a minute."""
NODE = "test"
"""The node of the tests' telephones."""
POLL = 0.02
"""Seconds between looks for what other processes say to these; a person would not mind more."""
OUTCOME = 30.0
"""Seconds that a receipt waits for the backend's answer: on a slow machine the usual ones are too few, and
whoever wants the receipt without it moves the clock."""
RATES = (1e3, 1e4)
"""Messages a second to one chat and to all: no test waits for what a person would not read faster."""


class MovedClock:
    """Real time plus what tests added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class World:
    """One Gooya process with its sandbox, and the phones of its customers.

    ``over_http`` sends through the gateway's route, else straight through the door.
    """

    def __init__(
        self,
        running: Running,
        clock: MovedClock,
        http: aiohttp.ClientSession,
        switchboard: Switchboard,
        tap: Tap,
        messengers: Mapping[str, Messenger],
        screens: Screens,
    ) -> None:
        self.running = running
        self.clock = clock
        self.switchboard = switchboard
        """Where the tests' telephones call; no time passes on it."""
        self.tap = tap
        self.messengers = messengers
        """By name; a world may have none."""
        self.screens = screens
        self.over_http = True
        self.http = http
        folder = running.parts.settings.folder
        self.cast = Cast(
            list_subscribers(folder / "sandbox.db", clock=lambda: clocks.instant(clock()))
        )
        self._read: dict[str, int] = {}

    async def send(self, phone: str, text: str, id_: str) -> None:
        """Deliver a text; returns when it is acknowledged."""
        if not self.over_http:
            event = sms_event(f"simulator:{id_}", phone, text, self.clock())
            await self.running.parts.door.enter(phone, event)
            return
        body = {"from": phone, "text": text, "id": id_}
        async with self.http.post(f"{self.running.url}/sms/simulator", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def replies(self, phone: str, until: tuple[str, ...] | None = None) -> list[str]:
        """What the phone got since the last look, once nothing more is on its way.

        With ``until``: as soon as all these texts are in it, whatever the dialog waits for.
        """
        if until is None:
            await self.settle(phone)
            return await self.inbox(phone)
        found: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while await self.running.parts.store.outbound_depth("sms") or not all(
                text in "\n".join(found) for text in until
            ):
                await asyncio.sleep(0.01)
                found += await self.inbox(phone)
        return found + await self.inbox(phone)

    async def inbox(self, phone: str) -> list[str]:
        """The SMS that a phone got since the last look."""
        url = f"{self.running.url}/sms/simulator/messages"
        query = {"number": phone, "after": str(self._read.get(phone, 0)), "wait": "0"}
        async with self.http.get(url, params=query) as answer:
            found = await answer.json()
        self._read[phone] = max(found["last"], self._read.get(phone, 0))
        return [message["text"] for message in found["messages"]]

    async def conversation(self, phone: str) -> tuple[Conversation, Event, dt.date]:
        """The state of a phone's conversation, an event without meaning for it, and today."""
        snapshot = await self.running.parts.store.load(phone, "test")
        assert snapshot.state is not None
        event = Event(kind="timer", id="test", channel="sms", address=phone, at=self.clock())
        return decode(snapshot.state), event, tehran_today(clocks.instant(event.at))

    async def settle(self, phone: str) -> None:
        """Return when the dialog ``phone`` waits for its customer and all messages are sent."""
        async with asyncio.timeout(PATIENCE):
            while not await self.rests(phone):
                await asyncio.sleep(0.01)

    async def settle_call(self, telephone: Telephone) -> None:
        """Return when the caller is expected to do something, or the call and its last turn are over."""
        caller = telephone.caller
        async with asyncio.timeout(PATIENCE):
            while True:
                await caller.settled()
                over = telephone.call not in self.switchboard.calls
                waits = caller.phase == "waiting" or bool(telephone.ended)
                if await self.rests(caller.conversation) and (over or not waits):
                    await caller.settled()  # what was just delivered
                    return
                await asyncio.sleep(0.01)

    async def rests(self, conversation: str) -> bool:
        """Whether nothing is on its way to or from the customer of a conversation."""
        parts = self.running.parts
        if not await self.has_taken_all():
            return False
        snapshot = await parts.store.load(conversation, "test")
        top = decode(snapshot.state).top if snapshot.state else None
        return (
            not (top is not None and top.waiting)
            and not await parts.events.unnotified(1)
            and not await parts.store.outbound_depth("sms")
            and not await parts.store.outbound_depth(SPOKEN)
            and not await parts.store.outbound_depth(CALLS + NODE)
            and not await parts.store.outbound_depth(CALLS + SIMULATOR)
            and not [name for name in self.messengers if await parts.store.outbound_depth(name)]
        )

    async def has_taken_all(self) -> bool:
        """Whether every update of the messengers was handled."""
        depth = self.running.parts.store.outbound_depth
        return all(messenger.is_quiet for messenger in self.messengers.values()) and not [
            name for name in self.messengers if await depth(f"in:{name}")
        ]

    async def sandbox(self, method: str, path: str, **kwargs: Any) -> Any:
        """Call the sandbox's own controls."""
        url = f"{self.running.sandbox_url}/sandbox/{path}"
        async with self.http.request(method, url, **kwargs) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    async def forwarded(self) -> None:
        """Return when the outbox has nothing to forward any more."""
        async with asyncio.timeout(PATIENCE):
            while (await self.running.parts.outbox.depth())["pending"]:
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def open_world(
    folder: Path,
    messengers: Mapping[str, Way] | None = None,
    *,
    at: float | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """Start a Gooya whose requests move on only when told to, and whose prompts are silence.

    ``messengers`` says how the updates of each come in; those it doesn't name are not there. ``at`` is
    the moment (POSIX seconds) at which it begins, where that isn't now.
    """
    clock, tap, screens = MovedClock(), Tap(), Screens()
    if at is not None:
        clock.ahead = at - clock()
    async with contextlib.AsyncExitStack() as stack:
        opened: dict[str, Messenger] = {}
        for name in messengers or {}:
            opened[name] = await stack.enter_async_context(Messenger(name))

        def start() -> AbstractAsyncContextManager[Running]:
            address = f"127.0.0.1:{free_port() if messengers else 0}"
            for name, way in (messengers or {}).items():
                settings.update(opened[name].settings(way, f"http://{address}"))
            chosen = Settings(
                data=str(folder),
                http=address,
                demo=True,
                stage_seconds=math.inf,
                ivr_speech="false",
                **{"quiet_hours": "", **settings},
            )
            return serve(chosen, clock=clock, draw_code=lambda: OTP)

        stack.enter_context(tap.installed())
        stack.enter_context(screens.installed())
        stack.enter_context(mock.patch.object(switchboards, "POLL", POLL))
        stack.enter_context(mock.patch.object(limits, "OUTCOME_SECONDS", OUTCOME))
        quick = functools.partial(Chats, rates=RATES)
        stack.enter_context(mock.patch.object(serving, "Chats", quick))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        try:
            running = await stack.enter_async_context(start())
        except SettingsError:
            # Somebody else was faster on that port.
            running = await stack.enter_async_context(start())
        assert isinstance(running.gateway, SimulatorGateway)
        switchboard = make_switchboard(running.parts, NODE, timing=False)
        delivering = asyncio.create_task(switchboard.run())
        try:
            yield World(running, clock, http, switchboard, tap, opened, screens)
        finally:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            await switchboard.close()
