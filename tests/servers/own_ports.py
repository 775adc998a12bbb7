"""Ports of 127.0.0.1 that stay their owner's before, after and between the runs of its server."""

from __future__ import annotations

import socket
import weakref


def own_port(owner: object) -> int:
    """A TCP port that nobody else gets as long as ``owner`` lives."""
    [port] = own_ports(owner, 1)
    return port


def own_ports(owner: object, count: int) -> list[int]:
    """``count`` different ones.

    They are bound and not listened on: who connects is refused, until a server that sets
    ``SO_REUSEADDR``, as all of ours do, listens.
    """
    ports: list[int] = []
    for _ in range(count):
        holder = socket.socket()
        weakref.finalize(owner, holder.close)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        ports.append(holder.getsockname()[1])
    return ports
