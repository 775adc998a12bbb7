"""Long polling: updates are fetched, stored, and only then confirmed."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any, Final, Protocol

from telegram.error import Conflict

from bots.telegram.inbox import Inbox
from bots.telegram.port import Later, MessengerError
from bots.telegram.updates import chat_of
from dialogs.store import StoreUnavailable

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 50.0
"""How long the messenger holds a call open while there is nothing to fetch."""
PAUSE_FIRST: Final = 1.0
PAUSE_LAST: Final = 30.0


class Source(Protocol):
    """An account, as far as polling needs it."""

    async def updates(self, offset: int, wait: float, /) -> list[Any]:
        """Raw updates from ``offset`` on, which confirms those below it. Waits up to ``wait``
        seconds for one. Raises :class:`~bots.telegram.port.MessengerError`."""
        ...


class Poller:
    """Brings an account's updates into its inbox. ``jitter`` gives numbers from 0 to 1."""

    def __init__(
        self, source: Source, inbox: Inbox, *, jitter: Callable[[], float] = random.random
    ) -> None:
        self._source = source
        self._inbox = inbox
        self._jitter = jitter
        self._offset = 0
        self._failures = 0
        self._conflict = False

    async def run(self) -> None:
        """Fetch until cancelled. What was stored and not confirmed by then comes again."""
        while True:
            pause: float | None = None
            try:
                await self._fetch()
            except MessengerError as error:
                self._report(error)
                pause = error.seconds if isinstance(error, Later) else None
            except StoreUnavailable:
                log.warning("updates can't be stored", extra={"channel": self._inbox.channel})
            except Exception as error:
                # Whatever the store suffers from, the next attempt may find it well.
                where = {"channel": self._inbox.channel}
                log.error("updates can't be stored: %s", type(error).__name__, extra=where)
            else:
                self._failures, self._conflict = 0, False
                continue
            longest = min(PAUSE_LAST, PAUSE_FIRST * 2.0 ** min(self._failures, 9))
            self._failures += 1
            await asyncio.sleep(pause or max(PAUSE_FIRST, longest * self._jitter()))

    async def _fetch(self) -> None:
        updates = await self._source.updates(self._offset, POLL_SECONDS)
        by_chat: dict[str, list[Any]] = {}
        for raw in updates:
            chat = chat_of(raw) if isinstance(raw, dict) else ""
            by_chat.setdefault(chat, []).append(raw)
        # Side by side they share a write; those of one chat may not overtake each other.
        await asyncio.gather(*map(self._put, by_chat.values()))
        ids = [raw.get("update_id") for raw in updates if isinstance(raw, dict)]
        known = [id for id in ids if isinstance(id, int)]
        if known:
            self._offset = max(self._offset, *(id + 1 for id in known))
        elif updates:
            raise Later("updates without ids, which can't be confirmed")

    async def _put(self, updates: list[Any]) -> None:
        for raw in updates:
            await self._inbox.put(raw)

    def _report(self, error: MessengerError) -> None:
        where = {"channel": self._inbox.channel}
        if not isinstance(error.__cause__, Conflict):
            log.warning("updates can't be fetched: %s", error, extra=where)
        elif not self._conflict:
            self._conflict = True
            log.error(
                "updates can't be fetched: another process polls for this bot, or it has a webhook;"
                " stop the other one or delete the webhook",
                extra=where,
            )
