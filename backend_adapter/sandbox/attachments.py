"""Files in the sandbox: put by themselves, then named by a request."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from dialogs.values import Attachment


class Missing(Exception):
    """A request names a file that was not put, or not as the request describes it."""


def put(connection: sqlite3.Connection, id_: str, content_type: str, content: bytes) -> bool:
    """Store a file, in place of one that was put under the same id; False when there was one."""
    replaced = connection.execute("DELETE FROM attachments WHERE id = ?", (id_,)).rowcount
    connection.execute(
        "INSERT INTO attachments (id, content_type, size, sha256, content) VALUES (?, ?, ?, ?, ?)",
        (id_, content_type, len(content), hashlib.sha256(content).hexdigest(), content),
    )
    return not replaced


def require(connection: sqlite3.Connection, attachments: Iterable[Attachment]) -> None:
    """Raise :class:`Missing` unless all of them are here."""
    for attachment in attachments:
        found = connection.execute(
            "SELECT 1 FROM attachments WHERE id = ? AND content_type = ? AND size = ? AND sha256 = ?",
            (attachment.id, attachment.content_type, attachment.size, attachment.sha256),
        ).fetchone()
        if found is None:
            raise Missing
