"""A turn as a speech for the call it belongs to, and what of it follows in writing."""

from __future__ import annotations

import datetime as dt

import msgspec

from bots.sms.presenter import present as present_text
from dialogs import limits
from dialogs.engine import Turn
from dialogs.messages import Messages
from dialogs.replay import phone
from dialogs.session import Conversation
from ivr.book import book
from ivr.keypad import entry_for
from ivr.presenter import present
from ivr.speech import Part, Speech

VALUE_LENGTH = 500
"""Characters of what the operators get of the answers; a channel variable has its limits."""


class Said(msgspec.Struct, frozen=True):
    """What a call heard last, as the conversation keeps it: for «repeat», and for the process that
    takes the call over."""

    asked: str
    parts: tuple[Part, ...]


def speak(turn: Turn, conversation: Conversation, today: dt.date, messages: Messages) -> Speech:
    """Put the turn into clips. Counts the speech and remembers it in ``conversation``."""
    language = conversation.profile.language
    answer = next((p.answer for p in reversed(turn.prompts) if p.answer is not None), None)
    parts = present(turn.prompts, language=language, today=today)
    if turn.repeats and conversation.said is not None:
        said = msgspec.convert(conversation.said, Said)
        if said.asked == turn.asked:
            parts = said.parts
    conversation.sequence += 1
    conversation.said = msgspec.to_builtins(Said(turn.asked, parts))
    _keep(turn, conversation, messages)
    if turn.transfer is not None:
        return Speech(
            sequence=conversation.sequence,
            parts=parts,
            then="transfer",
            variables={
                "GOOYA_CALLER": phone(conversation.address),
                "GOOYA_SERVICE": turn.transfer.service,
                "GOOYA_REASON": turn.transfer.reason,
                "GOOYA_ANSWERS": msgspec.json.encode(turn.transfer.answers).decode()[:VALUE_LENGTH],
            },
        )
    if turn.hangs_up:
        return Speech(sequence=conversation.sequence, parts=parts, then="hang_up")
    if answer is None:
        return Speech(sequence=conversation.sequence, parts=parts, then="wait")
    return Speech(
        sequence=conversation.sequence,
        parts=parts,
        entry=entry_for(answer),
        asked=turn.asked,
        fresh=any(prompt.fresh or prompt.kind == "wrong" for prompt in turn.prompts),
    )


def words(speech: Speech, language: str) -> str:
    """What the speech says, as text."""
    known = book(language)
    return " ".join(filter(None, map(known.text_of, speech.clips)))


def _keep(turn: Turn, conversation: Conversation, messages: Messages) -> None:
    for prompt in turn.prompts:
        if prompt.keep:
            text = present_text([prompt], conversation.profile.language, messages)
            if text not in conversation.kept:
                conversation.kept.append(text)
    del conversation.kept[: -limits.KEPT]
