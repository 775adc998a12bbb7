"""How long what was heard takes, by the product's own clips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from ivr.clips import ClipStore
from ivr.synthesis import DEFAULT_COMMAND, Synthesiser
from tests.conversations.telephone import SPOKEN_SECONDS

FOLDER: Final = Path(__file__).parents[3] / ".cache" / "listening"
"""Clips that were spoken before; those of changed texts are spoken anew."""


async def seconds(heard: Iterable[Sequence[str]]) -> list[float]:
    """The length of each of the lists of clips. Raises ``SpeechUnavailable`` without espeak-ng."""
    lists = [list(clips) for clips in heard]
    command = hashlib.sha256(DEFAULT_COMMAND.encode()).hexdigest()[:8]
    store = ClipStore(FOLDER / command, Synthesiser())
    spoken = {clip for clips in lists for clip in clips if not clip.startswith("recording/")}
    await store.make(sorted(spoken))
    return [
        sum(store.seconds(clip) if clip in spoken else SPOKEN_SECONDS for clip in clips)
        for clips in lists
    ]
