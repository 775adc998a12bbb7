"""A client of Asterisk's REST Interface (ARI): what a keypad dialog needs of it.

Written against Asterisk 16 and tested with 22: events over a WebSocket, REST over HTTP. What a caller
waits for goes over the WebSocket too where Asterisk takes it there: that is half a millisecond less.
Parameters go in a JSON body: a request line may have no more than 4 kB, which some 60 clips exceed, and
a comma in a query would divide a clip's name. All times are in seconds.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from ivr.asterisk.events import (
    ApplicationReplaced,
    Channel,
    Event,
    Playback,
    RESTResponse,
    decode,
)
from ivr.asterisk.rest import SocketRequests
from ivr.line import Gone, LineError

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT: Final = 5.0
"""Of one request: on loopback or a LAN an answer takes milliseconds."""
KEEP_ALIVE: Final = 10.0
"""Of an idle connection; http.conf's ``session_keep_alive`` is 15 s by default and closes it then."""
CONNECTIONS: Final = 10
"""At most. Asterisk's queue of new ones is that long: what finds it full is tried again by the kernel,
a second later."""
HEARTBEAT: Final = 10.0
FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 5.0
REPLACED_WAIT: Final = 30.0

CALLED: Final = "called"
"""Tells the channels that we called from those that called us."""
EXPORT: Final = "func_export.so"
"""Module of the dialplan function EXPORT: Asterisk 16.30, 18.16, 20.1."""

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
"""Of a request about a channel: it is gone, or has left our application."""


class Connected(msgspec.Struct, frozen=True):
    """Events come from now on."""


class State(msgspec.Struct, frozen=True):
    """Whether events come; ``since`` is Unix time."""

    connected: bool
    since: float
    reason: str = ""
    """Why there is no connection."""


class _Application(msgspec.Struct):
    channel_ids: list[str] = []


class _Variable(msgspec.Struct):
    value: str = ""


class Ari:
    """One Asterisk and one application there.

    ``url`` is ``http://user:password@host:8088`` with the prefix of http.conf if it has one. Methods
    about a channel raise :class:`Gone` when it has left us, and all of them :class:`LineError` for
    anything else that went wrong. No message holds the password.
    """

    def __init__(self, url: str, app: str) -> None:
        """Raises ``ValueError`` for an unusable URL."""
        parsed = _checked(url)
        credentials = f"{parsed.user}:{parsed.password or ''}".encode()
        self._authorization = f"Basic {base64.b64encode(credentials).decode()}"
        self._base = str(parsed.with_user(None)).rstrip("/") + "/ari"
        self._app = app
        self._session: aiohttp.ClientSession | None = None
        self._over_socket = SocketRequests(TIMEOUT)
        self.state = State(False, time.time(), "not connected yet")
        self._complaint = ""

    async def start(self) -> None:
        """Make the connection pool; nothing is sent yet."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE),
            headers={"Authorization": self._authorization},
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    # --- channels --------------------------------------------------------------------------

    async def channels(self) -> list[str]:
        """Ids of the channels in our application."""
        answer = await self._ask("GET", "applications", self._app)
        return _read(answer, _Application).channel_ids

    async def channel(self, channel: str) -> Channel:
        answer = await self._on_channel("GET", channel, at_once=True)
        return _read(answer, Channel)

    async def originate(
        self, channel: str, endpoint: str, *, seconds: int, variables: Mapping[str, str]
    ) -> None:
        """Call ``endpoint``, which comes to our application, with the argument :data:`CALLED`, when it
        answers within ``seconds``; else its channel is destroyed. Returns before either."""
        body = {
            "endpoint": endpoint,
            "app": self._app,
            "appArgs": CALLED,
            "timeout": seconds,
            "variables": variables,
        }
        await self._ask("POST", "channels", channel, body=body)

    async def answer(self, channel: str) -> None:
        await self._on_channel("POST", channel, "answer")

    async def hang_up(self, channel: str) -> None:
        await self._on_channel("DELETE", channel)

    async def play(self, channel: str, playback: str, media: Sequence[str]) -> None:
        """Play ``media`` (URIs) as one playback, behind what the channel still plays."""
        body = {"media": media}
        await self._on_channel("POST", channel, "play", playback, body=body, at_once=True)

    async def record(self, channel: str, name: str, *, seconds: int, silence: int) -> None:
        """Record a WAV until ``#``, ``silence`` or ``seconds``, in place of an older ``name``.

        Behind what the channel still plays. Asterisk's own beep is not asked for: where its sounds are
        not installed the recording would end there and then.
        """
        body = {
            "name": name,
            "format": "wav",
            "maxDurationSeconds": seconds,
            "maxSilenceSeconds": silence,
            "ifExists": "overwrite",
            "terminateOn": "#",
        }
        path = ("channels", channel, "record")
        status, _ = await self._request("POST", path, body=body)
        if status == HTTPStatus.NOT_FOUND:
            raise Gone
        if status >= 300:  # a conflict may be one of names
            raise LineError(f"Asterisk: POST record answered {status}")

    async def set_variable(self, channel: str, name: str, value: str) -> None:
        """Set a variable or function of the dialplan, behind what the channel still plays."""
        body = {"variable": name, "value": value}
        await self._on_channel("POST", channel, "variable", body=body)

    async def set_at_once(self, channel_name: str, name: str, value: str) -> None:
        """As :meth:`set_variable`, but not behind what the channel plays; nothing tells if it is gone.

        A way round: a global variable's name may be a function, here the one that reaches into another
        channel. It needs :data:`EXPORT`.
        """
        body = {"variable": f"EXPORT({channel_name},{name})", "value": value}
        await self._ask("POST", "asterisk", "variable", body=body)

    async def can_set_at_once(self) -> bool:
        return await self._find("GET", "asterisk", "modules", EXPORT) is not None

    async def function(self, channel: str, call: str) -> str | None:
        """What a function of the dialplan says; None where it is not loaded."""
        path = ("channels", channel, "variable")
        status, answer = await self._request("GET", path, query={"variable": call})
        if status != HTTPStatus.OK:
            return None
        return _read(answer, _Variable).value

    async def leave(self, channel: str, context: str) -> None:
        """Hand the channel back to the dialplan at ``context,s,1``, behind what it still plays."""
        body = {"context": context, "extension": "s", "priority": 1}
        await self._on_channel("POST", channel, "continue", body=body)

    # --- playbacks and recordings ----------------------------------------------------------

    async def playback(self, playback: str) -> Playback | None:
        """None when it has ended or there never was one."""
        answer = await self._find("GET", "playbacks", playback)
        return None if answer is None else _read(answer, Playback)

    async def stop_playback(self, playback: str) -> None:
        """End all of its list; nothing happens when it has ended."""
        await self._find("DELETE", "playbacks", playback, at_once=True)

    async def recording_runs(self, name: str) -> bool:
        return await self._find("GET", "recordings", "live", name) is not None

    async def stop_recording(self, name: str) -> None:
        """End and keep it; nothing happens when it has ended."""
        await self._find("POST", "recordings", "live", name, "stop", at_once=True)

    async def recorded(self, name: str) -> bytes:
        """The file of a recording that has ended."""
        return await self._ask("GET", "recordings", "stored", name, "file")

    async def delete_recording(self, name: str) -> None:
        await self._find("DELETE", "recordings", "stored", name)

    # --- events ----------------------------------------------------------------------------

    async def events(self) -> AsyncGenerator[Connected | Event, None]:
        """Everything that happens in our application, for ever: :class:`Connected` at every new start.

        A lost connection is made again, with waiting times from 0.1 to 5 s. It is logged once when it
        is lost and once when it is back.
        """
        wait = FIRST_WAIT
        while True:
            began = time.monotonic()
            reason = "Asterisk closed the connection"
            refused = replaced = False
            try:
                async with self._http.ws_connect(
                    self._address("events"),
                    # subscribeAll would bring the calls of other applications too.
                    params={"app": self._app, "subscribeAll": "false"},
                    heartbeat=HEARTBEAT,
                ) as socket:
                    self._up()
                    await self._over_socket.opened(socket)
                    yield Connected()
                    async for message in socket:
                        if message.type is not aiohttp.WSMsgType.TEXT:
                            continue
                        event = decode(message.data)
                        if event is None:
                            continue
                        if isinstance(event, RESTResponse):
                            self._over_socket.answered(event)
                            continue
                        yield event
                        if isinstance(event, ApplicationReplaced):
                            replaced = True
                            reason = (
                                f"another process took the application {self._app}:"
                                " each needs its own GOOYA_ARI_APP"
                            )
                            break
            except aiohttp.WSServerHandshakeError as error:
                reason, refused = _refusal(error.status), True
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                reason = f"{type(error).__name__}; check GOOYA_ARI_URL and http.conf"
            finally:
                self._over_socket.closed()
            self._down(reason, refused=refused)
            if time.monotonic() - began > LONGEST_WAIT:
                wait = FIRST_WAIT
            pause = REPLACED_WAIT if replaced else wait
            await asyncio.sleep(pause * secrets.SystemRandom().uniform(0.5, 1.0))
            wait = min(wait * 2, LONGEST_WAIT)

    def _up(self) -> None:
        log.info("connected to Asterisk")
        self.state = State(True, time.time())
        self._complaint = ""

    def _down(self, reason: str, *, refused: bool) -> None:
        """Log the start of an outage, and a refusal that is still there the second time: an Asterisk
        that starts refuses everybody for a moment."""
        again = reason == self.state.reason
        if not self._complaint or (refused and again and self._complaint != reason):
            log.error("no connection to Asterisk: %s", reason)
            self._complaint = reason
        since = time.time() if self.state.connected else self.state.since
        self.state = State(False, since, reason)

    # --- requests --------------------------------------------------------------------------

    @property
    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None, "start() comes first"
        return self._session

    def _address(self, *path: str) -> URL:
        return URL(f"{self._base}/{_joined(path)}", encoded=True)

    async def _request(
        self,
        method: str,
        path: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        at_once: bool = False,
    ) -> tuple[int, bytes]:
        """``at_once``: Asterisk answers without waiting for the call (:mod:`ivr.asterisk.rest`)."""
        if at_once and self._over_socket.are_answered:
            return await self._over_socket.request(method, _joined(path), body)
        if self._http.closed:
            raise LineError("Asterisk: we are closing")
        try:
            async with self._http.request(
                method, self._address(*path), params=query, json=body
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            # Its text may hold the address, and the address a caller's ids.
            raise LineError(f"Asterisk: no answer ({type(error).__name__})") from None

    async def _ask(self, method: str, *path: str, body: Mapping[str, Any] | None = None) -> bytes:
        status, answer = await self._request(method, path, body=body)
        if status >= 300:
            raise LineError(f"Asterisk: {method} {path[0]} answered {status}")
        return answer

    async def _on_channel(
        self,
        method: str,
        channel: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        at_once: bool = False,
    ) -> bytes:
        whole = ("channels", channel, *path)
        status, answer = await self._request(method, whole, body=body, at_once=at_once)
        if status in _GONE:
            raise Gone
        if status >= 300:
            what = path[0] if path else "channel"
            raise LineError(f"Asterisk: {method} {what} answered {status}")
        return answer

    async def _find(self, method: str, *path: str, at_once: bool = False) -> bytes | None:
        """The answer about something that may have ended by itself: None then."""
        status, answer = await self._request(method, path, at_once=at_once)
        if status in _GONE:
            return None
        if status >= 300:
            raise LineError(f"Asterisk: {method} {path[0]} answered {status}")
        return answer


def _joined(path: Sequence[str]) -> str:
    return "/".join(quote(part, safe="") for part in path)


def _read(answer: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise LineError(f"Asterisk: an answer that is no {kind.__name__.strip('_')}") from None


def _checked(url: str) -> URL:
    try:
        parsed = URL(url)
        complete = parsed.scheme in ("http", "https") and parsed.host and parsed.user
    except ValueError:
        complete = None
    if not complete:
        raise ValueError("GOOYA_ARI_URL must look like http://user:password@host:8088")
    return parsed


def _refusal(status: int) -> str:
    """What an operator should do about a refused WebSocket."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "user or password of GOOYA_ARI_URL is wrong (ari.conf)"
    if status == HTTPStatus.NOT_FOUND:
        return "no ARI at GOOYA_ARI_URL: is it enabled in ari.conf, and res_ari_events loaded?"
    return f"Asterisk answered {status}"
