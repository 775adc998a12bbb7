"""Logging of a process: one line an event, ``key=value`` for what the code adds to it."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

REPEAT_SECONDS = 10.0
_WARNINGS_KNOWN = 1_000
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _extra(record: logging.LogRecord) -> str:
    return " ".join(f"{k}={v}" for k, v in vars(record).items() if k not in _STANDARD)


class _Repeated(logging.Filter):
    """One warning in :data:`REPEAT_SECONDS` where many say the same, with ``repeated=`` how many were
    left out: every loop of a process complains several times a second while a store is away."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        line = record.name, record.getMessage(), _extra(record)
        at, left_out = self._said.get(line, (-REPEAT_SECONDS, 0))
        if 0.0 <= record.created - at < REPEAT_SECONDS:
            self._said[line] = at, left_out + 1
            return False
        if len(self._said) >= _WARNINGS_KNOWN:
            self._said.clear()
        self._said[line] = record.created, 0
        if left_out:
            record.repeated = left_out
        return True


class _KeyValue(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = _extra(record)
        return f"{line} {extra}" if extra else line

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Where it happened and its type: what a foreign exception says may quote a customer, as
        aiohttp does with a request that it can't read."""
        kind, _, where = ei
        name = kind.__name__ if kind is not None else "-"
        return "".join([*traceback.format_tb(where), name])


def configure(level: str) -> None:
    """Log to standard error from ``level`` on."""
    handler = logging.StreamHandler()
    handler.addFilter(_Repeated())
    handler.setFormatter(_KeyValue("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("aiohttp.access", "alembic", "aiosqlite"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
