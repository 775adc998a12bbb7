"""How commands print lists: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
import msgspec

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON instead of a table.")


def show(rows: Sequence[Any], columns: Sequence[str], json_: bool) -> None:
    """Print structs: all their fields as JSON, or the named columns side by side."""
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(list(rows))).decode())
        return
    table = [[_text(getattr(row, column)) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *table, strict=True)]
    for line in [list(columns), *table]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def show_one(value: Any, json_: bool) -> None:
    """Print one struct: as JSON, or a field a line."""
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())
        return
    fields: Mapping[str, Any] = msgspec.to_builtins(value)
    for name, field in fields.items():
        click.echo(f"{name}: {_text(field)}")


def verdict(findings: Sequence[object]) -> str:
    """The last line of what a check prints."""
    if not findings:
        return "All is well."
    return f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else str(msgspec.to_builtins(value))
