"""``gooya db``."""

from __future__ import annotations

import asyncio

import click

from gooya.database.engine import open_database
from gooya.settings import Settings, load


@click.group()
def db() -> None:
    """The SQL database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; safe to run at every deployment."""
    asyncio.run(_upgrade(load()))
    click.echo("The database is up to date.")


async def _upgrade(settings: Settings) -> None:
    database = open_database(settings.database_url)
    try:
        await database.upgrade()
    finally:
        await database.close()
