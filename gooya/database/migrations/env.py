"""Alembic's entry: migrations run over the connection that ``Database.upgrade`` hands in."""

from __future__ import annotations

from alembic import context

from gooya.database.models import metadata

connection = context.config.attributes["connection"]
# SQLite can't alter a table: render_as_batch makes later revisions copy it instead
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
