"""Small flows of the tests' own, gone when the test is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dialogs.flows import registry

Define = Callable[..., None]


@pytest.fixture
def define() -> Iterator[Define]:
    """Registers a flow by name; a second time puts a newer version in its place."""
    before = dict(registry.FLOWS)

    def define_(name: str, function: Callable[..., Any]) -> None:
        registry.FLOWS.pop(name, None)
        registry.flow(name)(function)

    yield define_
    registry.FLOWS.clear()
    registry.FLOWS.update(before)
