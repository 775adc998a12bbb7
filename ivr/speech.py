"""What a call is told to say and to take next: values only, so that they can be stored and sent.

A **clip** is named by a reference, the same for Asterisk, the browser, the terminal and the tests:

=======================  =================================================================
``fa/reading-1``         a clip of the book of a language: a fixed text or a word of the
                         inventory (``fa/number/20-and``); see :mod:`ivr.book`
``pause/250``            silence, in milliseconds (multiples of 20)
``say/fa/<text>``        a text that is no clip of the book: spoken by the synthesiser
``recording/<id>``       what the caller recorded (an attachment)
=======================  =================================================================
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Clips that are heard in one go."""

    clips: tuple[str, ...]
    heard: bool = False
    """Must be heard to the end: no key cuts it short (barge-in off)."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the caller may enter: the row of the keypad table that applies (:mod:`ivr.keypad`)."""

    kind: Literal["menu", "digits", "recording"]
    minimum: int = 1
    """Digits; for a recording, seconds."""
    maximum: int = 1
    """Digits; for a recording, seconds. With ``minimum == maximum`` no terminator is needed."""
    answer: str = ""
    """Name of the answer type, for the time-outs that are its own."""


class Speech(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One turn's prompts for a call, and what follows them."""

    sequence: int
    """Grows with every speech of a conversation: an older one that comes late is not said."""
    parts: tuple[Part, ...] = ()
    then: Literal["listen", "wait", "hang_up", "transfer"] = "listen"
    """``wait``: the backend's answer is on its way, and comes as another speech."""
    entry: Entry | None = None
    """What to listen for; None unless ``then`` is ``listen``."""
    asked: str = ""
    """Names the open question; goes back in ``Event.asked``."""
    fresh: bool = False
    """Forget the keys typed so far: nobody confirms what was not heard."""
    language: str = "fa"
    """The caller's; what the session says by itself comes from this book."""
    variables: dict[str, str] = {}
    """For ``transfer``: what the operator's dialplan gets as channel variables."""

    @property
    def clips(self) -> tuple[str, ...]:
        """All clips in the order in which they are heard."""
        return tuple(clip for part in self.parts for clip in part.clips)

    @property
    def records(self) -> bool:
        """Whether it asks for a recording."""
        return self.entry is not None and self.entry.kind == "recording"

    @property
    def collects(self) -> bool:
        """Whether it asks for keys."""
        return self.entry is not None and self.entry.kind != "recording"

    @property
    def holds(self) -> bool:
        """Whether silence follows it, while keys or another speech are awaited."""
        return self.then == "wait" or self.collects


def encode(speech: Speech) -> str:
    return msgspec.json.encode(speech).decode()


def decode(text: str) -> Speech:
    """Raises ``msgspec.MsgspecError``."""
    return msgspec.json.decode(text, type=Speech)
