"""Real servers for the tests: waiting for what happens, ending by process group."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any


def listening(port: int) -> bool:
    """Whether a process listens on ``port``, seen from outside: Kannel counts every connection."""
    wanted = f":{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, _, state = line.split()[1:4]
        if local.endswith(wanted) and state == "0A":
            return True
    return False


async def until(
    condition: Callable[[], Any] | Callable[[], Awaitable[Any]],
    what: str,
    seconds: float = 60.0,
) -> Any:
    """The first true value of ``condition``; raises AssertionError naming ``what`` when too late."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        await asyncio.sleep(0.02)


class Process:
    """A program in its own process group with its output in ``log``."""

    def __init__(
        self, command: Sequence[str | Path], log: Path, *, stdin: int | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def output(self) -> bytes:
        return self.log.read_bytes()

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send ``how`` to the whole group and wait for the program; a no-op when it has ended."""
        if self.popen.stdin is not None:
            self.popen.stdin.close()
        try:
            os.killpg(self.popen.pid, how)
        except ProcessLookupError:
            pass
        try:
            self.popen.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
