"""What a check found: where, and what to do."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True, order=True):
    file: str
    """The file to mend, relative to its folder of services or messages."""
    service: str
    """Catalogue key, or empty where the finding concerns all services."""
    step: str
    """Stage, input, keyword or message within the file."""
    rule: str
    text: str
    """What is wrong and what to do, in one sentence."""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.service, self.step) if part)
        return f"{self.file}: {where}: {self.text} [{self.rule}]"
