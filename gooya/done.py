"""What comes of an effect."""

from __future__ import annotations

from typing import Any

import msgspec

from dialogs.store import Outbound


class Done(msgspec.Struct, frozen=True):
    """The result of an effect in the journal's form, and a message it sends to somebody else."""

    result: Any
    outbound: tuple[Outbound, ...] = ()
