"""Attachments: what a customer recorded or sent as a document; hand-offs are stored once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("request_id", KEY, nullable=True),
        sa.Column("content_type", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_attachments_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    for column in ("conversation", "request_id", "created_at"):
        op.create_index(op.f(f"ix_attachments_{column}"), "attachments", [column])
    op.add_column("handoffs", sa.Column("key", sa.String(length=128), nullable=True))
    op.create_index("uq_handoffs_key", "handoffs", ["key"], unique=True)
