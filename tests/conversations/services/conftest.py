"""One world for all conversations of a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conversations.services.services_world import open_services
from tests.conversations.world import World


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_services(tmp_path_factory.mktemp("services")) as world:
        yield world
