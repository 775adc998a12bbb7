"""What a turn says, before any channel has put it into words."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from dialogs.answers.base import Answer
from dialogs.steps import Drawing, Row


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """One message id with its placeables.

    ``kind``: ``say`` (news), ``ask`` (an open question), ``wrong`` (why an answer was not taken),
    ``again`` (the open question after a ``wrong``; channels where the customer still sees the
    question may leave it out), ``remind`` (the open question after help; its rows may be left out).
    """

    message: str
    args: dict[str, Any] = {}
    kind: Literal["say", "ask", "wrong", "again", "remind"] = "say"
    rows: tuple[Row, ...] = ()
    answer: Answer[Any] | None = None
    drawing: Drawing | None = None
    """What is to be seen beside the text, where the customer can see."""
    heard: bool = False
    """Must be heard to the end: where keys cut prompts short, not this one."""
    keep: bool = False
    """Ears can't keep it (a code, an amount): where it was only heard it also comes in writing."""
    brief: str = ""
    """A message that is heard in place of this one and its rows: all of it comes in writing."""
    fresh: bool = False
    """Nothing that was entered before counts: nobody confirms what was not heard or seen, and what was
    typed behind a mistake was meant for something else."""
