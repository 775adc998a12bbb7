"""The messengers of a world, the people in them, and what their chats would be as SMS."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple
from unittest import mock

from bots.sms.presenter import present
from bots.telegram.chat import Act, Post
from bots.telegram.html import plain
from dialogs.messages import MESSAGES
from dialogs.prompts import Prompt
from dialogs.text import persian_digits
from gooya import chatting
from tests.servers.bot_api import BotApi, Button, Customer, Message

Way = Literal["webhook", "polling"]
"""How a messenger's updates come in."""
WAYS: Mapping[str, Mapping[str, Way]] = {
    "sqlite": {"telegram": "polling", "bale": "webhook"},
    "redis+postgresql": {"telegram": "webhook", "bale": "polling"},
}
"""Of the messengers of a world, by its engine: between them every way of each."""
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROW = str.maketrans("＊＿［］｀", "*_[]`")
_ANSWER = re.compile(r"[^:]+:([0-9]+)")


class Shown(NamedTuple):
    """A message of the bot as it was when it came."""

    id: int
    text: str
    """Text or caption, as :func:`seen` has it."""
    buttons: tuple[Button, ...]
    contact: bool
    """Whether it asks for the account's contact."""
    photo: bytes

    @property
    def written(self) -> str:
        """With its answers as numbered options."""
        options = (
            f"{persian_digits(str(number))} {button.text}"
            for number, button in sorted(numbered(self.buttons).items())
        )
        return "\n".join([self.text, *options])


class Person(Customer):
    """A customer whose chat remembers what it has shown."""

    def __init__(self, api: Messenger, id: int, phone: str, first_name: str) -> None:
        super().__init__(api, id, phone, first_name)
        self.messenger = api
        self.shown: list[Shown] = []

    def add(self, sender: Customer | None, **content: Any) -> Message:
        message = super().add(sender, **content)
        if sender is None:
            self.shown.append(
                Shown(
                    message.id,
                    seen(message.caption or message.text),
                    tuple(button for row in message.keyboard for button in row),
                    any(key.contact for row in message.reply_keyboard for key in row),
                    message.photo,
                )
            )
        return message


class Messenger(BotApi):
    """The Bot API server of a messenger, ``telegram`` or ``bale``."""

    def __init__(self, name: Literal["telegram", "bale"]) -> None:
        super().__init__(dialect=name, scale=0.01)
        self.name = name
        self._last: dict[str, Any] = {}

    def person(self, phone: str) -> Person:
        """Somebody new, whose account has this number (E.164)."""
        made = self.customer(phone=phone.removeprefix("+"))
        person = self.chats[made.id] = Person(self, made.id, made.phone, made.name)
        return person

    def push(self, raw: dict[str, Any]) -> int:
        number = super().push(raw)
        self._last = {"update_id": number, **raw}
        return number

    def deliver_again(self) -> None:
        """Deliver the last update once more, as a messenger does that missed the acknowledgement."""
        super().push(self._last)

    @property
    def is_quiet(self) -> bool:
        """Whether no update is on its way to the bot."""
        return self.delivery.is_empty

    def settings(self, way: Way, base: str) -> dict[str, str]:
        """What makes a Gooya at the URL ``base`` use it."""
        return {
            f"{self.name}_token": self.token,
            f"{self.name}_api": self.url,
            f"{self.name}_webhook": base if way == "webhook" else "",
        }


class Screens:
    """Writes everything that chats show down as the SMS that it would be."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, frozenset[str]], str] = {}

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Look at what all doors of this process make of their turns."""
        show = chatting.present  # type: ignore[attr-defined]

        def watched(prompts: Sequence[Prompt], *, language: str, **rest: Any) -> list[Act]:
            acts: list[Act] = show(prompts, language=language, **rest)
            self._note(prompts, acts, language)
            return acts

        with mock.patch.object(chatting, "present", watched):
            yield

    def written(self, shown: Shown) -> str:
        """What was shown, as an SMS. ``KeyError`` for a message that no turn made."""
        return self._written[shown.text, frozenset(button.text for button in shown.buttons)]

    def _note(self, prompts: Sequence[Prompt], acts: Sequence[Act], language: str) -> None:
        said = present([p for p in prompts if p.drawing is None], language, MESSAGES)
        for post in (act for act in acts if isinstance(act, Post)):
            text = seen(plain(post.text))
            labels = (button.label for row in post.keyboard for button in row)
            # A long turn fills several messages: all of it is written where the first of them was.
            self._written[text, frozenset(labels)] = text if post.picture else said
            said = said if post.picture else ""


def seen(text: str) -> str:
    """A text as eyes see it: without marks, and the signs that Bale would take for its Markdown in
    the form that a keyboard has."""
    return _MARKS.sub("", text).translate(_NARROW).strip()


def numbered(buttons: Iterable[Button]) -> dict[int, Button]:
    """The buttons that answer, by the number that they give."""
    found = ((_ANSWER.fullmatch(button.data), button) for button in buttons)
    return {int(match[1]): button for match, button in found if match}
