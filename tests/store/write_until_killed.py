"""Enqueue and commit without end and print every acknowledged turn: ``python … FILE NAME``."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from dialogs.store.sqlite import SqliteStore
from tests.store.turns import NOW, message, take_turn

WRITERS = 8


async def main(path: str, name: str) -> None:
    store = SqliteStore(Path(path), timeout=30)

    async def write(writer: int) -> None:
        conversation = f"{name}-{writer}"
        for n in itertools.count(1):
            text = f"{conversation}:{n}"
            await store.enqueue(message(text, conversation, channel="in:sms"), now=NOW)
            await take_turn(store, conversation, mark=text, outbound=(message(text, conversation),))
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
