"""Addresses of messengers whose account has proved to have the customer's phone number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("addresses", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
