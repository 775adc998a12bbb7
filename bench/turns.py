"""Turns per second, p95 and CPU per 1,000 turns over HTTP: the reading flow beside a bare handler.

    python -m bench.turns --seconds 15

A turn is one inbound SMS posted to the simulator gateway's route and answered after its commit; the
flow is «قرائت», a bill id, a figure and «1», so every fourth turn files a request (SQL transaction,
outbox, forwarding, receipt) and every fourth looks the subscription up over HTTP. The bare handler
does one redis-py GET and SET. Both run in one process each, in turn, on the same machine; CPU is that
process's user and system time. ``--flow menu`` measures turns without look-up and submission.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.load import Result, drive, post
from dialogs.ids import make_bill_id
from tests.servers.ports import free_port
from tests.servers.redis import RedisServer

ROUTE = "/sms/simulator"
TICKS = os.sysconf("SC_CLK_TCK")


def reading_script(number: int) -> Sequence[bytes]:
    """The four messages of one customer who files a reading."""
    bill = make_bill_id(10_000_000 + number % 80_000_000, "041")
    return _script(number, ("قرائت", bill, "45300", "1"))


def menu_script(number: int) -> Sequence[bytes]:
    """Four messages that need neither the backend nor the database."""
    return _script(number, ("سلام", "1", "123", "0"))


def _script(number: int, texts: Sequence[str]) -> Sequence[bytes]:
    phone = f"+98912{number % 10_000_000:07d}"
    return [post(ROUTE, {"from": phone, "text": t, "id": uuid.uuid4().hex}) for t in texts]


@contextmanager
def server(*command: str, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the processes until the block ends."""
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    entry = f":{port:04X} "
    give_up = time.monotonic() + 20
    while not any(
        entry in line and " 0A " in line for line in Path("/proc/net/tcp").read_text().splitlines()
    ):
        if time.monotonic() > give_up:
            raise TimeoutError("a server of the bench does not listen")
        time.sleep(0.05)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(
    name: str, process: subprocess.Popen[bytes], port: int, options: argparse.Namespace
) -> float:
    """Warm up, drive and print one line; returns the turns per second."""
    script = {"reading": reading_script, "menu": menu_script}[options.flow]

    def load(offset: int, seconds: float) -> Result:
        driving = drive(
            "127.0.0.1",
            port,
            lambda n: script(n + offset),
            connections=options.connections,
            seconds=seconds,
        )
        return asyncio.run(driving)

    load(9_000_000, min(2.0, options.seconds))
    before = cpu_seconds(process.pid)
    result = load(0, options.seconds)
    cpu = cpu_seconds(process.pid) - before
    turns = len(result.latencies)
    print(
        f"{name:28} {result.per_second:9.0f} {result.percentile(0.5):9.1f}"
        f" {result.percentile(0.95):9.1f} {cpu / turns * 1e6:14.0f} {result.errors:7}"
    )
    return result.per_second


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--flow", choices=["reading", "menu"], default="reading")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before; Python {sys.version.split()[0]}")
    print(f"{options.flow} flow, {options.connections} connections, {options.seconds:.0f} s each")
    print(f"{'':28} {'turns/s':>9} {'p50 ms':>9} {'p95 ms':>9} {'CPU ms/1000':>14} {'errors':>7}")
    python = sys.executable
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer())
        backend_port = free_port()
        stack.enter_context(
            server(python, "-m", "bench.backend", str(backend_port), port=backend_port)
        )
        rates = {}
        port = free_port()
        with server(python, "-m", "bench.bare", str(port), redis.url, port=port) as process:
            rates["bare"] = measure("bare aiohttp + redis-py", process, port, options)
        for name, state in (("Gooya on Redis", redis.url), ("Gooya on SQLite", "")):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            port = free_port()
            environment = {
                "GOOYA_HTTP": f"127.0.0.1:{port}",
                "GOOYA_DATA": folder,
                "GOOYA_STATE": state,
                "GOOYA_BACKEND_URL": f"http://127.0.0.1:{backend_port}",
                "GOOYA_BACKEND_SECRET": "bench",
                "GOOYA_LOG_LEVEL": "error",
            }
            with server(python, "-m", "gooya", "serve", port=port, **environment) as process:
                rates[name] = measure(name, process, port, options)
    for name in ("Gooya on Redis", "Gooya on SQLite"):
        print(f"{name} / bare: {rates[name] / rates['bare']:.2f}")
    print(
        f"load {os.getloadavg()[0]:.1f} after (the load generator and Redis run beside the server)"
    )


if __name__ == "__main__":
    main()
