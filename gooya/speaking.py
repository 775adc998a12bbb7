"""A turn as a speech for the call it belongs to, and what of it follows in writing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from bots.sms.presenter import present as present_text
from dialogs import limits
from dialogs.effects import Transfer
from dialogs.engine import Turn
from dialogs.messages import Messages
from dialogs.services import SERVICES
from dialogs.session import Conversation
from ivr.book import book
from ivr.keypad import entry_for
from ivr.presenter import present
from ivr.speech import Part, Speech
from ivr.spoken import pause

CALLS = "call:"
"""Begins the outbound channel of a voice node: what it says to running calls."""
VALUE_LENGTH = 500
"""Bytes of what the operators get of the answers; a channel variable has its limits."""
PATIENCE = 2_000
"""Milliseconds of silence between two requests to wait."""


def speak(turn: Turn, conversation: Conversation, today: dt.date, messages: Messages) -> Speech:
    """Put the turn into clips. Counts the speech and keeps it in ``conversation``: for «repeat», and
    for the process that takes the call over."""
    said = msgspec.convert(conversation.said, Speech) if conversation.said is not None else None
    _keep(turn, conversation, messages)
    speech = _speech(turn, conversation, today)
    if turn.repeats and said is not None:
        if said.then in ("hang_up", "transfer"):
            speech = said  # it was over already
        elif said.asked == speech.asked:
            speech = msgspec.structs.replace(speech, parts=said.parts)
    conversation.sequence += 1
    speech = msgspec.structs.replace(
        speech, sequence=conversation.sequence, language=conversation.profile.language
    )
    conversation.said = msgspec.to_builtins(speech)
    return speech


def _speech(turn: Turn, conversation: Conversation, today: dt.date) -> Speech:
    language = conversation.profile.language
    parts = present(turn.prompts, language=language, today=today)
    if turn.transfer is not None:
        variables = _for_operators(turn.transfer, conversation)
        return Speech(sequence=0, parts=parts, then="transfer", variables=variables)
    if turn.hangs_up:
        return Speech(sequence=0, parts=parts, then="hang_up")
    answer = next((p.answer for p in reversed(turn.prompts) if p.answer is not None), None)
    if answer is None:
        # Nobody should hear nothing for longer than a breath.
        patience = book(language).say("please-wait", {}, today)
        parts = (*parts, Part(clips=(pause(PATIENCE), *patience)))
        return Speech(sequence=0, parts=parts, then="wait")
    return Speech(
        sequence=0,
        parts=parts,
        entry=entry_for(answer),
        asked=turn.asked,
        fresh=any(prompt.fresh or prompt.kind == "wrong" for prompt in turn.prompts),
    )


def _for_operators(transfer: Transfer, conversation: Conversation) -> dict[str, str]:
    """Channel variables. As many of the answers, the last ones first, as their JSON has room for."""
    answers: dict[str, Any] = {}
    for question, answer in reversed(transfer.answers.items()):
        more = {question: answer, **answers}
        if len(msgspec.json.encode(more)) > VALUE_LENGTH:
            break
        answers = more
    return {
        "GOOYA_CALLER": conversation.phone,
        "GOOYA_SERVICE": transfer.service if transfer.service in SERVICES else "",
        "GOOYA_REASON": transfer.reason,
        "GOOYA_ANSWERS": msgspec.json.encode(answers).decode(),
    }


def words(speech: Speech, language: str) -> str:
    """What the speech says, as text."""
    return book(language).words(speech.clips)


def _keep(turn: Turn, conversation: Conversation, messages: Messages) -> None:
    for prompt in turn.prompts:
        if prompt.keep:
            text = present_text([prompt], conversation.profile.language, messages)
            if text not in conversation.kept:
                conversation.kept.append(text)
    del conversation.kept[: -limits.KEPT]
