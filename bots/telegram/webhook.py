"""The route that the messenger posts updates to."""

from __future__ import annotations

import hmac
from typing import Final

from aiohttp import web

from bots.telegram.inbox import Inbox
from dialogs.store import StoreUnavailable

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of the longest update that is read."""
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


def routes(inbox: Inbox, path: str, secret_token: str) -> list[web.RouteDef]:
    """``POST /<channel>/<path>``, one update in each.

    ``path`` is a secret, the only one where the messenger sends no token (``secret_token`` empty). An
    update is answered with 200 when it is stored, with 503 when it could not be; and with 200 too when
    it is set aside, because the messenger would send it for a day.
    """

    async def receive(request: web.Request) -> web.Response:
        if not _same(request.match_info["path"], path):
            raise web.HTTPNotFound
        if secret_token and not _same(request.headers.get(HEADER, ""), secret_token):
            raise web.HTTPForbidden(text="wrong secret token")
        body = await _read(request)
        if body is None:
            inbox.discard("a body that is too long")
            return web.Response()
        try:
            await inbox.put(body)
        except StoreUnavailable:
            raise web.HTTPServiceUnavailable(
                text="the store can't be reached; send again"
            ) from None
        return web.Response()

    return [web.post(f"/{inbox.channel}/{{path}}", receive)]


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is longer than :data:`BODY_LIMIT`, whose rest stays unread."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
