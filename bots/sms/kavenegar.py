"""Kavenegar's cloud: webhook and reconciling poll in, send API out.

Its documented HTTP API (``https://api.kavenegar.com/v1/{key}/{scope}/{method}.json``): the key is part of
the address, so addresses, and exceptions that hold them, are never logged or passed on. The
parameters of the webhook are customary and unsigned: unknown ones are ignored, the poll of unread
messages is the net under it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

import aiohttp
import msgspec
from aiohttp import web

from bots.sms.addresses import mask, national, normalise_mobile, replyable
from bots.sms.gateway import (
    DeliveryReport,
    DeliveryStatus,
    InboundSms,
    Receive,
    Report,
    SendError,
    SmsOut,
)
from bots.sms.webhook import check_names, check_secret, filled, form_of, text_of

log = logging.getLogger(__name__)

STATUS: Final[dict[int, DeliveryStatus | None]] = {
    1: "buffered",
    2: "buffered",
    4: "accepted",
    5: "accepted",
    6: "failed",
    10: "delivered",
    11: "failed",
    13: "failed",
    14: "blocked",
    100: None,
}
"""Status of a sent message; 100 is an id that Kavenegar does not know."""

ALARM: Final = frozenset({401, 403, 407, 416, 418, 426, 429, 451})
"""Return codes about the account (key, rights, address, credit, plan, rate), not the message."""

PAGE: Final = 100
"""Messages that one ``sms/receive`` gives at most."""
LONGEST_TEXT: Final = 900
"""Characters of a message."""
MOST_STATUSES: Final = 500

_INBOUND: Final = frozenset({"from", "to", "message", "messageid"})
_REPORT: Final = frozenset({"messageid", "status"})
_DIGITS: Final = 19
"""Of an id of 64 bits."""
_REMEMBERED_SENDS: Final = 50_000
_SENDERS_AT_ONCE: Final = 20


class _Return(msgspec.Struct):
    status: int


class _Entry(msgspec.Struct):
    """An entry of any method; each fills its own part."""

    messageid: int = 0
    localid: int | str | None = None
    status: int = 0
    message: str = ""
    sender: int | str = ""
    receptor: int | str = ""
    date: int = 0


class _Answer(msgspec.Struct):
    result: _Return = msgspec.field(name="return")
    entries: list[_Entry] | None = None


class Kavenegar:
    """The gateway ``kavenegar``. The routes are ``/sms/<name>`` and ``/sms/<name>/dlr``.

    ``line`` is the number messages are sent from and read from. The line is polled every
    ``poll_interval`` seconds. Reading marks a message as read, so one whose turn failed is held in
    memory and tried again; after a start, and after a poll whose answer did not arrive, what was read in
    the last ``look_back`` seconds is handled once more (under its id, so that a handled one is known).
    """

    def __init__(
        self,
        *,
        key: str,
        line: str,
        secret: str,
        receive: Receive,
        report: Report,
        base_url: str = "https://api.kavenegar.com",
        name: str = "kavenegar",
        timeout: float = 10.0,
        poll_interval: float = 60.0,
        retry_delay: float = 2.0,
        look_back: float = 900.0,
        drain: float = 10.0,
        connections: int = 20,
    ) -> None:
        self.name = name
        self._base = f"{base_url.rstrip('/')}/v1/{key}"
        self._line = line
        self._secret = secret
        self._receive = receive
        self._report = report
        self._timeout = timeout
        self._poll_interval = poll_interval
        self._retry_delay = retry_delay
        self._look_back = look_back
        self._drain = drain
        self._connections = connections
        self._http: aiohttp.ClientSession | None = None
        self._poller: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        # Read messages whose turn is not committed yet, by sender, oldest first.
        self._held: dict[str, list[InboundSms]] = {}
        # Kavenegar's id to ours, for delivery reports: they carry only the former.
        self._sent: OrderedDict[int, str] = OrderedDict()

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Kavenegar calls us."""
        return (
            web.post(f"/sms/{self.name}", self._inbound),
            web.post(f"/sms/{self.name}/dlr", self._delivery_report),
        )

    async def start(self) -> None:
        """Open the connection pool and begin to poll."""
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            connector=aiohttp.TCPConnector(limit=self._connections),
        )
        self._poller = asyncio.create_task(self._poll(), name=f"{self.name}-poll")

    async def close(self) -> None:
        """Finish what was read (at most ``drain`` seconds), then let go of the connections."""
        self._closing.set()
        if self._poller is not None:
            await asyncio.wait([self._poller], timeout=self._drain)
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    # --- inbound ---------------------------------------------------------------------------

    async def _inbound(self, request: web.Request) -> web.Response:
        parameters = await self._parameters(request, _INBOUND)
        sms = InboundSms(
            gateway=self.name,
            message_id=filled(parameters, "messageid"),
            sender=normalise_mobile(filled(parameters, "from")),
            receiver=filled(parameters, "to"),
            text=text_of(parameters, "message"),
        )
        if self._wanted(sms):
            try:
                await self._receive(sms)
            except Exception as error:
                self._log_failure("message", error)
                raise web.HTTPServiceUnavailable(text="try again") from None
        return web.Response()

    def _wanted(self, sms: InboundSms) -> bool:
        if replyable(sms.sender):
            return True
        log.info("%s: dropped a message of %s: no phone to answer", self.name, mask(sms.sender))
        return False

    def _log_failure(self, what: str, error: Exception) -> None:
        # The text of a foreign exception may quote the message: only its type is logged.
        log.warning("%s: %s not handled: %s", self.name, what, type(error).__name__)

    async def _poll(self) -> None:
        look_back = True
        while not self._closing.is_set():
            try:
                if look_back:
                    self._hold(await self._recently_read())
                    look_back = False
                await self._work_off()
                await self._read_all()
            except SendError as error:
                look_back = True  # what was lost on its way to us is marked as read all the same
                level = logging.ERROR if error.alarm else logging.WARNING
                log.log(level, "%s: the line can't be read: %s", self.name, error)
            with contextlib.suppress(TimeoutError):
                pause = self._retry_delay if self._held else self._poll_interval
                async with asyncio.timeout(pause):
                    await self._closing.wait()

    async def _read_all(self) -> None:
        while not self._closing.is_set():
            entries = await self._entries(read=False)
            self._hold(entries)
            await self._work_off()
            if len(entries) < PAGE:
                return

    async def _recently_read(self) -> list[_Entry]:
        since = time.time() - self._look_back
        return [entry for entry in await self._entries(read=True) if entry.date >= since]

    async def _entries(self, *, read: bool) -> list[_Entry]:
        return await self._call(
            "sms/receive", {"linenumber": self._line, "isread": "1" if read else "0"}
        )

    def _hold(self, entries: list[_Entry]) -> None:
        for entry in sorted(entries, key=lambda entry: entry.messageid):
            sms = InboundSms(
                gateway=self.name,
                message_id=str(entry.messageid),
                sender=normalise_mobile(entry.sender),
                receiver=str(entry.receptor),
                text=entry.message.replace("\0", ""),
            )
            if self._wanted(sms) and sms not in (waiting := self._held.setdefault(sms.sender, [])):
                waiting.append(sms)

    async def _work_off(self) -> None:
        """Handle what is held: one sender's messages in order, up to the first that fails."""
        slots = asyncio.Semaphore(_SENDERS_AT_ONCE)

        async def of_sender(waiting: list[InboundSms]) -> None:
            async with slots:
                while waiting:
                    try:
                        await self._receive(waiting[0])
                    except Exception as error:
                        self._log_failure("polled message", error)
                        return
                    waiting.pop(0)

        await asyncio.gather(*map(of_sender, self._held.values()))
        self._held = {sender: waiting for sender, waiting in self._held.items() if waiting}

    async def _delivery_report(self, request: web.Request) -> web.Response:
        parameters = await self._parameters(request, _REPORT)
        numbers = [filled(parameters, name) for name in ("messageid", "status")]
        if not all(n.isascii() and n.isdecimal() and len(n) <= _DIGITS for n in numbers):
            raise web.HTTPBadRequest(text="messageid and status must be numbers")
        message_id, code = map(int, numbers)
        if code not in STATUS:
            raise web.HTTPBadRequest(text="unknown status")
        ours, status = self._sent.get(message_id), STATUS[code]
        if ours is not None and status is not None:
            try:
                await self._report(DeliveryReport(ours, status))
            except Exception as error:
                self._log_failure("report", error)
                raise web.HTTPServiceUnavailable(text="try again") from None
        return web.Response()

    async def _parameters(
        self, request: web.Request, required: frozenset[str]
    ) -> Mapping[str, bytes]:
        check_secret(request, self._secret)
        parameters = await form_of(request)
        check_names(parameters, required=required, optional=frozenset(parameters))
        return parameters

    # --- sending ---------------------------------------------------------------------------

    async def send(self, sms: SmsOut) -> None:
        """Send once, however often it is called: ``localid`` comes from our id.

        Raises :class:`SendError`: retryable for 409, 5xx, time-outs and what an operator can put
        right (then with alarm), final for everything else.
        """
        if len(sms.text) > LONGEST_TEXT:
            raise SendError(f"text longer than {LONGEST_TEXT} characters", retryable=False)
        entries = await self._call(
            "sms/send",
            {
                "receptor": national(sms.to),
                "message": sms.text.encode("utf-8", "replace").decode(),
                "sender": self._line,
                "localid": str(local_id(sms.id)),
            },
        )
        if entries:
            self._sent[entries[0].messageid] = sms.id
            if len(self._sent) > _REMEMBERED_SENDS:
                self._sent.popitem(last=False)

    async def speak(self, sms: SmsOut) -> None:
        """Have Kavenegar call the phone and read the text out.

        Raises :class:`SendError` as :meth:`send`. Nothing says that a ``localid`` keeps a call from
        being made twice: who repeats one whose answer was lost may make the phone ring again.
        """
        await self._call(
            "call/maketts",
            {
                "receptor": national(sms.to),
                "message": sms.text,
                "localid": str(local_id(sms.id)),
            },
        )

    async def status(self, ids: Sequence[str]) -> dict[str, DeliveryStatus]:
        """What became of messages of ours, at most 500 and 12 hours old; unknown ones are left out.

        For those whose report was missed: the webhook names Kavenegar's id, which is known only to
        the process that sent the message. Raises :class:`SendError`.
        """
        assert len(ids) <= MOST_STATUSES
        by_local_id = {str(local_id(id_)): id_ for id_ in ids}
        entries = await self._call("sms/statuslocalmessageid", {"localid": ",".join(by_local_id)})
        found: dict[str, DeliveryStatus] = {}
        for entry in entries:
            ours, status = by_local_id.get(str(entry.localid)), STATUS.get(entry.status)
            if ours is not None and status is not None:
                found[ours] = status
        return found

    async def _call(self, method: str, fields: Mapping[str, str]) -> list[_Entry]:
        """The entries of Kavenegar's answer. Raises :class:`SendError` for any code but 200."""
        assert self._http is not None, "start() comes first"
        # Exceptions of aiohttp hold the address, and it holds the key.
        try:
            async with self._http.post(f"{self._base}/{method}.json", data=fields) as response:
                body = await response.read()
                code = response.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            reason = f"Kavenegar can't be reached: {type(error).__name__}"
            raise SendError(reason, retryable=True) from None
        try:
            answer = _decode(body)
        except (ValueError, RecursionError):
            if code < 400:
                raise SendError("Kavenegar's answer is not understood", retryable=True) from None
            raise error_of(code) from None
        if answer.result.status != 200:
            raise error_of(answer.result.status)
        return answer.entries or []


def _decode(body: bytes) -> _Answer:
    """Also with broken text in it, which one customer's phone may have made: it would hide the
    messages of all others. Raises ``ValueError`` or ``RecursionError``."""
    return msgspec.convert(json.loads(body.decode("utf-8", "replace")), _Answer, strict=False)


def error_of(code: int) -> SendError:
    """A return code as an error. Trouble with the account is retryable: the message is all right."""
    alarm = code in ALARM
    return SendError(
        f"Kavenegar returns {code}", retryable=alarm or code == 409 or code >= 500, alarm=alarm
    )


def local_id(id_: str) -> int:
    """Our id as a positive 63-bit number: the same each time, two alike are not to be expected."""
    return int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=8).digest(), "big") >> 1
