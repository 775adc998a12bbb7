"""A second process for the calls of one Asterisk application: it has started, and waits for the first.

Who takes the calls holds a lock on a file, which the kernel lets go of at any death of its process.
ARI is open to its own machine alone, so the processes of one application are neighbours: no lease
that somebody has to wait for, no clock. Without the lock Asterisk would give the application to
whoever connected last, and two processes would take it from each other for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from gooya.settings import SettingsError

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 0.05
"""Seconds: nobody can wait for a lock of a file and be told to stop."""


class Shift:
    """The right of one process of this machine to take the calls of the application ``app``.

    ``folder`` is the data folder that these processes have in common, on a disk of the machine. Raises
    :class:`SettingsError` when nothing can be written there.
    """

    def __init__(self, folder: Path, app: str) -> None:
        self._app = app
        file = folder / f"ivr-{quote(app, safe='')}.lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = file.open("ab")
        except OSError as error:
            raise SettingsError(f"GOOYA_DATA: can't write {file}: {error.strerror}") from error

    async def run(self, *loops: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``loops`` as soon as no other process does; cancelled, let the next one begin."""
        with self._file:
            if not self._is_ours():
                log.info("another process takes the calls of %s: standing by", self._app)
                while not self._is_ours():  # noqa: ASYNC110  (another process knows no event of ours)
                    await asyncio.sleep(LOOK_EVERY)
                log.warning("taking over the calls of %s", self._app)
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop())

    def _is_ours(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False
