"""The Fluent files as parsed text: which messages exist, their variants and their notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor


@dataclass(frozen=True)
class Source:
    """One message of one language as it stands in its file."""

    id: str
    file: str
    node: ast.Message
    note: str
    """The comment above it."""

    @property
    def variants(self) -> dict[str, ast.Pattern]:
        """The pattern of every variant: ``""`` for the value, else the channel's name."""
        found = {a.id.name: a.value for a in self.node.attributes}
        if self.node.value is not None:
            found[""] = self.node.value
        return found

    @property
    def placeables(self) -> set[str]:
        """The names of what is put in, in any variant."""
        found = _Variables()
        found.visit(self.node)
        return found.names


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)


class MessageSyntaxError(Exception):
    """A Fluent file with a line that is no Fluent: which file (``fa/dialog.ftl``), and what stands
    there."""


def read(folder: Path) -> dict[str, Source]:
    """All messages of the ``.ftl`` files of one language's folder by id.

    Raises :class:`MessageSyntaxError` for junk and for an id that is defined twice.
    """
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("*.ftl")):
        name = f"{folder.name}/{path.name}"
        for entry in _entries(path.read_text("utf-8")):
            if isinstance(entry, ast.Junk):
                line = (entry.content or "").strip().splitlines()[0]
                raise MessageSyntaxError(f"{name}: not understood: {line[:60]}")
            if not isinstance(entry, ast.Message):
                continue
            if entry.id.name in found:
                raise MessageSyntaxError(f"{name}: {entry.id.name} is defined twice")
            note = (entry.comment.content or "") if entry.comment else ""
            found[entry.id.name] = Source(entry.id.name, path.name, entry, note)
    return found


@lru_cache(maxsize=32)
def _entries(text: str) -> Sequence[ast.EntryType]:
    """What a file holds: several readers in a process need it, and to parse all takes a second."""
    return FluentParser().parse(text).body
