"""A process for one conversation in the terminal, beside whatever serves the others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from dialogs.session import decode
from dialogs.store import Outbound
from gooya import clock as clocks
from gooya.database import models
from gooya.news import Timers
from gooya.parts import Dispatch, Parts, assemble
from gooya.sandboxed import embedded_sandbox
from gooya.settings import Settings

PATIENCE = 20.0
"""Seconds to wait for what a turn announced (a receipt that waits for the backend)."""


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
                # Nobody here makes calls.
                msgspec.structs.replace(settings, spoken_codes=""),
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


def forget(parts: Parts, message: Outbound) -> None:
    """A message that this process dispatched was shown."""
    done = parts.store.sent(message.channel, message.to, (message.id,), now=clocks.system())
    task = asyncio.ensure_future(done)
    task.add_done_callback(lambda done: done.exception())


async def brought_by_others(
    parts: Parts, conversation: str, *, since: float, shown: set[str]
) -> list[str]:
    """What another process told the conversation since then, as the transcript has it, but for the
    messages that were ``shown``. Waits for it: the transcript is written behind the turn."""
    t = models.transcript.c
    query: Any = (
        sa.select(t.message_id, t.text)
        .where(
            t.conversation == conversation,
            t.direction == "out",
            t.at >= clocks.instant(since),
        )
        .order_by(t.id)
    )
    while True:
        async with parts.database.read() as connection:
            rows = (await connection.execute(query)).all()
        if rows or clocks.system() - since > PATIENCE:
            new = [row for row in rows if row.message_id not in shown]
            shown.update(row.message_id for row in new)
            return [row.text for row in new]
        await asyncio.sleep(0.05)
