"""The format of a conversation test: who, what is said, what must be answered, what the backend has.

A file in ``cases/`` is a list of these. Each is one of three:

- **Both ways**, the usual one: played by SMS, and on the phone, where the caller presses what ``send``
  means (``calling.py``): the digits of a number, an option's number for its name, for «قرائت {bill}
  12345» one answer after the other. What the turn says must be the same: ``expect`` and ``absent``
  are held against what the messages of the speech would be as SMS, and against the SMS that arrive.
- **By text**: ``text_only`` says what of it no phone can do; on a turn, that the phone leaves it out.
- **By phone**: what has a turn with ``call``. There ``send`` is an SMS.

Texts may hold placeholders of the subscriber played:
``{bill}``, ``{mobile}``, ``{last.total}``, ``{last.total+80}``, ``{code}`` (the tracking code seen
last), ``{otp}`` (the one-time code, fixed in tests), ``{second}`` (the bill id of the subscriber
that ``second`` names), ``{stranger}`` (a phone that is registered nowhere), ``{unknown1}``,
``{unknown2}`` … (right bill ids that nobody has), ``{misread}`` (the bill id with a wrong last
digit), ``{water}`` and ``{gas}`` (bill ids of others), ``{thousand}`` (a text of 1,000 characters),
``{landline}``. ``{bill:fa}`` and ``{bill:ar}`` write it in Persian and Arabic digits, ``{code:spoken}``
as it is heard, digit by digit, ``{bill:middle}`` its middle digits so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

CASES = Path(__file__).parent / "cases"


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
    """No faults from now on."""
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
    """How many SMS messages (not segments) the answer has."""

    text_only: str = ""
    """Why the phone leaves this turn out."""
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
    channel: str = "sms"
    phone: str = "{mobile}"
    """Where the customer writes or calls from; empty for a number that is withheld."""
    own_world: bool = False
    """Days pass, or much is asked of the world: not beside other conversations."""
    operators: bool = True
    """Whether it is within their working hours. If not, it takes a world of its own."""
    text_only: str = ""
    """Why this conversation is none for the phone."""
    turns: list[Turn]
    readings: list[dict[str, int | str]] | None = None
    """What the backend must have stored for the bill by the end, in order; [] for nothing."""
    requests: list[str] | None = None
    """Service keys of the requests that the backend must hold for the bill, in order."""

    @property
    def by_text(self) -> bool:
        return not any(turn.call for turn in self.turns)

    @property
    def by_phone(self) -> bool:
        return not self.text_only

    @property
    def alone(self) -> bool:
        """Whether no other conversation may share its world."""
        return self.own_world or not self.operators


def load() -> list[Case]:
    """All conversations of all files. Names are unique."""
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.yaml")):
        try:
            cases += msgspec.convert(yaml.safe_load(path.read_text("utf-8")), list[Case])
        except msgspec.ValidationError as error:
            raise ValueError(f"{path.name}: {error}") from error
    names = [case.name for case in cases]
    double = {name for name in names if names.count(name) > 1}
    if double:
        raise ValueError(f"two conversations have one name: {double}")
    return cases
