"""Ports that stay their owner's before, after and between the runs of its server."""

from __future__ import annotations

import weakref
from contextlib import ExitStack

from tests.servers.ports import reserved_port


def own_port(owner: object) -> int:
    """A TCP port that is reserved as long as ``owner`` lives."""
    [port] = own_ports(owner, 1)
    return port


def own_ports(owner: object, count: int) -> list[int]:
    """``count`` different ones."""
    held = ExitStack()
    weakref.finalize(owner, held.close)
    return [held.enter_context(reserved_port()) for _ in range(count)]
