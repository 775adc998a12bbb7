"""Mobile numbers as they come from gateways, in one spelling."""

from __future__ import annotations

import re

_TO_LATIN = {0x06F0 + i: ord("0") + i for i in range(10)} | {
    0x0660 + i: ord("0") + i for i in range(10)
}
# Spaces, hyphens, parentheses and the marks that bidi-aware software puts around a number.
_DECORATION = re.compile("[\\s\\-()\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_IRANIAN_MOBILE = re.compile(r"(?:\+98|0098|98|0)?(9[0-9]{9})")
_E164_MOBILE = re.compile(r"\+989[0-9]{9}")


def normalise_mobile(raw: str | int) -> str:
    """``raw`` as E.164 when it is an Iranian mobile, else as it was given (blanks at the ends cut).

    Gateways write one number as ``09…``, ``9…``, ``98…``, ``+98…``, ``0098…``, as a JSON number or
    with Persian digits (facts.md section 2). Never raises.
    """
    given = str(raw).strip()
    plain = _DECORATION.sub("", given).translate(_TO_LATIN)
    match = _IRANIAN_MOBILE.fullmatch(plain)
    return f"+98{match[1]}" if match else given


def replyable(address: str) -> bool:
    """Whether a normalised sender is a phone that can be answered: names and short codes can't."""
    return _E164_MOBILE.fullmatch(address) is not None


def mask(address: str) -> str:
    """The form for logs: ``+98912***2580``; anything that is not a mobile shows its length only."""
    if replyable(address):
        return f"{address[:6]}***{address[-4:]}"
    return f"<{len(address)} characters>"


def national(number: str) -> str:
    """``09…`` for an Iranian mobile in E.164, as carriers and clouds of the country dial it."""
    return f"0{number[3:]}" if replyable(number) else number
