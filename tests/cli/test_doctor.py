"""What ``gooya doctor`` says of messengers and of a Rasa that answer."""

from __future__ import annotations

import asyncio
import re

import aiohttp

from tests.cli.conftest import Run
from tests.servers.bot_api import BotApi
from tests.servers.processes import until
from tests.servers.rasa_api import RasaApi


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


async def test_a_rasa_that_wants_a_token_is_asked_with_the_one_of_the_settings(gooya: Run) -> None:
    async with RasaApi(token="the-secret") as rasa:
        found = {}
        for token in ("the-secret", "another"):
            settings = {"GOOYA_NLU": rasa.url, "GOOYA_NLU_TOKEN": token}
            done = await asyncio.to_thread(gooya, "doctor", **settings)
            (found[token],) = [line for line in done.stdout.splitlines() if line[:4] == "rasa"]
            assert done.returncode == (0 if token == "the-secret" else 1)
            assert "the-secret" not in done.stdout + done.stderr
    assert re.fullmatch(r"rasa \(\d+ ms\): ok", found["the-secret"])
    assert found["another"].startswith("rasa: no answer")
