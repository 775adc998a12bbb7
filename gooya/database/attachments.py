"""Attachments: recordings and documents of a conversation, kept in the database."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from dialogs.answers.voice import attachment as recording
from dialogs.values import ContentType
from gooya.database import models
from gooya.database.engine import Database

MAX_BYTES = 10 * 1024 * 1024
"""A photo of a telephone sent as a document may have 10 MB; the backend's contract takes no more."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    content_type: ContentType
    content: bytes
    seconds: float | None = None
    """Length of a recording."""


class Held(msgspec.Struct, frozen=True):
    """An attachment of a request as an operator sees it."""

    id: str
    content_type: ContentType
    size: int
    """Bytes."""
    created_at: dt.datetime


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

    async def give(self, ids: Collection[str], conversation: str, to: str) -> None:
        """Those of a conversation's attachments become another one's."""
        a = models.attachments.c
        async with self._database.write() as connection:
            await connection.execute(
                sa.update(models.attachments)
                .where(a.id.in_(list(ids)), a.conversation == conversation)
                .values(conversation=to)
            )

    async def of(self, tracking_code: str) -> list[Held]:
        """What came with a request, oldest first, without the bytes."""
        a, r = models.attachments.c, models.requests.c
        wanted = (
            sa.select(a.id, a.content_type, sa.func.length(a.content).label("size"), a.created_at)
            .join_from(models.attachments, models.requests)
            .where(r.tracking_code == tracking_code)
            .order_by(a.created_at, a.id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [Held(**row._mapping) for row in rows]


def checked(content: bytes) -> ContentType:
    """What a customer's file is by its first bytes, whatever its name or sender claims.

    Raises ``ValueError("type")`` for anything but a photo (JPEG, PNG) or a PDF,
    ``ValueError("too-large")`` for more than :data:`MAX_BYTES`.
    """
    if len(content) > MAX_BYTES:
        raise ValueError("too-large")
    if _begins_as_jpeg(content):
        return "image/jpeg"
    if _begins_as_png(content):
        return "image/png"
    if content[:5] == b"%PDF-" and content[5:6].isdigit():
        return "application/pdf"
    raise ValueError("type")


def _begins_as_jpeg(content: bytes) -> bool:
    """Start of image and one whole marker segment (ITU-T T.81, annex B)."""
    length = int.from_bytes(content[4:6], "big")
    return content[:3] == b"\xff\xd8\xff" and 2 <= length <= len(content) - 4


def _begins_as_png(content: bytes) -> bool:
    """The signature and a whole header chunk of 13 bytes (PNG specification, 5.2 and 11.2.1)."""
    return content[:16] == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" and len(content) >= 33


class _Document(msgspec.Struct):
    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    attachment: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


def named(fields: Mapping[str, Any]) -> dict[str, str]:
    """The attachments that a request's fields name: kind by id (:class:`dialogs.values.Attachment`)."""
    found: dict[str, str] = {}
    documents = fields.get("documents")
    for entry in documents if isinstance(documents, list) else ():
        try:
            document = msgspec.convert(entry, _Document)
        except msgspec.ValidationError:
            continue
        found.setdefault(document.attachment, document.kind)
    for id_ in _recordings(fields):
        found.setdefault(id_, "recording")
    return found


def _recordings(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _recordings(part)
    elif (id_ := recording(value)) is not None:
        yield id_
