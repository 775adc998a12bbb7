"""Free ports of 127.0.0.1.

Another process may take one before its asker does: whoever starts a server on it checks that it is
that server which answers, or tries again.
"""

from __future__ import annotations

import socket
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody listens on now: TCP, or UDP with ``SOCK_DGRAM``."""
    [port] = free_ports(1, kind)
    return port


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """``count`` different ones."""
    with ExitStack() as probing:
        probes = [probing.enter_context(socket.socket(type=kind)) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def reserved_port() -> Iterator[int]:
    """A TCP port that nobody else gets meanwhile. Who connects to it is refused, until a server that
    sets ``SO_REUSEADDR``, as all of ours do, listens on it: before, after or between its runs."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def own_port(owner: object) -> int:
    """A TCP port that is reserved as long as ``owner`` lives."""
    [port] = own_ports(owner, 1)
    return port


def own_ports(owner: object, count: int) -> list[int]:
    """``count`` different ones."""
    held = ExitStack()
    weakref.finalize(owner, held.close)
    return [held.enter_context(reserved_port()) for _ in range(count)]
