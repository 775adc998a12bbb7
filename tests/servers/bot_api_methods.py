"""The methods of the Bot API server, with the limits and error texts of the Bot API."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.servers.bot_api_chats import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Button,
    Chat,
    Keyboard,
    Message,
    picture_size,
)
from tests.servers.bot_api_delivery import Webhook
from tests.servers.bot_api_text import (
    Entities,
    clean,
    found_in,
    parse_html,
    render_markdown,
    units,
)
from tests.servers.bot_api_wire import Refusal, Upload, bad, is_true

if TYPE_CHECKING:
    from tests.servers.bot_api import BotApi

LARGEST_DOWNLOAD, LARGEST_PHOTO, LARGEST_UPLOAD = 20 << 20, 10 << 20, 50 << 20
LONGEST_TOAST = 200
LONGEST_DATA = 64
"""Bytes."""


class Methods:
    """``by_name``: every method that the dialect has, by its name in small letters. Each takes the
    decoded parameters and returns the result, at once or awaitable. Raises :class:`Refusal` and
    :class:`tests.servers.bot_api_text.BadMarkup`."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendVoice": self._send_voice,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "sendChatAction": self._send_chat_action,
            "getFile": self._get_file,
        }
        if not api.bale:
            known["setMyCommands"] = self._set_my_commands
        self.by_name = {name.lower(): method for name, method in known.items()}

    # --- the bot and its updates

    def _get_me(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return {
            **self.api.user,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if (allowed := parameters.get("allowed_updates")) is not None:
            self.api.delivery.allowed = tuple(allowed)
        result = await self.api.delivery.poll(
            parameters.get("offset", 0),
            min(max(parameters.get("limit", 100), 1), 100),
            min(parameters.get("timeout", 0), 50),
        )
        if isinstance(result, str):
            raise Refusal(409, f"Conflict: {result}")
        return result

    async def _set_webhook(self, parameters: dict[str, Any]) -> bool:
        if not (url := parameters.get("url", "")):
            return await self._delete_webhook(parameters)
        if not re.match(r"https?://[^/\s]+", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = parameters.get("secret_token", "")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad("secret token contains unallowed characters")
        if (allowed := parameters.get("allowed_updates")) is not None:
            self.api.delivery.allowed = tuple(allowed)
        await self.api.delivery.set_webhook(
            Webhook(
                url,
                "" if self.api.bale else secret,
                connections=parameters.get("max_connections", 40),
            ),
            drop=is_true(parameters.get("drop_pending_updates")),
        )
        return True

    async def _delete_webhook(self, parameters: dict[str, Any]) -> bool:
        drop = is_true(parameters.get("drop_pending_updates"))
        await self.api.delivery.set_webhook(None, drop=drop)
        return True

    def _get_webhook_info(self, parameters: dict[str, Any]) -> dict[str, Any]:
        hook = self.api.delivery.webhook
        info: dict[str, Any] = {"url": hook.url if hook else ""}
        if self.api.bale:
            return info
        info |= {
            "has_custom_certificate": False,
            "pending_update_count": len(self.api.delivery.pending),
        }
        if hook is not None and hook.error:
            info |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        if self.api.delivery.allowed:
            info["allowed_updates"] = list(self.api.delivery.allowed)
        return info

    # --- messages

    def _send_message(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(parameters)
        text, entities = self._text(parameters)
        return self._post(chat, parameters, text=text, entities=entities)

    def _send_photo(self, parameters: dict[str, Any]) -> dict[str, Any]:
        content, _ = self._file(parameters, "photo", LARGEST_PHOTO)
        size = picture_size(content)
        if size is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000 or max(size) > 20 * min(size):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return self._captioned(
            parameters, photo=content, content=lambda: {"photo": self.api.photo_sizes(content)}
        )

    def _send_document(self, parameters: dict[str, Any]) -> dict[str, Any]:
        content, name = self._file(parameters, "document", LARGEST_UPLOAD)
        return self._captioned(
            parameters,
            document=content,
            content=lambda: {
                "document": {**self.api.keep(content, "documents", name), "file_name": name}
            },
        )

    def _send_voice(self, parameters: dict[str, Any]) -> dict[str, Any]:
        content, name = self._file(parameters, "voice", LARGEST_UPLOAD)
        return self._captioned(
            parameters,
            voice=content,
            content=lambda: {"voice": {**self.api.keep(content, "voice", name), "duration": 1}},
        )

    def _captioned(
        self, parameters: dict[str, Any], *, content: Callable[[], dict[str, Any]], **file: bytes
    ) -> dict[str, Any]:
        chat = self._writable(parameters)
        text, entities = self._formatted(parameters, "caption")
        if units(text) > LONGEST_CAPTION:
            raise bad("message caption is too long")
        return self._post(
            chat, parameters, caption=text, entities=entities, content=content(), **file
        )

    def _post(self, chat: Chat, parameters: dict[str, Any], **content: Any) -> dict[str, Any]:
        markup = _markup(parameters)
        keyboard = _inline(markup)
        keys = _keys(markup)
        answered = parameters.get("reply_parameters", {}).get("message_id", 0)
        reply_to = parameters.get("reply_to_message_id", 0 if self.api.bale else answered)
        if reply_to and reply_to not in chat.messages:
            raise bad("message to be replied not found")
        if keys:
            chat.reply_keyboard = keys
        if is_true(markup.get("remove_keyboard")):
            chat.reply_keyboard = []
            chat.removals += 1
        message = chat.add(
            None, keyboard=keyboard, reply_keyboard=keys, reply_to=reply_to, **content
        )
        raw = message.raw()
        if reply_to:
            raw["reply_to_message"] = chat.messages[reply_to].raw()
        return raw

    def _edit_message_text(self, parameters: dict[str, Any]) -> dict[str, Any]:
        message = self._editable(parameters)
        text, entities = self._text(parameters)
        if message.content:
            raise bad("there is no text in the message to edit")
        return self._edit(message, text, entities, _inline(_markup(parameters)))

    def _edit_message_reply_markup(self, parameters: dict[str, Any]) -> dict[str, Any]:
        message = self._editable(parameters)
        return self._edit(message, message.text, message.entities, _inline(_markup(parameters)))

    def _edit(
        self, message: Message, text: str, entities: Entities, keyboard: Keyboard
    ) -> dict[str, Any]:
        before = message.text, message.entities, message.keyboard
        if before == (text, entities, keyboard):
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.edited = True
        message.chat.changed()
        return message.raw()

    def _delete_message(self, parameters: dict[str, Any]) -> bool:
        chat = self._writable(parameters)
        message = chat.messages.get(parameters.get("message_id", 0))
        if message is None:
            raise bad("message to delete not found")
        chat.remove(message)
        return True

    def _answer_callback_query(self, parameters: dict[str, Any]) -> bool:
        query = self.api.queries.pop(parameters.get("callback_query_id", ""), None)
        if query is None or query.expires < time.monotonic():
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = parameters.get("text", "")
        if units(text) > LONGEST_TOAST:
            raise bad("MESSAGE_TOO_LONG")
        query.where.toasts.append(text)
        query.where.changed()
        return True

    def _send_chat_action(self, parameters: dict[str, Any]) -> bool:
        chat = self._writable(parameters, rated=False)
        chat.actions.append(parameters.get("action", ""))
        return True

    # --- files and commands

    def _get_file(self, parameters: dict[str, Any]) -> dict[str, Any]:
        id = parameters.get("file_id", "")
        if id not in self.api.files:
            raise bad("invalid file_id")
        path, content = self.api.files[id]
        if len(content) > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        return {**self.api.described(id), "file_path": path}

    def _set_my_commands(self, parameters: dict[str, Any]) -> bool:
        commands = parameters.get("commands", [])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.api.commands[parameters.get("language_code", "")] = commands
        return True

    # --- their parts

    def too_many(self, seconds: float | None) -> Refusal:
        """A 429; Bale never says for how long."""
        if seconds is None or self.api.bale:
            return Refusal(429, "Too Many Requests")
        return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _writable(self, parameters: dict[str, Any], *, rated: bool = True) -> Chat:
        number = parameters.get("chat_id", "")
        if number == "":
            raise bad("chat_id is empty")
        chat = self.api.chats.get(number)
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if rated and self.api.rates is not None and (wait := self.api.rates.refused(chat.id)):
            raise self.too_many(wait)
        return chat

    def _editable(self, parameters: dict[str, Any]) -> Message:
        chat = self._writable(parameters)
        message = chat.messages.get(parameters.get("message_id", 0))
        if message is None:
            raise bad("message to edit not found")
        if not message.by_bot or message.reply_keyboard:
            raise bad("message can't be edited")
        return message

    def _text(self, parameters: dict[str, Any]) -> tuple[str, Entities]:
        text, entities = self._formatted(parameters, "text")
        if not text:
            raise bad("message text is empty")
        if units(text) > LONGEST_TEXT:
            raise bad("message is too long")
        return text, entities

    def _formatted(self, parameters: dict[str, Any], name: str) -> tuple[str, Entities]:
        source = parameters.get(name, "")
        mode = parameters.get("parse_mode", "").lower()
        if self.api.bale:
            return clean(*render_markdown(source))
        if mode == "html":
            text, entities = parse_html(source)
        elif mode == "":
            given = parameters.get("entities" if name == "text" else "caption_entities", [])
            text, entities = source, given
        else:
            raise bad("unsupported parse_mode")
        text, entities = clean(text, entities)
        return text, found_in(text, entities)

    def _file(self, parameters: dict[str, Any], name: str, largest: int) -> tuple[bytes, str]:
        given = parameters.get(name)
        if isinstance(given, str) and given.startswith("attach://"):
            given = parameters.get(given.removeprefix("attach://"))
        if isinstance(given, str):
            if given not in self.api.files:
                raise bad("wrong file identifier/HTTP URL specified")
            path, content = self.api.files[given]
            return content, path.rpartition("/")[2]
        if not isinstance(given, Upload) or not given.content:
            raise bad("file must be non-empty")
        if len(given.content) > largest:
            raise Refusal(413, "Request Entity Too Large")
        return given.content, given.name


def _inline(markup: dict[str, Any]) -> Keyboard:
    """Raises :class:`Refusal`."""
    rows = [
        [
            Button(button.get("text", ""), button.get("callback_data", ""), button.get("url", ""))
            for button in row
        ]
        for row in markup.get("inline_keyboard", ())
    ]
    for button in (button for row in rows for button in row):
        if not button.text:
            raise bad("can't parse inline keyboard button: Button text must be non-empty")
        if not (button.data or button.url):
            raise bad("Text buttons are unallowed in the inline keyboard")
        if len(button.data.encode()) > LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    return [row for row in rows if row]


def _keys(markup: dict[str, Any]) -> Keyboard:
    return [
        [
            Button(key)
            if isinstance(key, str)
            else Button(key.get("text", ""), contact=is_true(key.get("request_contact")))
            for key in row
        ]
        for row in markup.get("keyboard", ())
    ]


def _markup(parameters: dict[str, Any]) -> dict[str, Any]:
    """Raises :class:`Refusal`."""
    markup = parameters.get("reply_markup") or {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    return markup
