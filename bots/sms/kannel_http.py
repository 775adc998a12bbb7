"""Kannel by plain HTTP, for companies whose Kannel is run by others: get-url in, sendsms out.

The second way: the stock smsbox loses what it holds when it ends, and parallel or repeated requests
break the order of a sender's messages (:mod:`bots.sms.kannel_box` has neither fault). The ``get-url``::

    …/sms/kannel?secret=…&id=%I&from=%p&to=%P&text=%b&coding=%c&charset=%C&ts=%T&smsc=%i

with ``mo-recode = true``, ``catch-all = true``, ``omit-empty = true`` and ``max-messages = 0`` on the
sms-service; ``http-request-retry = 1000000`` and ``http-queue-delay = 2`` on the smsbox.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bots.sms.addresses import mask, normalise_mobile, replyable
from bots.sms.box_messages import DLR_ALL, DLR_STATUS
from bots.sms.gateway import DeliveryReport, InboundSms, Receive, Report, SendError, SmsOut
from bots.sms.segments import encoding_of
from bots.sms.webhook import check_names, check_secret, filled, query_of, read_body, text_of

log = logging.getLogger(__name__)

_INBOUND: Final = frozenset({"id", "from", "to", "text"})
_INBOUND_OPTIONAL: Final = frozenset({"secret", "coding", "charset", "ts", "smsc"})
_REPORT: Final = frozenset({"id", "status"})

_STATUSES: Final = frozenset(map(str, DLR_STATUS))

_CHARSETS: Final = {"": "utf-8", "UTF-8": "utf-8", "UTF-16BE": "utf-16-be"}
"""``%C`` is UTF-8 with ``mo-recode``; without it Persian text comes as it went over the air."""

_MAX_PARTS: Final = 255
"""Kannel cuts off what exceeds ``max-messages`` and still answers 202: leave that to our budget."""


class KannelHttp:
    """The gateway ``kannel`` over HTTP. The routes are ``/sms/<name>`` and ``/sms/<name>/dlr``.

    ``sendsms_url`` is Kannel's ``…/cgi-bin/sendsms`` with ``username`` and ``password``;
    ``public_url`` the address of this application as Kannel sees it, for delivery reports. ``line`` is
    the number messages are sent from, ``smsc_id`` forces a carrier, ``timeout`` is in seconds.
    """

    def __init__(
        self,
        *,
        sendsms_url: str,
        username: str,
        password: str,
        line: str,
        public_url: str,
        secret: str,
        receive: Receive,
        report: Report,
        name: str = "kannel",
        smsc_id: str | None = None,
        timeout: float = 10.0,
        connections: int = 20,
    ) -> None:
        self.name = name
        self._url = sendsms_url
        self._login = {"username": username, "password": password}
        self._line = line
        self._public_url = public_url.rstrip("/")
        self._secret = secret
        self._receive = receive
        self._report = report
        self._smsc_id = smsc_id
        self._timeout = timeout
        self._connections = connections
        self._http: aiohttp.ClientSession | None = None

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Kannel calls us."""
        return (
            web.get(f"/sms/{self.name}", self._inbound),
            web.get(f"/sms/{self.name}/dlr", self._delivery_report),
        )

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            connector=aiohttp.TCPConnector(limit=self._connections),
        )

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    # --- inbound ---------------------------------------------------------------------------

    async def _inbound(self, request: web.Request) -> web.Response:
        parameters = await self._parameters(request, _INBOUND, _INBOUND_OPTIONAL)
        sms = self._parse(parameters)
        if not replyable(sms.sender):
            log.info("%s: dropped a message of %s: no phone to answer", self.name, mask(sms.sender))
            return web.Response()
        try:
            await self._receive(sms)
        except Exception as error:
            # The text of a foreign exception may quote the message: only its type is logged.
            log.warning("%s: message not handled: %s", self.name, type(error).__name__)
            raise web.HTTPServiceUnavailable(text="try again") from None
        # smsbox would send a text in the answer to the customer.
        return web.Response()

    def _parse(self, parameters: Mapping[str, bytes]) -> InboundSms:
        charset = text_of(parameters, "charset").upper() if "charset" in parameters else ""
        codec = _CHARSETS.get(charset)
        if codec is None:
            raise web.HTTPBadRequest(text="charset must be UTF-8 or UTF-16BE")
        return InboundSms(
            gateway=self.name,
            message_id=filled(parameters, "id"),
            sender=normalise_mobile(filled(parameters, "from")),
            receiver=filled(parameters, "to"),
            text=text_of(parameters, "text", codec),
        )

    async def _delivery_report(self, request: web.Request) -> web.Response:
        parameters = await self._parameters(request, _REPORT, frozenset({"secret"}))
        value = filled(parameters, "status")
        status = DLR_STATUS.get(int(value)) if value in _STATUSES else None
        if status is None:
            raise web.HTTPBadRequest(text="status must be 1, 2, 4, 8 or 16")
        report = DeliveryReport(filled(parameters, "id"), status)
        try:
            await self._report(report)
        except Exception as error:
            log.warning("%s: report not handled: %s", self.name, type(error).__name__)
            raise web.HTTPServiceUnavailable(text="try again") from None
        return web.Response()

    async def _parameters(
        self, request: web.Request, required: frozenset[str], optional: frozenset[str]
    ) -> Mapping[str, bytes]:
        check_secret(request, self._secret)
        await read_body(request)
        parameters = query_of(request)
        check_names(parameters, required=required, optional=optional)
        return parameters

    # --- sending ---------------------------------------------------------------------------

    async def send(self, sms: SmsOut) -> None:
        """Hand ``sms`` to smsbox; returns on its 202.

        Kannel cuts long messages itself: 67 units a part, perhaps inside a grapheme, which phones
        join again. Raises :class:`SendError`: retryable for 5xx and time-outs, alarm for 401 and 403.
        """
        assert self._http is not None, "start() comes first"
        latin = encoding_of(sms.text) == "gsm7"
        text = sms.text.encode("utf-8", "replace").decode()
        parameters = self._login | {
            "from": self._line,
            "to": sms.to,
            "text": text,
            # Kannel never chooses: Persian with coding 0 becomes "????" without an error.
            "coding": "0" if latin else "2",
            "charset": "UTF-8",
            "max-messages": str(_MAX_PARTS),
            "dlr-mask": str(DLR_ALL),
            "dlr-url": self._report_url(sms.id),
        }
        if self._smsc_id is not None:
            parameters["smsc"] = self._smsc_id
        # Exceptions of aiohttp hold the address, and it holds number, text and password.
        try:
            async with self._http.get(self._url, params=parameters) as response:
                await response.read()
                status = response.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            reason = f"Kannel can't be reached: {type(error).__name__}"
            raise SendError(reason, retryable=True) from None
        if status != 202:
            raise SendError(
                f"Kannel answers {status}",
                retryable=status >= 500 or status in (401, 403),
                alarm=status in (401, 403),
            )

    def _report_url(self, id_: str) -> str:
        known = urlencode({"secret": self._secret, "id": id_})
        # %d is Kannel's placeholder for the type of the report.
        return f"{self._public_url}/sms/{self.name}/dlr?{known.replace('%', '%%')}&status=%d"
