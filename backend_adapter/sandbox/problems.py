"""Errors of the sandbox's HTTP API as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

MEDIA_TYPE = "application/problem+json"
_KEPT_HEADERS = ("Allow", "WWW-Authenticate")


class Problem(Exception):
    """An HTTP error on its way out; ``detail`` holds no customer data."""

    def __init__(
        self, status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> web.Response:
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        return web.Response(
            status=self.status,
            body=msgspec.json.encode(body),
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What ``handler`` answers, its errors as problem details."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except web.HTTPException as error:
        if error.status < 400:
            raise
        kept = {name: error.headers[name] for name in _KEPT_HEADERS if name in error.headers}
        return Problem(error.status, error.reason, headers=kept).response()


@web.middleware
async def problems_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await answer(request, handler)
