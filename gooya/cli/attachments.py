"""``gooya attachments``: photos, documents and recordings of customers."""

from __future__ import annotations

from typing import Any

import click

from gooya.cli.stored import with_database
from gooya.database.attachments import Attachments


@click.group()
def attachments() -> None:
    """Photos, documents and recordings of customers."""


@attachments.command()
@click.argument("id_", metavar="ID")
@click.option("-o", "--output", type=click.File("wb"), required=True, help="File to write.")
def write(id_: str, output: Any) -> None:
    """Write one to a file. ID is what `gooya requests show` lists, or what stands behind `recording:` in the
    answers of a request or hand-off."""
    id_ = id_.removeprefix("recording:")
    found = with_database(lambda d: Attachments(d).find(id_))
    if found is None:
        raise click.ClickException(f"there is no attachment {id_}")
    output.write(found.content)
