"""A real PostgreSQL: a throw-away cluster on a port of its own, run by a user who is not root."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import asyncpg

from tests.servers.ports import reserved_port

READY_SECONDS = 60
_USER = "postgres"


class PostgresServer:
    """``with PostgresServer() as server: … url = await server.create_database() …``

    Nothing is flushed to disk: it survives :meth:`restart`, not a power cut. Fails, never skips,
    when there is no PostgreSQL.
    """

    def __init__(self) -> None:
        self.port = 0
        self._directory = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._reserved = ExitStack()

    def __enter__(self) -> PostgresServer:
        self._directory = Path(tempfile.mkdtemp(prefix="gooya-postgres-"))
        try:
            if os.getuid() == 0:
                owner = pwd.getpwnam(_USER)
                os.chown(self._directory, owner.pw_uid, owner.pw_gid)
            subprocess.run(
                [_binary("initdb"), "-D", self._data, "-U", _USER, "-A", "trust", "-E", "UTF8",
                 "--locale", "C", "--no-sync"],
                check=True,
                capture_output=True,
                **self._as_postgres(),
            )  # fmt: skip
            self.port = self._reserved.enter_context(reserved_port())
            self.start()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        self.stop(signal.SIGQUIT)  # nobody needs what it would still write
        self._reserved.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def _data(self) -> str:
        return str(self._directory / "data")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    async def create_database(self, *, template: str = "template1") -> str:
        """Make a fresh database and return its URL; ``template`` names one to copy."""
        name = f"gooya_{next(self._numbers)}"
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            await connection.close()
        return self.url(name)

    def start(self) -> None:
        """Start (again) on the same port; returns when it takes connections.

        Raises ``OSError`` when the server ended by itself.
        """
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "100",
        }
        command = [_binary("postgres"), "-D", self._data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **self._as_postgres()
            )
        give_up = time.monotonic() + READY_SECONDS
        while not self._ready():
            if self._process.poll() is not None:
                raise OSError((self._directory / "log").read_text()[-2000:])
            if time.monotonic() > give_up:
                self.stop()
                raise TimeoutError("PostgreSQL does not answer")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the cluster with all its connections (idempotent)."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(READY_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _ready(self) -> bool:
        """What our own server says of itself: line 8 of its lock file (PostgreSQL's pidfile.h)."""
        try:
            lines = Path(self._data, "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = self._process is not None and lines[:1] == [str(self._process.pid)]
        return ours and len(lines) >= 8 and lines[7].strip() == "ready"

    def _as_postgres(self) -> dict[str, Any]:
        """Arguments for a subprocess: PostgreSQL refuses to run as root."""
        options: dict[str, Any] = {"cwd": self._directory, "stdin": subprocess.DEVNULL}
        if os.getuid() == 0:
            options |= {"user": _USER, "group": _USER, "extra_groups": []}
        return options


def _binary(name: str) -> str:
    """Debian keeps the server's programs out of the PATH, in one folder a version."""
    found = shutil.which(name)
    if found is not None:
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not versions:
        raise RuntimeError("these tests need PostgreSQL (Debian: apt-get install postgresql)")
    return str(versions[-1])
