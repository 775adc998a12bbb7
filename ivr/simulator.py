"""The telephone of the demo page: calls over a WebSocket, and every prompt to listen to.

A call on the page takes the whole way of a real one: session, keypad rules, turn, commit; only the
line is another. **There is no authentication**: whoever reaches these routes can call as any number.
They exist in demo mode only (``GOOYA_DEMO``); the wiring must never mount them beside real customers.

==============================================  ======================================================
request                                         answer
==============================================  ======================================================
``GET /ivr/simulator?from=0912…``               a WebSocket, one call; without ``from`` the number is
                                                withheld. 400 no number, 503 too many calls
``GET /ivr/simulator/audio/<hash>.wav``         what a page was told to play; 404 anything else
``GET /ivr/simulator/prompts?language=fa``      JSON list of ``{id, text, seconds, kind, url}``; ``kind``
                                                is ``recorded``, ``generated`` or ``missing``
``GET /ivr/simulator/prompts/<id>.wav``         one of them
==============================================  ======================================================

On the WebSocket the server says ``play`` (``playback, url, seconds, silent, parts: [{text, from, to}]``),
``stop`` (``playback``), ``record`` (``name, seconds``), ``stop_recording`` (``name``), ``transfer``
(``variables``), ``hang_up`` and ``error`` (``error``); the page says ``key`` (``key``), ``started`` and
``finished`` (``playback``), ``hang_up``, and sends a recording as one binary frame, a WAV file. A
socket that is cut is a hang-up.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import msgspec
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from ivr.book import Book
from ivr.clips import ClipStore
from ivr.joining import joined
from ivr.numbers import e164
from ivr.simulated_line import SimulatedLine, Sounds
from ivr.switchboard import Switchboard

CALLS = 50
"""At the same time; a demo has no more."""
MAX_FRAME = 4 * 1024 * 1024
"""Bytes of one frame: a minute of speech at 24 kHz, with room to spare."""
MAX_TEXT = 1_000
"""Bytes of a frame that is no recording."""
FRAMES_A_SECOND = 25.0
FRAMES_AT_ONCE = 60.0
"""A bill id that is typed by the page comes as fast as this; whoever is faster is cut off."""
HEARTBEAT_SECONDS = 15.0
CLOSING_SECONDS = 2.0
"""For a page to say good-bye, and on shutdown for the last turns of the calls."""


_Id = Annotated[str, msgspec.Meta(max_length=100)]


class _Press(msgspec.Struct, tag="key", frozen=True):
    key: Annotated[str, msgspec.Meta(pattern="^[0-9*#]$")]


class _Started(msgspec.Struct, tag="started", frozen=True):
    playback: _Id


class _Finished(msgspec.Struct, tag="finished", frozen=True):
    playback: _Id


class _HangUp(msgspec.Struct, tag="hang_up", frozen=True):
    pass


_frames = msgspec.json.Decoder(_Press | _Started | _Finished | _HangUp)


class PhoneSimulator:
    """See the module's table for its HTTP surface.

    ``close()`` ends the calls: call it on shutdown, before the HTTP server waits for its handlers.
    """

    def __init__(
        self, switchboard: Switchboard, clips: ClipStore, books: Mapping[str, Book]
    ) -> None:
        self._switchboard = switchboard
        self._clips = clips
        self._books = books
        self._sounds = Sounds()
        self._sockets: dict[str, web.WebSocketResponse] = {}
        """Open ones by call."""
        self._closed = False

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get("/ivr/simulator", self._call),
            web.get("/ivr/simulator/audio/{name}.wav", self._audio),
            web.get("/ivr/simulator/prompts", self._prompts),
            web.get("/ivr/simulator/prompts/{id:.+}.wav", self._prompt),
        ]

    async def close(self) -> None:
        self._closed = True
        ending = set(self._sockets)
        sockets = list(self._sockets.values())
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in sockets))
        for _ in range(int(CLOSING_SECONDS / 0.02)):
            if not ending & self._switchboard.calls.keys():
                return
            await asyncio.sleep(0.02)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        given = request.query.get("from", "")
        number = e164(given[:30])
        if given and not number:
            raise _refusal(web.HTTPBadRequest, "from is no Iranian phone number")
        if self._closed or len(self._sockets) >= CALLS:
            raise _refusal(web.HTTPServiceUnavailable, "too many calls")
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS,
            max_msg_size=MAX_FRAME,
            compress=False,
            timeout=CLOSING_SECONDS,
        )
        await socket.prepare(request)
        call = f"simulator-{uuid.uuid4().hex}"
        self._sockets[call] = socket
        line = SimulatedLine(call, socket, self._clips, self._sounds)
        line.tell = self._switchboard.connect(line, number).tell
        try:
            await _listen(socket, line)
        finally:
            line.end()
            del self._sockets[call]
        return socket

    async def _audio(self, request: web.Request) -> web.Response:
        wav = self._sounds.get(request.match_info["name"])
        if wav is None:
            raise _refusal(web.HTTPNotFound, "nobody was told to play this")
        return _sound(request, wav, "private, max-age=86400, immutable")

    async def _prompts(self, request: web.Request) -> web.Response:
        book = self._books.get(request.query.get("language", "fa"))
        if book is None:
            raise _refusal(web.HTTPBadRequest, f"language is one of {', '.join(self._books)}")
        listed = await asyncio.to_thread(self._listed, book)
        return web.Response(
            body=msgspec.json.encode(listed),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    def _listed(self, book: Book) -> list[dict[str, object]]:
        listed: list[dict[str, object]] = []
        # Messages before the words of the inventory, which stand in folders of their own.
        for ref, clip in sorted(book.clips().items(), key=lambda item: item[0].count("/")):
            kind = self._clips.source(ref)
            seconds = 0.0 if kind == "missing" else round(self._clips.seconds(ref), 2)
            url = f"/ivr/simulator/prompts/{ref}.wav"
            listed.append(
                {"id": ref, "text": clip.text, "seconds": seconds, "kind": kind, "url": url}
            )
        return listed

    async def _prompt(self, request: web.Request) -> web.Response:
        ref = request.match_info["id"]
        if not any(ref in book.clips() for book in self._books.values()):
            raise _refusal(web.HTTPNotFound, "no such prompt")
        await self._clips.ensure([ref])
        return _sound(request, joined(self._clips, [ref]).wav, "no-cache")


async def _listen(socket: web.WebSocketResponse, line: SimulatedLine) -> None:
    """Take the page's frames until it hangs up or is gone."""
    slow = _Pace(FRAMES_A_SECOND, FRAMES_AT_ONCE, time.monotonic)
    async for frame in socket:
        if not slow():
            await line.refuse("too fast")
            return
        if frame.type is WSMsgType.BINARY:
            await line.recorded(frame.data)
        elif frame.type is WSMsgType.TEXT and not await _take(frame, line):
            return


async def _take(frame: WSMessage, line: SimulatedLine) -> bool:
    """Hand on one text frame; whether the call goes on."""
    if len(frame.data) > MAX_TEXT:
        await line.refuse("too long")
        return True
    try:
        message = _frames.decode(frame.data)
    except (msgspec.DecodeError, UnicodeError):
        await line.refuse("not understood")
        return True
    if isinstance(message, _Press):
        await line.press(message.key)
    elif isinstance(message, _Started):
        line.started(message.playback)
    elif isinstance(message, _Finished):
        line.finished(message.playback)
    return not isinstance(message, _HangUp)


class _Pace:
    """A bucket that fills with ``rate`` drops a second up to ``size``: false when it is empty."""

    def __init__(self, rate: float, size: float, clock: Callable[[], float]) -> None:
        self._rate, self._size, self._clock = rate, size, clock
        self._drops, self._at = size, clock()

    def __call__(self) -> bool:
        now = self._clock()
        self._drops = min(self._size, self._drops + (now - self._at) * self._rate)
        self._at = now
        self._drops -= 1
        return self._drops >= 0


def _sound(request: web.Request, wav: bytes, caching: str) -> web.Response:
    """A WAV file, or the part of it that a browser asks for: some play nothing without."""
    headers = {"Cache-Control": caching, "Accept-Ranges": "bytes"}
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(len(wav), None)
    start, stop, _ = wanted.indices(len(wav))
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=wav, content_type="audio/wav", headers=headers)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{len(wav)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(wav)}"
    return web.Response(body=wav[start:stop], status=206, content_type="audio/wav", headers=headers)


def _refusal(kind: type[web.HTTPError], why: str) -> web.HTTPException:
    text = msgspec.json.encode({"error": why}).decode()
    return kind(text=text, content_type="application/json")
