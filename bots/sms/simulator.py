"""An SMS carrier that lives in this process: the network behind the phone on the demo page.

It implements the same port as the real gateways, so that a message typed on the page takes the
whole SMS path: receive, turn, commit, send. **There is no authentication**: whoever reaches these
routes can write as any number and read any number's messages. It exists in demo mode only
(``GOOYA_DEMO``); the wiring must never mount it beside real customers. Everything stays in memory
and within :class:`Network`'s bounds.

======================================================  ==============================================
request                                                 answer
======================================================  ==============================================
``POST /sms/simulator``                                 200 ``{"id"}`` once the turn is committed; 400 bad
``{"from": "0912…", "text": "…", "id"?: "…"}``          JSON or number, 413 too long, 503 not committed
``GET /sms/simulator/stream?number=&after=``            Server-Sent Events ``message`` and ``delivery``;
                                                        goes on after ``Last-Event-ID``
``GET /sms/simulator/messages?number=&after=&wait=``    ``{"messages": […], "last": n}``: what was sent to
                                                        the number after event ``n``; waits for the first
======================================================  ==============================================

``id`` is the message id for the dialog: posting it again is the same message delivered twice. A
``message`` is ``{seq, id, from: "phone" | "line", text, encoding: "gsm7" | "ucs2", parts, spoken, at}``
with ``at`` an ISO instant in UTC, ``spoken`` where it is what a call said; a ``delivery`` is ``{seq, id, status}`` of a message the phone sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
import uuid
from collections.abc import Sequence
from typing import Annotated

import msgspec
from aiohttp import web

from bots.simulation import Event, as_json, body_of, cursor, mobile, refusal, stream
from bots.sms.addresses import normalise_mobile, replyable
from bots.sms.gateway import DeliveryReport, InboundSms, Receive, Report, SendError, SmsOut
from bots.sms.simulated_network import Network

MAX_TEXT = 4_000
"""Characters of one message; longer than any phone would join from parts."""
MAX_BODY = 64 * 1024
"""Bytes of one request: MAX_TEXT characters, JSON-escaped, with room to spare."""
MAX_WAIT_SECONDS = 60.0

log = logging.getLogger(__name__)


class _Typed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the phone posts."""

    sender: str = msgspec.field(name="from")
    text: str = ""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class SimulatorGateway:
    """The gateway ``simulator``; see the module's table for its HTTP surface.

    ``close()`` ends the open streams: call it on shutdown, before the HTTP server waits for its handlers.
    """

    name = "simulator"

    def __init__(self, receive: Receive, report: Report, *, line: str = "simulator") -> None:
        self._receive = receive
        self._report = report
        self._line = line
        # Starting at the time keeps event ids growing over restarts: a page that reconnects with
        # the id it saw before still gets everything that is new.
        self._network = Network(itertools.count(int(time.time() * 1000)))

    async def send(self, sms: SmsOut) -> None:
        """Put the message on the phone and report it delivered. The same id again shows once.

        Raises :class:`SendError` (not retryable) when ``to`` is no mobile number.
        """
        self._network.deliver(_number(sms), sms.id, "line", sms.text)
        try:
            await self._report(DeliveryReport(sms.id, "delivered"))
        except Exception as error:
            # The phone has the message: failing here would only make the sender repeat it.
            log.warning("simulator: delivery report not taken (%s)", type(error).__name__)

    async def speak(self, sms: SmsOut) -> None:
        """A call that comes and says this: the phone shows it among its messages. Raises as :meth:`send`."""
        self._network.deliver(_number(sms), sms.id, "line", sms.text, spoken=True)

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post("/sms/simulator", self._post),
            web.get("/sms/simulator/stream", self._stream),
            web.get("/sms/simulator/messages", self._messages),
        ]

    async def start(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        self._network.close()

    async def _post(self, request: web.Request) -> web.Response:
        typed = await _read(request)
        number = mobile(typed.sender)
        message_id = typed.id or uuid.uuid4().hex
        self._network.deliver(number, message_id, "phone", typed.text)
        try:
            await self._receive(
                InboundSms(
                    gateway=self.name,
                    message_id=message_id,
                    sender=number,
                    receiver=self._line,
                    text=typed.text,
                )
            )
        except Exception as error:
            # Whatever it was, the turn is not committed: the phone must be told to send again.
            log.warning("simulator: message not committed (%s)", type(error).__name__)
            self._network.tick(number, message_id, "failed")
            return as_json({"error": "not committed, send the same id again"}, status=503)
        self._network.tick(number, message_id, "delivered")
        return as_json({"id": message_id})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._network, mobile(request.query.get("number", "")))

    async def _messages(self, request: web.Request) -> web.Response:
        number = mobile(request.query.get("number", ""))
        after = cursor(request.query.get("after", "0"))
        try:
            wait = min(max(float(request.query.get("wait", "25")), 0.0), MAX_WAIT_SECONDS)
        except ValueError:
            raise refusal(web.HTTPBadRequest, "wait is a number of seconds") from None
        found: list[Event] = []
        # Out of time is an answer too: an empty list.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while not self._network.closed:
                    changed = self._network.changed(number)
                    found = [
                        event
                        for event in self._network.since(number, after)
                        if event.kind == "message" and event.data.get("from") == "line"
                    ]
                    if found:
                        break
                    await changed.wait()
        last = found[-1].seq if found else after
        return as_json({"messages": [event.data for event in found], "last": last})


def _number(sms: SmsOut) -> str:
    number = normalise_mobile(sms.to)
    if not replyable(number):
        raise SendError("not a mobile number", retryable=False)
    return number


async def _read(request: web.Request) -> _Typed:
    body = await body_of(request, MAX_BODY)
    try:
        typed = msgspec.json.decode(body, type=_Typed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise refusal(web.HTTPBadRequest, "not a JSON object with from, text and id") from None
    if not typed.text:
        raise refusal(web.HTTPBadRequest, "empty text")
    if len(typed.text) > MAX_TEXT:
        raise refusal(web.HTTPRequestEntityTooLarge, f"longer than {MAX_TEXT} characters", MAX_TEXT)
    return typed
