"""Updates on their way to their turn: stored before they are acknowledged, handled in order.

The state store queues the raw updates of a chat as it queues messages to a recipient (channel
``in:<account>``), and :class:`~dialogs.store.delivery.Delivery` works each chat off by itself. What is
taken out has been handled; a crash brings the updates since then again, under the same ids.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from bots.telegram.inbound import Handle, Inbound
from bots.telegram.updates import Malformed, album_of, chat_of, parse
from dialogs.store import Batch, Outbound, Store
from dialogs.store.delivery import POLL, Delivery

log = logging.getLogger(__name__)

LEASE: Final = 120.0
"""Seconds. An album whose files come slowly takes most of it, and after a crash a chat waits so long."""
HOLD: Final = 20.0
"""Seconds after which what is left of a batch is given back: the rest of the lease is an album's."""
BACKOFF_BASE: Final = 1.0
BACKOFF_CAP: Final = 60.0
RETRY_SECONDS: Final = 24 * 3600.0
"""How long after its arrival an update is tried again: as long as Telegram itself would."""
ALBUM_QUIET: Final = 1.0
"""Seconds after a part of an album in which the next one comes, if there is one."""
ALBUM_PARTS: Final = 10
"""The most that an album has."""


class _Stored(msgspec.Struct, frozen=True):
    at: float
    """POSIX seconds of the arrival."""
    update: dict[str, Any]


class _Waiting(msgspec.Struct, frozen=True):
    id: str
    at: float
    update: dict[str, Any]
    album: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_decode_stored = msgspec.json.Decoder(_Stored).decode


class Inbox:
    """The updates of one account.

    ``channel`` names the account (``telegram``, ``bale``), ``username`` is the bot's without ``@``; it
    may be set later.
    ``set_aside`` is told of every update that will never be handled.
    """

    def __init__(
        self,
        store: Store,
        channel: str,
        handle: Handle,
        *,
        clock: Callable[[], float],
        set_aside: Callable[[], None],
        username: str = "",
    ) -> None:
        self.channel = channel
        self._queue = f"in:{channel}"
        self._store = store
        self._handle = handle
        self._clock = clock
        self._set_aside = set_aside
        self.username = username
        self._delivery = Delivery(store, self._queue, self._deliver, clock=clock, lease=LEASE)

    async def put(self, raw: bytes | dict[str, Any]) -> None:
        """Store an update; it may be acknowledged when this returns.

        What is no update of a chat is set aside. Raises :class:`~dialogs.store.StoreUnavailable`.
        """
        now = self._clock()
        try:
            update = _decode(raw) if isinstance(raw, bytes) else raw
            stored = _encode(_Stored(now, update)).decode()
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            self.discard(type(error).__name__)
            return
        id = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(id, int):
            self.discard("no update id")
        elif chat := chat_of(update):
            await self._store.enqueue(Outbound(str(id), self._queue, chat, stored), now=now)
            self._delivery.wake()
        else:
            self.discard("no chat", id)

    def discard(self, reason: str, update: int | str = "") -> None:
        """Set an update aside that can't be handled, with one line in the log."""
        log.warning("update set aside: %s", reason, extra={"update": update})
        self._set_aside()

    async def run(self) -> None:
        """Handle what comes until cancelled."""
        await self._delivery.run()

    async def close(self) -> None:
        """Return when what is being handled has ended."""
        await self._delivery.close()

    async def _deliver(self, batch: Batch) -> None:
        started = self._clock()
        waiting = [_read(message) for message in batch.messages]
        known = await self._known_parts(batch.to, waiting)
        gone = [part.id for part in waiting if part.id in known]
        albums: list[str] = []
        attempts, until = batch.attempts, None
        for parts in _with_albums([part for part in waiting if part.id not in known]):
            if gone and self._clock() - started > HOLD:
                # Under a lease that is long enough. Not at once: a look at the store before this batch
                # is out of our hands would lease what is left to nobody.
                until = self._clock() + POLL
                break
            # As of the claim: what came since, while the chat was busy, is not in the batch.
            if (
                parts[0].album
                and len(parts) < ALBUM_PARTS
                and batch.at < parts[-1].at + ALBUM_QUIET
            ):
                until = parts[-1].at + ALBUM_QUIET
                break
            if not await self._dealt_with(parts):
                until = self._clock() + min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempts, 9))
                break
            gone += (part.id for part in parts)
            albums += (part.id for part in parts if part.album)
            attempts = 0
        if gone:
            receipt = " ".join(albums) or None
            ids = tuple(gone)
            await self._store.sent(self._queue, batch.to, ids, now=self._clock(), receipt=receipt)
        if until is not None:
            await self._store.put_off(self._queue, batch.to, until=until)

    async def _dealt_with(self, parts: Sequence[_Waiting]) -> bool:
        """Whether they were handled, or failed for so long that they are set aside."""
        try:
            for inbound in _joined(self._parsed(parts)):
                await self._handle(inbound)
        except Exception as error:
            name = type(error).__name__
            if self._clock() - parts[0].at < RETRY_SECONDS:
                log.warning("update not handled: %s", name, extra={"update": parts[0].id})
                return False
            self.discard(name, parts[0].id)
        return True

    async def _known_parts(self, chat: str, waiting: Iterable[_Waiting]) -> frozenset[str]:
        """Ids of the parts of the last albums handled. The handler knows an album by its first part;
        another one that is delivered again would look new to it."""
        if not any(part.album for part in waiting):
            return frozenset()
        return frozenset((await self._store.receipt(self._queue, chat)).split())

    def _parsed(self, parts: Iterable[_Waiting]) -> Iterator[Inbound]:
        for part in parts:
            try:
                inbound = parse(part.update, self.username)
            except Malformed as error:
                self.discard(str(error), part.id)
            else:
                if inbound is not None:
                    yield inbound


def _read(message: Outbound) -> _Waiting:
    stored = _decode_stored(message.text)
    return _Waiting(message.id, stored.at, stored.update, album_of(stored.update))


def _with_albums(waiting: Iterable[_Waiting]) -> list[list[_Waiting]]:
    """Updates in order, each alone but the parts of an album, which stand where its first one is.

    Who belongs to an album follows from the arrivals alone, so that one which is handled again after
    a crash has the same parts: what came late is an update of its own then too.
    """
    groups: list[list[_Waiting]] = []
    albums: dict[str, list[_Waiting]] = {}
    for part in waiting:
        album = albums.get(part.album)
        if album and len(album) < ALBUM_PARTS and part.at < album[-1].at + ALBUM_QUIET:
            album.append(part)
            continue
        group = [part]
        groups.append(group)
        if part.album:
            albums[part.album] = group
    return groups


def _joined(parts: Iterable[Inbound]) -> list[Inbound]:
    """All files of an album as one; of what else is in it the first, for one answer is enough."""
    with_files: list[Inbound] = []
    others: list[Inbound] = []
    for part in parts:
        (with_files if part.kind == "files" else others).append(part)
    if not with_files:
        return others[:1]
    text = next((part.text for part in with_files if part.text), "")
    files = tuple(file for part in with_files for file in part.files)
    return [msgspec.structs.replace(with_files[0], text=text, files=files), *others[:1]]
