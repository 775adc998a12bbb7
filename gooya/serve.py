"""One process: its roles, the loops they need, and the order in which all of it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from aiohttp import web

from bots.sms.gateway import DeliveryReport, Gateway, InboundSms, Speaks
from bots.sms.segments import measure
from bots.sms.sender import SmsSender
from bots.telegram.port import Messenger
from bots.telegram.sender import ChatSender
from bots.telegram.simulator import MessengerSimulator
from dialogs.messages import MESSAGES
from dialogs.services.catalogue import LANGUAGES
from dialogs.store import Outbound
from gooya import clock as clocks
from gooya.clock import Clock
from gooya.gateways import make_gateway
from gooya.housekeeping import keep_house
from gooya.http import create_app
from gooya.messengers import Chats, Connection, drawing, make_accounts
from gooya.metrics import ASTERISK, SEGMENTS, SENT
from gooya.news import Timers
from gooya.parts import Parts, assemble, sms_event
from gooya.sandboxed import sandbox_app, sandbox_database
from gooya.settings import Settings, SettingsError, refuse_unsafe
from gooya.speaking import CALLS
from gooya.spoken_codes import CodeCalls, by_asterisk, by_gateway
from gooya.standby import Shift
from gooya.telephony import make_clips, make_switchboard
from ivr.asterisk.announcer import Announcer
from ivr.asterisk.ari import Ari
from ivr.asterisk.calls import AsteriskCalls
from ivr.book import book
from ivr.simulator import PhoneSimulator
from ivr.switchboard import Switchboard

log = logging.getLogger(__name__)

Role = Literal["all", "web", "worker", "ivr"]

HTTP_ONLY = ("simulator", "kannel-http", "kavenegar")
"""Gateways whose inbound messages come over our HTTP server; Kannel's box is a worker's connection."""

WARM_UP_AFTER = 20.0
"""Seconds: at the start there are callers to be taken over and messages that waited."""

MAX_LINE = 64 * 1024
"""Bytes of a request line: Kannel brings a text in it, and the longest that phones join from parts
needs 36 kB and would come again without end."""

SIMULATOR = "simulator"
"""The node of the calls on the demo page."""


@dataclass(frozen=True)
class Running:
    """A started process: where it listens and what it is made of."""

    url: str
    sandbox_url: str | None
    parts: Parts
    gateway: Gateway
    asterisk: AsteriskCalls | None = None
    """The telephone, where this process has one."""


@contextlib.asynccontextmanager
async def serve(
    settings: Settings,
    *,
    role: Role = "all",
    clock: Clock = clocks.system,
    draw_code: Any = None,
) -> AsyncIterator[Running]:
    """Start everything that ``role`` needs; leaving the block stops it without losing anything.

    Without a backend URL the sandbox runs inside, on a port of its own. ``web`` takes inbound HTTP
    and leaves sending and forwarding to ``worker``, which takes no inbound HTTP but health and
    metrics; ``ivr`` takes the calls of an Asterisk and does nothing else. Raises ``SettingsError``,
    also for an address that can't be listened on.
    """
    refuse_unsafe(settings)
    if role == "ivr" and not settings.ari_url:
        raise SettingsError("GOOYA_ARI_URL is needed: the role ivr takes the calls of an Asterisk")
    if role == "all" and settings.spoken_codes == "asterisk" and not settings.ari_url:
        raise SettingsError("GOOYA_ARI_URL is needed: GOOYA_SPOKEN_CODES names an Asterisk")
    async with contextlib.AsyncExitStack() as stack:
        web_socket = _listen(*settings.address)
        stack.callback(web_socket.close)
        sandbox_socket = None if settings.backend_url else _listen("127.0.0.1", 0)
        sandbox_url = _url(sandbox_socket) if sandbox_socket else None
        works = role in ("all", "worker")
        # The simulator's phones live in the process that shows them.
        sends = role in ("all", "web") if settings.sms_gateway == "simulator" else works
        takers: dict[str, SmsSender | Switchboard | ChatSender] = {}
        """What takes the outbound messages of a channel to their customers from this process."""

        def dispatch(messages: list[Outbound]) -> None:
            for channel, group in groupby(messages, key=lambda message: message.channel):
                takers[channel].take(list(group))

        MESSAGES.load(settings.language)
        parts = await stack.enter_async_context(
            assemble(
                settings,
                backend_url=settings.backend_url or sandbox_url or "",
                clock=clock,
                dispatch=dispatch,
                dispatches=takers.__contains__,
                draw_code=draw_code,
            )
        )

        async def receive(sms: InboundSms) -> None:
            at = clock()
            event = sms_event(f"{sms.gateway}:{sms.message_id}", sms.sender, sms.text, at)
            await parts.door.enter(sms.sender, event)

        async def report(delivery: DeliveryReport) -> None:
            parts.transcript.delivery(delivery.message_id, delivery.status)

        def outcome(message: Outbound, what: str) -> None:
            SENT.labels(what).inc()
            if what == "sent":
                SEGMENTS.inc(measure(message.text).segments)
            else:
                parts.transcript.delivery(message.id, "failed")

        gateway = make_gateway(settings, receive, report)
        loops: list[Coroutine[Any, Any, None]] = []
        stack.callback(_close, loops)
        clips = make_clips(settings)
        if sends:
            sender = SmsSender(parts.store, gateway, clock=clock, outcome=outcome)
            takers["sms"] = sender
            stack.push_async_callback(sender.close)
            loops.append(sender.run())
        if sends and settings.spoken_codes == settings.sms_gateway:
            assert isinstance(gateway, Speaks)  # the settings name no other
            code_calls = CodeCalls(parts.store, by_gateway(gateway), clock=clock)
            stack.push_async_callback(code_calls.close)
            loops.append(code_calls.run())
        if works:
            timers = Timers(parts.store, parts.door, clock)
            loops += [parts.newsboy.run(), timers.run(), keep_house(parts, clips)]
        routes: list[web.RouteDef] = []

        def open_chats(messenger: Messenger) -> Chats:
            chats = Chats(parts, messenger)
            stack.push_async_callback(chats.close)
            loops.append(chats.inbox.run())
            if works or isinstance(messenger, MessengerSimulator):
                takers[chats.name] = chats.sender
                loops.append(chats.sender.run())
            return chats

        for account, public_url in make_accounts(settings, clock) if role != "ivr" else ():
            await account.start()
            stack.push_async_callback(account.close)
            connection = Connection(
                open_chats(account),
                account,
                public_url,
                key=settings.key(),
                language=settings.language,
            )
            routes += connection.routes()
            loops.append(connection.run() if works else connection.introduce())

        def open_switchboard(node: str) -> Switchboard:
            switchboard = make_switchboard(parts, node, clips=clips)
            takers[CALLS + node] = switchboard
            stack.push_async_callback(switchboard.close)
            return switchboard

        asterisk: AsteriskCalls | None = None
        if settings.ari_url and role in ("all", "ivr"):
            ari = Ari(settings.ari_url, settings.ari_app)
            switchboard = open_switchboard(settings.ari_app)
            announcer = Announcer(ari, clips, settings.ari_dial)
            asterisk = AsteriskCalls(
                ari, switchboard, clips, announcer=announcer, operator=settings.ivr_operator
            )
            duties = [asterisk.run, switchboard.run]
            if settings.spoken_codes == "asterisk":
                by_us = CodeCalls(parts.store, by_asterisk(announcer), clock=clock)
                stack.push_async_callback(by_us.close)
                duties.append(by_us.run)
            shift = Shift(settings.folder, settings.ari_app)
            loops += [shift.run(*duties), _watch_asterisk(asterisk)]
        simulator: PhoneSimulator | None = None
        chat: MessengerSimulator | None = None
        if settings.demo and role in ("all", "web"):
            switchboard = open_switchboard(SIMULATOR)
            loops.append(switchboard.run())
            simulator = PhoneSimulator(switchboard, clips, clips.books)
            routes += simulator.routes()
        if settings.demo and role in ("all", "web") and not settings.telegram_token:
            chat = MessengerSimulator("telegram", draw=drawing(clock))
            chat.connect(open_chats(chat).inbox)
            routes += chat.routes()
        if asterisk is not None or simulator is not None:
            loops.append(clips.complete())

        app = create_app(
            parts,
            routes=[*gateway.routes(), *routes] if role in ("all", "web") else (),
            sandbox_database=sandbox_database(settings) if sandbox_url else None,
            asterisk=asterisk if role == "ivr" else None,
        )
        url = _url(web_socket)
        await _start(stack, app, web_socket)
        if simulator is not None:
            # Before the server, which waits for its open connections.
            stack.push_async_callback(simulator.close)
        if chat is not None:
            stack.push_async_callback(chat.close)
        if sandbox_socket is not None:
            sandbox = sandbox_app(
                settings,
                events_url=f"{url}/backend/events",
                clock=clock,
            )
            await _start(stack, sandbox, sandbox_socket)
        if works:
            forwarding = asyncio.create_task(parts.forwarder.run(), name="forwarder")
            stack.push_async_callback(_finish, parts, forwarding)
        tasks = [asyncio.create_task(_watched(loop)) for loop in loops]
        stack.push_async_callback(_cancel, tasks)
        if works or (role == "web" and settings.sms_gateway in HTTP_ONLY):
            stack.push_async_callback(gateway.close)
            await gateway.start()
        others = asyncio.create_task(_warm_up(settings.language))
        stack.callback(others.cancel)
        log.info("serving", extra={"role": role, "url": url})
        yield Running(url, sandbox_url, parts, gateway, asterisk)


async def _warm_up(first: str) -> None:
    """What the first customer of another language need not wait for; nor do those who waited for the start."""
    await asyncio.sleep(WARM_UP_AFTER)
    for language in LANGUAGES:
        if language != first:
            await asyncio.to_thread(MESSAGES.load, language)
            await asyncio.to_thread(book, language)


async def _watch_asterisk(calls: AsteriskCalls) -> None:
    while True:
        ASTERISK.set(calls.state.connected)
        await asyncio.sleep(1.0)


async def _watched(loop: Coroutine[Any, Any, None]) -> None:
    """A loop that ends takes the process with it in the log: silence would be worse."""
    try:
        await loop
    except asyncio.CancelledError:
        raise
    except Exception:
        log.critical("a worker loop ended", exc_info=True)
        raise


def _close(loops: list[Coroutine[Any, Any, None]]) -> None:
    """Those that never began, because the start failed or was stopped, would be complained about."""
    for loop in loops:
        loop.close()


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _finish(parts: Parts, forwarding: asyncio.Task[None]) -> None:
    await parts.forwarder.close()
    await forwarding


async def _start(
    stack: contextlib.AsyncExitStack, app: web.Application, listening: socket.socket
) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, max_line_size=MAX_LINE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening).start()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"can't listen on {host}:{port}: {error.strerror}. Choose another with --http or GOOYA_HTTP"
        ) from error
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
