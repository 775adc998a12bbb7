"""What sets the messengers apart that speak the Bot API: flags that the rest of the code reads.

Telegram's are those of its documentation. Bale's are reported by those who use it and unverified on
the live service (the lab's notes on the Bot API): where its documentation is silent, the flag
says no, but for ``contact_proof``, which is taken over from Telegram.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from bots.telegram.html import stripped

_FULL_WIDTH = str.maketrans("*_[]`", "＊＿［］｀")


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """The outbound channel, and the middle of the settings' names: ``GOOYA_<NAME>_TOKEN``."""
    api: str
    """Base URL of the public service."""
    html: bool
    """Takes ``parse_mode=HTML``."""
    markdown: bool
    """Reads every text as its own Markdown, whether asked to or not."""
    secret_token: bool
    """Sends the webhook's secret token in a header; without it the path is the only secret."""
    commands: bool
    """Shows a menu of commands (``setMyCommands``)."""
    edits: bool
    """Edits messages and keyboards reliably."""
    contact_proof: bool
    """Says of a shared contact whose it is (``user_id``), so that the account's own proves its number;
    without that the number counts as written, and a code by SMS proves it."""

    def plain(self, text: str) -> str:
        """``text`` (HTML) as it reads, for a message without ``parse_mode``: no tags, no entities.

        Where Markdown is always on, its five characters take their full-width forms: they read the
        same, need no guess at the service's grammar (an invisible mark between them might still
        make a pair), don't lengthen the text, and :func:`dialogs.text.fold` takes them back when a
        customer copies one into an answer.
        """
        plain = stripped(text)
        return plain.translate(_FULL_WIDTH) if self.markdown else plain


TELEGRAM = Platform(
    name="telegram",
    api="https://api.telegram.org",
    html=True,
    markdown=False,
    secret_token=True,
    commands=True,
    edits=True,
    contact_proof=True,
)
BALE = Platform(
    name="bale",
    api="https://tapi.bale.ai",
    html=False,
    markdown=True,
    secret_token=False,
    commands=False,
    edits=False,
    contact_proof=True,
)
PLATFORMS: Mapping[str, Platform] = MappingProxyType({p.name: p for p in (TELEGRAM, BALE)})
