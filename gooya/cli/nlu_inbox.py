"""``gooya nlu inbox``: texts that were not understood, and what they should have meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from dialogs.calendar import tehran_today
from dialogs.nlu.data import training
from dialogs.nlu.entities import entities
from dialogs.nlu.port import ACTS, OUT_OF_SCOPE
from dialogs.services import SERVICES
from gooya.cli.output import as_json, show
from gooya.cli.stored import with_database
from gooya.database.unclear import UnclearText, UnclearTexts

_INTENTS = sorted({*SERVICES, *ACTS, OUT_OF_SCOPE})
_HEAD = """version: "3.1"

# What customers wrote and was not understood, labelled by `gooya nlu inbox`.

nlu:
"""
R = TypeVar("R")


@click.group(invoke_without_command=True)
@click.option("--limit", default=50, show_default=True, help="At most so many, oldest first.")
@as_json
@click.pass_context
def inbox(context: click.Context, limit: int, json_: bool) -> None:
    """List texts that were not understood or had to be asked back, with the three likeliest intents
    and the service that their customer came to. They are kept where GOOYA_NLU_INBOX is on."""
    if context.invoked_subcommand is not None:
        return
    rows = _inbox(lambda texts: texts.list(limit))
    show(rows, ["id", "at", "text", "chosen", "offered", "ranking"], json_)


@inbox.command()
@click.argument("id_", metavar="ID", type=int)
@click.argument("intent", type=click.Choice(_INTENTS), metavar="INTENT")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("nlu_data"),
    show_default=True,
    help="The Rasa project.",
)
def label(id_: int, intent: str, data: Path) -> None:
    """Append the text ID to DATA/data/nlu/collected.yml as an utterance of INTENT, and take it out of
    the inbox. `gooya nlu train` learns it then."""
    found = _found(id_)
    try:
        known = {utterance.text for utterance in training(data)}
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    utterance = _plain(found.text)
    if utterance in known:
        click.echo("the data has this utterance already")
    else:
        _append(data / "data" / "nlu" / "collected.yml", intent, utterance)
    _inbox(lambda texts: texts.drop(id_))


@inbox.command()
@click.argument("id_", metavar="ID", type=int)
def drop(id_: int) -> None:
    """Take the text ID out of the inbox: there is nothing to learn from it."""
    _found(id_)
    _inbox(lambda texts: texts.drop(id_))


def _inbox(work: Callable[[UnclearTexts], Awaitable[R]]) -> R:
    return with_database(lambda database: work(UnclearTexts(database)))


def _found(id_: int) -> UnclearText:
    found = _inbox(lambda texts: texts.get(id_))
    if found is None:
        raise click.ClickException(f"no text {id_} is in the inbox: see `gooya nlu inbox`")
    return found


def _plain(text: str) -> str:
    """The text without the brackets that mark an entity in Rasa's format, and what would begin a list."""
    return " ".join(text.translate(dict.fromkeys(map(ord, "[]{}"), " ")).split()).lstrip("- ")


def _append(path: Path, intent: str, text: str) -> None:
    annotated = text
    if intent != OUT_OF_SCOPE:
        today = tehran_today(dt.datetime.now(dt.UTC))
        for entity in sorted(entities(text, today), key=lambda one: one.start, reverse=True):
            marked = f"[{text[entity.start : entity.end]}]({entity.name})"
            annotated = annotated[: entity.start] + marked + annotated[entity.end :]
    begins = "" if path.exists() else _HEAD
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{begins}- intent: {intent}\n  examples: |\n    - {annotated}\n")
