"""The sandbox backend inside our own process: what answers while no backend is configured."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from backend_adapter.sandbox import Course, Stage, create_sandbox
from dialogs.services import CATALOGUE
from gooya import clock as clocks
from gooya.clock import Clock
from gooya.database.engine import make_file
from gooya.settings import Settings

COURSES = {
    key: Course(
        stages=tuple(
            Stage(key=stage.key, kind=stage.kind, next=service.following(stage.key))
            for stage in service.stages
        ),
        preconditions=service.preconditions,
    )
    for key, service in CATALOGUE.items()
    if service.stages
}
"""What the sandbox knows of our catalogue."""


def sandbox_database(settings: Settings) -> Path:
    """The sandbox's own database, in the data folder. ``OSError`` where it can't be made."""
    path = settings.folder / "sandbox.db"
    make_file(path)
    return path


def sandbox_app(
    settings: Settings, *, events_url: str | None, clock: Clock = clocks.system
) -> web.Application:
    """The sandbox with the services of our own catalogue."""
    return create_sandbox(
        database_path=sandbox_database(settings),
        services=COURSES,
        events_url=events_url,
        events_secret=settings.backend_secret,
        api_key=settings.backend_key,
        clock=lambda: clocks.instant(clock()),
        stage_seconds=settings.stage_seconds,
    )


@contextlib.asynccontextmanager
async def embedded_sandbox(settings: Settings, *, events_url: str | None) -> AsyncIterator[str]:
    """Serve the sandbox on a free port of this machine; gives its base URL."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    runner = web.AppRunner(sandbox_app(settings, events_url=events_url), access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await runner.cleanup()
