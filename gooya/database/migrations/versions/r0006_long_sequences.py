"""A backend may number the changes of a request by a time in milliseconds, which needs 64 bits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # its integers have as many bits as they need
    for table in ("requests", "request_events"):
        op.alter_column(table, "sequence", type_=sa.BigInteger())
