"""The format of a conversation test: who, what is said, what must be answered, what the backend has.

A file in ``cases/`` is a list of these. Texts may hold placeholders of the subscriber played:
``{bill}``, ``{mobile}``, ``{last.total}``, ``{last.total+80}``, ``{code}`` (the tracking code seen
last), ``{otp}`` (the one-time code, fixed in tests), ``{second}`` (the bill id of the subscriber
that ``second`` names), ``{stranger}`` (a phone that is registered nowhere), ``{unknown1}``,
``{unknown2}`` … (right bill ids that nobody has), ``{misread}`` (the bill id with a wrong last
digit), ``{water}`` and ``{gas}`` (bill ids of others), ``{thousand}`` (a text of 1,000 characters).
``{bill:fa}`` and ``{bill:ar}`` write it in Persian and Arabic digits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

CASES = Path(__file__).parent / "cases"


class Turn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
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


class Case(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    name: str
    who: str = "single"
    """A kind of subscriber, see ``people.py``."""
    second: str | None = None
    """A kind of another subscriber, for ``{second}``."""
    channel: str = "sms"
    phone: str = "{mobile}"
    """Where the customer writes from."""
    own_world: bool = False
    """Days pass, or much is asked of the world: not beside other conversations."""
    turns: list[Turn]
    readings: list[dict[str, int | str]] | None = None
    """What the backend must have stored for the bill by the end, in order; [] for nothing."""
    requests: list[str] | None = None
    """Service keys of the requests that the backend must hold for the bill, in order."""


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
