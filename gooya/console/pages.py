"""The simulator page of the demo: `/` and its files, read once at start and served from memory.

Mount it only in demo mode (``GOOYA_DEMO``), beside the routes of ``SimulatorGateway``,
``PhoneSimulator`` and ``MessengerSimulator`` that the page talks to. ``/demo/subscribers``, where it exists, answers a JSON list
of ``{"name"?, "mobile", "bill_id", "note"}``: the subscribers one may play. Without it a number is
typed by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from importlib import resources

from aiohttp import web

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
"""Nothing from elsewhere, nothing inline, and no string that becomes markup: texts of strangers are shown."""

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_pages() -> list[web.RouteDef]:
    """Routes of the page: ``/`` and ``/simulator/<file>``.

    Raises ``FileNotFoundError`` when the package was installed without its files.
    """
    routes = []
    for file in sorted(resources.files(__package__).joinpath("simulator").iterdir(), key=_name):
        suffix = file.name[file.name.rfind(".") :]
        if suffix not in _TYPES:
            continue
        path = "/" if file.name == "index.html" else f"/simulator/{file.name}"
        routes.append(web.get(path, _serve(file.read_bytes(), _TYPES[suffix])))
    if not any(route.path == "/" for route in routes):
        raise FileNotFoundError("gooya/console/simulator/index.html")
    return routes


def _name(file: resources.abc.Traversable) -> str:
    return file.name


def _serve(body: bytes, content_type: str) -> Handler:
    etag = hashlib.sha256(body).hexdigest()[:32]

    async def handler(request: web.Request) -> web.StreamResponse:
        known = request.if_none_match or ()
        if any(tag.value == etag for tag in known):
            response = web.Response(status=304, headers=_HEADERS)
        else:
            response = web.Response(
                body=body, content_type=content_type, charset="utf-8", headers=_HEADERS
            )
        response.etag = etag
        return response

    return handler
