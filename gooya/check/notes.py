"""The notes above messages: ``@list rows: row-a*4, row-b options: option-next, option-end``."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from dialogs.answers.choice import option_numbers

_NOTE = re.compile(
    r"@(?P<kind>\w+)(?: rows: (?P<rows>[^:@]*?))?(?: options: (?P<options>[^:@]*))?$"
)


class Note(msgspec.Struct, frozen=True):
    """What a message is, and the messages that stand under it at most."""

    kind: str = "question"
    rows: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def numbered(self) -> Iterator[tuple[str, str]]:
        """The options, each with the text of the number before it."""
        for name, number in zip(self.options, option_numbers(len(self.options)), strict=True):
            yield name, f"{number} "


def read_note(comment: str) -> Note:
    """The note in the comment above a message; a plain question without one."""
    found = _NOTE.search(comment.strip())
    if found is None:
        return Note()
    return Note(found["kind"], _repeated(found["rows"]), _repeated(found["options"]))


def _repeated(listed: str | None) -> tuple[str, ...]:
    """``row-a*3, row-b`` with every name as often as it stands there."""
    names: list[str] = []
    for item in (listed or "").split(","):
        name, _, times = item.strip().partition("*")
        if name:
            names += [name] * int(times or 1)
    return tuple(names)
