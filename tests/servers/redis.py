"""A real ``redis-server``: on a port of its own, in a directory of its own, without persistence."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from tests.servers.ports import reserved_port

READY_SECONDS = 20


class RedisServer:
    """``with RedisServer() as server: … server.url …``

    ``persistent`` writes every change to the append-only file before answering, so that a
    :meth:`restart` keeps the data; ``options`` go on the command line. Fails, never skips, when there is no ``redis-server``.
    """

    def __init__(self, *, persistent: bool = False, options: Sequence[str] = ()) -> None:
        self.port = 0
        self._persistent = persistent
        self._options = options
        self._directory = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._reserved = ExitStack()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def socket_url(self) -> str:
        """The same server by its Unix socket."""
        return f"unix://{self._directory}/redis.sock?db=0"

    def __enter__(self) -> RedisServer:
        self._directory = Path(tempfile.mkdtemp(prefix="gooya-redis-"))
        try:
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
        self.stop()
        self._reserved.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def start(self) -> None:
        """Start (again) on the same port and wait until it answers.

        Raises ``RuntimeError`` without ``redis-server``, ``OSError`` when it ended by itself.
        """
        binary = shutil.which("redis-server")
        if binary is None:
            raise RuntimeError(
                "these tests need redis-server (Debian: apt-get install redis-server)"
            )
        durable = ["yes", "--appendfsync", "always"] if self._persistent else ["no"]
        unix_socket = str(self._directory / "redis.sock")
        self._process = subprocess.Popen(
            [binary, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "",
             "--unixsocket", unix_socket, *self._options,
             "--dir", str(self._directory), "--daemonize", "no", "--appendonly", *durable],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        give_up = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                raise OSError("redis-server ended by itself")
            if time.monotonic() > give_up:
                self.stop()
                raise TimeoutError("redis-server does not answer")
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Whether it is our process that answers, ready to serve."""
        assert self._process is not None
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"INFO server\r\nGET x\r\n")
                answer = b""
                while b"\r\n$-1\r\n" not in answer:
                    more = connection.recv(65536)
                    if not more or b"-LOADING" in answer:
                        return False
                    answer += more
        except OSError:
            return False
        return b"process_id:%d\r\n" % self._process.pid in answer

    def signal(self, number: signal.Signals) -> None:
        """``SIGSTOP`` makes it silent, ``SIGCONT`` lets it go on."""
        assert self._process is not None
        self._process.send_signal(number)
        if number == signal.SIGSTOP:
            os.waitpid(self._process.pid, os.WUNTRACED)

    def stop(self) -> None:
        """End it at once, as a crash would (idempotent)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()
