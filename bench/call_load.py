"""Callers in the background: each presses a key now and then, by turns into a service and back.

    python -m bench.call_load SIP_PORT FIRST_NUMBER CALLS SECONDS_BETWEEN_KEYS

Prints ``ready`` when all calls are up, and at the end of its input how many of them still are.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sys

from bench.dialplan import KEYS
from bench.phone import Callers, Deaf
from tests.servers.sip_caller import Call

RING_EVERY = 0.04
"""Seconds between calls: 25 new ones a second."""


async def main(sip_port: int, first: int, calls: int, every: float) -> None:
    async with Callers(sip_port) as callers:
        up = []
        for number in range(first, first + calls):
            up.append(await callers.ring("100", f"0912{number:07d}", Deaf("ulaw")))
            await asyncio.sleep(RING_EVERY)
        pressing = [asyncio.create_task(press(call, every)) for call in up]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in pressing:
            task.cancel()
        print(sum(call.up for call in up), flush=True)


async def press(call: Call, every: float) -> None:
    await asyncio.sleep(random.uniform(0, every))
    for key in itertools.cycle(KEYS):
        await call.press(key, length=0.08, gap=0)
        await asyncio.sleep(every - 0.1)


if __name__ == "__main__":
    sip_port, first, calls = map(int, sys.argv[1:4])
    asyncio.run(main(sip_port, first, calls, float(sys.argv[4])))
