"""Holds the sandbox to ``openapi.yaml``: what comes in and what goes out, both checked against it."""

from __future__ import annotations

import datetime as dt
import hmac
import logging
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from backend_adapter.sandbox.problems import Problem, answer

_log = logging.getLogger(__name__)
_URI = "urn:gooya:backend-contract"
MAX_JSON_BYTES = 1_000_000
MAX_FILE_BYTES = 10 * 1024 * 1024
_JSON = "application/json"
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(dt.date.fromisoformat(value))


@_formats.checks("date-time", raises=msgspec.ValidationError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or bool(msgspec.convert(value, dt.datetime))


class Broken(Exception):
    """A message is not what the contract says; ``str()`` names the place, not the value."""


class Operation:
    """One operation of the contract: its parameters, request body and responses."""

    def __init__(self, contract: Contract, method: str, path: str, shared: Any) -> None:
        pointer = f"/paths/{_escape(path)}/{method}"
        node = contract.node(pointer)[1]
        self.method, self.path, self.id = method.upper(), path, str(node["operationId"])
        self._parameters = []
        for index in range(len(node.get("parameters", ()))):
            self._parameters.append(contract.node(f"{pointer}/parameters/{index}"))
        for index in range(len(shared)):
            self._parameters.append(contract.node(f"/paths/{_escape(path)}/parameters/{index}"))
        self._checks = {
            parameter["name"]: contract.validator(f"{where}/schema")
            for where, parameter in self._parameters
        }
        self._bodies = node.get("requestBody", {}).get("content", {})
        self._body = (
            contract.validator(f"{pointer}/requestBody/content/{_escape(_JSON)}/schema")
            if _JSON in self._bodies
            else None
        )
        self._responses: dict[tuple[int, str], Draft202012Validator] = {}
        self._headers: dict[int, set[str]] = {}
        self._empty: set[int] = set()
        """Statuses whose response has no body."""
        for status in node["responses"]:
            where, response = contract.node(f"{pointer}/responses/{status}")
            self._headers[int(status)] = set(response.get("headers", ()))
            if "content" not in response:
                self._empty.add(int(status))
            for media_type in response.get("content", ()):
                schema = f"{where}/content/{_escape(media_type)}/schema"
                self._responses[int(status), media_type] = contract.validator(schema)

    async def check_request(self, request: web.Request) -> None:
        """Raise :class:`Problem` (400, 413, 415) for a request that the contract does not know."""
        for _, parameter in self._parameters:
            name = parameter["name"]
            given = (
                request.match_info.get(name)
                if parameter["in"] == "path"
                else request.headers.get(name)
            )
            if given is None:
                raise Problem(400, "Bad Request", f"{name} is missing")
            self._check(self._checks[name], given, name)
        if not self._bodies:
            return
        if request.content_type not in self._bodies:
            raise Problem(415, "Unsupported Media Type")
        body = await request.read()
        if self._body is None:
            return
        if len(body) > MAX_JSON_BYTES:
            raise Problem(413, "Content Too Large")
        try:
            decoded = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Problem(400, "Bad Request", "the body is no JSON") from None
        self._check(self._body, decoded, "body")

    def check_response(self, response: web.StreamResponse) -> None:
        """Raise :class:`Broken` for a response that the contract does not allow."""
        if isinstance(response, web.Response) and response.status in self._empty:
            if response.body:
                raise Broken(f"{self.id}: {response.status} with a body")
            return
        if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
            raise Broken(f"{self.id}: a response without a body in memory")
        validator = self._responses.get((response.status, response.content_type))
        if validator is None:
            raise Broken(f"{self.id}: {response.status} {response.content_type} is not declared")
        missing = self._headers[response.status] - set(response.headers)
        if missing:
            raise Broken(f"{self.id}: {response.status} without header {sorted(missing)}")
        where = _first_error(validator, msgspec.json.decode(response.body))
        if where is not None:
            raise Broken(f"{self.id}: {response.status} breaks the schema at {where}")

    def _check(self, validator: Draft202012Validator, value: object, name: str) -> None:
        where = _first_error(validator, value)
        if where is not None:
            raise Problem(400, "Bad Request", f"{name} breaks the contract at {where}")


class Contract:
    """The OpenAPI file, loaded once at start."""

    def __init__(self) -> None:
        text = (resources.files("backend_adapter") / "openapi.yaml").read_bytes()
        self.document: dict[str, Any] = msgspec.yaml.decode(text)
        resource = DRAFT202012.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self.operations = {operation.id: operation for operation in self._read()}

    def validator(self, pointer: str) -> Draft202012Validator:
        """A validator of the schema at a JSON pointer into the file."""
        return Draft202012Validator(
            {"$ref": f"{_URI}#{pointer}"}, registry=self._registry, format_checker=_formats
        )

    def node(self, pointer: str) -> tuple[str, Any]:
        """What stands at a JSON pointer and where that is, after following references."""
        value: Any = self.document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        if isinstance(value, dict) and "$ref" in value:
            return self.node(str(value["$ref"]).removeprefix("#"))
        return pointer, value

    def _read(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in _METHODS & item.keys():
                yield Operation(self, method, path, item.get("parameters", ()))


def enforcing(contract: Contract, api_key: str) -> Middleware:
    """Middleware for routes named by an operation id: key, request and response are checked."""
    expected = f"Bearer {api_key}".encode()

    @web.middleware
    async def enforce(request: web.Request, handler: Handler) -> web.StreamResponse:
        operation = contract.operations.get(request.match_info.route.name or "")
        if operation is None:
            return await handler(request)

        async def checked(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, expected):
                raise Problem(401, "Unauthorized", headers={"WWW-Authenticate": "Bearer"})
            await operation.check_request(request)
            return await handler(request)

        response = await answer(request, checked)
        try:
            operation.check_response(response)
        except Broken as broken:
            _log.error("the sandbox broke its contract: %s", broken)
            return Problem(500, "Internal Server Error", "answer outside the contract").response()
        return response

    return enforce


def _first_error(validator: Draft202012Validator, value: object) -> str | None:
    """Where ``value`` first breaks the schema, as a path of names and indexes; ``None`` if nowhere."""
    error = next(iter(validator.iter_errors(value)), None)
    if error is None:
        return None
    keys = (str(key) for key in error.absolute_path)
    # A customer's own words may stand as a key: only names of the contract are shown.
    shown = [key if re.fullmatch(r"[a-z_]{1,32}|\d{1,4}", key) else "…" for key in keys]
    return f"/{'/'.join(shown)} ({error.validator})"


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
