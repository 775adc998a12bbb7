"""The state of a conversation: everything a turn needs to go on, as one blob of JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from dialogs import limits
from dialogs.values import Progress


class Entry(msgspec.Struct, array_like=True):
    """One step that a flow took: what it was and what came of it."""

    key: str
    value: Any = None
    kind: str = "step"
    """``answer`` (given by the customer: *back* cuts here), ``done`` (cannot be taken back) or
    ``step``; ``failed`` where ``value`` names the error that was thrown into the flow."""


class Frame(msgspec.Struct, omit_defaults=True):
    """One running flow and its journal."""

    uid: str
    """Unique for all time and the same when the turn that opened it runs again."""
    flow: str
    args: dict[str, Any] = {}
    journal: list[Entry] = []
    ahead: list[str] = []
    """Answers that came before their questions (type-ahead)."""
    heard: dict[str, list[str]] = {}
    """Values that came with the wish in a free text, by answer type."""
    kept: dict[str, Any] = {}
    """Answers behind a corrected one, used again where they still fit."""
    taken: dict[str, Any] = {}
    """The answer that is being corrected, with what went with it, until another one is given."""
    paused: bool = False
    """Its confirmation waits for «resume»: a number sent after another flow is not meant for it."""
    asked: str = ""
    """Key of the question the customer saw last: no other one takes what comes next."""
    question: str = ""
    """Names that question as it was seen, with all it said."""
    corrections: int = 0
    """How often an answer was taken back and given anew."""
    misses: int = 0
    """No-match count of the open question."""
    silences: int = 0
    """No-input count of the open question: not the same as a wrong answer."""
    dropped: int = -1
    """Length of the journal when its customer was last told that a call had ended in it."""
    waiting: str = ""
    """Tracking code whose outcome the flow waits for."""
    left: str = ""
    """The call that was let go at the :class:`dialogs.steps.Leave` where the flow stands."""
    opened: float = 0.0
    """When news opened it (POSIX seconds): the customer's silence before that is no reason to leave it."""


class Challenge(msgspec.Struct, omit_defaults=True):
    """A one-time code on its way. Outside every journal: *back* must not give new tries."""

    of: str = msgspec.field(name="bill_id")
    """The bill id whose registered mobile it went to, or the number (E.164) that is to be proved."""
    seal: str
    """Keyed hash of the code; empty where no code went out (unknown number)."""
    expires: float
    tries: int = 0


class Profile(msgspec.Struct, omit_defaults=True):
    """What is remembered of a customer between sessions."""

    language: str = "fa"
    subscriptions: list[str] = []
    """Bill ids used before, most recent first. They save typing and prove nothing."""
    names: dict[str, str] = {}
    """What the customer calls some of them."""
    opted_out: bool = False
    preferred: str = ""
    """Channel for news; empty for the one used last."""


class Held(msgspec.Struct, array_like=True):
    """News that wait for the end of the quiet hours."""

    service: str
    progress: Progress
    until: float
    """POSIX seconds."""


class Conversation(msgspec.Struct, omit_defaults=True):
    id: str
    channel: str
    address: str
    """Where answers go on ``channel``: E.164 for SMS."""
    profile: Profile
    started: float = 0.0
    """When the running session began."""
    touched: float = 0.0
    """When the customer last did something."""
    turns: int = 0
    segments: int = 0
    day: int = 0
    day_segments: int = 0
    frames: list[Frame] = []
    proofs: dict[str, list[float]] = {}
    challenge: Challenge | None = None
    news: Progress | None = None
    """The last outcome that no flow waited for: it may have come before its wait was stored."""
    call: str = ""
    """The running call, as in ``Event.call``; what is said goes there."""
    medium: str = ""
    """Where the customer did something last (``Event.medium``). What was proved there counts nowhere
    else: a caller id and a sender are claims of different people."""
    accounts: dict[str, float] = {}
    """Messenger accounts, as ``Event.medium`` names them, that proved to have this conversation's
    phone number, and when."""
    moved: str = ""
    """The conversation that this one became part of; all else is void then."""
    keyboards: list[str] = []
    """The media whose last message has buttons."""
    files: dict[str, float] = {}
    """Attachments that came when none was asked for, and when."""
    sequence: int = 0
    """Number of the last speech that a call got."""
    said: Any = None
    """What the running call heard last, as its presenter wrote it down."""
    kept: list[str] = []
    """Texts of the running call that come in writing after it."""
    misunderstood: int = 0
    """Free texts in a row that nobody made sense of."""
    unclear: str = ""
    """Names the last text that was unclear (``Unclear.key``), until a service is opened."""
    told: list[str] = []
    """What the customer was told of lately: bills and balances (``dialogs.notices.payable``), and the
    last stage of each request (``dialogs.notices.stage_mark``)."""
    held: list[Held] = []
    """News of the quiet hours, oldest first."""

    def segments_left(self, today: dt.date) -> int:
        """SMS segments that may still be spent in this session and on this day; negative once the
        limit was crossed."""
        spent = self.day_segments if self.day == today.toordinal() else 0
        return min(limits.SEGMENTS_PER_SESSION - self.segments, limits.SEGMENTS_PER_DAY - spent)

    @property
    def phone(self) -> str:
        """The customer's number in E.164, or ``""``: a caller may hide it, an account has none."""
        return self.address if self.address.startswith("+") else self.owned

    @property
    def owned(self) -> str:
        """The phone number (E.164) that whoever is there now has proved to be theirs, or ``""``."""
        return self.id if self.medium in self.accounts else ""

    @property
    def listens(self) -> bool:
        """Whether what comes of the conversation by itself is for the caller: somebody is on the line,
        and nobody has written since. It may be two people."""
        return bool(self.call) and self.medium == self.call

    @property
    def top(self) -> Frame | None:
        return self.frames[-1] if self.frames else None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Conversation)


def encode(conversation: Conversation) -> bytes:
    return _encoder.encode(conversation)


def decode(state: bytes) -> Conversation:
    """Raises ``msgspec.MsgspecError`` for a blob that no version of this code wrote."""
    return _decoder.decode(state)


def readable(state: bytes | None) -> Conversation | None:
    """The conversation; None where there is none, or one that starts anew since nobody can read it."""
    try:
        return decode(state) if state is not None else None
    except msgspec.MsgspecError:
        return None
