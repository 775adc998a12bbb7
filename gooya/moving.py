"""Accounts that move to the conversation of their number (decision 0015): what goes, what stays."""

from __future__ import annotations

import msgspec

from dialogs.capabilities import CHANNELS
from dialogs.events import Event
from dialogs.journal import wait_timer
from dialogs.session import Conversation, Profile, encode
from dialogs.store import Commit, Snapshot
from dialogs.touching import HELD_TIMER


class Moving(msgspec.Struct, frozen=True):
    """A turn that goes on in another conversation, and what it leaves behind."""

    to: str
    joined: Event
    left: Commit


class Elsewhere(Exception):
    """The conversation has become part of another one."""

    def __init__(self, conversation: str) -> None:
        super().__init__("moved")
        self.conversation = conversation


class NotLinked(Exception):
    """The account no longer belongs to the conversation that somebody thinks it does."""


def is_strange(conversation: Conversation, event: Event) -> bool:
    """Whether a messenger's account comes to a conversation that is not its own, nor its number's."""
    account = event.of_customer and event.joins is None and CHANNELS[event.channel].account
    return account and event.medium not in (conversation.id, *conversation.accounts)


def moving(conversation: Conversation, event: Event, snapshot: Snapshot, to: str) -> Moving:
    """The flow on top goes to the conversation of the number that was just proved. From an account's
    own conversation everything goes along; a number's own stays where it is."""
    luggage = conversation
    left = Conversation(conversation.id, event.channel, event.address, Profile(), moved=to)
    if conversation.id != event.medium:
        here = [medium for medium in conversation.keyboards if medium == event.medium]
        frames = [conversation.frames.pop()]
        luggage = msgspec.structs.replace(conversation, frames=frames, keyboards=here, held=[])
        left = conversation
        left.keyboards = [medium for medium in left.keyboards if medium != event.medium]
        del left.accounts[event.medium]
        if (left.channel, left.address) == (event.channel, event.address):
            left.channel, left.address = "sms", left.id
    # What was written (a one-time code, perhaps) was taken here.
    joined = msgspec.structs.replace(event, kind="joined", text="", joins=luggage)
    commit = Commit(
        conversation=conversation.id,
        version=snapshot.version,
        state=encode(left),
        mark=event.id,
        cancel=(*map(wait_timer, luggage.frames), *([HELD_TIMER] if luggage.held else [])),
        now=event.at,
    )
    return Moving(to, joined, commit)


def pointer(event: Event, snapshot: Snapshot, to: str) -> Commit:
    """An account's own conversation, which only leads to that of its number."""
    left = Conversation(event.medium, event.channel, event.address, Profile(), moved=to)
    return Commit(
        conversation=event.medium,
        version=snapshot.version,
        state=encode(left),
        mark=event.id,
        now=event.at,
    )
