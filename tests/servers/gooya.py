"""The real ``gooya`` command in processes of its own: ``serve`` and ``sandbox``, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers.ports import own_port
from tests.servers.processes import Process, listening, until

GOOYA = Path(sys.executable).with_name("gooya")
STARTING_SECONDS = 90.0
PROMPTS = Path(__file__).parents[2] / ".cache" / "prompts"
"""The clips of all processes that a test starts: otherwise each would make two thousand of its own in
the background of the test."""


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a command: nothing of the test's own but the way to programs."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **settings}


def run_gooya(
    arguments: Sequence[str | Path],
    settings: Mapping[str, str],
    directory: Path,
    *,
    stdin: str = "",
    seconds: float = 120.0,
) -> subprocess.CompletedProcess[str]:
    """Run a ``gooya`` command to its end, as a user in ``directory`` does."""
    return subprocess.run(
        [str(word) for word in (GOOYA, *arguments)],
        env=environment(settings),
        cwd=directory,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
    )


class Gooya:
    """``gooya serve`` on a port that stays the same over restarts; output of all runs in ``log``.

    ``settings`` are ``GOOYA_*`` variables over those that a test always needs.
    """

    def __init__(self, directory: Path, settings: Mapping[str, str], *, role: str = "all") -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.port = own_port(self)
        self.directory = directory
        self.role = role
        self.settings = {
            "GOOYA_HTTP": f"127.0.0.1:{self.port}",
            "GOOYA_DATA": str(directory / "data"),
            "GOOYA_IVR_PROMPTS": str(PROMPTS),
            **settings,
        }
        self.log = directory / "serve.out"
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def output(self) -> str:
        return self.log.read_text("utf-8") if self.log.exists() else ""

    async def start(self) -> None:
        """Start (again); returns when ``/readyz`` says that messages can be handled."""
        self._process = _process(
            self.settings, self.directory, ["serve", "--role", self.role], self.log
        )
        async with aiohttp.ClientSession() as http:
            await until(lambda: self._ready(http), "gooya serve is ready", STARTING_SECONDS)

    async def _ready(self, http: aiohttp.ClientSession) -> bool:
        assert self.running, self.output()[-3000:]
        try:
            async with http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None:
            self._process.end(signal.SIGKILL)

    def stop(self) -> int | None:
        """Ask it to end and wait; the exit code."""
        if self._process is None:
            return None
        self._process.end(signal.SIGTERM)
        return self._process.popen.returncode


class Sandbox:
    """``gooya sandbox``: the utility in a process of its own, with the controls of ``/sandbox``."""

    def __init__(
        self, directory: Path, *, events_url: str | None = None, stage_seconds: float = 3600
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.port = own_port(self)
        self.directory = directory
        self.log = directory / "sandbox.out"
        self.access = {
            "GOOYA_BACKEND_URL": self.url,
            "GOOYA_BACKEND_KEY": "key of the tests",
            "GOOYA_BACKEND_SECRET": "secret of the tests",
        }
        """What a ``gooya serve`` needs to know of it."""
        self._events = ["--events-url", events_url] if events_url else []
        self._stage_seconds = stage_seconds
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.directory / "sandbox.db"

    async def start(self) -> None:
        """Start (again) on the same port; returns when it listens."""
        settings = self.access | {
            "GOOYA_DATA": str(self.directory),
            "GOOYA_STAGE_SECONDS": str(self._stage_seconds),
        }
        arguments = ["sandbox", "--port", str(self.port), *self._events]
        self._process = _process(settings, self.directory, arguments, self.log)
        await until(self._up, "the sandbox listens", STARTING_SECONDS)

    def _up(self) -> bool:
        assert self._process is not None
        assert self._process.running, self.log.read_text("utf-8")[-3000:]
        return listening(self.port)

    async def call(self, method: str, path: str, **kwargs: Any) -> Any:
        """Call one of the sandbox's own controls, e.g. ``GET readings``."""
        url = f"{self.url}/sandbox/{path}"
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, url, **kwargs) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    async def readings(self, bill_id: str) -> list[dict[str, int]]:
        """The figures that customers sent for a subscription, oldest first."""
        stored = await self.call("GET", "readings", params={"bill_id": bill_id})
        return [r["counters"] for r in stored if r["source"] == "customer"]

    async def tracking_codes(self, bill_id: str) -> list[str]:
        """Of the requests that arrived for a subscription, oldest first."""
        stored = await self.call("GET", "requests")
        return [r["request"]["tracking_code"] for r in stored if r["request"]["bill_id"] == bill_id]

    def stop(self) -> None:
        if self._process is not None:
            self._process.end(signal.SIGTERM)


def _process(
    settings: Mapping[str, str], directory: Path, arguments: Sequence[str], log: Path
) -> Process:
    variables = [f"{name}={value}" for name, value in environment(settings).items()]
    command: list[str | Path] = ["env", "-i", f"--chdir={directory}", *variables, GOOYA, *arguments]
    return Process(command, log)
