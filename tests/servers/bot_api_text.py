"""What the Bot API server makes of a text: HTML into entities, and Bale's own markdown.

Offsets and lengths of entities count UTF-16 code units, as everywhere in the Bot API.
"""

from __future__ import annotations

import html
import re
from typing import Any

Entities = list[dict[str, Any]]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
"""https://core.telegram.org/bots/api#html-style, without custom emoji and dates."""

_START = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']+))?)*)\s*>"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+)))?")
_END = re.compile(r"</([a-zA-Z0-9-]*)\s*>")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_DROPPED = re.compile("[\r\u2028-\u202e]")
_MARKDOWN = re.compile(
    r"\[(?P<link>[^\[\]\n]+)\]\((?P<url>[^()\s]+)\)"
    r"|```(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<mark>[*_])(?![\s\u200b-\u200f\u2060\ufeff])(?P<inner>[^\n]+?)(?<!\s)(?P=mark)",
    re.DOTALL,
)
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}")


class BadMarkup(Exception):
    """Text that the Bot API can't parse; the message is what follows "can't parse entities: "."""


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str, entities: Entities) -> tuple[str, Entities]:
    """As Telegram stores it: no carriage returns, no bidi embeddings or overrides (U+202A–202E;
    isolates stay), no white space around, no empty entities."""
    gone = [(units(text[: m.start()]), 1) for m in _DROPPED.finditer(text)]
    text = _DROPPED.sub("", text)
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    length = units(text)

    def moved(offset: int) -> int:
        before = sum(n for at, n in gone if at < offset)
        return min(max(offset - before - lead, 0), length)

    kept = []
    for entity in entities:
        start, end = moved(entity["offset"]), moved(entity["offset"] + entity["length"])
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def parse_html(source: str) -> tuple[str, Entities]:
    """Text and entities of ``parse_mode=HTML``. Raises :class:`BadMarkup`.

    An unknown named reference such as ``&nbsp;`` and a lone ``&`` stay as they are: so does Telegram.
    """
    text = ""
    open_tags: list[tuple[str, int, dict[str, Any]]] = []
    entities: Entities = []
    position = 0
    while position < len(source):
        sign = source[position]
        if sign == "&" and (reference := _REFERENCE.match(source, position)):
            text += html.unescape(reference[0])
            position = reference.end()
        elif sign != "<":
            end = min(
                (i for i in (source.find(c, position + 1) for c in "<&") if i > 0),
                default=len(source),
            )
            text += source[position:end]
            position = end
        elif source.startswith("</", position):
            position = _close(source, position, text, open_tags, entities)
        else:
            match = _START.match(source, position)
            where = f"at byte offset {len(source[:position].encode())}"
            if match is None:
                name = re.match(r"<([^\s>]*)", source[position:])
                if ">" in source[position:] and name is not None and name[1].lower() not in TAGS:
                    raise BadMarkup(f'Unsupported start tag "{name[1].lower()}" {where}')
                raise BadMarkup(f"Unclosed start tag {where}")
            name_, extra = match[1].lower(), _extra(match[1].lower(), match[2], where)
            open_tags.append((name_, units(text), extra))
            position = match.end()
    if open_tags:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities


def _extra(name: str, attributes: str, where: str) -> dict[str, Any]:
    if name not in TAGS:
        raise BadMarkup(f'Unsupported start tag "{name}" {where}')
    found = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(attributes)}
    if name == "span" and found.get("class") != "tg-spoiler":
        raise BadMarkup(f'Tag "span" must have class "tg-spoiler" {where}')
    return {"url": html.unescape(found.get("href", ""))} if name == "a" else {}


def _close(
    source: str,
    position: int,
    text: str,
    open_tags: list[tuple[str, int, dict[str, Any]]],
    entities: Entities,
) -> int:
    where = f"at byte offset {len(source[:position].encode())}"
    match = _END.match(source, position)
    if match is None:
        raise BadMarkup(f"Unclosed end tag {where}")
    if not open_tags:
        raise BadMarkup(f"Unexpected end tag {where}")
    name, start, extra = open_tags.pop()
    if match[1] and match[1].lower() != name:
        raise BadMarkup(
            f'Unmatched end tag {where}, expected "</{name}>", found "</{match[1].lower()}>"'
        )
    length = units(text) - start
    # A link without an address is its text.
    if length and not (name == "a" and not extra["url"]):
        entities.append({"type": TAGS[name], "offset": start, "length": length, **extra})
    return match.end()


def render_markdown(source: str) -> tuple[str, Entities]:
    """What Bale shows for a text: its markdown can't be switched off and never fails.

    Nobody here could try the live service. Assumed: a mark opens only before a visible character,
    closes after one, and spans no line.
    """
    text, entities, position = "", [], 0
    for match in _MARKDOWN.finditer(source):
        text += source[position : match.start()]
        position, start = match.end(), units(text)
        extra: dict[str, Any] = {}
        if match["link"]:
            kind, inner, extra = "text_link", match["link"], {"url": match["url"]}
        elif match["pre"] or match["code"]:
            kind, inner = ("pre" if match["pre"] else "code"), match["pre"] or match["code"]
        else:
            kind, inner = ("bold" if match["mark"] == "*" else "italic"), match["inner"]
        text += inner
        entities.append({"type": kind, "offset": start, "length": units(inner), **extra})
    return text + source[position:], entities


def found_in(text: str, given: Entities | None = None) -> Entities:
    """``given`` and the entities that Telegram itself finds outside of them: commands, mentions."""
    taken = [
        range(entity["offset"], entity["offset"] + entity["length"])
        for entity in given or ()
        if entity["type"] in ("code", "pre", "text_link")
    ]
    found: Entities = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION))
        for match in pattern.finditer(text)
    ]
    found = [entity for entity in found if not any(entity["offset"] in span for span in taken)]
    return sorted(
        [*(given or ()), *found], key=lambda entity: (entity["offset"], -entity["length"])
    )
