"""Codes with which an unfinished dialog goes on in another conversation.

A code leads to a record in the state store that names conversation and flow. It is made from the
effect's key, so that a turn that runs again gives the same one.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec

from dialogs import limits
from dialogs.effects import Effect
from dialogs.session import Conversation, Frame, Profile, encode, readable
from dialogs.store import Commit, Store
from gooya.database.attachments import Attachments, named

_PREFIX = "continue:"


class Continuing:
    """Gives codes and finds what they stand for. Raises ``StoreUnavailable`` and
    ``DatabaseUnavailable``; to repeat it is safe."""

    def __init__(self, store: Store, attachments: Attachments, key: bytes) -> None:
        self._store = store
        self._attachments = attachments
        self._key = key

    async def code(self, effect: Effect, now: float) -> str:
        """A code for the flow on top of the effect's conversation: :data:`limits.CONTINUE_DIGITS`
        digits, for :data:`limits.CONTINUE_LIFE` seconds."""
        conversation = effect.conversation
        frame = conversation.frames[-1]
        for attempt in range(10):
            drawn = hmac.new(self._key, f"{_PREFIX}{effect.key}{attempt}".encode(), hashlib.sha256)
            number = int.from_bytes(drawn.digest()) % 10**limits.CONTINUE_DIGITS
            code = f"{number:0{limits.CONTINUE_DIGITS}d}"
            snapshot = await self._store.load(_PREFIX + code, effect.key)
            before = readable(snapshot.state)
            if before is None or now - before.started > limits.CONTINUE_LIFE:
                record = Conversation(
                    _PREFIX + code,
                    conversation.channel,
                    conversation.address,
                    Profile(),
                    started=now,
                    frames=[Frame(frame.uid, frame.flow)],
                    moved=conversation.id,
                )
                commit = Commit(
                    conversation=record.id,
                    version=snapshot.version,
                    state=encode(record),
                    mark=effect.key,
                    now=now,
                )
                await self._store.commit(commit)
                return code
            if snapshot.seen:
                return code
        raise RuntimeError("no code is free")

    async def take(self, code: str, to: str, now: float) -> dict[str, Any] | None:
        """The flow that a code stands for, as it is now, with its conversation: builtins of ``Takes``.

        None for a code that nobody was given, one that is too old, and a flow that has ended or waits
        for the utility. What was recorded or sent for it belongs to the conversation ``to`` from now on.
        """
        record = await self._read(_PREFIX + code)
        if record is None or now - record.started > limits.CONTINUE_LIFE:
            return None
        source = await self._read(record.moved)
        uid = record.frames[0].uid
        frames = source.frames if source is not None else []
        frame = next((frame for frame in frames if frame.uid == uid and not frame.waiting), None)
        if frame is None:
            return None
        given = {str(number): entry.value for number, entry in enumerate(frame.journal)}
        await self._attachments.give(set(named(given)) | set(_files(frame)), record.moved, to)
        return {"frame": msgspec.to_builtins(frame), "conversation": record.moved}

    async def _read(self, conversation: str) -> Conversation | None:
        return readable((await self._store.load(conversation, "")).state)


def _files(frame: Frame) -> list[str]:
    """Ids of the photos that were given as answers."""
    lists = [entry.value for entry in frame.journal if entry.kind == "answer"]
    return [id_ for ids in lists if isinstance(ids, list) for id_ in ids if isinstance(id_, str)]
