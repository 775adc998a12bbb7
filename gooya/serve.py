"""One process: its roles, the loops they need, and the order in which all of it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from bots.sms.gateway import DeliveryReport, Gateway, InboundSms
from bots.sms.segments import measure
from bots.sms.sender import SmsSender
from dialogs.store import Outbound
from gooya import clock as clocks
from gooya.clock import Clock
from gooya.gateways import make_gateway
from gooya.housekeeping import keep_house
from gooya.http import create_app
from gooya.metrics import SEGMENTS, SENT
from gooya.news import Timers
from gooya.parts import Parts, assemble, sms_event
from gooya.sandboxed import sandbox_app, sandbox_database
from gooya.settings import Settings, SettingsError, refuse_unsafe

log = logging.getLogger(__name__)

Role = Literal["all", "web", "worker"]

HTTP_ONLY = ("simulator", "kannel-http", "kavenegar")
"""Gateways whose inbound messages come over our HTTP server; Kannel's box is a worker's connection."""


@dataclass(frozen=True)
class Running:
    """A started process: where it listens and what it is made of."""

    url: str
    sandbox_url: str | None
    parts: Parts
    gateway: Gateway


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
    metrics. Raises ``SettingsError``, also for an address that can't be listened on.
    """
    refuse_unsafe(settings)
    async with contextlib.AsyncExitStack() as stack:
        web_socket = _listen(*settings.address)
        stack.callback(web_socket.close)
        sandbox_socket = None if settings.backend_url else _listen("127.0.0.1", 0)
        sandbox_url = _url(sandbox_socket) if sandbox_socket else None
        sender: SmsSender | None = None
        works = role in ("all", "worker")
        # The simulator's phones live in the process that shows them.
        sends = role != "worker" if settings.sms_gateway == "simulator" else works

        def dispatch(messages: list[Outbound]) -> None:
            assert sender is not None
            sender.take(messages)

        parts = await stack.enter_async_context(
            assemble(
                settings,
                backend_url=settings.backend_url or sandbox_url or "",
                clock=clock,
                dispatch=dispatch if sends else None,
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
        if sends:
            sender = SmsSender(parts.store, gateway, clock=clock, outcome=outcome)
            stack.push_async_callback(sender.close)
            loops.append(sender.run())
        if works:
            timers = Timers(parts.store, parts.door, clock)
            loops += [parts.newsboy.run(), timers.run(), keep_house(parts)]

        app = create_app(
            parts,
            routes=gateway.routes() if role != "worker" else (),
            sandbox_database=sandbox_database(settings) if sandbox_url else None,
        )
        url = _url(web_socket)
        await _start(stack, app, web_socket)
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
        if works or settings.sms_gateway in HTTP_ONLY:
            stack.push_async_callback(gateway.close)
            await gateway.start()
        log.info("serving", extra={"role": role, "url": url})
        yield Running(url, sandbox_url, parts, gateway)


async def _watched(loop: Coroutine[Any, Any, None]) -> None:
    """A loop that ends takes the process with it in the log: silence would be worse."""
    try:
        await loop
    except asyncio.CancelledError:
        raise
    except Exception:
        log.critical("a worker loop ended", exc_info=True)
        raise


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
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
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
        raise SettingsError(f"can't listen on {host}:{port}: {error.strerror}") from error
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
