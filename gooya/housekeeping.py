"""What a worker does once in a while: retention and the gauges that need a query."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from gooya.clock import instant
from gooya.database.retention import purge
from gooya.indicators import Indicators
from gooya.metrics import FORWARDED, OUTBOX, TIMELY
from gooya.parts import Parts
from ivr.clips import ClipStore

log = logging.getLogger(__name__)

EVERY = 15.0
"""Seconds between refreshes of the gauges."""
PURGE_EVERY = 3600.0
DAY = 86_400.0


async def keep_house(parts: Parts, clips: ClipStore) -> None:
    """Run until cancelled. ``clips`` hold what callers said, too."""
    purged = 0.0
    while True:
        try:
            for status, rows in (await parts.outbox.depth()).items():
                OUTBOX.labels(status).set(rows)
            for outcome, count in parts.forwarder.counts.items():
                FORWARDED.labels(outcome).set(count)
            now = parts.clock()
            at = instant(now)
            balance = await Indicators(parts.database).balance(at - dt.timedelta(days=1), at)
            if balance.timely_declaration.share is not None:
                TIMELY.set(balance.timely_declaration.share)
            if now - purged > PURGE_EVERY:
                days = parts.settings.retention_days
                await purge(parts.database, at, days)
                await asyncio.to_thread(clips.prune, now - days * DAY)
                purged = now
        except Exception as error:
            # Also a folder that can't be written: what was said is to be forgotten when it can.
            log.warning("housekeeping waits", extra={"error": type(error).__name__})
        await asyncio.sleep(EVERY)
