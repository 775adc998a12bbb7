"""What the HTTP routes of all gateways share: the secret, bounded bodies, strict parameters."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

BODY_LIMIT: Final = 64 * 1024
"""Bytes of the longest body that is read."""
MOST_PARAMETERS: Final = 32


def check_secret(request: web.Request, secret: str) -> None:
    """Raise 403 unless ``?secret=`` is ours. No gateway signs its calls (facts.md section 6)."""
    given = request.query.get("secret", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, secret.encode()):
        raise web.HTTPForbidden(text="wrong secret")


def query_of(request: web.Request) -> Mapping[str, bytes]:
    """Parameters of the address, values as bytes: what they mean may depend on another parameter."""
    _, _, query = request.raw_path.partition("?")
    return parse_parameters(query.encode("utf-8", "surrogateescape"))


async def form_of(request: web.Request) -> Mapping[str, bytes]:
    """Parameters of an urlencoded body. Raises 415 for another type and 413 above the limit."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType(text="send application/x-www-form-urlencoded")
    return parse_parameters(await read_body(request))


async def read_body(request: web.Request) -> bytes:
    """The whole body; 413 as soon as it is known to be longer than :data:`BODY_LIMIT`."""
    body = bytearray()
    announced = request.content_length or 0
    if announced <= BODY_LIMIT:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > BODY_LIMIT:
                break
    if max(announced, len(body)) > BODY_LIMIT:
        raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, max(announced, len(body)))
    return bytes(body)


def parse_parameters(encoded: bytes) -> dict[str, bytes]:
    """``a=1&b=`` as a dict. Raises 400 for a name that comes twice, and for too many of them."""
    try:
        # latin-1 maps bytes to characters one to one: the values stay what was sent.
        pairs = parse_qsl(
            encoded.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise web.HTTPBadRequest(text="too many parameters") from None
    parameters = {name: value.encode("latin-1") for name, value in pairs}
    if len(parameters) != len(pairs):
        raise web.HTTPBadRequest(text="a parameter comes twice")
    return parameters


def check_names(
    parameters: Mapping[str, bytes], *, required: frozenset[str], optional: frozenset[str]
) -> None:
    """Raise 400 naming what is missing; an unknown name is not repeated in the answer."""
    missing = sorted(required - parameters.keys())
    if missing:
        raise web.HTTPBadRequest(text=f"missing: {', '.join(missing)}")
    if parameters.keys() - required - optional:
        known = ", ".join(sorted(required | optional))
        raise web.HTTPBadRequest(text=f"unknown parameter; known: {known}")


def text_of(parameters: Mapping[str, bytes], name: str, charset: str = "utf-8") -> str:
    """A parameter as text without NUL (which PostgreSQL can't store); 400 when it is not valid."""
    try:
        return parameters[name].decode(charset).replace("\0", "")
    except UnicodeDecodeError:
        raise web.HTTPBadRequest(text=f"{name} is not valid {charset.upper()}") from None


def filled(parameters: Mapping[str, bytes], name: str) -> str:
    """A parameter that must not be empty, blanks at the ends cut; 400 when it is."""
    value = text_of(parameters, name).strip()
    if not value:
        raise web.HTTPBadRequest(text=f"empty: {name}")
    return value
