"""An SMPP carrier (npm ``smpp`` under node) that bearerbox binds to: messages in parts, receipts.

The npm packages are installed once, from the lock file, into ``.cache/`` beside the sources.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers.ports import own_port
from tests.servers.processes import Process, until

SOURCES = Path(__file__).parent / "smsc"
CACHE = Path(__file__).parents[2] / ".cache" / "smsc"


class Submitted(NamedTuple):
    """A part that Kannel submitted: as it goes over the air."""

    id: str
    sender: str
    receiver: str
    coding: int
    udh: bytes
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-16-be")


def install() -> Path:
    """The directory with the script and its packages; safe to call from several test processes."""
    lock_file = (SOURCES / "package-lock.json").read_bytes()
    target = CACHE / hashlib.sha256(lock_file).hexdigest()[:16]
    target.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "installed").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCES / name, target)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=target, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr[-2000:]
            (target / "installed").touch()
    return target


class Smsc:
    """The carrier on a free port; ``port`` is known before :meth:`start`."""

    def __init__(self, directory: Path) -> None:
        self.port = own_port(self)
        self._log = directory / "smsc.out"
        self._process: Process | None = None

    async def start(self) -> None:
        packages = await asyncio.to_thread(install)
        command: list[str | Path] = [
            "env",
            f"NODE_PATH={packages / 'node_modules'}",
            "node",
            SOURCES / "smsc.js",
        ]
        self._process = Process([*command, str(self.port)], self._log, stdin=subprocess.PIPE)
        await until(lambda: self._said("listening"), "the carrier listens")

    async def bound(self) -> None:
        await until(lambda: self._said("bound"), "Kannel binds to the carrier")

    async def deliver(self, sender: str, receiver: str, text: str, udh: bytes = b"") -> None:
        """Send one message or part (UCS-2) from a phone; returns when Kannel took it."""
        body = text.encode("utf-16-be").hex()
        await self._delivered(
            {"deliver": {"from": sender, "to": receiver, "udh": udh.hex(), "hex": body}}
        )

    async def receipt(self, submitted: Submitted, stat: str) -> None:
        """Report ``stat`` (``DELIVRD``, ``UNDELIV`` …) for a submitted part."""
        about = {"id": submitted.id, "from": submitted.receiver, "to": submitted.sender}
        await self._delivered({"receipt": about | {"stat": stat}})

    async def answer_with(self, status: int) -> None:
        """Answer further submissions with this SMPP status (0: take them)."""
        before = len(self._said("answering"))
        self._tell({"status": status})
        await until(lambda: len(self._said("answering")) > before, "the carrier knows its answer")

    def submitted(self) -> list[Submitted]:
        return [
            Submitted(
                s["id"],
                s["from"],
                s["to"],
                s["coding"],
                bytes.fromhex(s["udh"]),
                bytes.fromhex(s["hex"]),
            )
            for s in self._said("submitted")
        ]

    async def wait_for(self, count: int) -> list[Submitted]:
        await until(lambda: len(self.submitted()) >= count, f"{count} parts at the carrier")
        return self.submitted()

    def stop(self) -> None:
        if self._process is not None:
            self._process.end(signal.SIGKILL)

    async def _delivered(self, command: dict[str, Any]) -> None:
        before = len(self._said("delivered"))
        self._tell(command)
        await until(lambda: len(self._said("delivered")) > before, "Kannel answers the carrier")

    def _tell(self, command: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.popen.stdin is not None
        self._process.popen.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.popen.stdin.flush()

    def _said(self, what: str) -> list[Any]:
        assert self._process is not None
        output = self._process.output()
        assert self._process.running, output.decode(errors="replace")[-2000:]
        lines = output.decode().splitlines(keepends=True)
        said = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [entry[what] for entry in said if what in entry]
