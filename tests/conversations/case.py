"""The format of a conversation test: who, what is said, what must be answered, what the backend has.

A file in ``cases/`` is a list of these. Each is one of four:

- **All ways**, the usual one: played by SMS; on the phone, where the caller presses what ``send``
  means (``calling.py``): the digits of a number, an option's number for its name, for «قرائت {bill}
  12345» one answer after the other; and in a messenger's chat, where the customer presses the button
  that ``send`` names (``chatting.py``). What the turn says must be the same: ``expect`` and ``absent``
  are held against what the messages of the speech or of the chat would be as SMS, and against the
  SMS that arrive.
- **By text**: ``text_only`` says what of it no phone can do; on a turn, that the phone leaves it out.
  ``sms_only`` says the same of chats.
- **By phone**: what has a turn with ``call``. There ``send`` is an SMS.
- **In a chat**: what has a turn that only a messenger knows. There ``send`` is written as it stands,
  nothing is answered that isn't in the file, and ``expect`` and ``absent`` are held against what the
  chat shows, its buttons written under it as numbered options.

Texts may hold placeholders of the subscriber played:
``{bill}``, ``{mobile}``, ``{last.total}``, ``{last.total+80}``, ``{code}`` (the tracking code seen
last), ``{otp}`` (the one-time code, fixed in tests), ``{person}`` (the subscriber's national id), ``{second}`` (the bill id of the subscriber
that ``second`` names), ``{to.track_request}`` (what a caller presses from the main menu to that
service), ``{stranger}`` (a phone that is registered nowhere), ``{unknown1}``,
``{unknown2}`` … (right bill ids that nobody has), ``{misread}`` (the bill id with a wrong last
digit), ``{water}`` and ``{gas}`` (bill ids of others), ``{thousand}``, ``{longest}`` and ``{endless}`` (texts of 1,000, 4,096 and
10,000 characters), ``{landline}``, ``{account}`` (the number of the messenger account, registered nowhere),
``{day+30}`` (in thirty days, as 1405/10/01) and ``{year+1}`` (the next one). ``{bill:fa}`` and ``{bill:ar}`` write it in Persian and Arabic digits, ``{code:spoken}``
as it is heard, digit by digit, ``{bill:middle}`` its middle digits so, ``{bill:short}`` as they are
written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

CASES = Path(__file__).parent / "cases"
_WORDS = "free_text"
"""Begins the names of files whose conversations are about what is understood, not about the way it
comes: they are played by one way of SMS and in one messenger."""


class Turn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, repr_omit_defaults=True):
    """One thing that happens, and what must be answered to it."""

    send: str | None = None
    """A text from the phone."""
    times: int = 1
    """How often it is sent, each time answered; what is checked is the last answer."""
    from_: str | None = msgspec.field(name="from", default=None)
    """Another phone that sends it, as typed there."""
    repeat_delivery: bool = False
    """The gateway delivers the last message again, with the same id."""
    together: list[str] = []
    """Texts that arrive at the same moment."""
    wait: str | None = None
    """Time that passes first: ``45m``, ``8d``, ``20s``."""
    fault: dict[str, Any] | None = None
    """A fault of the backend from now on (``POST /sandbox/faults``)."""
    heal: bool = False
    """No faults from now on; what they held back goes on."""
    pays: int = 0
    """So many payments are made for the bill."""
    advance: bool = False
    """The backend moves the last request to its next stage."""
    expect: list[str] = []
    """Texts that must all be in the answer."""
    absent: list[str] = []
    """Texts that must not be in it."""
    pending: bool = False
    """The backend's answer is still out: look as soon as the texts expected are there."""
    silent: bool = False
    """No answer at all."""
    messages: int | None = None
    """How many SMS messages (not segments) the answer has; in a chat, how many messages without
    pictures."""

    text_only: str = ""
    """Why the phone leaves this turn out."""
    sms_only: str = ""
    """Why a chat leaves this turn out."""
    call: bool = False
    """A call begins."""
    keys: str | None = None
    """What is pressed, where it isn't what ``send`` means. Keys in one word are pressed at once, as
    type-ahead, those of the next word when the caller is asked again."""
    silence: bool = False
    """The caller presses nothing until the time is over."""
    speak: bool = False
    """The caller speaks after the beep, and presses ``#``."""
    hang_up: bool = False
    hears: list[str] = []
    """On the phone, in place of ``expect``: texts that must all be heard, word by word."""
    not_hears: list[str] = []
    """Texts that must not be heard."""
    sms: list[str] | None = None
    """Texts that must all be in the SMS that the phone gets now; [] for none at all."""
    ends: Literal["", "hung up", "transferred"] = ""
    """How the call ends with what is heard."""

    press: str | None = None
    """A button's number or label, of the last message that has buttons."""
    press_old: str | None = None
    """A button that an earlier message once had, by its label."""
    taps: int = 1
    """How often it is pressed in the same moment."""
    contact: Literal["", "own", "other"] = ""
    """A contact is shared: the account's own, or somebody else's."""
    photos: int = 0
    """So many photos are sent; more than one are an album."""
    file: Literal["", "large", "text"] = ""
    """A file is sent: a picture of 20 MB, or one that is no picture."""
    sends: str = ""
    """Something is sent that no question takes: ``sticker``, ``location`` …"""
    edits: str | None = None
    """What the customer wrote last is changed to this."""
    blocks: Literal["", "told", "untold"] = ""
    """The customer blocks the bot, which is told of it or finds out."""
    by_sms: str | None = None
    """A text that is sent by SMS meanwhile, from ``Case.phone``; what comes of it, comes there."""
    elsewhere: bool = False
    """The turn plays in the other messenger, on the account that the same person has there."""
    toast: str | None = None
    """What is shown for a moment after a press; "" for nothing."""
    pictures: int = 0
    """How many pictures the answer has; their captions are among its texts."""

    @property
    def in_chat(self) -> bool:
        """Whether only a messenger knows this."""
        asked = (self.press, self.press_old, self.edits, self.by_sms, self.toast)
        does = self.contact or self.photos or self.file or self.sends or self.blocks
        return bool(does or self.elsewhere or any(text is not None for text in asked))

    @property
    def acts(self) -> bool:
        """Whether the customer does something."""
        said = self.send is not None or self.keys is not None or bool(self.together)
        return said or self.call or self.silence or self.speak or self.hang_up


class Case(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    name: str
    who: str = "single"
    """A kind of subscriber, see ``people.py``."""
    second: str | None = None
    """A kind of another subscriber, for ``{second}``."""
    channel: Literal["", "messenger"] = ""
    """Where it is played, if its turns don't tell."""
    phone: str = "{mobile}"
    """Where the customer writes or calls from; empty for a number that is withheld."""
    account: str = "{account}"
    """The phone number of the customer's messenger account."""
    own_world: bool = False
    """Days pass, or much is asked of the world: not beside other conversations."""
    operators: bool = True
    """Whether it is within their working hours. If not, it takes a world of its own."""
    text_only: str = ""
    """Why this conversation is none for the phone."""
    sms_only: str = ""
    """Why this conversation is none for a messenger."""
    turns: list[Turn]
    readings: list[dict[str, int | str]] | None = None
    """What the backend must have stored for the bill by the end, in order; [] for nothing."""
    requests: list[str] | None = None
    """Service keys of the requests that the backend must hold for the bill, in order."""
    documents: list[int] | None = None
    """How many attachments each of those requests has."""
    words: bool = False
    """Whether it is of a file of :data:`_WORDS`."""

    @property
    def in_chat(self) -> bool:
        """Whether only a messenger knows this conversation."""
        return self.channel == "messenger" or any(turn.in_chat for turn in self.turns)

    @property
    def by_text(self) -> bool:
        return not self.in_chat and not any(turn.call for turn in self.turns)

    @property
    def by_phone(self) -> bool:
        return not self.in_chat and not self.text_only

    @property
    def by_messenger(self) -> bool:
        return self.in_chat or (self.by_text and not self.sms_only)

    @property
    def alone(self) -> bool:
        """Whether no other conversation may share its world."""
        return self.own_world or not self.operators


def load() -> list[Case]:
    """All conversations of all files. Names are unique."""
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.yaml")):
        try:
            read = msgspec.yaml.decode(path.read_bytes(), type=list[Case])
        except msgspec.DecodeError as error:
            raise ValueError(f"{path.name}: {error}") from error
        for case in read:
            case.words = path.stem.startswith(_WORDS)
        cases += read
    names = [case.name for case in cases]
    double = {name for name in names if names.count(name) > 1}
    if double:
        raise ValueError(f"two conversations have one name: {double}")
    return cases
