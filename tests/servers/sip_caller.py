"""Callers of a real Asterisk: SIP by UDP on loopback, as much of it as one phone call takes.

    async with SipCaller(asterisk.sip_port) as caller:
        call = await caller.call("121", number="09121234567")
        await call.press("1234#")
        await call.hang_up()

One socket carries the signalling of all calls, each call has its own for RTP. Silence is sent all the
time, as phones do: Asterisk records by the clock of what comes in.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Any, NamedTuple, Self

from tests.servers.rtp import KEY_PAYLOAD, PAYLOAD, Codec, Media, Samples

T1 = 0.5
"""Seconds until a request is sent again (RFC 3261); doubles each time, at most 4."""
NAMES = {"ulaw": "PCMU", "alaw": "PCMA"}


class Refused(Exception):
    """The call was not answered; ``args[0]`` is SIP's status code."""


class Message(NamedTuple):
    """A SIP message; header names in lower case, of repeated ones the values in order."""

    first: str
    headers: dict[str, list[str]]
    body: str

    @property
    def status(self) -> int:
        """0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/") else 0

    def header(self, name: str) -> str:
        return self.headers.get(name, [""])[0]


def parse(data: bytes) -> Message:
    head, _, body = data.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Message(first, headers, body)


class Call:
    """One call, made by :meth:`SipCaller.call`."""

    def __init__(self, caller: SipCaller, dialed: str, number: str | None, codec: Codec) -> None:
        self.id = f"{secrets.token_hex(8)}@127.0.0.1"
        self.number = number
        self.media = Media(codec)
        self._caller = caller
        self._target = f"sip:{dialed}@127.0.0.1:{caller.remote[1]}"
        name = f"sip:{number}@127.0.0.1" if number else "sip:anonymous@anonymous.invalid"
        self._from = f"<{name}>;tag={secrets.token_hex(4)}"
        self._to = f"<{self._target}>"
        self._sequence = 1
        self._invite = self._branch()
        self._answers: dict[str, asyncio.Future[Message]] = {}
        self._trying = False
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def heard(self) -> Samples:
        """What came in since the call was made, 8 kHz, silence where nothing came."""
        return self.media.heard

    @property
    def seconds(self) -> float:
        """Since the call was made: now, on the time line of :attr:`heard`."""
        return self.media.seconds

    @property
    def up(self) -> bool:
        return not self._over.done()

    async def press(self, keys: str, *, length: float = 0.1, gap: float = 0.1) -> None:
        """Press keys one after the other (RFC 4733); returns when all are sent."""
        await self.media.press(keys, length=length, gap=gap)

    async def speak(self, pcm: Samples) -> None:
        """Say something, 8 kHz; takes as long as it is."""
        await self.media.speak(pcm)

    async def hang_up(self) -> None:
        """Put the receiver down; nothing happens when the call is over."""
        if self.up:
            self._end()
            self._sequence += 1
            await self._send("BYE", self._branch())

    async def ended(self, seconds: float = 20.0) -> None:
        """Wait until the other side hangs up; AssertionError when too late."""
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(self._over)
        except TimeoutError:
            raise AssertionError(f"the call was not ended within {seconds:g} s") from None

    async def connect(self) -> None:
        """INVITE; returns when answered, raises :class:`Refused`."""
        self._port = await self.media.open()
        try:
            answer = await self._send("INVITE", self._invite, self._sdp())
        except BaseException:
            self._end()
            raise
        self._to = answer.header("to")
        if answer.status >= 300:
            # Part of the INVITE's own transaction, unlike the ACK of an answered call.
            self._acknowledge(self._invite)
            self._end()
            raise Refused(answer.status)
        self._target = answer.header("contact").partition("<")[2].partition(">")[0]
        self._hear(answer.body)
        self._acknowledge(self._branch())
        if self.up:
            self._caller.talking.add(self)

    def received(self, message: Message) -> None:
        """A SIP message of this call came in."""
        if not message.status:
            self._answer(message)
        elif message.status >= 200:
            method = message.header("cseq").split()[1]
            waiting = self._answers.get(method)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)
            elif method == "INVITE":  # the ACK was lost
                self._acknowledge(self._branch() if message.status < 300 else self._invite)
        else:
            self._trying = True

    def _answer(self, request: Message) -> None:
        method = request.first.split()[0]
        if method == "ACK":
            return
        body = ""
        if method == "INVITE":  # the media moves
            self._hear(request.body)
            body = self._sdp()
        headers = [
            *(f"Via: {via}" for via in request.headers["via"]),
            *(f"{name.title()}: {request.header(name)}" for name in ("from", "to", "call-id")),
            f"CSeq: {request.header('cseq')}",
            f"Contact: <sip:caller@127.0.0.1:{self._caller.port}>",
        ]
        self._caller.send("SIP/2.0 200 OK", headers, body)
        if method == "BYE":
            self._end()

    async def _send(self, method: str, branch: str, body: str = "") -> Message:
        """Send a request again and again until it is answered for good, and return the answer."""
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._answers[method] = answer
        self._trying = False
        wait = T1
        for _ in range(7):
            if not self._trying:
                self._request(method, branch, body)
            done, _ = await asyncio.wait([answer], timeout=wait)
            if done:
                break
            wait = min(2 * wait, 4.0)
        else:
            answer.cancel()
            raise Refused(408)
        return answer.result()

    def _request(self, method: str, branch: str, body: str = "") -> None:
        headers = [
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._caller.port};branch={branch}",
            "Max-Forwards: 70",
            f"From: {self._from}",
            f"To: {self._to}",
            f"Call-ID: {self.id}",
            f"CSeq: {self._sequence if method != 'ACK' else 1} {method}",
            f"Contact: <sip:caller@127.0.0.1:{self._caller.port}>",
        ]
        if method == "INVITE":
            headers.append("Allow: INVITE, ACK, BYE, CANCEL, OPTIONS")
            if self.number:
                headers.append(f"P-Asserted-Identity: <sip:{self.number}@127.0.0.1>")
            else:
                headers.append("Privacy: id")
        self._caller.send(f"{method} {self._target} SIP/2.0", headers, body)

    def _acknowledge(self, branch: str) -> None:
        self._request("ACK", branch)

    @staticmethod
    def _branch() -> str:
        return f"z9hG4bK{secrets.token_hex(8)}"

    def _hear(self, sdp: str) -> None:
        port = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
        if port is not None:
            self.media.remote = ("127.0.0.1", int(port[1]))

    def _sdp(self) -> str:
        codec = self.media.codec
        return "\r\n".join(
            [
                "v=0",
                "o=caller 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                f"m=audio {self._port} RTP/AVP {PAYLOAD[codec]} {KEY_PAYLOAD}",
                f"a=rtpmap:{PAYLOAD[codec]} {NAMES[codec]}/8000",
                f"a=rtpmap:{KEY_PAYLOAD} telephone-event/8000",
                f"a=fmtp:{KEY_PAYLOAD} 0-15",
                "a=ptime:20",
                "a=sendrecv",
                "",
            ]
        )

    def _end(self) -> None:
        self._caller.talking.discard(self)
        self.media.close()
        if not self._over.done():
            self._over.set_result(None)


class Incoming(Call):
    """A call that came to us: it rings until :meth:`answer` or :meth:`refuse`."""

    def __init__(self, caller: SipCaller, invite: Message) -> None:
        user = invite.first.split()[1].partition(":")[2].partition("@")[0]
        super().__init__(caller, user, None, "ulaw")
        self.dialed = user
        self.id = invite.header("call-id")
        self._invited = invite
        self._target = invite.header("contact").partition("<")[2].partition(">")[0]
        self._to = invite.header("from")
        self._from = f"{invite.header('to')};tag={secrets.token_hex(4)}"
        self._talks = False
        self._reply("180 Ringing")

    async def answer(self) -> None:
        self._port = await self.media.open()
        self._talks = True
        self._hear(self._invited.body)
        self._reply("200 OK", self._sdp())
        self._caller.talking.add(self)

    def refuse(self, status: int) -> None:
        """End it by SIP's status code: 486 is busy."""
        self._reply(f"{status} Refused")
        self._end()

    def received(self, message: Message) -> None:
        first = message.first.split()[0]
        if first == "INVITE" and message.header("cseq") == self._invited.header("cseq"):
            self._reply(*self._last)  # what we said was lost
        elif first == "CANCEL":
            self._answer(message)
            self.refuse(487)
        else:
            super().received(message)

    def _reply(self, status: str, body: str = "") -> None:
        self._last = (status, body)
        invite = self._invited
        headers = [
            *(f"Via: {via}" for via in invite.headers["via"]),
            f"From: {self._to}",
            f"To: {self._from}",
            f"Call-ID: {self.id}",
            f"CSeq: {invite.header('cseq')}",
            f"Contact: <sip:called@127.0.0.1:{self._caller.port}>",
        ]
        self._caller.send(f"SIP/2.0 {status}", headers, body)

    def _end(self) -> None:
        if self._talks:
            super()._end()
        elif not self._over.done():
            self._over.set_result(None)


class SipCaller(asyncio.DatagramProtocol):
    """As many callers as wanted, towards the SIP port of an Asterisk on 127.0.0.1. It can call them, too."""

    def __init__(self, port: int) -> None:
        self.remote = ("127.0.0.1", port)
        self.talking: set[Call] = set()
        self._calls: dict[str, Call] = {}
        self._came: asyncio.Queue[Incoming] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self.port: int = self._transport.get_extra_info("sockname")[1]
        self._clock = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up whatever is up. An Asterisk that has been killed answers nothing: 1 s at most."""
        byes = [asyncio.create_task(call.hang_up()) for call in self._calls.values()]
        if byes:
            await asyncio.wait(byes, timeout=1)
        for bye in byes:
            bye.cancel()
        await asyncio.gather(*byes, self._stopped(), return_exceptions=True)
        self._transport.close()

    async def _stopped(self) -> None:
        self._clock.cancel()
        await self._clock

    async def call(self, dialed: str, *, number: str | None, codec: Codec = "ulaw") -> Call:
        """Call ``dialed``; ``number`` is the caller's, None withholds it. Raises :class:`Refused`."""
        call = Call(self, dialed, number, codec)
        self._calls[call.id] = call
        await call.connect()
        return call

    async def rings(self, seconds: float = 20.0) -> Incoming:
        """Wait for the next call to one of these phones; TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            return await self._came.get()

    def send(self, first: str, headers: list[str], body: str) -> None:
        """Send one SIP message."""
        if body:
            headers.append("Content-Type: application/sdp")
        headers.append(f"Content-Length: {len(body)}")
        self._transport.sendto("\r\n".join([first, *headers, "", body]).encode(), self.remote)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        message = parse(data)
        call = self._calls.get(message.header("call-id"))
        if call is not None:
            call.received(message)
        elif message.first.startswith("INVITE "):
            came = Incoming(self, message)
            self._calls[came.id] = came
            self._came.put_nowait(came)

    async def _tick(self) -> None:
        """Every call sends its next 20 ms; a late tick is made up for."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))
            for call in tuple(self.talking):
                call.media.tick()
