"""Which lines a turn leaves in the transcript, and what must not stand there."""

from __future__ import annotations

from collections.abc import Iterator

from bots.sms.segments import measure
from bots.telegram.chat import decode as decode_act
from bots.telegram.chat import pressed
from dialogs import limits
from dialogs.events import Event
from dialogs.store import Commit, Outbound
from gooya.chatting import words as act_words
from gooya.clock import instant
from gooya.database.transcript import Direction, Line
from gooya.speaking import CALLS, words
from ivr.speech import Speech
from ivr.speech import decode as decode_speech

HIDDEN = "•"
"""Stands for a text that is not to be written down."""


def lines(
    event: Event, commit: Commit, speech: Speech | None, *, language: str, secret: bool
) -> Iterator[Line]:
    """The lines of a turn that was committed: what came in, what the call heard whose event it was,
    and what was sent. ``secret``: what the customer entered is not to be read."""
    own = commit.conversation
    said: list[tuple[str, str, Direction, str, str]] = []
    if event.of_customer and event.kind not in ("opt_in", "opt_out"):
        text = HIDDEN if secret else _came_in(event)
        said.append((own, event.channel, "in", event.id, text))
    if speech is not None:
        said.append((own, "call", "out", event.id, words(speech, language)))
    for message in commit.outbound:
        text = _went_out(message, language)
        said.append((message.conversation or own, message.channel, "out", message.id, text))
    at = instant(event.at)
    for conversation, channel, direction, id_, text in said:
        if text:
            paid = (channel, direction) == ("sms", "out")
            yield Line(
                conversation=conversation,
                channel=channel.partition(":")[0],
                direction=direction,
                message_id=id_,
                text=text,
                segments=measure(text).segments if paid else 0,
                at=at,
            )


def _came_in(event: Event) -> str:
    if event.source:
        return f"[{pressed(event.source).label}]"
    return event.text[: limits.MESSAGE_LENGTH] or f"<{event.kind}>"


def _went_out(message: Outbound, language: str) -> str:
    if not message.conversation:
        return HIDDEN  # without a conversation: a one-time code, or for another number
    if message.channel.startswith(CALLS):
        return words(decode_speech(message.text), language)
    if message.channel != "sms":
        return act_words(decode_act(message.text))
    return message.text
