"""``gooya doctor``."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Final

import click

from backend_adapter.port import BackendError, NotFound
from backend_adapter.rest import RestBackend
from bots.telegram.account import Account
from bots.telegram.port import MessengerError
from dialogs.calendar import tehran_today
from dialogs.store import StoreUnavailable
from dialogs.store.open import open_store
from gooya import clock as clocks
from gooya.database.engine import DatabaseError, open_database
from gooya.messengers import make_accounts
from gooya.nlu import understanding
from gooya.settings import Settings, SettingsError, load, refuse_unsafe, unknown
from gooya.telephony import make_clips
from ivr.asterisk.ari import Ari
from ivr.line import Gone, LineError

RASA_SECONDS: Final = 10.0
"""How long Rasa may take for its first answer; what a customer waits for is much less."""


@click.command()
def doctor() -> None:
    """Check that database, state store, backend, telephone, messengers and a Rasa answer, and what to do
    where one does not.

    The SMS gateway is not asked: `gooya serve` logs what it can't reach.
    """
    if not asyncio.run(_doctor(load())):
        raise SystemExit(1)


async def _doctor(settings: Settings) -> bool:
    well = True

    def say(name: str, trouble: str | None, advice: str) -> None:
        nonlocal well
        well = well and trouble is None
        click.echo(f"{name}: ok" if trouble is None else f"{name}: {trouble}. {advice}")

    for variable in unknown():
        click.echo(f"settings: there is no {variable}; `gooya serve --help` lists them all")
    try:
        refuse_unsafe(settings)
    except SettingsError as error:
        say("settings", str(error), "`gooya serve` does not start.")
    database = open_database(settings.database_url)
    try:
        async with database.read() as connection:
            await connection.exec_driver_sql("SELECT count(*) FROM requests WHERE id < 0")
        say("database", None, "")
    except DatabaseError as error:
        if database.engine.dialect.name == "sqlite" and "no such table" in str(error):
            click.echo("database: new; its tables are made with the first command")
        else:
            say("database", str(error), "Check GOOYA_DATABASE and run `gooya db upgrade`.")
    finally:
        await database.close()
    try:
        store = await open_store(settings.state_url)
        try:
            await store.load("doctor", "doctor")
        finally:
            await store.close()
        say("state store", None, "")
    except (StoreUnavailable, ValueError) as error:
        say("state store", str(error) or type(error).__name__, "Check GOOYA_STATE.")
    lacking = len(list((clips := make_clips(settings)).missing(clips.everything())))
    trouble = f"{lacking} clips are missing" if lacking else None
    if settings.ari_url:
        say("prompts", trouble, "Run `gooya prompts build`.")
        say(
            "asterisk",
            await _asterisk_trouble(settings),
            "Check GOOYA_ARI_URL and docs/asterisk.md.",
        )
    else:
        click.echo(f"telephone: not connected (GOOYA_ARI_URL); prompts: {trouble or 'all there'}")
    accounts = make_accounts(settings, clocks.system)
    for account, public_url in accounts:
        name = account.name
        trouble, updates = await _messenger(account, bool(public_url))
        say(name, trouble, f"Check GOOYA_{name.upper()}_TOKEN and _API.")
        for line in updates:
            click.echo(f"{name}: {line}")
    if not accounts:
        click.echo("messengers: none (GOOYA_TELEGRAM_TOKEN, GOOYA_BALE_TOKEN)")
    if settings.nlu:
        advice = "Check GOOYA_NLU and GOOYA_NLU_TOKEN; until then the embedded engine understands."
        begun = time.perf_counter()
        trouble = await _rasa_trouble(settings)
        say("rasa" if trouble else f"rasa ({_since(begun)})", trouble, advice)
    if not settings.backend_url:
        click.echo("backend: the embedded sandbox")
        return well
    backend = RestBackend(settings.backend_url, settings.backend_key)
    begun = time.perf_counter()
    try:
        await backend.subscription("0000000000000")
    except NotFound:
        pass
    except BackendError as error:
        say("backend", str(error), "Check GOOYA_BACKEND_URL and GOOYA_BACKEND_KEY.")
        return False
    finally:
        await backend.close()
    say(f"backend ({_since(begun)})", None, "")
    return well


def _since(begun: float) -> str:
    return f"{(time.perf_counter() - begun) * 1000:.0f} ms"


async def _asterisk_trouble(settings: Settings) -> str | None:
    ari = Ari(settings.ari_url, settings.ari_app)
    await ari.start()
    try:
        return None if await ari.can_set_at_once() else "the module func_export is not loaded"
    except (Gone, LineError) as error:
        return str(error) or type(error).__name__
    finally:
        await ari.close()


async def _rasa_trouble(settings: Settings) -> str | None:
    async with understanding(settings.nlu, settings.nlu_token, budget=RASA_SECONDS) as engine:
        understood = await engine.understand("سلام", today=tehran_today(dt.datetime.now(dt.UTC)))
    return None if understood.engine == "rasa" else "no answer in time, or none that is understood"


async def _messenger(account: Account, by_webhook: bool) -> tuple[str | None, list[str]]:
    """Why an account doesn't answer, else what the messenger says of its updates. A webhook's address
    is not shown: its path is a secret."""
    await account.start()
    try:
        await account.me()
        hook = await account.webhook()
    except MessengerError as error:
        return str(error), []
    finally:
        await account.close()
    set_, wanted = (_WAYS[there] for there in (bool(hook.get("url")), by_webhook))
    lines = [f"updates by {set_}"]
    if set_ != wanted:
        lines = [
            f"updates by {set_}, but {wanted} is wanted: `gooya serve` changes it when it starts"
        ]
    if "pending_update_count" in hook:
        lines.append(f"updates that wait: {hook['pending_update_count']}")
    if hook.get("last_error_message"):
        lines.append(f"last error of the webhook: {hook['last_error_message']}")
    return None, lines


_WAYS = {True: "webhook", False: "long polling"}
