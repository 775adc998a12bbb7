"""``gooya serve`` and ``gooya demo``."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Final

import click

from gooya import logs
from gooya.settings import Settings, explained, load

if TYPE_CHECKING:
    from gooya.serve import Role

SWITCH_SECONDS: Final = 0.0005
"""After which a thread that computes (messages of another language, a picture) leaves the interpreter to
the event loop. A turn comes back to it some ten times: with Python's 5 ms a caller waited 0.1 s."""


def _settings_help() -> str:
    lines = ["\b", "Settings (environment variable, default, meaning):"]
    for setting in explained():
        default = f" [{setting.default}]" if setting.default else ""
        named = f" One of {', '.join(setting.named())}." if setting.named() else ""
        lines.append(f"  {setting.variable}{default}  {setting.about}{named}")
    return "\n".join(lines)


@click.command(
    "serve",
    epilog=_settings_help(),
    help="""Answer customers: HTTP, the SMS gateway, the outbox and the timers in one process.

    --role splits it over processes that share Redis and PostgreSQL: `web` takes inbound HTTP, `worker`
    sends, forwards to the backend and holds the connection to Kannel, `ivr` takes the calls of one
    Asterisk. Run as many of each as you need; an `ivr` with the GOOYA_ARI_APP of another one stands by
    for it.
    """,
)
@click.option(
    "--role",
    type=click.Choice(["all", "web", "worker", "ivr"]),
    default="all",
    show_default=True,
    help="What this process does.",
)
@click.option("--http", help="host:port to listen on (GOOYA_HTTP).")
def serve_command(role: Role, http: str | None) -> None:
    _run(load(http=http), role, "Serving on {url}")


@click.command()
@click.option("--http", help="host:port to listen on (GOOYA_HTTP).")
def demo(http: str | None) -> None:
    """Start everything embedded and print the address of the simulators: SMS, telephone and
    messenger."""
    _run(
        load(http=http, demo=True, sms_gateway="simulator", spoken_codes="simulator"),
        "all",
        "\n  The phone simulator is at  {url}/\n\n  Ctrl-C ends it.\n",
    )


def _run(settings: Settings, role: Role, banner: str) -> None:
    logs.configure("warning" if settings.demo else settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        asyncio.run(_until_signal(settings, role, banner))
    except ValueError as error:
        raise click.ClickException(str(error)) from error


async def _until_signal(settings: Settings, role: Role, banner: str) -> None:
    # Half the product: whoever asks for help, or set something wrong, need not wait for it.
    from gooya.serve import serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, stop.set)
    async with serve(settings, role=role) as running:
        click.echo(banner.format(url=running.url))
        await stop.wait()
