"""The SQL side: customers, requests, outbox, events and transcript on SQLite or PostgreSQL."""
