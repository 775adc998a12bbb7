"""The ``gooya`` command: one module a group of commands."""

from __future__ import annotations

import sys

import click

from dialogs.store import StoreUnavailable
from gooya.cli import (
    attachments,
    call,
    chat,
    customers,
    database,
    doctor,
    handoffs,
    instruments,
    nlu,
    outbox,
    prompts,
    requests,
    sandbox,
    say,
    serve,
    services,
)
from gooya.database.engine import DatabaseError
from gooya.settings import SettingsError


class _Root(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(f"settings: {error}") from error
        except DatabaseError as error:
            raise click.ClickException(f"database: {error}") from error
        except StoreUnavailable as error:
            raise click.ClickException(f"state store: {error}") from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gooya")
def main() -> None:
    """Customer conversations for electricity utilities.

    Settings come from GOOYA_* environment variables over a gooya.toml in the working directory;
    `gooya serve --help` lists them. Without any, everything runs embedded: SQLite, a sandbox backend
    with seeded subscribers, and a phone simulator.
    """
    if isinstance(sys.stdout, object) and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


for command in (
    serve.serve_command,
    serve.demo,
    chat.chat,
    call.call,
    prompts.prompts,
    say.say,
    sandbox.sandbox,
    services.services,
    services.check,
    outbox.outbox,
    requests.requests,
    attachments.attachments,
    handoffs.handoffs,
    customers.customers,
    database.db,
    doctor.doctor,
    instruments.answers,
    instruments.sms,
    nlu.nlu,
):
    main.add_command(command)
