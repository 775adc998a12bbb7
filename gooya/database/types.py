"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An instant: aware in Python, UTC in the database.

    PostgreSQL keeps ``timestamptz``; SQLite keeps ISO text without an offset, all of the same width,
    so that texts sort as the instants do. A naive value raises ``ValueError``: nobody knows its zone.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        instant: dt.datetime = value
        if instant.tzinfo is None:
            return instant.replace(tzinfo=dt.UTC)
        return instant.astimezone(dt.UTC)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64-bit number on both engines. As a key it has to be ``INTEGER`` on SQLite: no other type is an alias
of its rowid."""

Json = sa.JSON(none_as_null=True)
"""JSON; Python's ``None`` is SQL's NULL."""
