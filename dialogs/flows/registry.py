"""Flows by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from dialogs.steps import Flow

F = TypeVar("F", bound=Callable[..., Flow[Any]])

FLOWS: dict[str, Callable[..., Flow[Any]]] = {}


def flow(name: str) -> Callable[[F], F]:
    """Register a generator function under ``name``; live conversations refer to it by that name."""

    def register(function: F) -> F:
        if name in FLOWS:
            raise ValueError(f"flow {name!r} is defined twice")
        FLOWS[name] = function
        return function

    return register
