"""``gooya services`` and ``gooya check``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import click
import msgspec

from dialogs.calendar import TEHRAN
from dialogs.services import CATALOGUE, Service
from dialogs.services.catalogue import GROUPS
from gooya import clock as clocks
from gooya.check import check as run_checks
from gooya.cli.output import as_json, show, show_one, verdict
from gooya.cli.service_diagram import diagram as diagram_of
from gooya.cli.service_sheet import Language, sheet
from gooya.cli.stored import with_database
from gooya.indicators import BALANCE, BalanceIndicators, Handling, Indicators, Share, Timely

_HANDLING: Final = [field.name for field in msgspec.structs.fields(Handling)]
_COLUMNS: Final = ["number", "key", "flow", "sensitivity", "questions", "stages", "draft", "title"]

in_language = click.option(
    "--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True
)


@click.group()
def services() -> None:
    """The service catalogue."""


class _Listed(msgspec.Struct):
    key: str
    number: int
    group: str
    title: str
    flow: str
    sensitivity: str
    questions: int
    stages: int
    draft: bool


def _listed(service: Service, language: Language) -> _Listed:
    return _Listed(
        key=service.key,
        number=service.number,
        group=service.group,
        title=service.title.in_(language),
        flow=service.flow,
        sensitivity=service.sensitivity,
        questions=len(service.inputs),
        stages=len(service.stages),
        draft=service.draft,
    )


@services.command("list")
@in_language
@as_json
def list_(language: Language, json_: bool) -> None:
    """List the services: by group as the papers do, or as JSON most used first.

    Drafts have no flow yet and are not offered to customers.
    """
    rows = [_listed(service, language) for service in CATALOGUE.values()]
    if json_:
        show(rows, _COLUMNS, json_)
        return
    for place, (group, title) in enumerate(GROUPS.items()):
        if place:
            click.echo()
        click.echo(f"{title.in_(language)} ({group})")
        within = [row for row in rows if row.group == group]
        show(sorted(within, key=lambda row: row.number), _COLUMNS, json_)


def _service(key: str) -> Service:
    try:
        return CATALOGUE[key]
    except KeyError:
        known = ", ".join(CATALOGUE)
        raise click.ClickException(f"no service {key!r}; known: {known}") from None


@services.command("show")
@click.argument("key")
@in_language
@as_json
def show_service(key: str, language: Language, json_: bool) -> None:
    """Show one service as a person would read it."""
    service = _service(key)
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(service)).decode())
        return
    for line in sheet(service, language):
        click.echo(line)


@services.command()
@click.argument("key", required=False)
@in_language
def diagram(key: str | None, language: Language) -> None:
    """Draw the questions of a service with their conditions, and its stages, as a Mermaid diagram.

    Without KEY, all services: a Markdown page with a diagram for each.
    """
    if key is not None:
        for line in diagram_of(_service(key), language):
            click.echo(line)
        return
    for service in sorted(CATALOGUE.values(), key=lambda service: service.number):
        click.echo(f"## {service.title.in_(language)} ({service.key})\n\n```mermaid")
        for line in diagram_of(service, language):
            click.echo(line)
        click.echo("```\n")


@services.command()
@click.argument("key", required=False)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only requests from this day (Gregorian, in Tehran) on.",
)
@as_json
def indicators(key: str | None, since: dt.datetime | None, json_: bool) -> None:
    """How well services are done, from the requests in the database.

    Without KEY, all services with requests: how many stand where, and the days to completion beside
    those that the catalogue promises. For declare_debt_balance its own four indicators: told in time,
    fee noted for the next bill, not refused, corrections.
    """
    start = since.replace(tzinfo=TEHRAN) if since is not None else None
    if key is not None and _service(key).key == BALANCE:
        now = clocks.instant(clocks.system())
        found = with_database(lambda d: Indicators(d).balance(start, now))
        if json_:
            show_one(found, json_)
        else:
            for line in _balance(found):
                click.echo(line)
        return
    rows = with_database(lambda d: Indicators(d).handling(start))
    show([row for row in rows if key in (None, row.service)], _HANDLING, json_)


def _balance(found: BalanceIndicators) -> Iterator[str]:
    timely, corrections = found.timely_declaration, found.corrections_count
    yield f"{found.service}: {found.requests} requests"
    took = f", median {timely.median_seconds} s, 95 % within {timely.p95_seconds} s"
    told = timely.median_seconds is not None
    yield f"timely_declaration: {_part(timely)}{took if told else ''}"
    yield f"timely_dispatch_for_next_bill: {_part(found.timely_dispatch_for_next_bill)}"
    yield f"correct_entry: {_part(found.correct_entry)}"
    detail = f"in the dialog {corrections.in_dialog}, repeated requests {corrections.repeated}"
    yield f"corrections_count: {corrections.count} ({detail})"


def _part(share: Share | Timely) -> str:
    percent = f" ({share.share:.1%})" if share.share is not None else ""
    return f"{share.count} of {share.of}{percent}"


@click.command()
@as_json
def check(json_: bool) -> None:
    """Lint the catalogue, the messages and the flows; exits with 1 when something is wrong.

    Names file, service and step of: missing translations and variants, unknown field types,
    conditions that never hold, unreachable or missing stages and ends, keywords that clash with
    commands or each other, titles too long to show, SMS over their segment budget.
    """
    findings = run_checks()
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(verdict(findings))
    if findings:
        raise SystemExit(1)
