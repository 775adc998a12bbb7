"""Chats with the bot, in memory: what both sides wrote, and what the Bot API makes of it.

A message is kept as the Bot API's ``Message``, and what a customer does becomes an ``Update``, so that
the way behind it is that of a real messenger. A picture of ours has one field more than there: its
``picture`` is the kind of it, for who can't see it.
"""

from __future__ import annotations

import html
import io
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from PIL import Image

from bots.simulation import Device, Devices, Event
from bots.telegram.chat import Post

CHATS: Final = 1_000
MESSAGES: Final = 200
"""Kept of a chat."""
TOASTS: Final = 20
FILE_MEMORY: Final = 100 * 1024 * 1024
"""Bytes of all files and pictures together; the oldest make room."""

Json = dict[str, Any]

_BOT: Final[Json] = {"id": 1, "is_bot": True, "first_name": "گویا"}
_TAG: Final = re.compile(r"<(/?)(b|code)>")
_ENTITIES: Final = {"b": "bold", "code": "code"}
_SHOWN: Final = {"JPEG": "image/jpeg", "PNG": "image/png"}
"""The formats that a chat shows: a messenger takes no others for photos."""


class File(msgspec.Struct, frozen=True):
    content: bytes
    image: str = ""
    """Content type of a picture that can be shown."""
    width: int = 0
    height: int = 0


class Chat(Device):
    def __init__(self) -> None:
        super().__init__()
        self.messages: OrderedDict[int, Event] = OrderedDict()
        """As they are now, by id: a change of one is an event that takes the place of the one before."""
        self.key: Event | None = None
        self.toasts: deque[Event] = deque(maxlen=TOASTS)
        self.updates: OrderedDict[str, tuple[Json, Json | None]] = OrderedDict()
        """What the customer did last, by the page's id of it: the update and the message it shows as."""

    def events(self) -> Iterator[Event]:
        yield from self.messages.values()
        yield from self.toasts
        if self.key is not None:
            yield self.key


class Files:
    """Contents by file id."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, File] = OrderedDict()
        self._size = 0

    def add(self, content: bytes) -> tuple[str, File]:
        file = _opened(content)
        id_ = secrets.token_hex(16)
        self._files[id_] = file
        self._size += len(content)
        while self._size > FILE_MEMORY:
            _, oldest = self._files.popitem(last=False)
            self._size -= len(oldest.content)
        return id_, file

    def get(self, id_: str) -> File | None:
        return self._files.get(id_)


class Chats(Devices[Chat]):
    """The chats of one bot, by their account's mobile number without ``+``: 989121234567.

    Events: ``message`` (a Bot API ``Message``, new or changed: the same ``message_id``), ``key`` (the
    key below the chat that shares a contact: its ``label``, "" when it goes) and ``toast`` (``query``,
    ``text``: the end of a button press).
    """

    def __init__(self, sequence: Iterator[int]) -> None:
        super().__init__(Chat, CHATS)
        self._sequence = sequence
        """Of events, updates and messages: no id comes again, also not after a restart."""
        self.files = Files()

    # What the bot does

    def post(self, number: str, post: Post, drawn: bytes | None) -> int:
        """``drawn`` is the post's picture; without it the text stands alone."""
        chat = self.device(number)
        text, entities = parsed(post.text)
        message = self._message(number, _BOT)
        if drawn is not None and post.picture is not None:
            id_, file = self.files.add(drawn)
            message |= {"photo": _sizes(id_, file), "picture": post.picture.kind}
            message |= {"caption": text, "caption_entities": entities}
        else:
            message |= {"text": text, "entities": entities}
        if post.keyboard:
            rows = [
                [{"text": button.label, "callback_data": button.data} for button in row]
                for row in post.keyboard
            ]
            message["reply_markup"] = {"inline_keyboard": rows}
        self._show(chat, message)
        if not post.keyboard:
            self._show_key(chat, post.contact)
        return int(message["message_id"])

    def edit(self, number: str, message_id: int, text: str) -> None:
        if (message := self._found(number, message_id)) is None:
            return
        field = "caption" if "photo" in message else "text"
        entities = "caption_entities" if "photo" in message else "entities"
        message[field], message[entities] = parsed(text)
        message.pop("reply_markup", None)
        self._show(self.device(number), message)

    def close_keyboard(self, number: str, message_id: int) -> None:
        message = self._found(number, message_id)
        if message is not None and message.pop("reply_markup", None):
            self._show(self.device(number), message)

    def toast(self, number: str, query: str, text: str) -> None:
        chat = self.device(number)
        chat.toasts.append(Event(next(self._sequence), "toast", {"query": query, "text": text}))
        chat.wake()

    # What the customer does: an update to hand on, and the message that is to be shown then

    def written(self, number: str, text: str) -> tuple[Json, Json]:
        return self._updated(number, {"text": _valid(text)})

    def shared(self, number: str, *, own: bool) -> tuple[Json, Json]:
        """The account's own contact, or that of somebody else."""
        account = int(number) if own else int(number) + 1
        contact = {"phone_number": str(account), "first_name": "مشترک", "user_id": account}
        return self._updated(number, {"contact": contact})

    def sent(
        self, number: str, content: bytes, *, name: str = "", album: str = ""
    ) -> tuple[Json, Json]:
        """A file: a photo where it is a picture, else a document."""
        id_, file = self.files.add(content)
        if file.image:
            fields: Json = {"photo": _sizes(id_, file)}
        else:
            size = len(content)
            document = {"file_id": id_, "file_unique_id": id_, "file_size": size}
            fields = {"document": document | {"file_name": _valid(name)}}
        if album:
            fields["media_group_id"] = _valid(album)
        return self._updated(number, fields)

    def pressed(self, number: str, message_id: int, data: str, *, query: str) -> tuple[Json, None]:
        """A message that is no longer known comes as the Bot API's ``InaccessibleMessage``."""
        message = self._found(number, message_id)
        if message is None:
            chat = _chat(number)
            message = {"message_id": message_id, "chat": chat, "date": 0}
        callback = {
            "id": query,
            "from": _user(number),
            "chat_instance": number,
            "message": message,
            "data": data,
        }
        return {"update_id": next(self._sequence), "callback_query": callback}, None

    def show(self, number: str, message: Json) -> None:
        """Show a message of the customer's; the key that shared a contact has done its work."""
        chat = self.device(number)
        if "contact" in message:
            self._show_key(chat, "")
        self._show(chat, message)

    def _message(self, number: str, sender: Json) -> Json:
        return {
            "message_id": next(self._sequence),
            "from": sender,
            "chat": _chat(number),
            "date": int(time.time()),
        }

    def _updated(self, number: str, fields: Json) -> tuple[Json, Json]:
        message = self._message(number, _user(number)) | fields
        return {"update_id": next(self._sequence), "message": message}, message

    def _found(self, number: str, message_id: int) -> Json | None:
        """A copy: what readers and updates got stays as it was."""
        event = self.device(number).messages.get(message_id)
        return None if event is None else dict(event.data)

    def _show(self, chat: Chat, message: Json) -> None:
        chat.messages[message["message_id"]] = Event(next(self._sequence), "message", message)
        while len(chat.messages) > MESSAGES:
            chat.messages.popitem(last=False)
        chat.wake()

    def _show_key(self, chat: Chat, label: str) -> None:
        if label != (chat.key.data["label"] if chat.key else ""):
            chat.key = Event(next(self._sequence), "key", {"label": label})
            chat.wake()


def parsed(markup: str) -> tuple[str, list[Json]]:
    """HTML of ours as the Bot API has it: text and its entities, in UTF-16 units."""
    text, entities, end = "", [], 0
    starts: dict[str, int] = {}
    for tag in _TAG.finditer(markup):
        text += html.unescape(markup[end : tag.start()])
        end, at = tag.end(), len(text.encode("utf-16-le")) // 2
        if not tag[1]:
            starts[tag[2]] = at
        elif (start := starts.pop(tag[2], at)) < at:
            entities.append({"type": _ENTITIES[tag[2]], "offset": start, "length": at - start})
    return text + html.unescape(markup[end:]), entities


def _opened(content: bytes) -> File:
    try:
        with Image.open(io.BytesIO(content), formats=list(_SHOWN)) as image:
            return File(content, _SHOWN[str(image.format)], *image.size)
    except Exception:
        # Whatever is wrong with it (a stranger made it): it is a file like any other.
        return File(content)


def _sizes(id_: str, file: File) -> list[Json]:
    size = {"file_id": id_, "file_unique_id": id_, "file_size": len(file.content)}
    return [{**size, "width": file.width, "height": file.height}]


def _user(number: str) -> Json:
    return {"id": int(number), "is_bot": False, "first_name": "مشترک", "language_code": "fa"}


def _chat(number: str) -> Json:
    return {"id": int(number), "type": "private", "first_name": "مشترک"}


def _valid(text: str) -> str:
    """Lone surrogates (bytes that are no UTF-8) become question marks: no store takes them."""
    return text.encode("utf-8", "replace").decode()
