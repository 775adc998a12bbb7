"""``gooya outbox``, ``gooya requests`` and ``gooya handoffs``: what operators watch and repair."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, get_args

import click

from dialogs.services import SERVICES
from dialogs.values import RequestStatus
from gooya import clock as clocks
from gooya.cli.output import as_json, show, show_one
from gooya.database.attachments import Attachments
from gooya.database.engine import Database, open_database
from gooya.database.handoffs import Handoffs
from gooya.database.outbox import SqlOutbox
from gooya.database.requests import RequestReader
from gooya.settings import load

R = TypeVar("R")


def _with_database(work: Callable[[Database], Awaitable[R]]) -> R:
    async def run() -> R:
        database = open_database(load().database_url)
        try:
            if database.engine.dialect.name == "sqlite":
                await database.upgrade()
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


@click.group()
def outbox() -> None:
    """Requests on their way to the backend: what waits, what failed, what is dead."""


@outbox.command("list")
@click.option("--status", type=click.Choice(["pending", "delivered", "dead"]), help="Only these.")
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_(status: Any, limit: int, json_: bool) -> None:
    """List outbox rows. `--status dead` are those that wait for an operator."""
    rows = _with_database(lambda d: SqlOutbox(d).list(status=status, limit=limit))
    columns = ["id", "status", "service", "tracking_code", "attempts", "next_attempt_at"]
    show(rows, [*columns, "last_error"], json_)


@outbox.command("show")
@click.argument("id_", metavar="ID", type=int)
@as_json
def show_row(id_: int, json_: bool) -> None:
    """Show one row with every delivery attempt."""
    entry = _with_database(lambda d: SqlOutbox(d).show(id_))
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
        revived = _with_database(lambda d, id_=id_: SqlOutbox(d).retry(id_, now))  # type: ignore[misc]
        click.echo(f"{id_}: {'pending again' if revived else 'not a dead letter'}")
        failed = failed or not revived
    if failed:
        raise SystemExit(1)


@click.group()
def requests() -> None:
    """Customers' requests."""


@requests.command("list")
@click.option("--status", type=click.Choice(get_args(RequestStatus)), help="Only these.")
@click.option("--service", type=click.Choice(list(SERVICES)), help="Only of this service.")
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_requests(status: Any, service: str | None, limit: int, json_: bool) -> None:
    """List requests with how far they got."""
    rows = _with_database(
        lambda d: RequestReader(d).list(status=status, service=service, limit=limit)
    )
    columns = ["submitted_at", "tracking_code", "service", "bill_id", "status", "stage", "stages"]
    show(rows, columns, json_)


@requests.command("show")
@click.argument("code")
@as_json
def show_request(code: str, json_: bool) -> None:
    """Show a request and its events by tracking code."""
    tracked = _with_database(lambda d: RequestReader(d).by_tracking_code(code))
    if tracked is None:
        raise click.ClickException(f"no request {code}")
    if json_:
        show_one(tracked, json_)
        return
    show_one(tracked.request, json_)
    show(tracked.events, ["occurred_at", "sequence", "notified_at"], json_)


@click.group()
def handoffs() -> None:
    """Conversations that asked for a person."""


@handoffs.command("list")
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_handoffs(limit: int, json_: bool) -> None:
    """List hand-offs with what was answered so far."""
    rows = _with_database(lambda d: Handoffs(d).list(limit))
    show(rows, ["created_at", "address", "reason", "service", "step", "answers"], json_)


@handoffs.command("recording")
@click.argument("attachment")
@click.option("-o", "--output", type=click.File("wb"), required=True, help="WAV file to write.")
def recording(attachment: str, output: Any) -> None:
    """Write what a caller recorded; ATTACHMENT is what stands behind `recording:` in the answers."""
    id_ = attachment.removeprefix("recording:")
    found = _with_database(lambda d: Attachments(d).find(id_))
    if found is None:
        raise click.ClickException(f"there is no recording {id_}")
    output.write(found.content)
