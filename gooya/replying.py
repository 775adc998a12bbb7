"""What a turn tells its customer: on the line, in the chats, in writing; and what of it is paid for."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence

from bots.sms.presenter import present
from bots.sms.segments import measure
from bots.telegram.chat import encode as encode_act
from dialogs.calendar import tehran_today
from dialogs.calls import is_heard
from dialogs.capabilities import CHANNELS
from dialogs.engine import Turn
from dialogs.events import Event
from dialogs.ids import is_mobile
from dialogs.messages import Messages
from dialogs.session import Conversation
from dialogs.store import Outbound
from gooya.chatting import act
from gooya.clock import instant
from gooya.speaking import CALLS, speak
from ivr.speech import Speech
from ivr.speech import encode as encode_speech

log = logging.getLogger(__name__)


def reply(
    turn: Turn,
    conversation: Conversation,
    event: Event,
    sent: Sequence[Outbound],
    messages: Messages,
) -> tuple[Speech | None, tuple[Outbound, ...]]:
    """What the call hears whose event this is, and all messages of the turn, behind those that its
    effects have ``sent``. Notes in ``conversation`` what it was told and what it has cost.
    """
    language = conversation.profile.language
    speech: Speech | None = None
    outbound = [*sent]
    written = [*turn.written, present(turn.aside, language, messages)]
    if is_heard(conversation, event):
        # News without words for this customer is no reason to interrupt a caller.
        if event.call or turn.prompts:
            speech = speak(turn, conversation, tehran_today(instant(event.at)), messages)
            if not event.call:
                outbound.append(_spoken(conversation, event, speech))
    elif CHANNELS[conversation.channel].account:
        outbound += _in_chat(turn, conversation, event, messages)
    else:
        written.append(present(turn.prompts, language, messages))
    outbound += _in_writing(conversation, event, list(filter(None, written)))
    return speech if event.call else None, _affordable(outbound, conversation, event, messages)


def _spoken(conversation: Conversation, event: Event, speech: Speech) -> Outbound:
    node, _, call = conversation.call.partition("/")
    id_ = _outbound_id(conversation, event, "")
    return Outbound(id_, CALLS + node, call, encode_speech(speech), conversation.id)


def _in_chat(
    turn: Turn, conversation: Conversation, event: Event, messages: Messages
) -> Iterator[Outbound]:
    for number, (medium, done) in enumerate(act(turn, conversation, event, messages)):
        channel, _, address = medium.partition(":")
        id_ = _outbound_id(conversation, event, f"chat{number}")
        yield Outbound(id_, channel, address, encode_act(done), conversation.id)


def _in_writing(
    conversation: Conversation, event: Event, texts: Sequence[str]
) -> Iterator[Outbound]:
    to = conversation.address if is_mobile(conversation.address) else conversation.id
    if not is_mobile(to):
        if texts:
            log.info("nobody on the line and no mobile to write to: not told")
        return
    for number, text in enumerate(texts):
        id_ = _outbound_id(conversation, event, str(number))
        yield Outbound(id_, "sms", to, text, conversation.id)


def _affordable(
    outbound: list[Outbound], conversation: Conversation, event: Event, messages: Messages
) -> tuple[Outbound, ...]:
    """Count what is sent; the answer that crosses the limit ends with saying so.

    A text behind the limit is not answered at all (``dialogs.engine``): nothing is done silently.
    """
    if not outbound:
        return ()
    today = tehran_today(instant(event.at))
    left = conversation.segments_left(today)
    cost = sum(measure(m.text).segments for m in outbound if m.channel == "sms")
    if conversation.day != today.toordinal():
        conversation.day, conversation.day_segments = today.toordinal(), 0
    conversation.segments += cost
    conversation.day_segments += cost
    if 0 <= left < cost and event.kind == "text" and CHANNELS[event.channel].paid:
        last = messages.text("too-many-segments", "sms", conversation.profile.language, {})
        text = outbound.pop().text + "\n" if outbound[-1].conversation else ""
        outbound += _in_writing(conversation, event, [text + last])
    return tuple(outbound)


def _outbound_id(conversation: Conversation, event: Event, part: str) -> str:
    """The same when the turn runs again."""
    source = f"{conversation.id}|{event.id}|{part}".encode()
    return hashlib.blake2b(source, digest_size=12).hexdigest()
