"""The tables. What is stored of a person, and where, can be read from this file alone.

Columns that name a person: ``addresses.value``, ``requests.address`` and ``requests.conversation``,
``requests.fields``, ``transcript.conversation`` and ``transcript.text``, ``handoffs.address``,
``handoffs.conversation`` and ``handoffs.answers``, ``attachments.conversation`` and
``attachments.content``, ``unclear.conversation`` and, by words alone, ``unclear.text``.
:mod:`gooya.database.retention` bounds the last four tables in time,
:meth:`gooya.database.customers.Customers.forget` erases on demand.

``kind`` and ``channel`` are the ways to a customer (:data:`ADDRESS_KINDS`).
"""

from __future__ import annotations

import sqlalchemy as sa

from gooya.database.types import BigId, Json, UtcDateTime

ADDRESS_KINDS = ("sms", "call", "telegram", "bale")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PENDING: sa.ColumnClause[str] = sa.literal_column("'pending'")
"""As a literal, not a parameter: only then can a prepared statement use the partial indexes on the
pending rows (measured: 0.15 ms beside a million delivered rows, 130 ms without; DESIGN.md, 4)."""

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("opted_out_at", UtcDateTime),
    # the channel that news go to, NULL for the one used last
    sa.Column("preferred", sa.String(16)),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    # E.164 for sms and call, the messenger's account id otherwise
    sa.Column("value", sa.String(64), primary_key=True),
    sa.Column(
        "customer_id",
        BigId,
        sa.ForeignKey("customers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    # when a messenger's account proved to have the customer's phone number
    sa.Column("verified_at", UtcDateTime),
    sa.CheckConstraint("kind IN ('sms', 'call', 'telegram', 'bale')", name="kind"),
)

saved_subscriptions = sa.Table(
    "saved_subscriptions",
    metadata,
    sa.Column(
        "customer_id",
        BigId,
        sa.ForeignKey("customers.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("bill_id", sa.String(13), primary_key=True),
    sa.Column("label", sa.String(64)),
    sa.Column("last_used_at", UtcDateTime, nullable=False),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("tracking_code", sa.String(10), nullable=False, unique=True),
    sa.Column("idempotency_key", sa.String(128), nullable=False, unique=True),
    sa.Column("service", sa.String(64), nullable=False),
    sa.Column("bill_id", sa.String(13)),
    sa.Column("customer_id", BigId, sa.ForeignKey("customers.id", ondelete="SET NULL"), index=True),
    # NULL once the customer was forgotten
    sa.Column("conversation", sa.String(128), index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    # NULL once the customer was forgotten
    sa.Column("address", sa.String(64)),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("fields", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("stage", sa.Integer, nullable=False),
    sa.Column("stages", sa.Integer, nullable=False),
    # NULL until the backend said something
    sa.Column("sequence", BigId),
    sa.Column("progress", Json),
    sa.Column("submitted_at", UtcDateTime, nullable=False, index=True),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_requests_bill_id_service", "bill_id", "service"),
)

request_events = sa.Table(
    "request_events",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column(
        "request_id",
        BigId,
        sa.ForeignKey("requests.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("event_id", sa.String(128), nullable=False, unique=True),
    sa.Column("sequence", BigId, nullable=False),
    sa.Column("progress", Json, nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("notified_at", UtcDateTime),
)
sa.Index(
    "ix_request_events_unnotified",
    request_events.c.id,
    postgresql_where=request_events.c.notified_at.is_(None),
    sqlite_where=request_events.c.notified_at.is_(None),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column(
        "request_id",
        BigId,
        sa.ForeignKey("requests.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    # what rows are ordered by: the bill id, or the tracking code of a request without one
    sa.Column("subscription", sa.String(16), nullable=False),
    sa.Column("operation", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("leased_at", UtcDateTime),
    sa.Column("leased_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # created_at, or when an operator sent a dead letter again: attempts and age count from here
    sa.Column("enqueued_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.CheckConstraint("status IN ('pending', 'delivered', 'dead')", name="status"),
)
for _name, _columns in {
    "ix_outbox_pending_due": (outbox.c.next_attempt_at, outbox.c.id),
    "ix_outbox_pending_subscription": (outbox.c.subscription, outbox.c.id),
}.items():
    sa.Index(
        _name,
        *_columns,
        postgresql_where=outbox.c.status == PENDING,
        sqlite_where=outbox.c.status == PENDING,
    )
sa.Index(
    "ix_outbox_dead",
    outbox.c.id,
    postgresql_where=sa.text("status = 'dead'"),
    sqlite_where=sa.text("status = 'dead'"),
)

outbox_attempts = sa.Table(
    "outbox_attempts",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column(
        "outbox_id",
        BigId,
        sa.ForeignKey("outbox.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime, nullable=False, index=True),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("http_status", sa.Integer),
    sa.Column("error", sa.String(200)),
)

transcript = sa.Table(
    "transcript",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("message_id", sa.String(128), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("segments", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    # what the gateway reported of an outbound message, NULL until it did
    sa.Column("delivery", sa.String(16)),
    sa.CheckConstraint("direction IN ('in', 'out')", name="direction"),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    # NULL in rows from before revision 0002
    sa.Column("key", sa.String(128)),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("service", sa.String(64)),
    sa.Column("step", sa.String(128)),
    sa.Column("answers", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

sa.Index("uq_handoffs_key", handoffs.c.key, unique=True)

attachments = sa.Table(
    "attachments",
    metadata,
    # 32 hexadecimal digits, drawn at random: whoever knows it was given it
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    # NULL until a confirmed request or a hand-off holds it; it goes with the request
    sa.Column("request_id", BigId, sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True),
    sa.Column("content_type", sa.String(64), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

unclear = sa.Table(
    "unclear",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    # masked
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("ranking", Json, nullable=False),
    # NULL where the text was not understood
    sa.Column("offered", sa.String(64)),
    # NULL until the customer came to a service
    sa.Column("chosen", sa.String(64)),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
)
