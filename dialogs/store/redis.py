"""State store on Redis, for many processes. A turn is two round trips, shared with other turns.

Layout, all under ``gooya:`` (one server, Redis 7 or later, with or without replicas; not Redis
Cluster, because a commit touches keys of a conversation and of its recipients):

===========================  ==========================================================
``gooya:state:CONVERSATION``  8 bytes of version (big-endian), then the blob
``gooya:marks:CONVERSATION``  sorted set of handled inbound marks by time
``gooya:timer:CONVERSATION``  hash of its timers: timer to the time it was set for
``gooya:timers``              sorted set of all timers by the time to hand them out (next)
``gooya:due:CHANNEL``         sorted set of recipients by the time to hand them out (next)
``gooya:queue:CHANNEL:TO``    list of a recipient's waiting messages, oldest first
``gooya:ids:CHANNEL:TO``      set of the ids in it that were enqueued (no turn committed them)
``gooya:tries:CHANNEL``       hash of recipients to how often their first message was put off
``gooya:receipt:CHANNEL:TO``  a recipient's last receipt
``gooya:hits:KEY``            list of the newest uses of a limited key
===========================  ==========================================================

A recipient is in ``due`` exactly while its ``queue`` exists. Every method is one Lua script, hence
atomic; the scripts stand in ``lua/``. A commit survives a crash of Redis as far as Redis is told to
(``appendonly yes``; ``appendfsync always`` for every one of them).
"""

from __future__ import annotations

import hashlib
import math
from importlib import resources
from typing import Any

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
from dialogs.store.redis_link import Argument, NoScript, RedisLink

_DAY = 86_400
_STATE_SECONDS = STATE_DAYS * _DAY
_MARK_SECONDS = MARK_DAYS * _DAY
_VERDICTS = (Verdict.DONE, Verdict.CONFLICT, Verdict.DUPLICATE)
_DONE = Committed(Verdict.DONE)
_TIMERS = "gooya:timers"


class _Script:
    def __init__(self, name: str) -> None:
        self.text = (resources.files("dialogs.store") / "lua" / f"{name}.lua").read_text("utf-8")
        # SHA-1 is how Redis names scripts.
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


_LOAD = _Script("load")
_COMMIT = _Script("commit")
_ENQUEUE = _Script("enqueue")
_CLAIM_OUTBOUND = _Script("claim_outbound")
_SENT = _Script("sent")
_PUT_OFF = _Script("put_off")
_CLAIM_TIMERS = _Script("claim_timers")
_HIT = _Script("hit")
_ERASE = _Script("erase")
_ALL = (_LOAD, _COMMIT, _ENQUEUE, _CLAIM_OUTBOUND, _SENT, _PUT_OFF, _CLAIM_TIMERS, _HIT, _ERASE)

# A message in its queue and a timer: arrays whose first item the scripts read.
_pack = msgspec.msgpack.Encoder().encode
_unpack_message = msgspec.msgpack.Decoder(tuple[str, str, str]).decode
_unpack_timer = msgspec.msgpack.Decoder(tuple[str, str]).decode


class RedisStore:
    """:class:`~dialogs.store.contract.Store` on the Redis server of ``url``.

    ``url`` is ``redis://``, ``rediss://`` (options ``ssl_ca_certs``, ``ssl_certfile``,
    ``ssl_keyfile``) or ``unix://``; ``timeout`` in seconds bounds connecting and answering each;
    ``batches`` of calls may be on their way at the same time (with Redis on the same machine more
    than one measured no better, see ``bench/store.py``). Connects with the first call. Raises
    ``ValueError`` for a URL it does not understand.
    """

    def __init__(self, url: str, *, timeout: float = 5.0, batches: int = 1) -> None:
        self._link = RedisLink(
            url, scripts=[script.text for script in _ALL], timeout=timeout, batches=batches
        )

    async def _run(self, script: _Script, keys: int, *arguments: Argument) -> Any:
        try:
            return await self._link.call("EVALSHA", script.sha, keys, *arguments)
        except NoScript:  # somebody flushed the scripts; nothing was done
            return await self._link.call("EVAL", script.text, keys, *arguments)

    async def load(self, conversation: str, mark: str) -> Snapshot:
        stored, seen = await self._run(
            _LOAD, 2, "gooya:state:" + conversation, "gooya:marks:" + conversation, mark
        )
        if stored is None:
            return Snapshot(0, None, seen == 1)
        return Snapshot(int.from_bytes(stored[:8], "big"), stored[8:], seen == 1)

    async def commit(self, commit: Commit) -> Committed:
        conversation, version, now = commit.conversation, commit.version, commit.now
        tail: list[Argument] = []
        for message in commit.outbound:
            tail += (message.channel, message.to, message.id, _body(message))
        for name in commit.cancel:
            tail.append(_pack((conversation, name)))
        for timer in commit.timers:
            tail += (_pack((conversation, timer.name)), repr(timer.due))
        reply = await self._run(
            _COMMIT,
            4,
            "gooya:state:" + conversation,
            "gooya:marks:" + conversation,
            "gooya:timer:" + conversation,
            _TIMERS,
            version.to_bytes(8, "big") if version else b"",
            (version + 1).to_bytes(8, "big") + commit.state,
            commit.mark,
            repr(now),
            repr(now - _MARK_SECONDS),
            _STATE_SECONDS,
            _MARK_SECONDS,
            repr(now + commit.lease),
            1 if commit.lease > 0 else 0,
            len(commit.outbound),
            len(commit.cancel),
            *tail,
        )
        if len(reply) == 1:
            return Committed(_VERDICTS[reply[0]]) if reply[0] else _DONE
        return Committed(Verdict.DONE, tuple(id.decode() for id in reply[1:]))

    async def enqueue(self, message: Outbound, *, now: float) -> None:
        channel, to = message.channel, message.to
        await self._run(
            _ENQUEUE,
            3,
            "gooya:due:" + channel,
            f"gooya:queue:{channel}:{to}",
            f"gooya:ids:{channel}:{to}",
            repr(now),
            to,
            message.id,
            _body(message),
        )

    async def claim_outbound(
        self, channel: str, *, now: float, lease: float, limit: int = 100
    ) -> list[Batch]:
        reply = await self._run(
            _CLAIM_OUTBOUND,
            2,
            "gooya:due:" + channel,
            "gooya:tries:" + channel,
            repr(now),
            repr(now + lease),
            limit,
            f"gooya:queue:{channel}:",
        )
        return [
            Batch(
                channel,
                to := recipient.decode(),
                tuple(_message(channel, to, body) for body in bodies),
                attempts,
                now,
            )
            for recipient, attempts, bodies in reply
        ]

    async def sent(
        self,
        channel: str,
        to: str,
        ids: tuple[str, ...],
        *,
        now: float,
        receipt: str | None = None,
    ) -> None:
        await self._run(
            _SENT,
            5,
            "gooya:due:" + channel,
            "gooya:tries:" + channel,
            f"gooya:queue:{channel}:{to}",
            f"gooya:ids:{channel}:{to}",
            f"gooya:receipt:{channel}:{to}",
            repr(now),
            to,
            0 if receipt is None else _STATE_SECONDS,
            receipt or "",
            *ids,
        )

    async def receipt(self, channel: str, to: str) -> str:
        kept: bytes | None = await self._link.call("GET", f"gooya:receipt:{channel}:{to}")
        return kept.decode() if kept else ""

    async def put_off(self, channel: str, to: str, *, until: float) -> None:
        await self._run(
            _PUT_OFF, 2, "gooya:due:" + channel, "gooya:tries:" + channel, repr(until), to
        )

    async def outbound_depth(self, channel: str) -> int:
        return int(await self._link.call("ZCARD", "gooya:due:" + channel))

    async def claim_timers(self, *, now: float, lease: float, limit: int = 100) -> list[Timer]:
        reply = await self._run(
            _CLAIM_TIMERS, 1, _TIMERS, repr(now), repr(now + lease), limit, "gooya:timer:"
        )
        return [
            Timer(*_unpack_timer(timer), due=float(due))
            for timer, due in zip(reply[::2], reply[1::2], strict=True)
        ]

    async def hit(
        self, key: str, *, limit: int, window: float, now: float, counts: bool = True
    ) -> bool:
        if limit < 1:
            return False
        life = max(1, math.ceil(window * 1000))
        counted = await self._run(
            _HIT, 1, "gooya:hits:" + key, repr(now), repr(now - window), limit, life, int(counts)
        )
        return bool(counted)

    async def erase(self, conversation: str) -> None:
        await self._run(
            _ERASE,
            4,
            "gooya:state:" + conversation,
            "gooya:marks:" + conversation,
            "gooya:timer:" + conversation,
            _TIMERS,
        )

    async def close(self) -> None:
        """End the connection; calls that wait for an answer raise ``StoreUnavailable``."""
        await self._link.close()


def _body(message: Outbound) -> bytes:
    return _pack((message.id, message.text, message.conversation))


def _message(channel: str, to: str, body: bytes) -> Outbound:
    id, text, conversation = _unpack_message(body)
    return Outbound(id, channel, to, text, conversation)
