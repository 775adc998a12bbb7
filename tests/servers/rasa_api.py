"""Rasa's HTTP API on a real socket, with the embedded engine's knowledge behind it.

What ``POST /model/parse`` takes and answers is as Rasa 3.6 does it; the real one is asked by
``tests/nlu/test_rasa.py`` where it is installed.
"""

from __future__ import annotations

import datetime as dt
from types import TracebackType

from aiohttp import web

from dialogs.nlu import Embedded
from tests.servers.ports import free_port


class RasaApi:
    """``async with``: a server at ``url``. ``asked`` counts the messages it was given."""

    def __init__(self) -> None:
        self.port = free_port()
        self.asked = 0
        self._engine = Embedded()
        app = web.Application()
        app.router.add_post("/model/parse", self._parse)
        self._runner = web.AppRunner(app)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> RasaApi:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Close the socket: who asks now is refused."""
        await self._runner.cleanup()

    async def _parse(self, request: web.Request) -> web.Response:
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
