"""One update of the Bot API as what a customer did.

Pure. The library parses what is read here, and only that: of everything else it would still want the
fields that the newest Bot API has, and Bale, or an older server, sends some of them not. It checks no
types, so whatever it or we stumble over is one error: :class:`Malformed`, which quotes no update.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from telegram import CallbackQuery, ChatMemberUpdated, Contact, Message, PhotoSize, Update

from bots.sms.addresses import normalise_mobile
from bots.telegram.chat import Pressed
from bots.telegram.inbound import File, Inbound

LONGEST_TEXT: Final = 4096
"""Characters of a text; Telegram sends no longer ones, what Bale does is not documented."""
LONGEST_DATA: Final = 64
"""Bytes of what a button gives back."""
LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes that ``getFile`` hands out at most."""

_NOT_TAKEN: Final = (
    # Telegram adds a document to an animation and a location to a venue: the more special one first.
    "animation",
    "venue",
    "location",
    "sticker",
    "voice",
    "audio",
    "video",
    "video_note",
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
    "invoice",
)
"""Fields of a message that no question takes. A message with neither these nor what we read is the
messenger's own news (a pinned message, a new title) and needs no answer."""

_HOLDERS: Final = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "reply_to_message",
)
_READ: Final = frozenset(
    (
        *_HOLDERS,
        *("update_id", "id", "message_id", "date", "chat", "from", "reply_markup", "data"),
        *("text", "entities", "caption", "caption_entities", "photo", "document", "contact"),
        *("old_chat_member", "new_chat_member"),
    )
)
"""Names of what the library is given, in updates and in what they hold."""

_COMMAND: Final = re.compile(r"/([a-z0-9_]+)(?:@(\w+))?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_COMMANDS: Final = frozenset({"menu", "back", "cancel", "help", "start"})
_TRACK_LINK: Final = re.compile(r"track_([0-9]{10})")
_DATA: Final = re.compile(r"([^:\s]+):([0-9]+|command:[a-z-]+)")
_NUMBER: Final = re.compile(r"\+?([1-9][0-9]{6,14})")

_encode: Final = msgspec.json.Encoder().encode


class Malformed(ValueError):
    """An update that can't be read; ``str()`` of it holds nothing of its content."""


def chat_of(raw: dict[str, Any]) -> str:
    """The chat whose turn the update waits for, "" where there is none.

    A button press belongs to the chat of its message, so that presses and messages of one chat stay
    in the order in which they came.
    """
    for content in raw.values():
        if isinstance(content, dict):
            for holder in (content, content.get("message")):
                if isinstance(holder, dict) and (chat := _id_of(holder.get("chat"))):
                    return chat
            return _id_of(content.get("from"))
    return ""


def album_of(raw: dict[str, Any]) -> str:
    """What the messages of one album have in common, "" for everything else."""
    message = raw.get("message")
    album = message.get("media_group_id") if isinstance(message, dict) else None
    return album if isinstance(album, str) else ""


def parse(raw: dict[str, Any], username: str = "") -> Inbound | None:
    """What the customer did; None where nothing is to be done. Raises :class:`Malformed`.

    ``username`` is the bot's own, without ``@``: in groups it tells what is meant for the bot.
    """
    try:
        inbound = _parse(Update.de_json(_lean(raw), None), _not_taken(raw), username)
        return inbound and msgspec.convert(msgspec.to_builtins(inbound), Inbound)
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"an update that can't be read ({type(error).__name__})") from None


def _lean(holder: dict[str, Any]) -> dict[str, Any]:
    lean = {name: value for name, value in holder.items() if name in _READ}
    for name in _HOLDERS:
        if lean.get(name):
            lean[name] = _lean(lean[name])
    if "callback_query" in lean:
        # Wanted by the library, not documented by Bale.
        lean["callback_query"]["chat_instance"] = ""
    return lean


def _not_taken(raw: dict[str, Any]) -> str:
    message = raw.get("message") or raw.get("edited_message") or {}
    return next((name for name in _NOT_TAKEN if message.get(name) is not None), "")


def _parse(update: Update, not_taken: str, username: str) -> Inbound | None:
    id = str(update.update_id)
    if update.callback_query:
        return _press(id, update.callback_query)
    if update.my_chat_member:
        return _membership(id, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or (message.from_user and message.from_user.is_bot):
        return None
    chat = str(message.chat.id)
    if message.chat.type != "private":
        meant = update.message and _is_meant_for_us(message, username)
        return Inbound(id=id, chat=chat, kind="group") if meant else None
    if message.from_user is None or message.from_user.id != message.chat.id:
        raise Malformed("a message in a private chat by somebody else")
    if update.edited_message:
        # A shared live location is edited with every step of its sender.
        moved = not_taken == "location"
        return None if moved else Inbound(id=id, chat=chat, kind="other", text="edited")
    if not_taken:
        return Inbound(id=id, chat=chat, kind="other", text=not_taken)
    return _message(id, chat, message)


def _message(id: str, chat: str, message: Message) -> Inbound | None:
    if message.text:
        # PostgreSQL can't store NUL.
        return _text(id, chat, message.text.replace("\0", "")[:LONGEST_TEXT])
    if message.contact:
        own = message.contact.user_id is not None and message.contact.user_id == message.chat.id
        number = _number(message.contact) if own else ""
        return Inbound(id=id, chat=chat, kind="contact", text=number)
    if message.photo:
        size = _largest(message.photo)
        file = File(size.file_id, "image/jpeg", size.file_size or 0)
    elif (document := message.document) is not None:
        content_type = document.mime_type or "application/octet-stream"
        file = File(document.file_id, content_type, document.file_size or 0)
    else:
        return None
    caption = (message.caption or "").replace("\0", "")
    return Inbound(id=id, chat=chat, kind="files", text=caption, files=(file,))


def _text(id: str, chat: str, text: str) -> Inbound:
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return Inbound(id=id, chat=chat, kind="text", text=text)
    name, value = match[1].lower(), (match[3] or "").strip()
    link = _TRACK_LINK.fullmatch(value) if name == "start" else None
    if link or name == "track":
        code = link[1] if link else value
        return Inbound(id=id, chat=chat, kind="open", text=f"track_request {code}".rstrip())
    if name in _COMMANDS:
        return Inbound(id=id, chat=chat, kind="command", text=name)
    return Inbound(id=id, chat=chat, kind="text", text=text)


def _press(id: str, query: CallbackQuery) -> Inbound | None:
    user, message, data = query.from_user, query.message, query.data or ""
    if user.is_bot:
        return None
    chat = message.chat.id if message else user.id
    if chat != user.id or (message and message.chat.type != "private"):
        source = _source(query, data)
        return Inbound(id=id, chat=str(chat), kind="group", source=source)
    match = _DATA.fullmatch(data)
    if match is None or len(data.encode()) > LONGEST_DATA:
        raise Malformed("a button press with data that is not ours")
    return Inbound(
        id=id,
        chat=str(chat),
        kind="press",
        text=match[2],
        asked=match[1],
        source=_source(query, data),
    )


def _source(query: CallbackQuery, data: str) -> str:
    message = query.message
    if not isinstance(message, Message) or not message.is_accessible:
        return _encode(Pressed(query.id, None, "", "")).decode()
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    label = next((key.text for row in rows for key in row if key.callback_data == data), "")
    html = message.text_html or message.caption_html or ""
    return _encode(Pressed(query.id, message.message_id, html, label)).decode()


def _membership(id: str, change: ChatMemberUpdated) -> Inbound | None:
    if change.chat.type != "private" or change.new_chat_member.status not in ("kicked", "left"):
        return None
    return Inbound(id=id, chat=str(change.chat.id), kind="unreachable")


def _is_meant_for_us(message: Message, username: str) -> bool:
    text = (message.text or message.caption or "").strip()
    if command := _COMMAND.fullmatch(text):
        return command[2] is None or _same(command[2], username)
    replied = message.reply_to_message and message.reply_to_message.from_user
    if replied and replied.is_bot:
        return _same(replied.username or "", username)
    return any(_same(name, username) for name in re.findall(r"@(\w+)", text))


def _same(name: str, username: str) -> bool:
    return name.lower() == username.lower()


def _number(contact: Contact) -> str:
    """E.164, with or without its plus in the contact; "" for what is no number."""
    match = _NUMBER.fullmatch(normalise_mobile(contact.phone_number))
    return f"+{match[1]}" if match else ""


def _largest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    fitting = [size for size in sizes if (size.file_size or 0) <= LARGEST_FILE]
    return max(fitting or sizes[:1], key=lambda size: size.width * size.height)


def _id_of(holder: Any) -> str:
    id = holder.get("id") if isinstance(holder, dict) else None
    return str(id) if isinstance(id, int) and not isinstance(id, bool) else ""
