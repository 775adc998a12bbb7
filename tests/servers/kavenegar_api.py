"""A local server that speaks Kavenegar's documented HTTP API, with faults on demand."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

KEY = "6B65792D6F662D746573"
LINE = "10004346"
PAGE = 100
LONGEST = 900
IN_QUEUE, SENT, DELIVERED, UNKNOWN = 1, 5, 10, 100


@dataclass
class Sent:
    messageid: int
    localid: str | None
    receptor: str
    sender: str
    message: str
    status: int = IN_QUEUE

    def entry(self) -> dict[str, Any]:
        return {
            "messageid": self.messageid,
            "message": self.message,
            "status": self.status,
            "statustext": "",
            "sender": self.sender,
            "receptor": self.receptor,
            "date": int(time.time()),
            "cost": 120,
        }


@dataclass
class Inbox:
    messageid: int
    message: str
    sender: str
    receptor: str
    date: int
    read: bool = False


@dataclass
class Fault:
    """What the next calls meet: ``code`` in the answer, or the connection ``cut`` after the work."""

    code: int = 0
    cut: bool = False
    times: int = 1
    body: bytes | None = None


@dataclass
class KavenegarApi:
    """``url`` is the base URL; ``sent`` is what phones would have got, one entry a real SMS, ``spoken``
    what they would have heard, one entry a call."""

    sent: list[Sent] = field(default_factory=list)
    spoken: list[Sent] = field(default_factory=list)
    codes: list[tuple[str, str, str]] = field(default_factory=list)
    inbox: list[Inbox] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._ids = itertools.count(85463238)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/v1/{key}/{scope}/{method}.json", self._handle)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def write(self, sender: str, message: str, *, ago: float = 0, read: bool = False) -> Inbox:
        """A customer's message in the line's inbox, ``ago`` seconds old."""
        sms = Inbox(next(self._ids), message, sender, LINE, int(time.time() - ago), read)
        self.inbox.append(sms)
        return sms

    async def push(self, webhook: str, sms: Inbox) -> int:
        """Call a customer's webhook for ``sms``; the HTTP status of its answer."""
        fields = {
            "from": sms.sender,
            "to": sms.receptor,
            "message": sms.message,
            "messageid": str(sms.messageid),
        }
        return await self._post(webhook, fields)

    async def push_status(self, webhook: str, sms: Sent, status: int) -> int:
        """Change the status of a sent message and call the webhook for delivery reports."""
        sms.status = status
        return await self._post(webhook, {"messageid": str(sms.messageid), "status": str(status)})

    async def _post(self, url: str, fields: dict[str, str]) -> int:
        async with aiohttp.ClientSession() as http, http.post(url, data=fields) as response:
            return response.status

    async def _handle(self, request: web.Request) -> web.Response:
        method = f"{request.match_info['scope']}/{request.match_info['method']}"
        fields = {**request.query, **{k: str(v) for k, v in (await request.post()).items()}}
        # Counted with its fault taken: one that a test adds now meets a later call.
        self.calls[method] += 1
        fault = self._next_fault()
        if fault is not None and fault.body is not None:
            return web.Response(status=fault.code, body=fault.body)
        if fault is not None and fault.code:
            return answer(fault.code)
        if request.match_info["key"] != KEY:
            return answer(403)
        handler = {
            "sms/send": self._send,
            "sms/receive": self._receive,
            "sms/status": self._status,
            "sms/statuslocalmessageid": self._status_local,
            "verify/lookup": self._lookup,
            "call/maketts": self._speak,
        }.get(method)
        response = answer(404) if handler is None else handler(fields)
        if fault is not None and fault.cut:
            assert request.transport is not None
            request.transport.abort()
        return response

    def _next_fault(self) -> Fault | None:
        if not self.faults:
            return None
        fault = self.faults[0]
        fault.times -= 1
        if fault.times == 0:
            self.faults.pop(0)
        return fault

    def _send(self, fields: dict[str, str]) -> web.Response:
        receptor, message = fields.get("receptor"), fields.get("message")
        if not receptor or not message:
            return answer(400)
        if len(message) > LONGEST:
            return answer(413)
        if not (receptor.startswith("09") and len(receptor) == 11):
            return answer(411)
        localid = fields.get("localid")
        if localid is not None:
            if not localid.isdecimal() or int(localid) >= 1 << 63:
                return answer(400)
            for old in self.sent:
                if old.localid == localid:
                    return answer(200, [old.entry()])
        sms = Sent(next(self._ids), localid, receptor, fields.get("sender", LINE), message)
        self.sent.append(sms)
        return answer(200, [sms.entry()])

    def _speak(self, fields: dict[str, str]) -> web.Response:
        receptor, message = fields.get("receptor"), fields.get("message")
        if not receptor or not message:
            return answer(400)
        if not (receptor.startswith("09") and len(receptor) == 11):
            return answer(411)
        call = Sent(next(self._ids), fields.get("localid"), receptor, "", message)
        self.spoken.append(call)
        return answer(200, [call.entry()])

    def _receive(self, fields: dict[str, str]) -> web.Response:
        if fields.get("linenumber") != LINE or fields.get("isread") not in ("0", "1"):
            return answer(412)
        read = fields["isread"] == "1"
        page = [sms for sms in self.inbox if sms.read == read][:PAGE]
        for sms in page:
            sms.read = True
        return answer(
            200,
            [
                {
                    "messageid": sms.messageid,
                    "message": sms.message,
                    "sender": sms.sender,
                    "receptor": sms.receptor,
                    "date": sms.date,
                }
                for sms in page
            ],
        )

    def _status(self, fields: dict[str, str]) -> web.Response:
        known = {str(sms.messageid): sms.status for sms in self.sent}
        ids = fields["messageid"].split(",")
        return answer(200, [{"messageid": int(i), "status": known.get(i, UNKNOWN)} for i in ids])

    def _status_local(self, fields: dict[str, str]) -> web.Response:
        known = {sms.localid: sms for sms in self.sent}
        ids = fields["localid"].split(",")
        return answer(
            200,
            [
                {
                    "messageid": known[i].messageid if i in known else 0,
                    "localid": int(i),
                    "status": known[i].status if i in known else UNKNOWN,
                }
                for i in ids
            ],
        )

    def _lookup(self, fields: dict[str, str]) -> web.Response:
        receptor, template, token = (fields.get(n, "") for n in ("receptor", "template", "token"))
        if not template:
            return answer(424)
        if not token or " " in token:
            return answer(431)
        self.codes.append((receptor, template, token))
        sms = Sent(next(self._ids), None, receptor, LINE, f"{template}: {token}", SENT)
        self.sent.append(sms)
        return answer(200, [sms.entry()])


def answer(code: int, entries: list[dict[str, Any]] | None = None) -> web.Response:
    """Kavenegar's envelope; the HTTP status repeats the code."""
    body = {"return": {"status": code, "message": "-"}, "entries": entries}
    return web.json_response(body, status=code)
