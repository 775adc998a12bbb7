"""A bot account: the Bot API over HTTP by python-telegram-bot, its errors as ours.

Requests go out and answers come in as plain values: an answer of ours that the library could not
parse would look like a message that was not sent, and an update like a poll that failed. No address
is logged (it holds the token), no parameter and no body (they hold what was said).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bots.telegram.chat import Picture, Post
from bots.telegram.platform import Platform
from bots.telegram.port import Later, MessengerError, Refused, TooLarge, Unreachable
from bots.telegram.request import Request, TooMany
from dialogs.text import clip

log = logging.getLogger(__name__)

# It writes every parameter at DEBUG.
logging.getLogger("telegram").setLevel(logging.WARNING)

CONNECTIONS: Final = 128
"""At least the calls in flight: the sender's width."""
READ_TIMEOUT = 20.0
"""Seconds. Generous, since a message whose answer came too late is sent twice."""
POLL_GRACE: Final = 10.0
"""Seconds that the answer to a long poll may take beyond the poll itself."""
DOWNLOAD_TIMEOUT: Final = 30.0
"""Seconds for a whole file: the inbox waits for it under its lease."""
LONGEST_TOAST: Final = 200
"""UTF-16 units."""
ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
)

Draw = Callable[[Picture], Awaitable[bytes]]
"""Draws a picture as PNG."""


class _MarkupRefused(Refused):
    pass


class _NoText(Refused):
    pass


class _Gone(Refused):
    """The message, its change or the query is behind us: nothing is left to do."""


class _Bot(Bot):
    async def call(self, method: str, parameters: dict[str, Any], read_timeout: float) -> Any:
        """The raw result. (``do_api_request`` warns of every method the library knows itself.)"""
        return await self._post(method, parameters, read_timeout=read_timeout)


class Account:
    """A :class:`~bots.telegram.port.Messenger`. ``api`` is a base URL other than the platform's own;
    pictures are drawn by ``draw``."""

    def __init__(self, platform: Platform, token: str, api: str = "", *, draw: Draw) -> None:
        self.name = platform.name
        self._platform = platform
        self._token = token
        self._api = (api or platform.api).rstrip("/").removesuffix("/bot")
        self._draw = draw
        self._calls = Request(connections=CONNECTIONS, read_timeout=READ_TIMEOUT)
        self._polls = Request(connections=2, read_timeout=READ_TIMEOUT)
        self._bot: _Bot | None = None

    async def start(self) -> None:
        """Open the connection pools. Calls nobody: the messenger may be down when we start."""
        await self._calls.initialize()
        await self._polls.initialize()
        self._bot = _Bot(
            self._token,
            base_url=f"{self._api}/bot",
            base_file_url=f"{self._api}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def close(self) -> None:
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def me(self) -> dict[str, Any]:
        """The account itself: ``id``, ``username`` …"""
        account: dict[str, Any] = await self._call("getMe")
        return account

    async def post(self, chat: str, post: Post) -> int:
        image = await self._drawn(post.picture) if post.picture is not None else None
        method, field = ("sendMessage", "text") if image is None else ("sendPhoto", "caption")
        sent = await self._say(
            method, field, post.text, chat_id=chat, photo=image, reply_markup=_markup(post)
        )
        try:
            return int(sent["message_id"])
        except (TypeError, KeyError, ValueError):
            # It was taken: to try again would only send it again.
            raise Refused(f"{self.name} took a message and gave no id of it") from None

    async def edit(self, chat: str, message: int, text: str) -> None:
        try:
            await self._edit(
                self._say("editMessageText", "text", text, chat_id=chat, message_id=message)
            )
        except _NoText:
            await self.close_keyboard(chat, message)  # a picture, whose caption stays as it is

    async def close_keyboard(self, chat: str, message: int) -> None:
        await self._edit(self._call("editMessageReplyMarkup", chat_id=chat, message_id=message))

    async def toast(self, query: str, text: str) -> None:
        try:
            await self._call(
                "answerCallbackQuery", callback_query_id=query, text=clip(text, LONGEST_TOAST)
            )
        except _Gone:
            pass

    async def download(self, file: str, *, limit: int) -> bytes:
        found = await self._call("getFile", file_id=file)
        try:
            path, size = str(found["file_path"]), int(found.get("file_size", 0))
        except (TypeError, KeyError, ValueError):
            raise Refused(f"{self.name} has no such file any more") from None
        if size > limit:
            raise TooLarge(f"a file of {size} bytes")
        url = f"{self._api}/file/bot{self._token}/{quote(path)}"
        try:
            return await self._read(url, limit)
        except TelegramError as error:
            raise Later(f"a file of {self.name} can't be read: {type(error).__name__}") from None

    async def updates(self, offset: int, wait: float) -> list[Any]:
        """The updates from ``offset`` on, as they came; those before it are forgotten by the messenger.

        Waits for up to ``wait`` seconds (whole ones count) where there are none. Where a webhook or
        another poller takes them, the cause of the error is ``telegram.error.Conflict``.
        """
        found = await self._call(
            "getUpdates",
            read_timeout=wait + POLL_GRACE,
            offset=offset,
            timeout=int(wait),
            allowed_updates=ALLOWED_UPDATES,
        )
        if not isinstance(found, list):
            raise Later(f"{self.name}'s updates are not a list")
        return found

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to ``url``, with ``secret`` in a header where the platform does that."""
        await self._call(
            "setWebhook",
            url=url,
            secret_token=secret if self._platform.secret_token else None,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def webhook(self) -> dict[str, Any]:
        """What the messenger says of where updates go: ``url``, empty while they are polled; where it
        tells more, ``pending_update_count`` and ``last_error_message`` too."""
        found = await self._call("getWebhookInfo")
        return found if isinstance(found, dict) else {}

    async def delete_webhook(self) -> None:
        """Leave updates to be polled; those that wait stay."""
        await self._call("deleteWebhook")

    async def set_commands(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Show a menu of (command, description) for each language, "" for all others. Best effort."""
        if not self._platform.commands:
            return
        try:
            for language, entries in commands.items():
                await self._call(
                    "setMyCommands",
                    commands=[BotCommand(command, text) for command, text in entries],
                    language_code=language or None,
                )
        except MessengerError as error:
            log.warning("the menu of commands was not set: %s", error)

    async def _say(self, method: str, field: str, text: str, **parameters: Any) -> Any:
        """Call with ``text`` (HTML) in ``field``, plain where the platform can't or won't read it."""
        if self._platform.html:
            try:
                parameters[field] = text
                return await self._call(method, parse_mode="HTML", **parameters)
            except _MarkupRefused as error:
                log.error("a text goes out plain: %s", error)
        parameters[field] = self._platform.plain(text)
        return await self._call(method, **parameters)

    async def _edit(self, call: Awaitable[Any]) -> None:
        try:
            await call
        except _Gone:
            pass
        except (Later, Refused) as error:
            if self._platform.edits:
                raise
            # The chat reads well without it, and a second message in its place would be noise.
            log.debug("%s did not edit a message: %s", self.name, error)

    async def _drawn(self, picture: Picture) -> InputFile | None:
        try:
            return InputFile(await self._draw(picture), filename=f"{picture.kind}.png")
        except Exception as error:
            log.error("a picture was not drawn, its text goes alone: %s", type(error).__name__)
            return None

    async def _read(self, url: str, limit: int) -> bytes:
        async with self._calls.file(url, seconds=DOWNLOAD_TIMEOUT) as answer:
            if answer.status == 429 or answer.status >= 500:
                raise Later(f"{self.name} gives no file now ({answer.status})")
            if answer.status != 200:
                raise Refused(f"{self.name} has no such file any more ({answer.status})")
            content = bytearray()
            async for chunk in answer.content.iter_any():
                content += chunk
                if len(content) > limit:
                    raise TooLarge(f"a file of more than {limit} bytes")
            return bytes(content)

    async def _call(
        self, method: str, *, read_timeout: float | None = None, **parameters: Any
    ) -> Any:
        assert self._bot is not None, "start() comes first"
        try:
            return await self._bot.call(method, parameters, read_timeout or READ_TIMEOUT)
        except Conflict as error:
            raise Later(f"{self.name} gives the updates to somebody else") from error
        except TelegramError as error:
            raise self._translated(method, error) from None
        except Exception as error:
            kind = type(error).__name__
            raise Later(f"{self.name}'s answer to {method} is not understood: {kind}") from None

    def _translated(self, method: str, error: TelegramError) -> MessengerError:
        """Texts of the messenger are passed on only where they are words of its own."""
        match error:
            case TooMany():
                return Later(f"{self.name} takes no {method} now: too many", error.seconds)
            case Forbidden():
                return Unreachable(f"{self.name}: the customer blocked the bot or is gone")
            case BadRequest():
                return _bad_request(f"{self.name} refuses {method}", error.message.lower())
            case InvalidToken():
                return Later(
                    f"{self.name} knows the account or the method {method} not: "
                    f"check GOOYA_{self.name.upper()}_TOKEN"
                )
            case _:
                kind = type(error).__name__
                return Later(f"{self.name} can't be reached or fails in {method}: {kind}")


_REFUSALS: Final[tuple[tuple[str, type[MessengerError]], ...]] = (
    ("can't parse entities", _MarkupRefused),
    ("message is not modified", _Gone),
    ("there is no text in the message to edit", _NoText),
    ("message to edit not found", _Gone),
    ("message_id_invalid", _Gone),
    ("query is too old", _Gone),
    ("query_id_invalid", _Gone),
    ("chat not found", Unreachable),
    ("file is too big", TooLarge),
    ("wrong file_id", Refused),
    ("message text is empty", Refused),
    ("message is too long", Refused),
    ("caption is too long", Refused),
    ("button_data_invalid", Refused),
)


def _bad_request(what: str, description: str) -> MessengerError:
    for words, kind in _REFUSALS:
        if words in description:
            return kind(f"{what}: {words}")
    return Refused(what)


def _markup(post: Post) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove:
    if post.contact:
        key = KeyboardButton(post.contact, request_contact=True)
        return ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)
    if post.keyboard:
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
                for row in post.keyboard
            ]
        )
    # A contact key of before would stay; where there is none, this changes nothing.
    return ReplyKeyboardRemove()
