"""Prometheus metrics of a process, served on ``/metrics``."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

TURNS = Counter("gooya_turns_total", "Turns by what started them and how they ended.", ["kind"])
SENT = Counter("gooya_sms_sent_total", "Outbound SMS by what became of them.", ["outcome"])
SEGMENTS = Counter("gooya_sms_segments_total", "SMS segments handed to the gateway.")
SPOKEN = Counter(
    "gooya_code_calls_total", "Calls that say a one-time code, by what became of them.", ["outcome"]
)
CHAT_ACTS = Counter(
    "gooya_chat_acts_total", "What was done in messengers' chats.", ["messenger", "outcome"]
)
SET_ASIDE = Counter(
    "gooya_updates_set_aside_total", "Updates of messengers that nobody can handle.", ["messenger"]
)
ASTERISK = Gauge("gooya_asterisk_connected", "Whether Asterisk tells this process of its calls.")
FORWARDED = Gauge("gooya_outbox_attempts", "Delivery attempts of this process.", ["outcome"])
TIMELY = Gauge(
    "gooya_balances_timely_ratio",
    "Share of the last day's debt balances told within the time limit.",
)
"""Refreshed by the worker's housekeeping, where there were any."""
OUTBOX = Gauge("gooya_outbox_rows", "Rows of the outbox that are not delivered.", ["status"])
"""Refreshed by the worker's housekeeping."""
