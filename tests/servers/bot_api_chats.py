"""The people, groups and channels of the Bot API server, and what their chats show."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import PIL.Image
import telegram

from tests.servers.bot_api_text import Entities, found_in, units

if TYPE_CHECKING:
    from tests.servers.bot_api import BotApi

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024


@dataclass(frozen=True)
class Button:
    """Of an inline keyboard (``data`` or ``url``) or of the keyboard below a chat."""

    text: str
    data: str = ""
    url: str = ""
    contact: bool = False

    def raw(self) -> dict[str, Any]:
        given = {"callback_data": self.data, "url": self.url}
        return {"text": self.text, **{name: value for name, value in given.items() if value}}


Keyboard = list[list[Button]]


@dataclass(eq=False)
class Message:
    """A message as its chat shows it now: edits change it in place."""

    id: int
    chat: Chat
    sender: Customer | None
    """None: the bot."""
    date: int
    text: str = ""
    caption: str = ""
    entities: Entities = field(default_factory=list)
    """Of ``text``, or of ``caption`` where there is one."""
    keyboard: Keyboard = field(default_factory=list)
    """Inline."""
    reply_keyboard: Keyboard = field(default_factory=list)
    photo: bytes = b""
    document: bytes = b""
    voice: bytes = b""
    content: dict[str, Any] = field(default_factory=dict)
    """The fields of whatever is not text, as the Bot API gives them."""
    reply_to: int = 0
    edited: bool = False
    deleted: bool = False

    @property
    def by_bot(self) -> bool:
        return self.sender is None

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons, row by row."""
        return [button.text for row in self.keyboard for button in row]

    @property
    def html(self) -> str:
        """Text or caption with its entities, as HTML."""
        message = telegram.Message.de_json(self.raw(), None)
        return message.caption_html if self.caption else message.text_html or ""

    def raw(self) -> dict[str, Any]:
        """The Bot API's Message object."""
        api = self.chat.api
        raw: dict[str, Any] = {"message_id": self.id, "date": self.date, "chat": self.chat.raw()}
        if self.chat.type != "channel":
            raw["from"] = api.user if self.sender is None else self.sender.user()
        if self.edited:
            raw["edit_date"] = self.date
        if self.text:
            raw["text"] = self.text
        if self.caption:
            raw["caption"] = self.caption
        if self.entities:
            raw["caption_entities" if self.caption else "entities"] = self.entities
        if self.keyboard:
            raw["reply_markup"] = {
                "inline_keyboard": [[button.raw() for button in row] for row in self.keyboard]
            }
        return raw | self.content


class Chat:
    """``chat`` is what it shows now, own messages and the bot's, in order."""

    type = "private"

    def __init__(self, api: BotApi, id: int, name: str) -> None:
        self.api = api
        self.id = id
        self.name = name
        self.chat: list[Message] = []
        self.messages: dict[int, Message] = {}
        """Everything in it by id."""
        self.reply_keyboard: Keyboard = []
        """The keys below the chat."""
        self.removals = 0
        """How often the bot took the keys below the chat away."""
        self.actions: list[str] = []
        """Of sendChatAction."""
        self.toasts: list[str] = []
        """Texts of answerCallbackQuery for presses in this chat, also the empty ones."""
        self.blocked = False
        self._seen = self._acted = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "title": self.name}

    @property
    def answers(self) -> list[Message]:
        """The bot's messages."""
        return [message for message in self.chat if message.by_bot]

    def changed(self) -> None:
        """Wake whoever waits for something to be seen here."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def until(self, condition: Callable[[], Any], timeout: float = 20.0) -> None:
        """Wait until ``condition()`` is true; it is looked at after each thing the bot does here.

        Raises ``TimeoutError`` that says what the chat shows.
        """
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    waiting = asyncio.get_running_loop().create_future()
                    self._waiting.add(waiting)
                    try:
                        await waiting
                    finally:
                        self._waiting.discard(waiting)
        except TimeoutError:
            shown = [message.caption or message.text for message in self.chat[-5:]]
            raise TimeoutError(f"not within {timeout} s; the chat ends with {shown!r}") from None

    async def answer(self, timeout: float = 20.0) -> Message:
        """The next message of the bot that no earlier call of this returned."""

        def unseen() -> list[Message]:
            return [message for message in self.answers if message.id > self._seen]

        await self.until(unseen, timeout)
        message = unseen()[0]
        self._seen = message.id
        return message

    async def settled(self, timeout: float = 20.0) -> Message:
        """Wait for a message of the bot that is newer than what the customer did last; the newest.

        An edit or a toast is none. Where the bot sends several messages in one go, wait for the
        last one with :meth:`until`.
        """
        await self.until(lambda: self.answers and self.answers[-1].id > self._acted, timeout)
        self._seen = self.answers[-1].id
        return self.answers[-1]

    def add(self, sender: Customer | None, **content: Any) -> Message:
        message = Message(self.api.next_message(), self, sender, int(time.time()), **content)
        self.chat.append(message)
        self.messages[message.id] = message
        self.changed()
        return message

    def remove(self, message: Message) -> None:
        message.deleted = True
        self.chat.remove(message)
        del self.messages[message.id]
        self.changed()


class Group(Chat):
    """A group with the bot in it; people write here by their methods' ``to``."""

    type = "supergroup"


class Channel(Chat):
    type = "channel"

    async def posts(self, text: str) -> Message:
        message = self.add(None, text=text, entities=found_in(text))
        self.api.push({"channel_post": message.raw()})
        return message


class Customer(Chat):
    """A person with an account, in a private chat with the bot that was started already.

    The actions return at once: wait with :meth:`answer`, :meth:`settled` or :meth:`until`.
    """

    def __init__(self, api: BotApi, id: int, phone: str, first_name: str) -> None:
        super().__init__(api, id, first_name)
        self.phone = phone

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": "fa",
        }

    async def writes(self, text: str, *, to: Group | None = None) -> Message:
        if units(text) > LONGEST_TEXT:
            raise ValueError(f"the app lets nobody write more than {LONGEST_TEXT} units")
        return self._sends(to, text=text, entities=found_in(text))

    async def presses(self, button: str | Button, message: Message | None = None) -> str:
        """Press a button; the callback query's id.

        A label is looked for in ``message``, else from the newest message up, then below the chat,
        where a key shares the contact or writes its label and there is no query. A ``Button`` is
        one that ``message`` (else the bot's newest) once had. The message may be one of somebody
        else's chat, or a deleted one. Raises ``LookupError`` where no such button is shown.
        """
        if isinstance(button, str):
            label = button
            for shown in [message] if message is not None else reversed(self.chat):
                for found in (b for row in shown.keyboard for b in row if b.text == label):
                    return self._press(found, shown)
            for key in (b for row in self.reply_keyboard for b in row if b.text == label):
                await (self.shares_contact() if key.contact else self.writes(label))
                return ""
            raise LookupError(f"no button {label!r} is shown")
        return self._press(button, message or self.answers[-1])

    def _press(self, button: Button, message: Message) -> str:
        where = message.chat
        gone = {"chat": where.raw(), "message_id": message.id, "date": 0}
        query = {
            "id": self.api.next_query(where),
            "from": self.user(),
            "chat_instance": str(where.id),
            "message": gone if message.deleted else message.raw(),
            "data": button.data,
        }
        self._acted = max(self.messages, default=0)
        self.api.push({"callback_query": query})
        return str(query["id"])

    async def shares_contact(self, of: Customer | None = None, *, account: bool = True) -> Message:
        """The own contact, or somebody's from the address book; not ``account``: without user id."""
        owner = of or self
        contact = {"phone_number": owner.phone, "first_name": owner.name}
        if account:
            contact |= {"user_id": owner.id}
        self.reply_keyboard = []
        return self._sends(None, content={"contact": contact})

    async def sends_photo(self, content: bytes, caption: str = "", album: str = "") -> Message:
        """``album`` is what the parts of one album have in common."""
        fields = {"photo": self.api.photo_sizes(content)} | _album(album)
        return self._sends(
            None, photo=content, caption=caption, entities=found_in(caption), content=fields
        )

    async def sends_document(
        self, content: bytes, name: str, mime: str, caption: str = "", album: str = ""
    ) -> Message:
        file = self.api.keep(content, "documents", name)
        fields = {"document": {**file, "file_name": name, "mime_type": mime}} | _album(album)
        return self._sends(
            None, document=content, caption=caption, entities=found_in(caption), content=fields
        )

    async def sends(self, kind: str, *, to: Group | None = None) -> Message:
        """Something else: a sticker, location, venue, voice, audio, video, video_note, animation,
        poll, dice or game."""
        return self._sends(to, content={kind: self._other(kind)})

    def _other(self, kind: str) -> dict[str, Any]:
        place = {"latitude": 35.7, "longitude": 51.4}
        plain: dict[str, dict[str, Any]] = {
            "location": place,
            "venue": {"location": place, "title": "اداره برق", "address": "تهران"},
            "dice": {"emoji": "🎲", "value": 3},
            "game": {"title": "بازی", "description": "بازی", "photo": []},
            "poll": {
                "id": "1",
                "question": "کی؟",
                "options": [{"text": "امروز", "voter_count": 0, "persistent_id": "0"}],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            },
        }
        if kind in plain:
            return plain[kind]
        sound, frame = {"duration": 2}, {"width": 240, "height": 240}
        filed: dict[str, dict[str, Any]] = {
            "sticker": {**frame, "is_animated": False, "is_video": False, "type": "regular"},
            "voice": {**sound, "mime_type": "audio/ogg"},
            "audio": sound,
            "video": {**sound, **frame},
            "video_note": {**sound, "length": 240},
            "animation": {**sound, **frame},
        }
        return self.api.keep(b"not looked into", kind, kind) | filed[kind]

    async def edits(self, message: Message, text: str) -> None:
        message.text, message.entities, message.edited = text, found_in(text), True
        self.api.push({"edited_message": message.raw()})

    async def deletes(self, message: Message) -> None:
        """For both sides; the bot isn't told."""
        message.chat.remove(message)

    async def blocks(self) -> None:
        self._member("member", "kicked")

    async def unblocks(self) -> None:
        self._member("kicked", "member")

    def _member(self, old: str, new: str) -> None:
        self.blocked = new == "kicked"
        members = [
            {"user": self.api.user, "status": status}
            | ({"until_date": 0} if status == "kicked" else {})
            for status in (old, new)
        ]
        self.api.push(
            {
                "my_chat_member": {
                    "chat": self.raw(),
                    "from": self.user(),
                    "date": int(time.time()),
                    "old_chat_member": members[0],
                    "new_chat_member": members[1],
                }
            }
        )

    def _sends(self, to: Group | None, **content: Any) -> Message:
        if self.blocked:
            raise ValueError("who blocked the bot unblocks it before writing")
        message = (to or self).add(self, **content)
        self._acted = message.id
        self.api.push({"message": message.raw()})
        return message


def _album(album: str) -> dict[str, str]:
    return {"media_group_id": album} if album else {}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, None where it is no picture."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as image:
            return image.size
    except (OSError, PIL.Image.DecompressionBombError):
        return None
