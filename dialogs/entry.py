"""How a first message opens a service: keywords, one-shot messages, ids and Tavanir's star code."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from dialogs import limits
from dialogs.ids import bill_id_is_valid, canonical, tracking_code_is_valid
from dialogs.services import SERVICES
from dialogs.text import fold, match_key

_STAR_CODE = re.compile(r"\*1\*(\d{6,13})#?")
_ANSWER = re.compile(r"[0-9*#./,-]+")


class Opening(msgspec.Struct, frozen=True):
    flow: str
    ahead: tuple[str, ...] = ()
    """Answers the message carried beside the keyword."""


@cache
def _keywords() -> dict[str, str]:
    return {
        match_key(word): service.key for service in SERVICES.values() for word in service.words()
    }


def opening(text: str) -> Opening | None:
    """The service that ``text`` asks for, or None.

    A keyword must be the whole message, or its beginning followed by nothing but ids and figures
    (``قرائت 9985235404124 45231``): a keyword inside a sentence is no wish.
    """
    folded = fold(text)
    star = _STAR_CODE.fullmatch(folded.replace(" ", ""))
    if star:
        return Opening("link_subscription", (star[1],))
    flow = _keywords().get(match_key(text))
    if flow:
        return Opening(flow)
    words = folded.split(" ")
    at = next((i for i, word in enumerate(words) if _ANSWER.fullmatch(word)), len(words))
    ahead = words[at : at + limits.TYPE_AHEAD]
    flow = _keywords().get(match_key(" ".join(words[:at])))
    if flow and ahead and all(_ANSWER.fullmatch(word) for word in words[at:]):
        return Opening(flow, tuple(ahead))
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
