"""``gooya services`` and ``gooya check``."""

from __future__ import annotations

import click
import msgspec

from dialogs.services import SERVICES, Service
from gooya.check import check as run_checks
from gooya.cli.output import as_json, show


@click.group()
def services() -> None:
    """The service catalogue."""


class _Listed(msgspec.Struct):
    key: str
    number: int
    title: str
    sensitivity: str
    stages: int


@services.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the services, most used first."""
    rows = [
        _Listed(s.key, s.number, s.title.fa, s.sensitivity, len(s.stages))
        for s in SERVICES.values()
    ]
    show(rows, ["key", "number", "sensitivity", "stages", "title"], json_)


def _service(key: str) -> Service:
    try:
        return SERVICES[key]
    except KeyError:
        known = ", ".join(SERVICES)
        raise click.ClickException(f"no service {key!r}; known: {known}") from None


@services.command("show")
@click.argument("key")
@click.option("--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
@as_json
def show_service(key: str, language: str, json_: bool) -> None:
    """Show one service as a person would read it."""
    service = _service(key)
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(service)).decode())
        return
    click.echo(f"{service.title.in_(language)}  ({service.key}, {service.number})")
    click.echo(service.description.in_(language))
    click.echo(f"sensitivity: {service.sensitivity}    who: {', '.join(service.who)}")
    click.echo(f"fee: {service.fee.in_(language)}")
    if service.time_limit_minutes:
        click.echo(f"answered within {service.time_limit_minutes} minutes")
    elif service.duration_days:
        click.echo(f"takes about {service.duration_days} days")
    for heading, lines in (
        ("asked", [f"{i.title.in_(language)} ({i.type})" for i in service.inputs]),
        ("documents", [d.in_(language) for d in service.documents]),
        ("stages", [f"{s.title.in_(language)} ({s.actor})" for s in service.stages]),
        ("outputs", [o.in_(language) for o in service.outputs]),
        ("read otherwise than the paper", list(service.doubts)),
    ):
        if lines:
            click.echo(f"\n{heading}:")
        for number, line in enumerate(lines, 1):
            click.echo(f"  {number}. {line}")


@services.command()
@click.argument("key")
def diagram(key: str) -> None:
    """Draw the stages of a service as a Mermaid diagram."""
    service = _service(key)
    if not service.stages:
        raise click.ClickException(f"{key} is answered at once: it has no stages")
    click.echo("stateDiagram-v2")
    for stage in service.stages:
        click.echo(f"    {stage.key}: {stage.title.fa}")
    click.echo(f"    [*] --> {service.stages[0].key}")
    below = [*(s.key for s in service.stages[1:]), None]
    for stage, following in zip(service.stages, below, strict=True):
        default = (following,) if following else ()
        after = stage.next if stage.next is not None else default
        for name in after or ("[*]",):
            click.echo(f"    {stage.key} --> {name}")


@click.command()
@as_json
def check(json_: bool) -> None:
    """Lint the catalogue, the messages and the flows; exits with 1 when something is wrong.

    Names file, service and step of: missing translations and variants, unknown field types,
    unreachable or missing stages, keywords that clash with commands, SMS over their segment budget.
    """
    findings = run_checks()
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(findings)} findings" if findings else "All is well.")
    if findings:
        raise SystemExit(1)
