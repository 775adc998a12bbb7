"""Text as the messenger's HTML, so that a tap copies an id and mixed scripts keep their order.

What messages say is plain text: all of it is escaped, and the only tags are those put in here and in
the presenter. Rules: facts.md section 8.
"""

from __future__ import annotations

import html
from typing import Final

import regex

_ID: Final = r"(?P<id>(?<!\w)[0-9]{6,18}(?!\w))"
"""Digits of a bill id, payment id, tracking code or phone number. :mod:`dialogs.formats` groups every
other number, so that none of them has six ASCII digits in a row."""
_LATIN_WORD: Final = r"\p{Latin}[\p{Latin}\p{M}0-9]*"
_LATIN: Final = rf"/?{_LATIN_WORD}(?:[ .@'&+/_-](?:{_LATIN_WORD}|[0-9]{{1,5}}(?!\w)))*"
_ARABIC_WORD: Final = r"\p{Arabic}[\p{Arabic}\p{M}\u200c]*"
_ARABIC: Final = rf"{_ARABIC_WORD}(?:[ .-]{_ARABIC_WORD})*"
_MARKED: Final = {
    "fa": (regex.compile(f"{_ID}|{_LATIN}"), "\u2066"),  # left-to-right isolate
    "en": (regex.compile(f"{_ID}|{_ARABIC}"), "\u2067"),  # right-to-left isolate
}
"""What is marked in a text of each language, and what stands before words of the other script."""
_END: Final = "\u2069"
_TAG: Final = regex.compile(r"</?[a-z][^<>]*>")
_ISOLATES: Final = regex.compile("[\u2066-\u2069]")


def to_html(text: str, language: str) -> str:
    """``text`` escaped, its ids in ``<code>``, words of the other script isolated from their line."""
    pattern, isolate = _MARKED[language]
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        found = html.escape(match[0], quote=False)
        parts.append(html.escape(text[end : match.start()], quote=False))
        parts.append(f"<code>{found}</code>" if match["id"] else f"{isolate}{found}{_END}")
        end = match.end()
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def bold(text: str) -> str:
    """``text`` escaped and bold."""
    return f"<b>{html.escape(text, quote=False)}</b>"


def units(markup: str) -> int:
    """UTF-16 units of what is left of HTML when the messenger has parsed it."""
    return len(stripped(markup).encode("utf-16-le")) // 2


def stripped(markup: str) -> str:
    """HTML of ours without tags and entities."""
    text: str = html.unescape(_TAG.sub("", markup))
    return text


def plain(markup: str) -> str:
    """What HTML of ours says, without tags and isolates."""
    text: str = _ISOLATES.sub("", stripped(markup))
    return text
