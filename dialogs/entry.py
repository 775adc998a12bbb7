"""How a first message opens a service: keywords, one-shot messages, ids and Tavanir's star code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec

from dialogs import limits
from dialogs.ids import bill_id_is_valid, canonical, tracking_code_is_valid
from dialogs.services import SERVICES
from dialogs.text import fold, match_key

_STAR_CODE = re.compile(r"\*1\*(\d{6,13})#?")
_ANSWER = re.compile(r"[0-9*#./,٬٫،'’_-]*[0-9][0-9*#./,٬٫،'’_-]*")
"""An id or a figure as people write it and as we print it («۸۲٬۱۱۰»)."""
_SEPARATOR = re.compile(r"[*#./,،;؛:|=_‐‑‒–—-]+")
_AROUND = "«»‹›()[]{}\"'“”‘’.,،;؛:"


class Opening(msgspec.Struct, frozen=True):
    flow: str
    ahead: tuple[str, ...] = ()
    """Answers the message carried beside the keyword."""


OWN_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "my_requests": ("درخواست‌های من", "my requests"),
    "subscriptions": ("اشتراک‌های من", "my subscriptions"),
    "my_settings": ("تنظیمات", "settings"),
    "erase_me": ("پاک کردن اطلاعات من", "حذف اطلاعات من", "erase my data", "delete my data"),
    "terms": ("موافقت", "terms"),
    "take_over": ("ادامه", "continue"),
}
"""Keywords of the flows that are no service."""


@cache
def _telling() -> dict[str, str]:
    """Services by those of their keywords that mean nothing else inside a text: «کنتور» opens the
    reading when it is all that is written, but it is also a part of «تعویض کنتور»."""
    parts = {
        (phrase, service.key)
        for service in SERVICES.values()
        for word in service.words()
        for phrase in phrases(word)
    }
    return {
        key: service.key
        for service in SERVICES.values()
        for key in map(match_key, service.words())
        if not any(phrase == key and whose != service.key for phrase, whose in parts)
    }


def phrases(text: str) -> Iterator[str]:
    """Match keys of all runs of words in a short text, longest first; none of a longer one
    (:data:`dialogs.limits.PHRASE`)."""
    words = fold(text).split(" ")
    if len(words) > limits.PHRASE:
        return
    for length in range(len(words), 0, -1):
        for at in range(len(words) - length + 1):
            yield match_key("".join(words[at : at + length]))


def mentioned(text: str) -> str | None:
    """The service whose keyword stands in a short text, whole; of several the longest one's."""
    telling = _telling()
    return next((telling[phrase] for phrase in phrases(text) if phrase in telling), None)


@cache
def _keywords() -> dict[str, str]:
    words = {service.key: service.words() for service in SERVICES.values()} | OWN_WORDS
    return {match_key(word): flow for flow, said in words.items() for word in said}


def opening(text: str) -> Opening | None:
    """The service that ``text`` asks for, or None.

    A keyword must be the whole message, or its beginning followed by nothing but ids and figures
    (``قرائت 9985235404124 45231``), in brackets, commas, dashes or lines of their own as they may be:
    a keyword inside a sentence only helps to understand it (:func:`mentioned`).
    """
    folded = fold(text)
    star = _STAR_CODE.fullmatch(folded.replace(" ", ""))
    if star:
        return Opening("link_subscription", (star[1],))
    flow = _keywords().get(match_key(text))
    if flow:
        return Opening(flow)
    bare = (word.strip(_AROUND) for word in folded.split(" "))
    words = [word for word in bare if word and not _SEPARATOR.fullmatch(word)]
    at = next((i for i, word in enumerate(words) if _ANSWER.fullmatch(word)), len(words))
    ahead = words[at:]
    flow = _keywords().get(match_key(" ".join(words[:at])))
    if flow and ahead and all(_ANSWER.fullmatch(word) for word in ahead):
        return Opening(flow, tuple(ahead[: limits.TYPE_AHEAD]))
    return None


def by_id(text: str) -> Opening | None:
    """A bare id as a first message: a tracking code is followed, a bill id waits for a service."""
    folded = fold(text).replace(" ", "")
    if not folded.isdecimal():
        return None
    if tracking_code_is_valid(folded):
        return Opening("track_request", (folded,))
    if 6 <= len(folded) <= 13 and bill_id_is_valid(canonical(folded)):
        return Opening("main_menu", (folded,))
    return None
