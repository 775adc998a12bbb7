"""The keypad rules: which key does what in which kind of entry, and how long a caller may take.

The sources are the practice sheets that are named in ISO/IEC 13714 and the vendors' manuals: ``#``
ends an entry, ``*`` clears it and goes back when there is nothing to clear, ``0`` calls an operator.
A caller who looks for a paper bill needs more than five seconds, and long numbers are typed in groups.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from dialogs.answers import Answer, Either
from ivr.speech import Entry

Kind = Literal["menu", "long menu", "digits", "recording"]
Action = Literal[
    "digit",  # one more digit of the answer
    "end",  # the answer is complete; a recording ends, or begins when its prompt still plays
    "clear",  # forget what was typed and wait for the first digit again
    "no-input",  # ended before anything was typed: as if the time had run out
    "no-match",  # the key itself is the answer, and no option has it
    "back",
    "operator",
    "repeat",
    "ignore",
]


class Rule(NamedTuple):
    entry: Kind
    keys: str
    first: Action
    """As the first key of an entry."""
    later: Action
    """With digits typed before it."""


RULES: Final = (
    #    entry        keys          first key    later key
    Rule("menu", "12345678", "digit", "digit"),
    Rule("menu", "9", "repeat", "digit"),
    Rule("menu", "0", "operator", "digit"),
    Rule("menu", "*", "back", "clear"),
    Rule("menu", "#", "no-match", "end"),
    # A menu of nine options and more: 9 is one of them, and 10 has a nought.
    Rule("long menu", "123456789", "digit", "digit"),
    Rule("long menu", "0", "operator", "digit"),
    Rule("long menu", "*", "back", "clear"),
    Rule("long menu", "#", "no-match", "end"),
    Rule("digits", "0123456789", "digit", "digit"),
    Rule("digits", "*", "back", "clear"),
    Rule("digits", "#", "no-input", "end"),
    Rule("recording", "0123456789", "ignore", "ignore"),
    Rule("recording", "*", "back", "back"),
    Rule("recording", "#", "end", "end"),
)

KEYS: Final = "0123456789*#"
"""The keys of a phone. Anything else (A to D) does nothing anywhere."""

TYPE_AHEAD: Final = 30
"""Keys that are kept while nothing is asked; what comes behind them is lost."""
TERMINATOR_SECONDS: Final = 3.0
"""A ``#`` this soon after an entry that ended without it still belongs to that entry."""

FIRST_DIGIT: Final = 5.0
FIRST_DIGIT_OF: Final = {
    "bill_id": 7.0,  # people look for the paper
    "tracking_code": 10.0,  # and for an old message
    "one_time_code": 20.0,  # the SMS has to arrive
}
"""By answer type; all others have :data:`FIRST_DIGIT`."""
BETWEEN_DIGITS: Final = 3.0
WAITING: Final = 30.0
LONG: Final = 10
"""Digits from which an entry counts as long."""
BETWEEN_DIGITS_LONG: Final = 4.0
WAITING_LONG: Final = 60.0

RECORDING_SECONDS: Final = 60
"""The longest recording."""
SPOKEN_SECONDS: Final = 1
"""A recording that is shorter holds nothing."""


class Times(NamedTuple):
    """Seconds."""

    first: float
    """Until the first digit, counted from the end of the prompt."""
    between: float
    """Until the next digit."""
    total: float
    """All waiting for a first digit together, however often the entry is cleared. It stops at the
    first digit: nobody is cut off while typing."""


_ACTIONS: Final = {
    (rule.entry, key): (rule.first, rule.later) for rule in RULES for key in rule.keys
}


def action(entry: Entry, key: str, typed: str) -> Action:
    """What ``key`` does in ``entry`` when the digits ``typed`` came before it."""
    first, later = _ACTIONS.get((_kind(entry), key), ("ignore", "ignore"))
    return later if typed else first


def times(entry: Entry) -> Times:
    """The time-outs of a menu or of digits."""
    first = FIRST_DIGIT_OF.get(entry.answer, FIRST_DIGIT)
    if entry.maximum >= LONG:
        return Times(first, BETWEEN_DIGITS_LONG, WAITING_LONG)
    return Times(first, BETWEEN_DIGITS, WAITING)


def entry_for(answer: Answer[Any]) -> Entry:
    """How a caller answers: options by their number, digits, and by speaking what has none."""
    keys = answer.keys
    if keys is None:
        return Entry("recording", SPOKEN_SECONDS, RECORDING_SECONDS, answer.type)
    # Where an option stands beside digits, these may begin with the key of a menu's command.
    is_menu = hasattr(answer, "options") and not isinstance(answer, Either)
    kind: Literal["menu", "digits"] = "menu" if is_menu else "digits"
    return Entry(kind, keys.minimum, keys.maximum, answer.type)


def _kind(entry: Entry) -> Kind:
    return "long menu" if entry.kind == "menu" and entry.maximum > 1 else entry.kind
