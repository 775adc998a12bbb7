"""The telephone: from a key to the first packet of the next prompt, beside a pure dialplan.

    python -m bench.calls --calls 1,100,300 --seconds 30

A real Asterisk, one ``gooya serve`` and SIP callers on the same machine. Measuring callers press a key
every second, in the middle of a prompt (barge-in), by turns into the first service and back to the
menu; the first packet of what they hear then has the kernel's time. Each such turn is committed. The
dialplan plays the same clips on the same Asterisk to two other callers: what differs between these
two is the noise. The rest of the calls come from a process of their own, press a key every 6 s, send
nothing else and throw away what they get. At last Gooya is killed under 100 calls, once with a second
process that stands by and once without, and fifteen clips are joined in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import aiohttp

from bench import joining
from bench.dialplan import KEYS, MARKER, NUMBER, build, dialplan, prompts
from bench.phone import Callers, Ear
from bench.turns import cpu_seconds, server
from tests.servers.asterisk import ROOT, Asterisk
from tests.servers.ports import free_port
from tests.servers.processes import until
from tests.servers.redis import RedisServer

GOOYA = "100"
"""What is dialed for Gooya: any number but the dialplan's."""
MEASURING = 5
"""Of the calls with Gooya, at most."""
EVERY = 1.0
"""Seconds between the keys of a measuring caller: a prompt's lead-in and first clip are longer, so that
no pause of the old prompt is taken for the lead-in of the new one."""
OTHERS_EVERY = 6.0
MOST = 450
"""Calls at once for which our Asterisk has ports."""
WARM_UP = 3.0
LOST = 5.0
"""Seconds after which a key counts as lost."""
RESTARTED_CALLS = 100
SETTLING = 2.0
BACK = 20.0
"""Seconds within which a restarted Gooya must have taken a call over to count at all."""


class Bench(NamedTuple):
    """The running servers."""

    asterisk: Asterisk
    gooya: Popen[bytes]
    url: str
    phones: Iterator[int]
    """Numbers of callers whom nobody knows yet."""

    def pid_of_asterisk(self) -> int:
        assert self.asterisk.process is not None
        return self.asterisk.process.popen.pid


class Heard:
    """Latencies of one kind of call, in seconds; ``lost``: keys that nothing followed."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.lost = 0

    def row(self) -> str:
        if not self.latencies:
            return f"{0:7}{'':33}{self.lost:6}"
        shares = (percentile(self.latencies, share) * 1000 for share in (0.5, 0.95, 0.99, 1.0))
        return (
            f"{len(self.latencies):7} "
            + " ".join(f"{ms:7.1f}" for ms in shares)
            + f" {self.lost:6}"
        )


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def phone(number: int) -> str:
    return f"0912{number:07d}"


def progress(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


async def level(bench: Bench, calls: int, seconds: float) -> None:
    """Measure with so many calls at Gooya and print the rows."""
    series = {"dialplan": Heard(), "dialplan again": Heard(), "Gooya": Heard()}
    measuring = min(calls, MEASURING)
    dialed = [(NUMBER, "dialplan"), (NUMBER, "dialplan again"), *[(GOOYA, "Gooya")] * measuring]
    async with AsyncExitStack() as stack:
        callers = await stack.enter_async_context(Callers(bench.asterisk.sip_port))
        others = None
        if calls > measuring:
            progress(f"{calls - measuring} calls are made")
            others = await _others(bench, calls - measuring)
        ears = []
        for number, _ in dialed:
            ear = Ear("ulaw", MARKER)
            await callers.ring(number, phone(next(bench.phones)), ear)
            ears.append(ear)
        progress(f"measuring with {calls} calls for {seconds:.0f} s")
        start = time.monotonic() + WARM_UP
        stop = start + seconds
        turning = [
            asyncio.create_task(_turn(ear, start + n * EVERY / len(ears), stop, series[name]))
            for n, (ear, (_, name)) in enumerate(zip(ears, dialed, strict=True))
        ]
        await asyncio.sleep(WARM_UP)
        pids = {"Asterisk": bench.pid_of_asterisk(), "Gooya": bench.gooya.pid, "bench": os.getpid()}
        if others is not None:
            pids["others"] = others.pid
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        turns = await _turns(bench.url)
        began = time.monotonic()
        await asyncio.gather(*turning)
        took = time.monotonic() - began
        turns = await _turns(bench.url) - turns
        shares = {name: (cpu_seconds(pid) - before[name]) / took for name, pid in pids.items()}
        up = calls
        if others is not None:
            up = measuring + await _end(others)
        up -= sum(not call.up for call in callers.made[-measuring:])
    for name, heard in series.items():
        print(f"{calls:5} {name:16}{heard.row()}")
    print(
        f"{'':6}{up} of {calls} calls still up, {turns / took:.1f} turns/s; % of a core: "
        + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()),
        flush=True,
    )


async def _turn(ear: Ear, start: float, stop: float, heard: Heard) -> None:
    due = start
    for key in itertools.cycle(KEYS):
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if due >= stop:
            return
        try:
            heard.latencies.append(await ear.turn(key, LOST))
        except TimeoutError:
            heard.lost += 1
        due = max(due + EVERY, time.monotonic())


async def _others(bench: Bench, calls: int) -> asyncio.subprocess.Process:
    """The process of the other callers, when all of them are up."""
    first = next(itertools.islice(bench.phones, calls - 1, calls)) - calls + 1
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.call_load",
        *map(str, (bench.asterisk.sip_port, first, calls, OTHERS_EVERY)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = await process.stdout.readline()
    assert ready, "the other callers could not call"
    return process


async def _end(others: asyncio.subprocess.Process) -> int:
    """Let the other callers hang up; how many were up until then."""
    output, _ = await others.communicate(b"")
    return int(output)


async def _turns(url: str) -> float:
    """Turns that Gooya has committed."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as answer:
        text = await answer.text()
    counted = re.findall(r"^gooya_turns_total\{kind=\"(?:keys|command)\"\} (\S+)", text, re.M)
    return sum(map(float, counted))


async def restart(
    bench: Bench, settings: Mapping[str, str], stack: AsyncExitStack, *, standby: bool
) -> Bench:
    """Kill Gooya under calls and print when each call's last prompt was repeated: by a process that
    has started before and stands by, or by one that is started then. Gives the bench with it."""
    port = free_port()
    settings = {**settings, "GOOYA_HTTP": f"127.0.0.1:{port}"}
    successor = _start(settings, stack) if standby else None
    async with Callers(bench.asterisk.sip_port) as callers:
        progress(f"{RESTARTED_CALLS} calls are made")
        ears = [Ear("ulaw", MARKER) for _ in range(RESTARTED_CALLS)]
        for ear in ears:
            await callers.ring(GOOYA, phone(next(bench.phones)), ear)
        # The prompt of the service has no pause that could be taken for another lead-in.
        await asyncio.gather(*(ear.turn(KEYS[0], LOST) for ear in ears))
        await asyncio.sleep(SETTLING)
        progress("Gooya is killed")
        killed = time.time()
        bench.gooya.kill()
        bench.gooya.wait()
        url = f"http://127.0.0.1:{port}"
        ready = asyncio.create_task(_ready(url))
        if successor is None:
            successor = await asyncio.to_thread(_start, settings, stack)
        back = await asyncio.gather(
            *(ear.prompt_after(killed, BACK) for ear in ears), return_exceptions=True
        )
        ready_at = await ready - killed
        up = sum(call.up for call in callers.made)
    times = [at - killed for at in back if isinstance(at, float)]
    print(
        f"killed under {RESTARTED_CALLS} calls, {'standby' if standby else 'started again'}:"
        f" {up} calls up, {len(times)} go on"
        + ("" if standby else f"; ready {ready_at:.2f} s after the kill")
        + (
            f", the first call goes on after {min(times):.2f} s, half of them after"
            f" {percentile(times, 0.5):.2f} s, the last after {max(times):.2f} s"
            if times
            else f"; none heard its prompt again within {BACK:g} s"
        )
    )
    return bench._replace(gooya=successor, url=url)


async def _ready(url: str) -> float:
    """POSIX time at which Gooya first says that it is ready."""
    async with aiohttp.ClientSession() as http:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return time.time()
            await asyncio.sleep(0.02)


def _start(settings: Mapping[str, str], stack: AsyncExitStack) -> Popen[bytes]:
    """``gooya serve``, when it listens."""
    port = int(settings["GOOYA_HTTP"].rpartition(":")[2])
    command = (sys.executable, "-m", "gooya", "serve")
    return stack.enter_context(server(*command, port=port, **settings))


async def main(options: argparse.Namespace) -> None:
    load = os.getloadavg()[0]
    python = platform.python_version()
    print(
        f"{os.cpu_count()} cores, load {load:.1f} before; Python {python}; state: {options.state}"
    )
    folder = ROOT / ".cache" / "bench-prompts"
    progress("clips are made where they are missing")
    clips, said = await build(folder), prompts()
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        asterisk = Asterisk(directory, dialplan=dialplan(clips, said), prompts=folder)
        await stack.enter_async_context(asterisk)
        port = free_port()
        settings = {
            "GOOYA_HTTP": f"127.0.0.1:{port}",
            "GOOYA_DATA": str(directory / "data"),
            "GOOYA_STATE": "",
            "GOOYA_ARI_URL": asterisk.ari_url,
            "GOOYA_IVR_PROMPTS": str(folder),
            "GOOYA_LOG_LEVEL": "warning",
        }
        if options.state == "redis":
            settings["GOOYA_STATE"] = stack.enter_context(RedisServer()).url
        bench = Bench(
            asterisk, _start(settings, stack), f"http://127.0.0.1:{port}", itertools.count()
        )

        async def connected() -> bool:
            return "gooya" in await asterisk.cli("ari show apps")

        await until(connected, "Gooya is connected to Asterisk")
        print(
            f"\nkey to next prompt, ms\n{'calls':>5} {'':16}{'keys':>7}"
            f" {'p50':>7} {'p95':>7} {'p99':>7} {'worst':>7} {'lost':>6}"
        )
        for calls in options.calls:
            await level(bench, calls, options.seconds)
        bench = await restart(bench, settings, stack, standby=True)
        await restart(bench, settings, stack, standby=False)
    times = joining.measure(clips, list(clips.everything()))
    print(
        f"{joining.CLIPS} clips joined from memory: p50 {percentile(times, 0.5) * 1e3:.2f} ms,"
        f" p95 {percentile(times, 0.95) * 1e3:.2f} ms"
    )
    print(f"load {os.getloadavg()[0]:.1f} after (everything runs on the same cores)")


def _levels(text: str) -> list[int]:
    numbers = text.split(",")
    if not all(number.isdecimal() and 0 < int(number) <= MOST for number in numbers):
        raise argparse.ArgumentTypeError(f"expected numbers from 1 to {MOST}, as in 1,100,300")
    return [int(number) for number in numbers]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--calls",
        type=_levels,
        default=[1, 100, 300],
        help="how many calls at once, one run for each",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=30.0,
        help="how long each run takes; a caller has 100 turns",
    )
    parser.add_argument("--state", choices=["sqlite", "redis"], default="sqlite")
    asyncio.run(main(parser.parse_args()))
