"""Thirty services on three channels, each to the end of its request's life; and the page that says so."""

from __future__ import annotations

import pytest

from dialogs.services import SERVICES
from tests.conversations.services.cells import CHANNELS, play
from tests.conversations.services.report import PAGE, cell, says_the_same, written
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def page() -> dict[tuple[str, str], str]:
    return written(PAGE.read_text("utf-8"))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("service", SERVICES)
async def test_the_service_goes_from_the_first_word_to_its_end_as_the_page_says(
    service: str, channel: str, world: World, page: dict[tuple[str, str], str]
) -> None:
    counts, _ = await play(world, service, channel)
    now, then = cell(service, channel, counts), page[service, channel]
    assert says_the_same(now, then, channel), (
        f"docs/coverage.md: {then}; run `make coverage`: {now}"
    )
