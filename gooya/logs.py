"""Logging of a process: one line an event, ``key=value`` for what the code adds to it."""

from __future__ import annotations

import logging

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _KeyValue(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = [f"{k}={v}" for k, v in vars(record).items() if k not in _STANDARD]
        return f"{line} {' '.join(extra)}" if extra else line


def configure(level: str) -> None:
    """Log to standard error from ``level`` on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_KeyValue("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("aiohttp.access", "alembic", "aiosqlite"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
