"""How python-telegram-bot makes its HTTP calls here: by aiohttp, the client of everything else of ours.

Its own way is httpx, which costs 5 ms of CPU a call with a hundred connections open (it looks at every
one of them) where this costs less than 1 ms: the difference between 40 and 200 messages a second.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_TIMEOUT: Final = 10.0
WRITE_TIMEOUT: Final = 30.0
"""Seconds that a call may take beyond the time for its answer: a picture goes up within it."""


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float = 0.0


class _Wait(msgspec.Struct, frozen=True):
    parameters: _Parameters = _Parameters()


class TooMany(TelegramError):
    """A 429. (The library's ``RetryAfter`` warns of its own type whenever it is raised.)"""

    def __init__(self, payload: bytes) -> None:
        super().__init__("Too Many Requests")
        try:
            self.seconds = msgspec.json.decode(payload, type=_Wait).parameters.retry_after or None
        except msgspec.MsgspecError:
            self.seconds = None


class Request(BaseRequest):
    """Calls and files on at most ``connections`` connections, through the proxy that the environment
    names (``HTTPS_PROXY``). No call is made twice by itself, a file may be asked for again; errors
    hold no address, which holds the token."""

    def __init__(self, *, connections: int, read_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=True,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        assert self._session is not None, "initialize() comes first"
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        timeout = aiohttp.ClientTimeout(
            total=seconds + WRITE_TIMEOUT, sock_connect=CONNECT_TIMEOUT, sock_read=seconds
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout
            ) as answer:
                status, payload = answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None
        if status == 429:
            raise TooMany(payload)
        return status, payload

    @contextlib.asynccontextmanager
    async def file(self, url: str, *, seconds: float) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to a GET as it is, uncompressed, all of it within so many ``seconds``. Raises
        what calls raise."""
        assert self._session is not None, "initialize() comes first"
        try:
            async with self._session.get(
                url,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_TIMEOUT),
                # A compressed answer could grow beyond a limit in one step.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
                allow_redirects=False,
            ) as answer:
                yield answer
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The library's own logs a body that is not JSON."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not a JSON object") from None
        return answer


def _body(request: RequestData | None) -> aiohttp.FormData | None:
    if request is None:
        return None
    form = aiohttp.FormData()
    for name, value in request.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
