"""The operators' opt-out and opt-in words, only where they are the whole message.

Source: facts.md section 6 (CRA rules of 1401): 11 unsubscribes from a line, 12 subscribes again. The
operator acts on them itself; what still reaches us is recorded and confirmed once.
"""

from __future__ import annotations

from typing import Literal

from dialogs.text import match_key

_OUT = frozenset(map(match_key, ("11", "لغو", "لغو11", "لغو 11", "stop", "unsubscribe")))
_IN = frozenset(map(match_key, ("12", "لغو12", "لغو 12", "unstop", "subscribe")))


def opt(text: str) -> Literal["opt_out", "opt_in"] | None:
    """What the message asks of the line, if that is all it says."""
    key = match_key(text)
    if key in _OUT:
        return "opt_out"
    return "opt_in" if key in _IN else None
