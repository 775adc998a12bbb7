"""``gooya customers``: what a customer may ask of the operators."""

from __future__ import annotations

import asyncio

import click

from bots.sms.addresses import mask
from dialogs.store.open import open_store
from gooya import clock as clocks
from gooya.database.customers import Customers, Forgotten
from gooya.database.engine import open_database
from gooya.settings import Settings, load
from ivr.numbers import e164


@click.group()
def customers() -> None:
    """Customers."""


@customers.command()
@click.argument("number")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
def forget(number: str, yes: bool) -> None:
    """Erase a customer by phone number, for good.

    Language, opt-out, saved subscriptions, transcript, recordings, hand-offs and the running dialog go. Requests
    stay under their tracking codes, without the person; an unfinished one is still carried out, and
    nobody is told of it any more. What the gateway or the backend stored is theirs to erase.
    """
    address = e164(number)
    if not address:
        raise click.ClickException(f"{number!r} is no phone number of Iran")
    if not yes:
        click.confirm(f"Erase everything stored of {address}?", abort=True)
    done = asyncio.run(_forget(load(), address))
    known = "" if done.customer else " (no known customer)"
    click.echo(f"{mask(address)} is forgotten{known}.")
    click.echo(f"erased: the dialog, messages: {done.transcript}, hand-offs: {done.handoffs}")
    click.echo(f"kept without the person: requests: {done.requests}")


async def _forget(settings: Settings, address: str) -> Forgotten:
    store = await open_store(settings.state_url)
    try:
        database = open_database(settings.database_url)
        try:
            if database.engine.dialect.name == "sqlite":
                await database.upgrade()
            # The dialog first: it could write about the customer again. Its id is the number.
            await store.erase(address)
            now = clocks.instant(clocks.system())
            return await Customers(database).forget("call", address, address, now)
        finally:
            await database.close()
    finally:
        await store.close()
