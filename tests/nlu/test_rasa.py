"""Rasa beside us: the real one where it is installed, and every way in which it can fail us."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dialogs.calendar import from_jalali
from dialogs.nlu import Embedded
from dialogs.nlu.model import load
from gooya.nlu import Rasa
from tests.servers.rasa import needs_rasa, project, run_rasa, serve_rasa, train_rasa

TODAY: dt.date = from_jalali(1405, 9, 1)
TEXT = "سلام کنتورمو خوندم ۴۵۲۳۱ شده"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(scope="module")
def embedded() -> Embedded:
    return Embedded()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def standing_in(answer: Handler) -> TestServer:
    """A server that answers Rasa's address in a way the real one can't be made to."""
    app = web.Application()
    app.router.add_post("/model/parse", answer)
    server = TestServer(app)
    await server.start_server()
    return server


async def broken(request: web.Request) -> web.StreamResponse:
    return web.Response(status=500, text="Traceback")


async def gibberish(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>")


async def without_model(request: web.Request) -> web.StreamResponse:
    return web.json_response({"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []})


async def hanging(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError("nobody waits that long")


@pytest.mark.parametrize("answer", [broken, gibberish, without_model, hanging])
async def test_a_rasa_that_fails_or_is_slow_is_replaced_by_the_embedded_engine(
    answer: Handler, embedded: Embedded, session: aiohttp.ClientSession
) -> None:
    server = await standing_in(answer)
    try:
        engine = Rasa(session, str(server.make_url("")), embedded)
        understood = await engine.understand(TEXT, today=TODAY)
    finally:
        await server.close()
    assert understood == embedded.read(TEXT, TODAY)


async def test_a_rasa_that_is_away_is_not_asked_for_every_message(
    embedded: Embedded, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    async def count(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        return web.Response(status=503)

    server = await standing_in(count)
    engine = Rasa(session, str(server.make_url("")), embedded)
    for _ in range(5):
        assert (await engine.understand(TEXT, today=TODAY)).engine == "embedded"
    await server.close()
    assert len(asked) == 1
    assert "کنتور" not in caplog.text
    assert "45231" not in caplog.text


async def test_the_ranking_is_rasas_and_the_values_are_ours(
    embedded: Embedded, session: aiohttp.ClientSession
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert len((await request.json())["text"]) <= 600
        ranking = [("nlu_fallback", 0.2), ("meter_test", 0.15), ("bill_review", 0.1)]
        return web.json_response(
            {"intent_ranking": [{"name": name, "confidence": share} for name, share in ranking]}
        )

    server = await standing_in(answer)
    engine = Rasa(session, str(server.make_url("")), embedded)
    understood = await engine.understand(TEXT * 400, today=TODAY)
    await server.close()
    assert understood.engine == "rasa"
    assert [ranked.intent for ranked in understood.ranking] == ["meter_test", "bill_review"]
    assert understood.entities[0].value == 45231


async def test_an_address_without_a_scheme_is_refused(
    embedded: Embedded, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(ValueError, match="http"):
        Rasa(session, "localhost:5005", embedded)


@needs_rasa
async def test_the_real_rasa_trains_on_the_data_and_is_asked(
    tmp_path: Path, embedded: Embedded, session: aiohttp.ClientSession
) -> None:
    copy = project(tmp_path, every=10)
    validated = await asyncio.to_thread(
        run_rasa, "data", "validate", "--data", "data", folder=copy, seconds=300
    )
    assert "Found duplicate" not in validated
    model = await asyncio.to_thread(train_rasa, copy)
    process, url = await serve_rasa(model, tmp_path / "rasa.log")
    try:
        # The budget is for customers; this machine may be busy with other tests.
        engine = Rasa(session, url, embedded, budget=30.0)
        understood = await engine.understand(TEXT, today=TODAY)
        assert understood.engine == "rasa"
        assert {ranked.intent for ranked in understood.ranking} <= set(load().intents)
        assert understood.entities == embedded.read(TEXT, TODAY).entities
    finally:
        process.end()
    assert await engine.understand(TEXT, today=TODAY) == embedded.read(TEXT, TODAY)
