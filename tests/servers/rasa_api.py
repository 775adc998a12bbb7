"""Rasa's HTTP API on a real socket, with the embedded engine's knowledge behind it.

What ``POST /model/parse`` takes and answers is as Rasa 3.6 does it; the real one is asked by
``tests/nlu/test_rasa.py`` where it is installed.
"""

from __future__ import annotations

import datetime as dt

from aiohttp import web
from aiohttp.test_utils import TestServer

from dialogs.nlu import Embedded


class RasaApi(TestServer):
    """``async with``: a server at ``url``, until it is closed. ``asked`` counts the messages it was given.

    With ``token`` it answers 401 to whoever doesn't give that one, as ``rasa run --auth-token`` does.
    """

    def __init__(self, token: str = "") -> None:
        app = web.Application()
        app.router.add_post("/model/parse", self._parse)
        super().__init__(app)
        self.asked = 0
        self._token = token
        self._engine = Embedded()

    @property
    def url(self) -> str:
        return str(self.make_url("/")).rstrip("/")

    async def _parse(self, request: web.Request) -> web.Response:
        if self._token and request.query.get("token") != self._token:
            return web.json_response({"status": "failure", "code": 401}, status=401)
        self.asked += 1
        text = (await request.json())["text"]
        ranking = [
            {"name": ranked.intent, "confidence": ranked.confidence}
            for ranked in self._engine.read(text, dt.date(2026, 11, 22)).ranking
        ]
        return web.json_response(
            {
                "text": text,
                "intent": ranking[0],
                "entities": [],
                "text_tokens": [[0, len(text)]],
                "intent_ranking": ranking,
                "response_selector": {"all_retrieval_intents": []},
            }
        )
