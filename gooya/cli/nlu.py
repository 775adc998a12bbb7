"""``gooya nlu``: train, judge and try the understanding of free text."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from dialogs.calendar import tehran_today
from dialogs.nlu import Embedded, ModelError
from dialogs.nlu.data import training, unseen
from dialogs.nlu.evaluation import Figures, Report, evaluate, worse
from dialogs.nlu.model import DEFAULT, load
from gooya.cli.nlu_inbox import inbox
from gooya.cli.output import as_json

_DATA = Path("nlu_data")

_folder = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=_DATA,
    show_default=True,
    help="The Rasa project.",
)
_model = click.option(
    "--model",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT,
    help="Model file; the one that comes with Gooya by default.",
)


@click.group()
def nlu() -> None:
    """Understanding of free text: services, dialog acts and values in a message."""


nlu.add_command(inbox)


@nlu.command()
@_folder
@_model
def train(data: Path, model: Path) -> None:
    """Train the embedded engine on DATA/data/nlu/*.yml and write its model. Takes minutes."""
    from dialogs.nlu.training import train as train_model

    try:
        utterances = training(data)
        trained = train_model(utterances)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    trained.save(model)
    size = model.stat().st_size / 1e6
    click.echo(
        f"{len(utterances)} utterances, {len(trained.intents)} intents → {model} ({size:.1f} MB)"
    )


@nlu.command()
@_folder
@_model
@click.option("--release", is_flag=True, help="Keep the figures as those of a release.")
@as_json
def test(data: Path, model: Path, release: bool, json_: bool) -> None:
    """Judge the model on DATA/tests/messages.yml, which nothing is trained on.

    Fails when a figure is worse than the last release's (DATA/figures.json) by more than half a
    point, or when the model was not trained on the data as it is now.
    """
    engine = _engine(model)
    today = tehran_today(dt.datetime.now(dt.UTC))
    try:
        messages = unseen(data / "tests" / "messages.yml")
        report = evaluate(messages, [engine.read(message.text, today) for message in messages])
        stale = _stale(model, data)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    kept = data / "figures.json"
    if release:
        kept.write_bytes(msgspec.json.format(msgspec.json.encode(report.figures)) + b"\n")
    before = msgspec.json.decode(kept.read_bytes(), type=Figures) if kept.exists() else None
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        _print(report, before)
    if stale:
        raise click.ClickException("the model was trained on other data: run `gooya nlu train`")
    if before and (lines := worse(report.figures, before)):
        raise click.ClickException("worse than the last release:\n  " + "\n  ".join(lines))


@nlu.command()
@_model
def parse(model: Path) -> None:
    """Understand each line of standard input: {"intent", "confidence", "ranking", "entities",
    "engine"}, one object a line."""
    engine = _engine(model)
    today = tehran_today(dt.datetime.now(dt.UTC))
    for line in sys.stdin:
        understood = engine.read(line.rstrip("\n"), today)
        head = {"intent": understood.intent, "confidence": understood.confidence}
        click.echo(msgspec.json.encode(head | msgspec.to_builtins(understood)))


def _engine(path: Path) -> Embedded:
    try:
        return Embedded(load(path))
    except ModelError as error:
        raise click.ClickException(str(error)) from error


def _stale(model: Path, data: Path) -> bool:
    from dialogs.nlu.training import fingerprint

    return load(model).trained_on != fingerprint(training(data))


def _print(report: Report, before: Figures | None) -> None:
    click.echo(f"{report.messages} messages")
    for name in Figures.__struct_fields__:
        line = f"  {name:24}{getattr(report.figures, name):6.3f}"
        click.echo(line + (f"   last release {getattr(before, name):.3f}" if before else ""))
    _section(
        "accuracy by style", [f"{style:12} {share:.3f}" for style, share in report.styles.items()]
    )
    _section("weakest intents (F1)", [f"{intent:28} {f1:.3f}" for intent, f1 in report.weakest])
    _section(
        "confusions (right, given, times)",
        [f"{right:28} {given:28} {times}" for right, given, times in report.confusions],
    )
    _section(
        "out of scope, its confidence times: recall, precision",
        [f"{p.weight:4.2f}  {p.recall:.3f}  {p.precision:.3f}" for p in report.curve],
    )
    _section(
        "confidence: messages, mean, right",
        [
            f"{b.low:4.2f}  {b.messages:4d}  {b.confidence:.3f}  {b.accuracy:.3f}"
            for b in report.calibration
        ],
    )


def _section(title: str, lines: Sequence[str]) -> None:
    click.echo("\n".join([f"\n{title}", *(f"  {line}" for line in lines)]))
