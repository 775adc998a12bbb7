"""``gooya sandbox``: the utility backend to run against."""

from __future__ import annotations

import os

import click
from aiohttp import web

from backend_adapter.sandbox import list_subscribers
from gooya import logs
from gooya.cli.output import as_json, show
from gooya.sandboxed import sandbox_app, sandbox_database
from gooya.settings import load


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8090,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--events-url", help="Where status events go, e.g. http://127.0.0.1:8080/backend/events"
)
@click.pass_context
def sandbox(ctx: click.Context, host: str, port: int, events_url: str | None) -> None:
    """Serve the sandbox backend: a real HTTP server with several hundred seeded subscribers.

    It implements backend_adapter/openapi.yaml on its own database (<data>/sandbox.db), moves requests
    through their stages and injects faults on demand (POST /sandbox/faults).
    """
    if ctx.invoked_subcommand is not None:
        return
    settings = load()
    logs.configure(settings.log_level)
    app = sandbox_app(settings, events_url=events_url)

    def started(_: str) -> None:
        click.echo(f"Sandbox backend on http://{host}:{port}")

    try:
        web.run_app(app, host=host, port=port, print=started, access_log=None)
    except OSError as error:
        raise click.ClickException(
            f"can't listen on {host}:{port}: {os.strerror(error.errno or 0)}. Choose another with --port"
        ) from error


@sandbox.command()
@as_json
def subscribers(json_: bool) -> None:
    """List whom one may play: bill id, registered mobile, national id, registers, last figures, debt."""
    cards = list_subscribers(sandbox_database(load()))
    show(cards, ["bill_id", "mobile", "person_id", "values", "debt", "hint"], json_)
