"""A Bot API server on loopback: what Telegram, or Bale, does for a bot, as far as we use it.

    async with BotApi() as api:
        sara = api.customer(phone="989121234567")
        await sara.writes("/start")            # pushed by webhook, or pending for getUpdates
        menu = await sara.settled()            # the bot's answer
        await sara.presses(menu.labels[0])

The delivery rules are those of ``lab/botapi.md``; names of methods, fields and errors those of
https://core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import msgspec
from aiohttp import web

from tests.servers.bot_api_chats import (
    Button,
    Channel,
    Chat,
    Customer,
    Group,
    Message,
    picture_size,
)
from tests.servers.bot_api_delivery import Delivery, Update, queue_of
from tests.servers.bot_api_faults import Fault, Faults, How, Rates, Trouble
from tests.servers.bot_api_methods import LARGEST_UPLOAD, Methods
from tests.servers.bot_api_text import BadMarkup
from tests.servers.bot_api_wire import (
    MALFORMED_TOKEN,
    Call,
    Refusal,
    cut,
    done,
    parameters_of,
    refused,
)

__all__ = ["BotApi", "Button", "Call", "Channel", "Chat", "Customer", "Group", "Message"]

TOKEN = "123456:TEST-token_of-the-Bot-API-on-loopback"
MESSAGE_LIFE, QUERY_LIFE = 24 * 3600.0, 150.0
"""Seconds."""


@dataclass(frozen=True)
class Query:
    where: Chat
    expires: float


class BotApi:
    """One bot and its world. ``url`` is the base: ``{url}/bot{token}/…``, ``{url}/file/bot{token}/…``.

    ``scale`` multiplies the pauses between webhook attempts, so that tests need not wait for them.
    ``calls`` are all calls in the order in which they came, ``commands`` what setMyCommands set, by
    language.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        dialect: Literal["telegram", "bale"] = "telegram",
        seed: int = 0,
        scale: float = 1.0,
    ) -> None:
        self.token = token
        self.bale = dialect == "bale"
        self.url = ""
        self.user = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "گویا",
            "username": "gooya_bot",
        }
        self.calls: list[Call] = []
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.chats: dict[int, Chat] = {}
        self.message_life, self.query_life = MESSAGE_LIFE, QUERY_LIFE
        self.delivery = Delivery(scale)
        self.faults = Faults(seed)
        self.rates: Rates | None = None
        self._updates = itertools.count(700_000_001)
        self._messages = itertools.count(1)
        self._numbers = itertools.count(1)
        self.queries: dict[str, Query] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self._paths: dict[str, bytes] = {}
        self._methods = Methods(self)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def request(
            message: Any, payload: Any, protocol: Any, writer: Any, task: Any
        ) -> web.BaseRequest:
            # The largest upload is beyond what aiohttp lets in by itself.
            largest = LARGEST_UPLOAD + (1 << 20)
            return web.BaseRequest(
                message, payload, protocol, writer, task, loop, client_max_size=largest
            )

        server = web.Server(self._handle, request_factory=request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.delivery.close()
        await self._runner.cleanup()

    # --- the world

    def customer(
        self, id: int | None = None, phone: str = "", first_name: str = "سارا"
    ) -> Customer:
        """A person who started the bot. Every second id is longer than 32 bits."""
        number = next(self._numbers)
        id = id or (1 << 32 if number % 2 else 100_000_000) + number * 7919
        found = Customer(self, id, phone or f"98912{id % 10**7:07}", first_name)
        self.chats[id] = found
        return found

    def group(self, title: str = "همسایه‌ها") -> Group:
        found = Group(self, -1_001_000_000_000 - next(self._numbers), title)
        self.chats[found.id] = found
        return found

    def channel(self, title: str = "خبرها") -> Channel:
        found = Channel(self, -1_002_000_000_000 - next(self._numbers), title)
        self.chats[found.id] = found
        return found

    def push(self, raw: dict[str, Any]) -> int:
        """Deliver an update as it is; it gets an ``update_id`` unless it has one. Returns that.

        With ``"update_id": None`` it goes without.
        """
        kind = next((name for name in raw if name != "update_id"), "")
        number = raw.get("update_id", ...)
        ours = number if isinstance(number, int) else next(self._updates)
        if number is None:
            raw = {name: value for name, value in raw.items() if name != "update_id"}
        elif number is ...:
            raw = {"update_id": ours, **raw}
        life = self.query_life if kind == "callback_query" else self.message_life
        queue = queue_of(raw)
        again, late = self.faults.of_update(queue[1])
        expires = time.monotonic() + life
        self.delivery.add(Update(ours, kind, raw, queue, expires, again), late=late)
        return ours

    async def delivered(self, timeout: float = 20.0) -> None:
        """Wait until no update is pending: each was taken by the webhook or confirmed by an offset."""
        await self.delivery.emptied(timeout)

    def called(self, method: str, chat: Chat | None = None) -> list[Call]:
        return [
            call
            for call in self.calls
            if call.method == method and (chat is None or call.chat == chat.id)
        ]

    # --- trouble

    def fail(
        self,
        method: str,
        how: How,
        *,
        count: int = 1,
        chat: Chat | int | None = None,
        retry_after: float | None = None,
        seconds: float = 5.0,
    ) -> None:
        """The next ``count`` calls of ``method`` ("*": of any; "download": of a file) fail.

        ``retry_after`` belongs to 429, which goes without where it is None; ``seconds`` to slow.
        """
        of = chat.id if isinstance(chat, Chat) else chat
        self.faults.queue.append(Fault(how, method, of, count, retry_after, seconds))

    def duplicate(self, count: int = 1) -> None:
        """The next ``count`` updates come again after they were taken."""
        self.faults.duplicates += count

    def delay(self, count: int = 1) -> None:
        """The next ``count`` updates are overtaken by the one that follows in their queue."""
        self.faults.late += count

    def trouble(
        self,
        *,
        rate_429: float = 0.0,
        retry_after: float | None = 1,
        rate_5xx: float = 0.0,
        cut_before: float = 0.0,
        cut_after: float = 0.0,
        duplicates: float = 0.0,
        late: float = 0.0,
    ) -> None:
        """From now on, these shares of all calls and updates go wrong; the same for the same seed."""
        self.faults.trouble = Trouble(
            rate_429, retry_after, rate_5xx, cut_before, cut_after, duplicates, late
        )

    def enforce_rates(
        self,
        per_chat: float = 1.0,
        burst: float = 3.0,
        overall: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """From now on, messages and edits beyond so many a second are answered 429."""
        self.rates = Rates(per_chat, burst, overall, clock)

    # --- for the chats

    def next_message(self) -> int:
        return next(self._messages)

    def next_query(self, where: Chat) -> str:
        id = str(4_000_000_000_000_000_000 + next(self._numbers))
        self.queries[id] = Query(where, time.monotonic() + self.query_life)
        return id

    def keep(self, content: bytes, folder: str, name: str) -> dict[str, Any]:
        """Keep a file; the fields that every kind of file has."""
        number = next(self._numbers)
        extension = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
        path = f"{folder}/file_{number}{extension[0] if extension else ''}"
        id = f"AgACAgQAAxkB{number:012}"
        self.files[id] = (path, content)
        self._paths[path] = content
        return self.described(id)

    def described(self, id: str) -> dict[str, Any]:
        path, content = self.files[id]
        unique = path.replace("/", "-")
        return {"file_id": id, "file_unique_id": unique, "file_size": len(content)}

    def photo_sizes(self, content: bytes) -> list[dict[str, Any]]:
        """Smallest first; the last one is the whole."""
        width, height = picture_size(content) or (960, 1280)
        small = self.keep(content[:1000], "photos", "small.jpg")
        whole = self.keep(content, "photos", "whole.jpg")
        return [
            {**small, "width": max(width // 8, 1), "height": max(height // 8, 1)},
            {**whole, "width": width, "height": height},
        ]

    # --- HTTP

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        route, _, rest = request.path.removeprefix("/").partition("/")
        download = route == "file"
        if download:
            route, _, rest = rest.partition("/")
        token = route.removeprefix("bot")
        if not route.startswith("bot") or MALFORMED_TOKEN.match(token):
            return refused(Refusal(404, "Not Found"))
        if token != self.token:
            return refused(Refusal(401, "Unauthorized"))
        method = "download" if download else rest
        try:
            parameters = {"path": rest} if download else await parameters_of(request)
        except web.HTTPRequestEntityTooLarge:
            return refused(Refusal(413, "Request Entity Too Large"))
        except (ValueError, msgspec.DecodeError):
            return refused(Refusal(400, "Bad Request: can't parse the request"))
        call = Call(method, parameters, time.monotonic())
        self.calls.append(call)
        fault = self.faults.of_call(method, call.chat)
        if fault is not None and fault.how == "cut-before":
            return cut(request)
        response = self._fault(fault) or await self._answer(call)
        if fault is not None and fault.how == "cut-after":
            return cut(request)
        if fault is not None and fault.how == "slow":
            await asyncio.sleep(fault.seconds)
        call.status = response.status
        return response

    def _fault(self, fault: Fault | None) -> web.Response | None:
        if fault is None or fault.how in ("slow", "cut-after"):
            return None
        if fault.how == "502":
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>")
        if fault.how == "429":
            return refused(self._methods.too_many(fault.retry_after))
        return refused(Refusal(500, "Internal Server Error"))

    async def _answer(self, call: Call) -> web.Response:
        if call.method == "download":
            content = self._paths.get(call.parameters["path"])
            if content is None:
                return refused(Refusal(404, "Not Found"))
            return web.Response(body=content, content_type="application/octet-stream")
        method = self._methods.by_name.get(call.method.lower())
        if method is None:
            return refused(Refusal(404, "Not Found: method not found"))
        try:
            result = method(call.parameters)
            if asyncio.iscoroutine(result):
                result = await result
        except BadMarkup as error:
            return refused(Refusal(400, f"Bad Request: can't parse entities: {error}"))
        except Refusal as refusal:
            return refused(refusal)
        return done(result)
