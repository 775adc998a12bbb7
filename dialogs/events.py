"""What enters a conversation. Messages, timers and the backend's news use the same door."""

from __future__ import annotations

from typing import Literal

import msgspec

from dialogs.capabilities import CHANNELS
from dialogs.session import Conversation
from dialogs.values import Progress

Kind = Literal[
    "text",  # what the customer writes
    "keys",  # digits of a keypad: an answer, never a command
    "command",  # a command by its name, from a key or a button set aside for it
    "press",  # a button: ``text`` is its option's number, or ``command:<name>``
    "contact",  # the phone number that an account shared: ``text`` in E.164, or empty: not its own
    "files",  # photos or documents: ``text`` holds their ids, and ``!<why>:<count>`` of those not taken
    "open",  # a wish by name: ``text`` is a flow, and answers to its first questions
    "unreadable",  # what no question takes: ``text`` says what it is (a sticker, a location …)
    "recording",  # what the customer said: ``text`` is the attachment's id, or why there is none
    "silence",  # no-input: the customer let the time for an answer pass
    "call",  # a call begins
    "adopted",  # a call goes on after this process began: what was said last may not have been heard
    "hang_up",  # a call ended
    "joined",  # another conversation of the same customer becomes part of this one: ``joins``
    "taken",  # the flow with the uid ``text`` goes on in another conversation
    "unreachable",  # the messenger can't bring our messages; ``text`` is one that nobody got
    "opt_out",
    "opt_in",
    "timer",
    "progress",  # the backend's news
]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    id: str
    """Unique within the conversation and the same when it is delivered again."""
    channel: str
    address: str
    at: float
    """POSIX seconds."""
    text: str = ""
    asked: str = ""
    """The question that is answered, as :attr:`dialogs.engine.Turn.asked` named it; another one that
    is open by now doesn't take the answer. Empty where the channel can't tell."""
    call: str = ""
    """The call that a voice channel's event belongs to: ``node/call id``."""
    source: str = ""
    """What the channel wants back with the answer (the button that was pressed)."""
    joins: Conversation | None = None
    timer: str = ""
    progress: Progress | None = None
    service: str = ""
    """Catalogue key of the request that ``progress`` speaks of."""
    quiet_until: float = 0.0
    """POSIX seconds until which nobody wants to be woken by news; 0 where they may come now."""

    @property
    def of_customer(self) -> bool:
        """Whether the customer did something."""
        return self.kind not in ("hang_up", "adopted", "timer", "progress", "taken", "unreachable")

    @property
    def medium(self) -> str:
        """Where the customer does it: a call, a messenger's account, or ``""`` for messages whose
        sender is a claim. What was proved in one of them counts in no other."""
        if self.call or not CHANNELS[self.channel].account:
            return self.call
        return f"{self.channel}:{self.address}"
