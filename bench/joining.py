"""How long a prompt of fifteen clips takes to be joined from memory."""

from __future__ import annotations

import time
from itertools import islice, permutations

from ivr.clips import ClipStore
from ivr.joining import joined

CLIPS = 15
PROMPTS = 2000


def measure(store: ClipStore, pool: list[str]) -> list[float]:
    """Sorted times in seconds of joining :data:`PROMPTS` different prompts of clips of ``pool``."""
    for ref in pool:
        store.pcm(ref)
    times = []
    # Never the same one twice: what was joined lately is kept.
    for refs in islice(permutations(pool, CLIPS), PROMPTS):
        began = time.perf_counter()
        joined(store, refs)
        times.append(time.perf_counter() - began)
    return sorted(times)
