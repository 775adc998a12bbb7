"""Sounds and messages to test with."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.book import Book
from ivr.clips import ClipStore
from ivr.synthesis import Synthesiser

MESSAGES = {
    "fa": "greeting = سلام\nbill = قبض { ID($bill) } است\n",
    "en": "greeting = Hello\nbill = Bill { ID($bill) } it is\n",
}


def wav(samples: np.ndarray, rate: int = 22_050, *, bits: int = 16, channels: int = 1) -> bytes:
    """Samples from -1 to 1 as a WAV file; the same in every channel."""
    if bits == 8:
        raw = np.rint(samples * 127 + 128).astype(np.uint8)[:, None]
    else:
        scaled = np.rint(samples * (2 ** (bits - 1) - 1)).astype("<i4")
        raw = scaled.view(np.uint8).reshape(-1, 4)[:, : bits // 8]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes(np.tile(raw, (1, channels)).tobytes())
    return out.getvalue()


def tone(
    hertz: float = 440, seconds: float = 0.5, rate: int = 22_050, peak: float = 0.5
) -> np.ndarray:
    return peak * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def samples(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(float)


def books(folder: Path, **texts: str) -> dict[str, Book]:
    """Books of a few messages; ``fa`` and ``en`` replace the Fluent text of a language."""
    for language, text in {**MESSAGES, **texts}.items():
        (folder / language).mkdir(parents=True, exist_ok=True)
        (folder / language / "test.ftl").write_text(text, "utf-8")
    return {language: Book(language, folder) for language in MESSAGES}


def speaker(folder: Path) -> Synthesiser:
    """A synthesiser that says the same tone to everything: quick, and any command is one."""
    sound = folder / "tone.wav"
    sound.write_bytes(wav(tone()))
    script = f"cat >/dev/null; cat {shlex.quote(str(sound))}"
    return Synthesiser(f"sh -c {shlex.quote(script)}")


def espeak() -> Synthesiser:
    """The default synthesiser; a test without it is skipped, or fails where CI runs it."""
    if shutil.which("espeak-ng") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("espeak-ng is not installed")
        pytest.skip("espeak-ng is not installed")
    return Synthesiser()


def store(folder: Path, **texts: str) -> ClipStore:
    return ClipStore(folder / "prompts", speaker(folder), books(folder / "messages", **texts))
