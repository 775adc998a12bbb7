"""A turn as what happens in a chat: one message, and what can be pressed under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from bots.telegram.chat import Act, Answered, Button, Closed, Picture, Post, Pressed, Toast
from bots.telegram.html import bold, to_html, units
from dialogs.answers.base import Answer
from dialogs.answers.choice import Option, option_numbers
from dialogs.messages import Messages
from dialogs.prompts import Prompt

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
"""UTF-16 units of a message and of what stands under a picture, after parsing. ``gooya check`` keeps
every message within them."""
SHORT: Final = 20
"""Characters of a label that can be read in half the width of a phone."""
COMMANDS: Final = ("back", "menu", "resume")
"""The commands that have a button, labelled by the message ``button-<command>``."""
NOTHING_ASKED: Final = "-"
"""Stands in a button's data where else the question's token does."""
_VARIANT: Final = "telegram"


def present(
    prompts: Sequence[Prompt],
    *,
    asked: str,
    source: str,
    closes: bool,
    stale: bool,
    commands: Sequence[str],
    language: str,
    messages: Messages,
) -> list[Act]:
    """What a turn does in a chat, in order.

    ``asked`` names the open question, "" when nothing is asked. ``source`` is the JSON of the
    :class:`Pressed` that is answered, "" where no button was pressed; ``stale``: it belonged to another
    question, and nothing else is said. ``closes``: there were buttons and the customer wrote instead.
    ``commands`` (of :data:`COMMANDS`) stand in a row of their own under the last message.
    """
    chat = _Chat(language, messages)
    acts: list[Act] = []
    if source:
        acts += chat.released(msgspec.json.decode(source, type=Pressed), stale=stale)
    if stale:
        return acts
    if closes:
        acts.append(Closed())
    posts = chat.posts(prompts)
    if posts:
        answer = next((p.answer for p in prompts if asked and p.answer is not None), None)
        posts[-1] = chat.with_keys(posts[-1], answer, asked, commands)
    return [*acts, *posts]


class _Chat:
    """The wording of one turn."""

    def __init__(self, language: str, messages: Messages) -> None:
        self._language = language
        self._messages = messages

    def released(self, pressed: Pressed, *, stale: bool) -> Iterator[Act]:
        """The press ends and its keyboard goes; what was chosen stays to be read."""
        yield Toast(pressed.query, self._plain("stale-button") if stale else "")
        if pressed.message is None:
            return
        chosen = f"{pressed.text}\n\n✔ {bold(pressed.label)}"
        is_choice = pressed.label and pressed.label not in map(self._way, COMMANDS)
        if stale or not is_choice or units(chosen) > TEXT_UNITS:
            chosen = pressed.text
        yield Answered(pressed.message, chosen)

    def posts(self, prompts: Iterable[Prompt]) -> list[Post]:
        """As few messages as it fits in; a picture is one of its own, with its text under it."""
        posts: list[Post] = []
        for prompt in prompts:
            lines = [self._html(prompt.message, prompt.args)]
            lines += (self._html(row.message, row.args) for row in prompt.rows)
            text = "\n".join(lines)
            if prompt.drawing is not None:
                picture = Picture(prompt.drawing.kind, self._language, prompt.drawing.rows)
                posts.append(Post(text, picture=picture))
                continue
            if posts and posts[-1].picture is None:
                joined = f"{posts[-1].text}\n\n{text}"
                if units(joined) <= TEXT_UNITS:
                    posts[-1] = Post(joined)
                    continue
            posts.append(Post(text))
        return posts

    def with_keys(
        self, post: Post, answer: Answer[Any] | None, asked: str, commands: Sequence[str]
    ) -> Post:
        """The last message with what can be pressed under it."""
        if answer is not None and answer.contact:
            # The key that shares a contact leaves no room for buttons.
            return msgspec.structs.replace(post, contact=self._plain(answer.contact))
        options: Sequence[Option] = getattr(answer, "options", ())
        numbered = zip(option_numbers(len(options)), options, strict=True)
        buttons = [Button(self._label(option), f"{asked}:{number}") for number, option in numbered]
        data = f"{asked or NOTHING_ASKED}:command:"
        ways = tuple(Button(self._way(name), data + name) for name in commands)
        rows = [*_rows(buttons), *([ways] if ways else [])]
        if self._language == "fa":
            # Messengers don't mirror a row: its first button stands at the left.
            rows = [row[::-1] for row in rows]
        return msgspec.structs.replace(post, keyboard=tuple(rows))

    def _label(self, option: Option) -> str:
        # On a button nothing stands beside the text that a mark could keep apart from it.
        return self._plain(option.label, option.args).strip("\u200e\u200f")

    def _way(self, command: str) -> str:
        return self._plain(f"button-{command}")

    def _plain(self, message: str, args: Mapping[str, Any] = {}) -> str:
        return self._messages.text(message, _VARIANT, self._language, args)

    def _html(self, message: str, args: Mapping[str, Any]) -> str:
        return to_html(self._plain(message, args), self._language)


def _rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Two short labels side by side, a long one alone."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        last = rows[-1] if rows else ()
        if len(last) == 1 and max(len(last[0].label), len(button.label)) <= SHORT:
            rows[-1] = (*last, button)
        else:
            rows.append((button,))
    return rows
