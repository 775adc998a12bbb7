"""A list of clips as one WAV: for the browser, for tests, for whoever plays no lists."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ivr import audio
from ivr.clips import ClipStore


class Joined(NamedTuple):
    wav: bytes
    seconds: float
    offsets: tuple[float, ...]
    """When each clip begins, in seconds."""


def joined(store: ClipStore, refs: Iterable[str]) -> Joined:
    """The clips one after the other, without gap or crossfade. Every clip ends on a whole frame."""
    return _joined(tuple(store.pcm(ref) for ref in refs))


@lru_cache(maxsize=32)
def _joined(sounds: tuple[bytes, ...]) -> Joined:
    ends = tuple(accumulate(map(audio.seconds, sounds), initial=0.0))
    return Joined(audio.as_wav(b"".join(sounds)), ends[-1], ends[:-1])
