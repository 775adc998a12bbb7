"""The HTTP application: health, metrics, the backend's events, the gateways' routes, the demo."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend_adapter.contract import check_progress
from backend_adapter.port import ContractViolation
from backend_adapter.sandbox.admin import list_subscribers
from backend_adapter.signing import BadSignature, StatusEvent, verify
from dialogs.store import StoreUnavailable
from gooya.clock import instant
from gooya.console.pages import create_pages
from gooya.database.engine import DatabaseUnavailable
from gooya.database.events import UnknownRequest
from gooya.parts import Parts
from ivr.asterisk.calls import AsteriskCalls

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
"""Bytes of any inbound request; a longer one is answered with 413."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(
    parts: Parts,
    *,
    routes: Iterable[web.RouteDef] = (),
    sandbox_database: Path | None = None,
    asterisk: AsteriskCalls | None = None,
) -> web.Application:
    """``routes`` are the gateway's; ``sandbox_database`` is where the demo page finds people to play;
    without its ``asterisk`` a process that does nothing else is not ready."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_no_traceback])
    web_routes = _Routes(parts, asterisk)
    app.add_routes(
        [
            web.get("/healthz", web_routes.alive),
            web.get("/readyz", web_routes.ready),
            web.get("/metrics", web_routes.metrics),
            web.post("/backend/events", web_routes.backend_event),
            *routes,
        ]
    )
    if parts.settings.demo:
        app.add_routes(create_pages())
        if sandbox_database is not None:
            app.add_routes([web.get("/demo/subscribers", _players(sandbox_database, parts))])
    return app


@web.middleware
async def _no_traceback(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except (StoreUnavailable, DatabaseUnavailable) as error:
        log.warning("not ready", extra={"error": type(error).__name__})
        raise web.HTTPServiceUnavailable(text="try again") from None
    except Exception as error:
        # The text of a foreign exception may quote a customer, and a webhook's path is its secret.
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "-"
        log.error("request failed", extra={"error": type(error).__name__, "route": route})
        raise web.HTTPInternalServerError(text="internal error") from None


class _Routes:
    def __init__(self, parts: Parts, asterisk: AsteriskCalls | None) -> None:
        self._parts = parts
        self._asterisk = asterisk

    async def alive(self, request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok")

    async def ready(self, request: web.Request) -> web.Response:
        """Database and state store answer: messages can be handled."""
        try:
            await self._parts.database.ping()
            await self._parts.store.load("readyz", "readyz")
        except (StoreUnavailable, DatabaseUnavailable) as error:
            return web.Response(status=503, text=type(error).__name__)
        if self._asterisk is not None and not self._asterisk.state.connected:
            return web.Response(status=503, text=f"Asterisk: {self._asterisk.state.reason}")
        return web.Response(text="ready")

    async def metrics(self, request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def backend_event(self, request: web.Request) -> web.Response:
        """A signed status event of the backend: stored, then told to the customer."""
        body = await request.read()
        now = self._parts.clock()
        try:
            verify(self._parts.settings.backend_secret, request.headers, body, now=now)
            event = msgspec.json.decode(body, type=StatusEvent)
            check_progress(event.progress)
        except BadSignature as error:
            raise web.HTTPForbidden(text=str(error)) from None
        except ContractViolation as error:
            raise web.HTTPBadRequest(text=f"not a status event: {error}") from None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise web.HTTPBadRequest(text="not a status event") from None
        try:
            await self._parts.events.record(event.progress, event.event_id, instant(now))
        except UnknownRequest:
            raise web.HTTPNotFound(text="unknown tracking code") from None
        return web.Response(status=204)


def _players(database: Path, parts: Parts) -> Handler:
    async def subscribers(request: web.Request) -> web.Response:
        """Who can be played on the demo page."""
        try:
            cards = list_subscribers(database)[:40]
        except sqlite3.Error:
            cards = []
        people = [
            {"mobile": c.mobile, "bill_id": c.bill_id, "note": c.hint} for c in cards if c.mobile
        ]
        return web.json_response(people)

    return subscribers
