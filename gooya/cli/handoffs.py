"""``gooya handoffs``: conversations that wait for a person."""

from __future__ import annotations

import click

from gooya.cli.output import as_json, show
from gooya.cli.stored import with_database
from gooya.database.handoffs import Handoffs


@click.group()
def handoffs() -> None:
    """Conversations that asked for a person."""


@handoffs.command("list")
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_handoffs(limit: int, json_: bool) -> None:
    """List hand-offs with what was answered so far."""
    rows = with_database(lambda d: Handoffs(d).list(limit))
    show(rows, ["created_at", "address", "reason", "service", "step", "answers"], json_)
