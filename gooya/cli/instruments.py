"""Small instruments for whoever writes a service: one input a line, one JSON object a line out."""

from __future__ import annotations

import datetime as dt
import sys

import click
import msgspec

from bots.sms.segments import measure
from dialogs.answers import SpecError, Wrong, from_spec
from dialogs.calendar import tehran_today
from dialogs.messages import MESSAGES


@click.group()
def answers() -> None:
    """Answer types: what is accepted and what the customer is told otherwise."""


@answers.command("parse")
@click.argument("type_", metavar="TYPE")
@click.option("--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
@click.option("--spec", default="{}", help='Parameters as JSON, e.g. \'{"min": 1, "max": 9}\'.')
def parse(type_: str, language: str, spec: str) -> None:
    """Parse each line of standard input as TYPE: {"value": …} or {"error", "message"}."""
    try:
        answer = from_spec({"type": type_, **msgspec.json.decode(spec, type=dict)})
    except SpecError as error:
        raise click.ClickException(str(error)) from error
    except msgspec.MsgspecError as error:
        raise click.ClickException(f"--spec is no JSON object: {error}") from error
    today = tehran_today(dt.datetime.now(dt.UTC))
    for line in sys.stdin:
        try:
            value = answer.parse(line.rstrip("\n"), today=today)
            result = {"value": answer.dump(value)}
        except Wrong as wrong:
            message = f"wrong-{type_}-{wrong.code}"
            text = MESSAGES.text(message, "sms", language, wrong.args_)
            result = {"error": wrong.code, "message": text}
        click.echo(msgspec.json.encode(result))


@click.group()
def sms() -> None:
    """SMS arithmetic."""


@sms.command()
def segments() -> None:
    """Encoding, units and segments of each line of standard input (\\n stands for a line break)."""
    for line in sys.stdin:
        text = line.rstrip("\n").replace("\\n", "\n")
        click.echo(msgspec.json.encode(measure(text)))
