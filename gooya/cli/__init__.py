"""The ``gooya`` command: one module a group of commands, imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

_COMMANDS: Final = {
    "answers": "instruments:answers",
    "attachments": "attachments:attachments",
    "call": "call:call",
    "chat": "chat:chat",
    "check": "services:check",
    "customers": "customers:customers",
    "db": "database:db",
    "demo": "serve:demo",
    "doctor": "doctor:doctor",
    "handoffs": "handoffs:handoffs",
    "nlu": "nlu:nlu",
    "outbox": "outbox:outbox",
    "prompts": "prompts:prompts",
    "requests": "requests:requests",
    "sandbox": "sandbox:sandbox",
    "say": "say:say",
    "serve": "serve:serve_command",
    "services": "services:services",
    "sms": "instruments:sms",
}
"""The command's name: the module in this package and the name there."""


class _Root(click.Group):
    """Imports a command's module when it is needed: what a command doesn't use costs it no start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"gooya.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            said = _said(error)
            if said is None:
                raise
            raise click.ClickException(said) from error


def _said(error: Exception) -> str | None:
    """What an operator is told of an expected trouble; ``None`` for a fault of ours."""
    from dialogs.store import StoreUnavailable
    from gooya.database.engine import DatabaseError
    from gooya.settings import SettingsError

    for kind, place in (
        (SettingsError, "settings"),
        (DatabaseError, "database"),
        (StoreUnavailable, "state store"),
    ):
        if isinstance(error, kind):
            return f"{place}: {error}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return None


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gooya")
def main() -> None:
    """Customer conversations for electricity utilities.

    Settings come from GOOYA_* environment variables over a gooya.toml in the working directory;
    `gooya serve --help` lists them. Without any, everything runs embedded: SQLite, a sandbox backend
    with seeded subscribers, and a phone simulator.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
