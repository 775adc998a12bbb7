"""``make coverage``: play all cells and write docs/coverage.md; exits 1 when one of them fails."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from dialogs.services import SERVICES
from tests.conversations.services.cells import CHANNELS, Counts, play
from tests.conversations.services.report import OVER, PAGE, cell, page
from tests.conversations.services.services_world import open_services


async def run() -> int:
    logging.disable(logging.WARNING)
    results: dict[tuple[str, str], Counts | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with open_services(Path(folder)) as world:
            for service in SERVICES:
                for channel in CHANNELS:
                    try:
                        result: Counts | str = (await play(world, service, channel))[0]
                    except (AssertionError, TimeoutError, LookupError) as error:
                        result = f"{type(error).__name__}: {error}"
                    results[service, channel] = result
                    sys.stdout.write(f"{service} {channel}: {cell(service, channel, result)}\n")
    PAGE.write_text(page(results), "utf-8")
    failed = sum(isinstance(result, str) for result in results.values())
    over = PAGE.read_text("utf-8").count(f" {OVER} |")
    sys.stdout.write(
        f"{PAGE.name}: {len(results) - failed} of {len(results)} went, {over} are long\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
