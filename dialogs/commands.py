"""The commands a customer can give at any question, in one channel-neutral table.

A command is given by a word (the whole message, after folding) or by the signs a channel sets aside
for it. A sign that the open question accepts as an answer is an answer.
"""

from __future__ import annotations

from typing import Final

import msgspec

from dialogs.text import match_key


class Command(msgspec.Struct, frozen=True):
    name: str
    words: tuple[str, ...]
    signs: dict[str, tuple[str, ...]]
    """By channel."""


COMMANDS: Final = (
    Command("menu", ("منو", "منوی اصلی", "فهرست", "menu", "start"), {"sms": ("#",)}),
    Command(
        "back", ("برگشت", "بازگشت", "قبلی", "مرحله قبل", "back"), {"sms": ("*",), "call": ("*",)}
    ),
    Command("repeat", ("تکرار", "دوباره", "repeat", "again"), {"sms": ("9",), "call": ("9",)}),
    Command("help", ("راهنما", "راهنمایی", "کمک", "help"), {"sms": ("?", "؟")}),
    Command("cancel", ("انصراف", "بی‌خیال", "cancel"), {"sms": ("0",)}),
    Command("operator", ("اپراتور", "کارشناس", "operator", "agent"), {"call": ("0",)}),
    Command("resume", ("ادامه", "resume", "continue"), {}),
    Command("language-fa", ("فارسی", "farsi", "persian"), {}),
    Command("language-en", ("انگلیسی", "english"), {}),
)

WORDS: Final = {match_key(word): c.name for c in COMMANDS for word in c.words}
"""Command name by the matching key of each word."""

_SIGNS: Final = {
    channel: {sign: c.name for c in COMMANDS for sign in c.signs.get(channel, ())}
    for channel in {name for c in COMMANDS for name in c.signs}
}


def by_word(text: str) -> str | None:
    """The command that ``text`` is a word for, as a whole."""
    return WORDS.get(match_key(text))


def by_sign(text: str, channel: str) -> str | None:
    """The command that ``text`` is the channel's sign for; digits already folded to ASCII."""
    return _SIGNS.get(channel, {}).get(text.strip())
