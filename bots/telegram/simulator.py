"""A messenger that lives in this process: the other side of the chat on the demo page.

It implements the same port as a Bot API account, and what a customer does on the page becomes an
update as the Bot API has it, so that it takes the whole way: inbox, turn, commit, sender. **There is no
authentication**: whoever reaches these routes can write as any number and read any number's chat. It
exists in demo mode only (``GOOYA_DEMO``); the wiring must never mount it beside real customers. An
account's id is its mobile number. Everything stays in memory and within the bounds of :class:`Chats`.

=======================================================  =============================================
request                                                  answer
=======================================================  =============================================
``POST /<name>/simulator``                               200 ``{"id"}`` once the update is stored; 400
``{"from": "0912…", "id": "…"}`` and one of              bad JSON or number, 413 too long, 503 not
``"text": "…"``, ``"contact": "own" | "other"``,         stored
``"press": {"message": 7, "data": "…"}``
``POST /<name>/simulator/file?from=&id=&name=&album=``   the same; the body is the file
``GET /<name>/simulator/stream?number=&after=``          Server-Sent Events ``message``, ``key`` and
                                                         ``toast``; goes on after ``Last-Event-ID``
``GET /<name>/simulator/images/<file id>``               a picture of either side; 404 anything else
=======================================================  =============================================

``id`` names what was done: posting it again is the same update delivered twice. Of a press it is the
query that a ``toast`` ends. Files with the same ``album`` belong together.
"""

from __future__ import annotations

import itertools
import logging
import time
from typing import Annotated, Final, Literal

import msgspec
from aiohttp import web

from bots.simulation import as_json, body_of, mobile, refusal, stream
from bots.telegram.account import Draw
from bots.telegram.chat import Post
from bots.telegram.inbox import Inbox
from bots.telegram.port import Refused, TooLarge
from bots.telegram.simulated_chats import Chats, Json
from bots.telegram.updates import LONGEST_DATA, LONGEST_TEXT
from dialogs.store import StoreUnavailable

log = logging.getLogger(__name__)

MAX_BODY: Final = 64 * 1024
"""Bytes of what is no file: LONGEST_TEXT characters, JSON-escaped, with room to spare."""
MAX_FILE: Final = 10 * 1024 * 1024
KNOWN_UPDATES: Final = 100
"""What a chat did last, to know it when it comes again."""

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]
_Label = Annotated[str, msgspec.Meta(max_length=100)]


class _Press(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    message: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    data: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_DATA)]


class _Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody did on the page."""

    sender: str = msgspec.field(name="from")
    id: _Id
    text: str = ""
    contact: Literal["own", "other"] | None = None
    press: _Press | None = None


class _Upload(msgspec.Struct, frozen=True):
    sender: str = msgspec.field(name="from")
    id: _Id
    name: _Label = ""
    album: _Label = ""


class MessengerSimulator:
    """A :class:`~bots.telegram.port.Messenger`; see the module's table for its HTTP surface.

    Pictures are drawn by ``draw``. ``close()`` ends the open streams: call it on shutdown, before the
    HTTP server waits for its handlers.
    """

    def __init__(self, name: str, *, draw: Draw) -> None:
        self.name = name
        self._draw = draw
        # Starting at the time keeps ids growing over restarts: no update looks like one of before,
        # and a page that reconnects still gets everything that is new.
        self.chats = Chats(itertools.count(int(time.time() * 1000)))
        self._inbox: Inbox

    def connect(self, inbox: Inbox) -> None:
        """Where updates go; before the first request."""
        self._inbox = inbox

    async def close(self) -> None:
        self.chats.close()

    async def post(self, chat: str, post: Post) -> int:
        drawn: bytes | None = None
        if post.picture is not None:
            try:
                drawn = await self._draw(post.picture)
            except Exception as error:
                kind = type(error).__name__
                log.error("a picture was not drawn, its text goes alone: %s", kind)
        return self.chats.post(chat, post, drawn)

    async def edit(self, chat: str, message: int, text: str) -> None:
        self.chats.edit(chat, message, text)

    async def close_keyboard(self, chat: str, message: int) -> None:
        self.chats.close_keyboard(chat, message)

    async def toast(self, query: str, text: str) -> None:
        chat, _, id_ = query.partition(":")
        self.chats.toast(chat, id_, text)

    async def download(self, file: str, *, limit: int) -> bytes:
        found = self.chats.files.get(file)
        if found is None:
            raise Refused(f"{self.name} has no such file any more")
        if len(found.content) > limit:
            raise TooLarge(f"a file of {len(found.content)} bytes")
        return found.content

    def routes(self) -> list[web.RouteDef]:
        path = f"/{self.name}/simulator"
        return [
            web.post(path, self._act),
            web.post(f"{path}/file", self._upload),
            web.get(f"{path}/stream", self._stream),
            web.get(f"{path}/images/{{id}}", self._image),
        ]

    async def _act(self, request: web.Request) -> web.Response:
        try:
            done = msgspec.json.decode(await body_of(request, MAX_BODY), type=_Done)
        except (msgspec.MsgspecError, UnicodeError):
            raise refusal(web.HTTPBadRequest, "not what somebody did: see the table") from None
        number = _account(done.sender)
        known = self.chats.device(number).updates.get(done.id) or self._update(number, done)
        return await self._put(number, done.id, *known)

    def _update(self, number: str, done: _Done) -> tuple[Json, Json | None]:
        match done:
            case _Done(text="", contact=None, press=_Press(message, data)):
                if len(data.encode()) > LONGEST_DATA:
                    raise refusal(web.HTTPBadRequest, f"data of more than {LONGEST_DATA} bytes")
                query = f"{number}:{done.id}"
                return self.chats.pressed(number, message, data, query=query)
            case _Done(text="", contact="own" | "other", press=None):
                return self.chats.shared(number, own=done.contact == "own")
            case _Done(contact=None, press=None) if done.text.strip():
                if len(done.text) > LONGEST_TEXT:
                    why = f"longer than {LONGEST_TEXT} characters"
                    raise refusal(web.HTTPRequestEntityTooLarge, why, LONGEST_TEXT)
                return self.chats.written(number, done.text)
        raise refusal(web.HTTPBadRequest, "one of text, contact and press, and not empty")

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            about = msgspec.convert(dict(request.query), _Upload)
        except msgspec.MsgspecError:
            raise refusal(web.HTTPBadRequest, "from and id are needed") from None
        number = _account(about.sender)
        content = await body_of(request, MAX_FILE)
        if not content:
            raise refusal(web.HTTPBadRequest, "an empty file")
        known = self.chats.device(number).updates.get(about.id) or self.chats.sent(
            number, content, name=about.name, album=about.album
        )
        return await self._put(number, about.id, *known)

    async def _put(self, number: str, id_: str, update: Json, message: Json | None) -> web.Response:
        """Store the update, and show it; the answer to it may be shown before, but stands behind it."""
        updates = self.chats.device(number).updates
        updates[id_] = (update, message)
        if len(updates) > KNOWN_UPDATES:
            updates.popitem(last=False)
        try:
            await self._inbox.put(update)
        except StoreUnavailable:
            # It will be known when it comes again, and shown then.
            return as_json({"error": "not stored, send the same id again"}, status=503)
        if message is not None:
            self.chats.show(number, message)
        return as_json({"id": id_})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self.chats, _account(request.query.get("number", "")))

    async def _image(self, request: web.Request) -> web.Response:
        file = self.chats.files.get(request.match_info["id"])
        if file is None or not file.image:
            raise refusal(web.HTTPNotFound, "no such picture")
        headers = {
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=file.content, content_type=file.image, headers=headers)


def _account(raw: str) -> str:
    return mobile(raw).removeprefix("+")
