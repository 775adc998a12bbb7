"""What ``gooya doctor`` says of messengers that answer."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.cli.conftest import Run
from tests.servers.bot_api import BotApi
from tests.servers.processes import until


async def test_the_doctor_says_what_takes_the_updates_and_what_goes_wrong_with_it(
    gooya: Run,
) -> None:
    assert (await asyncio.to_thread(gooya, "db", "upgrade")).returncode == 0
    async with BotApi() as telegram, BotApi(dialect="bale") as bale:
        settings = {
            "GOOYA_TELEGRAM_TOKEN": telegram.token,
            "GOOYA_TELEGRAM_API": telegram.url,
            "GOOYA_BALE_TOKEN": bale.token,
            "GOOYA_BALE_API": bale.url,
        }
        hook = {"url": "http://127.0.0.1:1/telegram/the-secret"}
        set_webhook = f"{telegram.url}/bot{telegram.token}/setWebhook"
        async with aiohttp.ClientSession() as http, http.post(set_webhook, json=hook) as answer:
            assert answer.status == 200
        await telegram.customer().writes("سلام")
        set_ = telegram.delivery.webhook
        assert set_ is not None
        await until(lambda: set_.error, "the webhook has failed")
        done = await asyncio.to_thread(gooya, "doctor", **settings)
        assert done.returncode == 0, done.stdout
        assert [line for line in done.stdout.splitlines() if line.startswith(("tele", "bale"))][
            1:
        ] == [
            "telegram: ok",
            "telegram: updates by webhook, but long polling is wanted: "
            "`gooya serve` changes it when it starts",
            "telegram: updates that wait: 1",
            f"telegram: last error of the webhook: {set_.error}",
            "bale: ok",
            "bale: updates by long polling",
        ]
        assert "the-secret" not in done.stdout + done.stderr
