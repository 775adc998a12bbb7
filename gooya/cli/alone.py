"""A process for one conversation in the terminal, beside whatever serves the others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from dialogs.session import decode
from gooya import clock as clocks
from gooya.news import Timers
from gooya.parts import Dispatch, Parts, assemble
from gooya.sandboxed import embedded_sandbox
from gooya.settings import Settings


@contextlib.asynccontextmanager
async def alone(
    settings: Settings,
    *,
    dispatch: Dispatch,
    mine: Callable[[str], bool],
    dispatches: Callable[[str], bool] = lambda channel: channel == "sms",
) -> AsyncIterator[Parts]:
    """The parts on the database and state of ``gooya serve``, forwarding, and bringing the news and
    timers of the conversations that are ``mine``; everybody else's are left alone.

    Raises what :func:`gooya.parts.assemble` raises.
    """
    async with contextlib.AsyncExitStack() as stack:
        url = settings.backend_url or await stack.enter_async_context(
            embedded_sandbox(settings, events_url=None)
        )
        parts = await stack.enter_async_context(
            assemble(
                settings,
                backend_url=url,
                clock=clocks.system,
                dispatch=dispatch,
                mine=lambda news: mine(news.conversation),
                dispatches=dispatches,
            )
        )
        timers = Timers(
            parts.store, parts.door, clocks.system, lambda timer: mine(timer.conversation)
        )
        loops = [parts.forwarder.run(), parts.newsboy.run(), timers.run()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield parts
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def waits(parts: Parts, conversation: str) -> bool:
    """Whether the dialog waits for the backend."""
    snapshot = await parts.store.load(conversation, "terminal")
    top = decode(snapshot.state).top if snapshot.state else None
    return top is not None and bool(top.waiting)
