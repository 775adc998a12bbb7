"""What the SQLite engine's calls do inside a transaction: tables, statements, nothing of threads.

Every function takes a connection that is inside a transaction (an immediate one where it writes),
so what it checks still holds when it writes. ``day`` is a day number since 1970 of the engine's
clock, used only to let rows expire: whole days, so that a conversation's index entry changes once a
day and not with every turn.
"""

from __future__ import annotations

import sqlite3

import msgspec

from dialogs.store.contract import (
    MARK_DAYS,
    STATE_DAYS,
    Batch,
    Commit,
    Committed,
    Outbound,
    Snapshot,
    Timer,
    Verdict,
)

_VERSION_1 = """
CREATE TABLE conversation (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL, last_day INTEGER NOT NULL);
CREATE INDEX conversation_last_day ON conversation (last_day);

-- Rows are in the order of their making, so the oldest are found without an index of days.
CREATE TABLE mark (
    seq INTEGER PRIMARY KEY, conversation TEXT NOT NULL, mark TEXT NOT NULL,
    last_day INTEGER NOT NULL, UNIQUE (conversation, mark));

CREATE TABLE outbound (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, recipient TEXT NOT NULL,
    id TEXT NOT NULL, text TEXT NOT NULL, conversation TEXT NOT NULL);
CREATE INDEX outbound_recipient ON outbound (channel, recipient, seq);

-- A recipient is here exactly while it has messages in outbound.
CREATE TABLE recipient (
    channel TEXT NOT NULL, recipient TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL,
    PRIMARY KEY (channel, recipient)) WITHOUT ROWID;
CREATE INDEX recipient_due ON recipient (channel, due);

-- due is what it was set for, next when to hand it out (again).
CREATE TABLE timer (
    conversation TEXT NOT NULL, name TEXT NOT NULL, due REAL NOT NULL, next REAL NOT NULL,
    PRIMARY KEY (conversation, name)) WITHOUT ROWID;
CREATE INDEX timer_next ON timer (next);

-- uses: MessagePack array of the times of the newest uses, oldest first.
CREATE TABLE hits (key TEXT PRIMARY KEY, uses BLOB NOT NULL, last_day INTEGER NOT NULL);
CREATE INDEX hits_last_day ON hits (last_day);
"""
_VERSION_2 = """
CREATE TABLE receipt (
    channel TEXT NOT NULL, recipient TEXT NOT NULL, receipt TEXT NOT NULL,
    last_day INTEGER NOT NULL, PRIMARY KEY (channel, recipient)) WITHOUT ROWID;
CREATE INDEX receipt_last_day ON receipt (last_day);

-- With the id: what a long queue holds is found without reading its messages.
DROP INDEX outbound_recipient;
CREATE INDEX outbound_recipient ON outbound (channel, recipient, seq, id);
"""
_VERSIONS = (_VERSION_1, _VERSION_2)
"""What each version of the file changes in the one before."""

_DONE = Committed(Verdict.DONE)
_CONFLICT = Committed(Verdict.CONFLICT)
_DUPLICATE = Committed(Verdict.DUPLICATE)
_DAY = 86_400
_pack_uses = msgspec.msgpack.Encoder().encode
_unpack_uses = msgspec.msgpack.Decoder(list[float]).decode


def create_tables(db: sqlite3.Connection) -> None:
    """Make the tables that are not there. Raises ``sqlite3.DatabaseError`` for newer ones."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(_VERSIONS):
        raise sqlite3.DatabaseError("the state file was written by a newer version of Gooya")
    if version == len(_VERSIONS):
        return
    for changes in _VERSIONS[version:]:
        for statement in changes.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(_VERSIONS)}")


def load(db: sqlite3.Connection, conversation: str, mark: str, day: int) -> Snapshot:
    row = db.execute(
        "SELECT version, state FROM conversation WHERE id = ? AND last_day >= ?",
        (conversation, day),
    ).fetchone()
    seen = db.execute(
        "SELECT 1 FROM mark WHERE conversation = ? AND mark = ?", (conversation, mark)
    ).fetchone()
    version, state = row or (0, None)
    return Snapshot(version, state, seen is not None)


def commit(db: sqlite3.Connection, turn: Commit, day: int) -> Committed:
    conversation = turn.conversation
    if db.execute(
        "SELECT 1 FROM mark WHERE conversation = ? AND mark = ?", (conversation, turn.mark)
    ).fetchone():
        return _DUPLICATE
    last_day = day + STATE_DAYS
    row = db.execute(
        "SELECT version, last_day FROM conversation WHERE id = ?", (conversation,)
    ).fetchone()
    if (row[0] if row and row[1] >= day else 0) != turn.version:
        return _CONFLICT
    if row and row[1] == last_day:
        db.execute(
            "UPDATE conversation SET version = ?, state = ? WHERE id = ?",
            (turn.version + 1, turn.state, conversation),
        )
    else:
        db.execute(
            "INSERT INTO conversation (id, version, state, last_day) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state,"
            " last_day = excluded.last_day",
            (conversation, turn.version + 1, turn.state, last_day),
        )
    db.execute(
        "INSERT INTO mark (conversation, mark, last_day) VALUES (?, ?, ?)",
        (conversation, turn.mark, day + MARK_DAYS),
    )
    if turn.cancel:
        db.executemany(
            "DELETE FROM timer WHERE conversation = ? AND name = ?",
            [(conversation, name) for name in turn.cancel],
        )
    if turn.timers:
        db.executemany(
            "INSERT OR REPLACE INTO timer (conversation, name, due, next) VALUES (?, ?, ?, ?)",
            [(conversation, timer.name, timer.due, timer.due) for timer in turn.timers],
        )
    return _queue(db, turn) if turn.outbound else _DONE


def _queue(db: sqlite3.Connection, turn: Commit) -> Committed:
    mine: set[tuple[str, str]] = set()
    for message in turn.outbound:
        if _append(db, message, turn.now + turn.lease):
            mine.add((message.channel, message.to))
    if turn.lease <= 0:
        return _DONE
    return Committed(Verdict.DONE, tuple(m.id for m in turn.outbound if (m.channel, m.to) in mine))


def _append(db: sqlite3.Connection, message: Outbound, due: float) -> bool:
    """True when nothing waited for the recipient before: then it is due at ``due``."""
    recipient = (message.channel, message.to)
    is_new = db.execute(
        "INSERT INTO recipient (channel, recipient, due, attempts) VALUES (?, ?, ?, 0)"
        " ON CONFLICT DO NOTHING",
        (*recipient, due),
    ).rowcount
    db.execute(
        "INSERT INTO outbound (channel, recipient, id, text, conversation) VALUES (?, ?, ?, ?, ?)",
        (*recipient, message.id, message.text, message.conversation),
    )
    return is_new == 1


def enqueue(db: sqlite3.Connection, message: Outbound, now: float) -> None:
    waits = db.execute(
        "SELECT 1 FROM outbound WHERE channel = ? AND recipient = ? AND id = ?",
        (message.channel, message.to, message.id),
    ).fetchone()
    if not waits:
        _append(db, message, now)


def claim_outbound(
    db: sqlite3.Connection, channel: str, now: float, lease: float, limit: int
) -> list[Batch]:
    recipients = db.execute(
        "SELECT recipient, attempts FROM recipient WHERE channel = ? AND due <= ?"
        " ORDER BY due LIMIT ?",
        (channel, now, limit),
    ).fetchall()
    batches: list[Batch] = []
    for recipient, attempts in recipients:
        _set_due(db, channel, recipient, now + lease)
        messages = tuple(
            Outbound(id, channel, recipient, text, conversation)
            for id, text, conversation in db.execute(
                "SELECT id, text, conversation FROM outbound"
                " WHERE channel = ? AND recipient = ? ORDER BY seq",
                (channel, recipient),
            )
        )
        batches.append(Batch(channel, recipient, messages, attempts, now))
    return batches


def sent(
    db: sqlite3.Connection,
    channel: str,
    recipient: str,
    ids: tuple[str, ...],
    now: float,
    receipt: str | None,
    day: int,
) -> None:
    """Ids that are gone change nothing: who lost its lease can't end the next one's. A receipt is
    kept all the same: what was posted last has it."""
    if receipt is not None:
        db.execute(
            "INSERT OR REPLACE INTO receipt (channel, recipient, receipt, last_day)"
            " VALUES (?, ?, ?, ?)",
            (channel, recipient, receipt, day + STATE_DAYS),
        )
    waiting = db.execute(
        "SELECT seq, id FROM outbound WHERE channel = ? AND recipient = ? ORDER BY seq",
        (channel, recipient),
    ).fetchall()
    gone = [(seq,) for seq, id in waiting if id in ids]
    if not gone:
        return
    db.executemany("DELETE FROM outbound WHERE seq = ?", gone)
    if len(gone) == len(waiting):
        db.execute(
            "DELETE FROM recipient WHERE channel = ? AND recipient = ?", (channel, recipient)
        )
        return
    _set_due(db, channel, recipient, now)
    if waiting[0][1] in ids:  # attempts count for the first message only
        db.execute(
            "UPDATE recipient SET attempts = 0 WHERE channel = ? AND recipient = ?",
            (channel, recipient),
        )


def receipt(db: sqlite3.Connection, channel: str, recipient: str, day: int) -> str:
    row = db.execute(
        "SELECT receipt FROM receipt WHERE channel = ? AND recipient = ? AND last_day >= ?",
        (channel, recipient, day),
    ).fetchone()
    return row[0] if row else ""


def put_off(db: sqlite3.Connection, channel: str, recipient: str, until: float) -> None:
    db.execute(
        "UPDATE recipient SET due = ?, attempts = attempts + 1 WHERE channel = ? AND recipient = ?",
        (until, channel, recipient),
    )


def _set_due(db: sqlite3.Connection, channel: str, recipient: str, due: float) -> None:
    db.execute(
        "UPDATE recipient SET due = ? WHERE channel = ? AND recipient = ?",
        (due, channel, recipient),
    )


def outbound_depth(db: sqlite3.Connection, channel: str) -> int:
    (depth,) = db.execute("SELECT count(*) FROM recipient WHERE channel = ?", (channel,)).fetchone()
    return int(depth)


def claim_timers(db: sqlite3.Connection, now: float, lease: float, limit: int) -> list[Timer]:
    timers = db.execute(
        "SELECT conversation, name, due FROM timer WHERE next <= ? ORDER BY next LIMIT ?",
        (now, limit),
    ).fetchall()
    db.executemany(
        "UPDATE timer SET next = ? WHERE conversation = ? AND name = ?",
        [(now + lease, conversation, name) for conversation, name, _ in timers],
    )
    return [Timer(*timer) for timer in timers]


def hit(
    db: sqlite3.Connection,
    key: str,
    limit: int,
    window: float,
    now: float,
    day: int,
    counts: bool,
) -> bool:
    row = db.execute("SELECT uses FROM hits WHERE key = ?", (key,)).fetchone()
    uses = [use for use in _unpack_uses(row[0]) if use > now - window] if row else []
    if len(uses) >= limit:
        return False
    if not counts:
        return True
    uses.append(now)
    db.execute(
        "INSERT OR REPLACE INTO hits (key, uses, last_day) VALUES (?, ?, ?)",
        (key, _pack_uses(uses), day + int(window // _DAY) + 1),
    )
    return True


def erase(db: sqlite3.Connection, conversation: str) -> None:
    db.execute("DELETE FROM conversation WHERE id = ?", (conversation,))
    db.execute("DELETE FROM mark WHERE conversation = ?", (conversation,))
    db.execute("DELETE FROM timer WHERE conversation = ?", (conversation,))


def forget_expired(db: sqlite3.Connection, day: int, limit: int) -> bool:
    """Remove at most ``limit`` expired rows of each table; True when there may be more."""
    counts = [
        db.execute(statement, (day, limit)).rowcount
        for statement in (
            "DELETE FROM conversation WHERE id IN"
            " (SELECT id FROM conversation WHERE last_day < ? LIMIT ?)",
            "DELETE FROM mark WHERE last_day < ? AND seq IN"
            " (SELECT seq FROM mark ORDER BY seq LIMIT ?)",
            "DELETE FROM hits WHERE key IN (SELECT key FROM hits WHERE last_day < ? LIMIT ?)",
            "DELETE FROM receipt WHERE (channel, recipient) IN"
            " (SELECT channel, recipient FROM receipt WHERE last_day < ? LIMIT ?)",
        )
    ]
    return max(counts) == limit
