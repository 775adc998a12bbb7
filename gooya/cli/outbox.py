"""``gooya outbox``: requests on their way to the backend."""

from __future__ import annotations

from typing import Any

import click

from gooya import clock as clocks
from gooya.cli.output import as_json, show, show_one
from gooya.cli.stored import with_database
from gooya.database.outbox import SqlOutbox


@click.group()
def outbox() -> None:
    """Requests on their way to the backend: what waits, what failed, what is dead."""


@outbox.command("list")
@click.option("--status", type=click.Choice(["pending", "delivered", "dead"]), help="Only these.")
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_(status: Any, limit: int, json_: bool) -> None:
    """List outbox rows. `--status dead` are those that wait for an operator."""
    rows = with_database(lambda d: SqlOutbox(d).list(status=status, limit=limit))
    columns = ["id", "status", "service", "tracking_code", "attempts", "next_attempt_at"]
    show(rows, [*columns, "last_error"], json_)


@outbox.command("show")
@click.argument("id_", metavar="ID", type=int)
@as_json
def show_row(id_: int, json_: bool) -> None:
    """Show one row with every delivery attempt."""
    entry = with_database(lambda d: SqlOutbox(d).show(id_))
    if entry is None:
        raise click.ClickException(f"no outbox row {id_}")
    if json_:
        show_one(entry, json_)
        return
    show_one(entry.item, json_)
    show(entry.attempts, ["started_at", "outcome", "http_status", "error"], json_)


@outbox.command()
@click.argument("ids", metavar="ID...", type=int, nargs=-1, required=True)
def retry(ids: tuple[int, ...]) -> None:
    """Send dead letters again, with a new allowance of attempts."""
    now = clocks.instant(clocks.system())
    failed = False
    for id_ in ids:
        revived = with_database(lambda d, id_=id_: SqlOutbox(d).retry(id_, now))  # type: ignore[misc]
        click.echo(f"{id_}: {'pending again' if revived else 'not a dead letter'}")
        failed = failed or not revived
    if failed:
        raise SystemExit(1)
