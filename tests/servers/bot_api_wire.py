"""HTTP of the Bot API server: parameters in, the ``ok`` envelope or a refusal out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

MALFORMED_TOKEN = re.compile(r"(?!\d+:[A-Za-z0-9_-]+$)")
NUMBERS = frozenset(
    [
        "chat_id",
        "message_id",
        "offset",
        "limit",
        "timeout",
        "max_connections",
        "reply_to_message_id",
    ]
)
OBJECTS = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "reply_parameters",
        "allowed_updates",
        "commands",
    ]
)


class Refusal(Exception):
    """An answer that is not ``ok``: HTTP status, description and ``parameters`` such as retry_after."""

    def __init__(self, status: int, text: str, **parameters: Any) -> None:
        super().__init__(text)
        self.status = status
        self.parameters = parameters


def bad(text: str) -> Refusal:
    return Refusal(400, f"Bad Request: {text}")


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


@dataclass
class Call:
    method: str
    parameters: dict[str, Any]
    """Numbers and JSON decoded; files as :class:`Upload`."""
    at: float
    """Monotonic seconds."""
    status: int = 0
    """HTTP status of the answer, 0 where there was none."""

    @property
    def chat(self) -> int:
        """0 where the call names none."""
        chat = self.parameters.get("chat_id", 0)
        return chat if isinstance(chat, int) else 0


async def parameters_of(request: web.BaseRequest) -> dict[str, Any]:
    """From the query and from a form, multipart or JSON body, like the Bot API.

    Raises ``ValueError`` for what can't be read.
    """
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = msgspec.json.decode(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("no object")
        given |= body
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                given[name] = Upload(value.filename, value.file.read())
                value.file.close()
            else:
                given[name] = value
    for name in NUMBERS & given.keys():
        if isinstance(given[name], str) and re.fullmatch(r"-?[0-9]{1,19}", given[name]):
            given[name] = int(given[name])
    for name in OBJECTS & given.keys():
        if isinstance(given[name], str):
            given[name] = msgspec.json.decode(given[name])
    return given


def is_true(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "1")


def done(result: Any) -> web.Response:
    return _json({"ok": True, "result": result}, 200)


def refused(refusal: Refusal) -> web.Response:
    body = {"ok": False, "error_code": refusal.status, "description": str(refusal)}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return _json(body, refusal.status)


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )


def cut(request: web.BaseRequest) -> web.Response:
    """Cut the connection; the response is for aiohttp only."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
