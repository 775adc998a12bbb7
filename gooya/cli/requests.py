"""``gooya requests``: what customers asked for, how far it got, and what they sent along."""

from __future__ import annotations

from typing import Any, get_args

import click
import msgspec

from dialogs.services import SERVICES
from dialogs.values import FOLLOW_UPS, RequestStatus
from gooya.cli.output import as_json, show, show_one
from gooya.cli.stored import with_database
from gooya.database.attachments import Attachments
from gooya.database.requests import RequestReader


@click.group()
def requests() -> None:
    """Customers' requests."""


@requests.command("list")
@click.option("--status", type=click.Choice(get_args(RequestStatus)), help="Only these.")
@click.option(
    "--service", type=click.Choice([*SERVICES, *FOLLOW_UPS]), help="Only of this service."
)
@click.option("--limit", default=50, show_default=True, help="At most so many, newest first.")
@as_json
def list_requests(status: Any, service: str | None, limit: int, json_: bool) -> None:
    """List requests with how far they got."""
    rows = with_database(
        lambda d: RequestReader(d).list(status=status, service=service, limit=limit)
    )
    columns = ["submitted_at", "tracking_code", "service", "bill_id", "status", "stage", "stages"]
    show(rows, columns, json_)


@requests.command("show")
@click.argument("code")
@as_json
def show_request(code: str, json_: bool) -> None:
    """Show a request and its events by tracking code."""
    tracked = with_database(lambda d: RequestReader(d).by_tracking_code(code))
    if tracked is None:
        raise click.ClickException(f"no request {code}")
    files = with_database(lambda d: Attachments(d).of(code))
    if json_:
        show_one({**msgspec.to_builtins(tracked), "attachments": files}, json_)
        return
    show_one(tracked.request, json_)
    show(tracked.events, ["occurred_at", "sequence", "notified_at"], json_)
    if files:
        show(files, ["id", "content_type", "size", "created_at"], json_)
