"""What a caller heard: prompts found again in the sound that came in, however G.711 treated them."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from tests.servers.rtp import NOTHING, RATE, TICK, Samples

THRESHOLD = 0.7
"""The right prompt correlates with 0.95 to 1.0, another one with hardly 0.3."""
HEAD = int(0.4 * RATE)
BLOCK = int(0.2 * RATE)
MISSING = int(0.02 * RATE)
"""What may lack at the end of a prompt: Asterisk 22 leaves out the last 22 samples of a WAV."""
QUIET = 60.0
"""Root mean square under which a stretch counts as silence."""
STUTTER = RATE
"""Samples that may not come in the middle of a prompt: a machine that does something else for a moment
says the rest of it then."""


class Found(NamedTuple):
    """A prompt that was heard: from ``at``, in seconds of the call, for ``seconds``."""

    at: float
    score: float
    seconds: float
    stutter: float
    """Seconds in which nothing came meanwhile."""

    @property
    def end(self) -> float:
        return self.at + self.seconds + self.stutter


class Hearing(Protocol):
    """A call that records what it hears."""

    @property
    def heard(self) -> Samples: ...


def read(path: Path) -> Samples:
    """The samples of an 8 kHz mono 16-bit WAV."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def write(path: Path, pcm: Samples) -> None:
    """An 8 kHz mono 16-bit WAV, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setframerate(RATE)
        file.setnchannels(1)
        file.setsampwidth(2)
        file.writeframes(pcm.astype("<i2").tobytes())


def find(heard: Samples, prompt: Samples, *, whole: bool = True) -> list[Found]:
    """Where ``prompt`` was heard, oldest first: all of it, or also its beginning if not ``whole``.

    Its first 0.4 s of sound are searched for; from there it is followed in blocks of 0.2 s for as long
    as they agree, so ``seconds`` tells where it was cut short. A prompt that begins with all of
    another is found as both: look for the longer one.
    """
    came = places(heard)
    said = heard[came]
    loud = np.flatnonzero(np.abs(prompt.astype(np.int32)) > QUIET)
    assert loud.size, "nothing can be heard of a silent prompt"
    lead = int(loud[0])
    found: list[Found] = []
    for position, score in _peaks(said, prompt[lead : lead + HEAD]):
        start = position - lead
        agreed = _agreed(said, prompt, start, lead)
        if agreed == len(prompt) or not whole:
            first = max(start, 0)
            last = max(first, min(start + agreed, len(came)) - 1 - MISSING)
            stutter = int(came[last] - came[first]) - (last - first)
            at = int(came[first]) - (first - start)
            found.append(Found(at / RATE, score, agreed / RATE, stutter / RATE))
    return found


def places(heard: Samples) -> npt.NDArray[np.intp]:
    """Where the samples lie that came, and those of a time in which nothing came that is longer than a
    stutter."""
    nothing = np.concatenate(([False], heard == NOTHING, [False]))
    edges = np.flatnonzero(np.diff(nothing)).reshape(-1, 2)
    kept = np.ones(len(heard), bool)
    for begin, end in edges:
        if TICK <= end - begin <= STUTTER:
            kept[begin:end] = False
    return np.flatnonzero(kept)


def heard_in_order(heard: Samples, prompts: Sequence[Samples]) -> list[Found]:
    """Each prompt's place, each behind the end of the one before; AssertionError names the missing."""
    places: list[Found] = []
    for number, prompt in enumerate(prompts):
        after = places[-1].end - 0.02 if places else -1.0
        later = [found for found in find(heard, prompt) if found.at >= after]
        assert later, f"prompt {number} was not heard after {max(after, 0):.2f} s"
        places.append(later[0])
    return places


async def hears(
    call: Hearing, prompt: Samples, *, after: float = 0.0, whole: bool = True, seconds: float = 20.0
) -> Found:
    """Wait until ``prompt`` is heard in the call, from ``after`` on; AssertionError when too late."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        for found in find(call.heard, prompt, whole=whole):
            if found.at >= after:
                return found
        assert asyncio.get_running_loop().time() < deadline, f"not heard within {seconds:g} s"
        await asyncio.sleep(0.1)


def _peaks(heard: Samples, head: Samples) -> list[tuple[int, float]]:
    """Positions where the normalised cross-correlation peaks over the threshold, with its value."""
    size = len(head)
    if len(heard) < size:
        return []
    signal, pattern = heard.astype(np.float64), head.astype(np.float64)
    length = 1 << (len(signal) + size - 1).bit_length()
    product = np.fft.rfft(signal, length) * np.conj(np.fft.rfft(pattern, length))
    correlation = np.fft.irfft(product, length)[: len(signal) - size + 1]
    sums = np.concatenate(([0.0], np.cumsum(signal * signal)))
    energy = np.maximum(sums[size:] - sums[:-size], QUIET * QUIET * size)
    scores: npt.NDArray[np.float64] = correlation / np.sqrt(energy * (pattern @ pattern))
    peaks: list[tuple[int, float]] = []
    candidates = np.flatnonzero(scores > THRESHOLD)
    # Candidates closer than a block are one prompt's; its place is the best of them.
    for group in np.split(candidates, np.flatnonzero(np.diff(candidates) > BLOCK) + 1):
        if group.size:
            best = int(group[np.argmax(scores[group])])
            peaks.append((best, float(scores[best])))
    return peaks


def _agreed(heard: Samples, prompt: Samples, start: int, lead: int) -> int:
    """Samples of the prompt that were heard, block by block from its first sound on."""
    edges: list[int] = [*range(lead, max(lead + 1, len(prompt) - BLOCK), BLOCK), len(prompt)]
    for begin, end in pairwise(edges):
        said = prompt[begin:end].astype(np.float64)
        got = heard[start + begin : start + end].astype(np.float64)
        if len(said) - len(got) > MISSING and not _quiet(said[len(got) :]):
            return begin
        said = said[: len(got)]
        if _quiet(said):
            agrees = _quiet(got)
        else:
            norm = np.sqrt(float(said @ said) * max(float(got @ got), 1.0))
            agrees = float(said @ got) / norm > THRESHOLD
        if not agrees:
            return begin
    return len(prompt)


def _quiet(samples: npt.NDArray[np.float64]) -> bool:
    return len(samples) == 0 or float(np.sqrt(np.mean(samples * samples))) < QUIET
