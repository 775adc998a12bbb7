"""Attachments: recordings (and documents) of a conversation, kept in the database."""

from __future__ import annotations

import datetime as dt
import secrets

import msgspec
import sqlalchemy as sa

from gooya.database import models
from gooya.database.engine import Database

MAX_BYTES = 4 * 1024 * 1024


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    content_type: str
    content: bytes
    seconds: float | None = None
    """Length of a recording."""


class Attachments:
    """Every method raises ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, conversation: str, attachment: Attachment, now: dt.datetime) -> str:
        """Store it and return its id. ``ValueError`` for more than :data:`MAX_BYTES`."""
        if len(attachment.content) > MAX_BYTES:
            raise ValueError(f"an attachment has at most {MAX_BYTES} bytes")
        id_ = secrets.token_hex(16)
        async with self._database.write() as connection:
            await connection.execute(
                sa.insert(models.attachments).values(
                    id=id_,
                    conversation=conversation,
                    created_at=now,
                    **msgspec.structs.asdict(attachment),
                )
            )
        return id_

    async def find(self, id_: str, conversation: str | None = None) -> Attachment | None:
        """The attachment; only if it belongs to ``conversation`` where one is given."""
        a = models.attachments.c
        wanted = sa.select(a.content_type, a.content, a.seconds).where(a.id == id_)
        if conversation is not None:
            wanted = wanted.where(a.conversation == conversation)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else Attachment(**row._mapping)
