"""The port to the utility over HTTP, as ``openapi.yaml`` describes it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, TypeVar

import aiohttp
import msgspec
import yarl

from backend_adapter.contract import check_progress, require, require_payable
from backend_adapter.port import AttachmentMissing, ContractViolation, NotFound, Unavailable
from dialogs.values import (
    Attachment,
    Consumption,
    Contact,
    Debt,
    Holder,
    LastReading,
    OpenRequest,
    Payment,
    Progress,
    ServiceRequest,
    Subscription,
)

MAX_RESPONSE_BYTES = 1_000_000
_RETRY_LATER = frozenset({408, 425, 429})
_ATTACHMENT_MISSING = 424
_T = TypeVar("_T")


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds that the whole of a call may take, and of these the way to a connection."""

    lookup: float = 3.0
    submit: float = 10.0
    attach: float = 20.0
    connect: float = 2.0


class IdentityCheck(msgspec.Struct, frozen=True):
    matches: bool


class RestBackend:
    """A :class:`backend_adapter.port.Backend` over HTTP with a bounded pool of kept-alive connections.

    ``base_url`` is what stands before ``/v1``; ``api_key`` goes into ``Authorization`` and nowhere
    else. The session opens with the first call, in whose event loop all others must run.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeouts: Timeouts | None = None,
        max_connections: int = 50,
    ) -> None:
        self._base = yarl.URL(base_url.rstrip("/") + "/", encoded=False)
        if self._base.scheme not in ("http", "https") or not self._base.host:
            raise ValueError("the backend's address must be an http or https URL")
        limits = timeouts or Timeouts()
        self._lookup_timeout = _client_timeout(limits.lookup, limits.connect)
        self._submit_timeout = _client_timeout(limits.submit, limits.connect)
        self._attach_timeout = _client_timeout(limits.attach, limits.connect)
        self._api_key = api_key
        self._max_connections = max_connections
        self._session: aiohttp.ClientSession | None = None

    async def subscription(self, bill_id: str) -> Subscription:
        found = await self._lookup("subscriptions", bill_id, Subscription)
        require(found.bill_id == bill_id and bool(found.registers), "another subscription")
        return found

    async def last_reading(self, bill_id: str) -> LastReading:
        found = await self._lookup("subscriptions", bill_id, LastReading, "last-reading")
        require(found.bill_id == bill_id, "another subscription")
        require({r.id for r in found.registers} == set(found.values), "registers without values")
        return found

    async def debt(self, bill_id: str) -> Debt:
        found = await self._lookup("subscriptions", bill_id, Debt, "debt")
        require(found.bill_id == bill_id, "another subscription")
        require_payable(found.payment_id, bill_id)
        return found

    async def payments(self, bill_id: str) -> list[Payment]:
        found = await self._lookup("subscriptions", bill_id, list[Payment], "payments")
        return sorted(found, key=lambda payment: payment.paid_on, reverse=True)

    async def consumption(self, bill_id: str) -> list[Consumption]:
        found = await self._lookup("subscriptions", bill_id, list[Consumption], "consumption")
        return sorted(found, key=lambda period: period.end, reverse=True)

    async def contact(self, bill_id: str) -> Contact:
        found = await self._lookup("subscriptions", bill_id, Contact, "contact")
        require(found.bill_id == bill_id, "another subscription")
        return found

    async def holder(self, bill_id: str) -> Holder:
        found = await self._lookup("subscriptions", bill_id, Holder, "holder")
        require(found.bill_id == bill_id, "another subscription")
        return found

    async def open_requests(self, bill_id: str) -> list[OpenRequest]:
        found = await self._lookup("subscriptions", bill_id, list[OpenRequest], "open-requests")
        return sorted(found, key=lambda request: request.submitted_on, reverse=True)

    async def identify(self, bill_id: str, person_id: str) -> bool:
        asked = msgspec.json.encode({"person_id": person_id})
        found = await self._lookup(
            "subscriptions", bill_id, IdentityCheck, "identity-check", asked=asked
        )
        return found.matches

    async def attach(self, attachment: Attachment, content: bytes) -> None:
        status, _ = await self._exchange(
            "PUT",
            ("attachments", attachment.id),
            limits=self._attach_timeout,
            # As a payload, which aiohttp winds back when it repeats the call on a new connection.
            data=aiohttp.BytesIOPayload(io.BytesIO(content), content_type=attachment.content_type),
        )
        if status not in (200, 201):
            raise ContractViolation("the backend refused an attachment", http_status=status)

    async def submit(self, request: ServiceRequest, *, idempotency_key: str) -> Progress:
        status, body = await self._exchange(
            "POST",
            ("requests",),
            limits=self._submit_timeout,
            data=msgspec.json.encode(request),
            headers={"Content-Type": "application/json", "Idempotency-Key": idempotency_key},
        )
        if status == _ATTACHMENT_MISSING:
            raise AttachmentMissing("the backend lacks an attachment of the request")
        if status not in (200, 201):
            raise ContractViolation("the backend refused the form of a request", http_status=status)
        return _of_request(_decode(body, Progress), request.tracking_code)

    async def progress(self, tracking_code: str) -> Progress:
        found = await self._lookup("requests", tracking_code, Progress)
        return _of_request(found, tracking_code)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _lookup(
        self, kind: str, identifier: str, shape: type[_T], *part: str, asked: bytes | None = None
    ) -> _T:
        """What the backend knows; ``asked`` is the JSON of a look-up whose question is no address."""
        if not (identifier.isascii() and identifier.isdigit()):
            # Nothing but digits is an identifier, and nothing else shall shape the path.
            raise NotFound("no identifier of a subscription or request")
        status, body = await self._exchange(
            "GET" if asked is None else "POST",
            (kind, identifier, *part),
            limits=self._lookup_timeout,
            data=asked,
            headers=None if asked is None else {"Content-Type": "application/json"},
        )
        if status == 404:
            raise NotFound("the backend knows no such subscription or request")
        if status != 200:
            raise ContractViolation("the backend refused the form of a look-up", http_status=status)
        return _decode(body, shape)

    async def _exchange(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        limits: aiohttp.ClientTimeout,
        data: bytes | aiohttp.Payload | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Status and body of one call; whatever says "later" is :class:`Unavailable` already.

        A kept-alive connection that the backend closed meanwhile shows as a reset. aiohttp opens a new
        one and repeats a GET or PUT once by itself, and never a POST, whose work may have been done.
        """
        url = self._base.joinpath("v1", *path)
        try:
            async with self._open().request(
                method, url, data=data, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                if response.status in _RETRY_LATER or response.status >= 500:
                    raise Unavailable(f"the backend answered {response.status}")
                return response.status, await _read(response)
        except TimeoutError:
            raise Unavailable("the backend did not answer in time") from None
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            # The error's own text may hold the address with a bill id in it.
            raise Unavailable(f"the connection failed: {type(error).__name__}") from None
        except aiohttp.ClientError as error:
            raise ContractViolation(f"no HTTP answer: {type(error).__name__}") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._max_connections, limit_per_host=self._max_connections
                ),
                headers={
                    "Authorization": f"Bearer {self._api_key}",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                # With identity asked for, a packed body could only be one that unpacks to a huge one.
                auto_decompress=False,
            )
        return self._session


def _client_timeout(total: float, connect: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=min(connect, total))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            response.close()
            raise ContractViolation("the answer is too long", http_status=response.status)
    return bytes(body)


def _decode(body: bytes, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # msgspec's text may quote a value of the body.
        raise ContractViolation(f"the answer is no {_name(shape)} of the contract") from None


def _name(shape: Any) -> str:
    return getattr(shape, "__name__", None) or repr(shape)


def _of_request(progress: Progress, tracking_code: str) -> Progress:
    require(progress.tracking_code == tracking_code, "the progress of another request")
    check_progress(progress)
    return progress
