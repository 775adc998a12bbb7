"""Understanding by a Rasa server beside us, with the embedded engine behind it.

Rasa ranks the intents; the entities are ours in any case (:mod:`dialogs.nlu.entities`): check digits
know more than a sequence model.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec

from dialogs.nlu import Embedded, Engine, Ranked, Understanding, entities
from dialogs.nlu.words import LONGEST

BUDGET: Final = 0.3
"""Seconds that a customer may wait for Rasa; then the embedded engine answers."""
REST: Final = 5.0
"""Seconds in which a Rasa that failed is not asked again: an outage costs one message its budget, not all."""


@contextlib.asynccontextmanager
async def understanding(
    url: str, token: str = "", *, budget: float = BUDGET
) -> AsyncIterator[Engine]:
    """The engine of a process: Rasa at ``url``, or the embedded one where that is empty."""
    embedded = Embedded()
    if not url:
        yield embedded
        return
    async with aiohttp.ClientSession() as session:
        yield Rasa(session, url, embedded, token=token, budget=budget)


_log = logging.getLogger(__name__)


class _Intent(msgspec.Struct):
    name: str
    confidence: float


class _Parsed(msgspec.Struct):
    intent_ranking: list[_Intent]


_FALLBACK_INTENT = "nlu_fallback"
_decode = msgspec.json.Decoder(_Parsed).decode


class Rasa:
    """Asks ``POST /model/parse`` of a Rasa 3.x server at ``url``; ``token`` is the one it was started with.

    Answers within ``budget`` seconds and the embedded engine's time, whatever Rasa does.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        embedded: Embedded,
        *,
        token: str = "",
        budget: float = BUDGET,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("Rasa's address starts with http:// or https://")
        self._session = session
        self._url = f"{url.rstrip('/')}/model/parse"
        self._query = {"token": token} if token else {}
        self._embedded = embedded
        self._budget = budget
        self._asked_again_at = 0.0

    async def understand(self, text: str, *, today: dt.date) -> Understanding:
        if not text.strip():
            return Understanding()
        loop = asyncio.get_running_loop()
        if loop.time() >= self._asked_again_at:
            try:
                async with asyncio.timeout(self._budget):
                    ranking = await self._ask(text[:LONGEST])
                return Understanding(ranking, entities(text, today), "rasa")
            except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError, UnicodeError) as error:
                self._asked_again_at = loop.time() + REST
                _log.warning("Rasa gives no answer (%s): embedded engine", type(error).__name__)
        return self._embedded.read(text, today)

    async def _ask(self, text: str) -> tuple[Ranked, ...]:
        """Rasa's ranking. ``FallbackClassifier`` puts its own intent first, and the ranking stays."""
        async with self._session.post(
            self._url, params=self._query, json={"text": text}, raise_for_status=True
        ) as response:
            parsed = _decode(await response.read())
        ranking = tuple(
            Ranked(intent.name, round(intent.confidence, 4))
            for intent in parsed.intent_ranking
            if intent.name != _FALLBACK_INTENT
        )
        if not ranking:
            raise msgspec.ValidationError("an empty ranking: is a model loaded?")
        return ranking
