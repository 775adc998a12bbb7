"""Texts that nobody could tell the meaning of, for whoever teaches the understanding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unclear",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("offered", sa.String(length=64), nullable=True),
        sa.Column("chosen", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear")),
        sa.UniqueConstraint("key", name=op.f("uq_unclear_key")),
    )
    for column in ("conversation", "at"):
        op.create_index(op.f(f"ix_unclear_{column}"), "unclear", [column])
