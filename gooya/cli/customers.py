"""``gooya customers``: what a customer may ask of the operators."""

from __future__ import annotations

import asyncio

import click

from bots.sms.addresses import mask
from dialogs.store.open import open_store
from gooya import clock as clocks
from gooya.database.customers import MESSENGERS, Customers, Forgotten
from gooya.database.engine import open_database
from gooya.forgetting import forget as forget_customer
from gooya.settings import Settings, load
from ivr.numbers import e164


@click.group()
def customers() -> None:
    """Customers."""


@customers.command()
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
def forget(customer: str, yes: bool) -> None:
    """Erase a customer for good: by phone number, or by account (telegram:123456789, bale:123456789)
    where it has not proved a number.

    Language, opt-out, saved subscriptions, linked accounts, transcript, recordings, documents,
    hand-offs and the running dialog go, also those of a linked account from before its link. Requests
    stay under their tracking codes, without the person; an unfinished one is still carried out, and
    nobody is told of it any more. What the gateway or the backend stored is theirs to erase.
    """
    kind, _, account = customer.partition(":")
    if kind in MESSENGERS and account.isdecimal():
        conversation = customer
    elif number := e164(customer):
        conversation = account = number
    else:
        raise click.ClickException(f"{customer!r} is no phone number of Iran and no account")
    if not yes:
        click.confirm(f"Erase everything stored of {customer}?", abort=True)
    done = asyncio.run(_forget(load(), conversation))
    known = "" if done.customer else " (no known customer)"
    click.echo(f"{mask(account)} is forgotten{known}.")
    click.echo(f"erased: the dialog, messages: {done.transcript}, hand-offs: {done.handoffs}")
    click.echo(f"kept without the person: requests: {done.requests}")


async def _forget(settings: Settings, conversation: str) -> Forgotten:
    store = await open_store(settings.state_url)
    try:
        database = open_database(settings.database_url)
        try:
            if database.engine.dialect.name == "sqlite":
                await database.upgrade()
            return await forget_customer(
                conversation,
                store=store,
                customers=Customers(database),
                now=clocks.instant(clocks.system()),
            )
        finally:
            await database.close()
    finally:
        await store.close()
