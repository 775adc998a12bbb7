"""Sound as telephony wants it: 8 kHz, mono, 16 bits, trimmed, levelled and padded to whole frames.

The one place that imports pydub: it warns at import when ffmpeg is missing and pulls in the deprecated
``audioop``, and neither is news to anybody.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import warnings
import wave
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import soxr

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.audio_segment import extract_wav_headers
    from pydub.exceptions import CouldntDecodeError
    from pydub.generators import Sine
    from pydub.silence import detect_leading_silence
    from pydub.utils import audioop

RATE = 8000
FRAME = 160
"""Samples of one packet, 20 ms: a clip that fills its last one is joined without a click."""
LEVEL = -20.0
"""Loudness in dBFS (RMS) that every clip gets, as far as :data:`HEADROOM` allows."""
HEADROOM = -3.0
"""The highest peak in dBFS."""
LONGEST = 20.0
"""Seconds that a clip may take: nobody listens longer to an instruction."""
QUIETEST = 300
"""The peak, of 32,767, below which nothing is heard."""
FORMATS = ("wav", "ulaw", "alaw")
_WAV_HEADER = 44
"""Bytes before the samples in a WAV file of :func:`as_wav`."""
VERSION = 1
"""Grows when the same sound would come out differently, so that clips are made anew."""

_QUIET = 45.0
"""Decibels below the peak that count as silence at the ends."""
_MARGIN = 20
"""Milliseconds of that silence that stay: soft consonants begin and end there."""
_FULL_SCALE = 0.999
_CLIPPED = 0.001
_FLAT_FROM = 0.05
"""The peak, of full scale, from which 16 bits tell a wave that is cut flat from one that is coarse."""


class BadRecording(Exception):
    """A sound that can't be used; the text says why and what to do."""


def prepare(data: bytes) -> bytes:
    """A spoken clip from any audio file: PCM as described above. Raises :class:`BadRecording`."""
    sound = _decoded(data)
    channels = np.array(sound.get_array_of_samples()).reshape(-1, sound.channels).T
    if any(is_clipped(channel) for channel in channels):
        raise BadRecording("it is clipped; record it anew, less loud")
    sound = _telephony(sound)
    if sound.max < QUIETEST:
        raise BadRecording("nothing is heard in it")
    threshold = sound.max_dBFS - _QUIET
    start = detect_leading_silence(sound, threshold) - _MARGIN
    end = detect_leading_silence(sound.reverse(), threshold) - _MARGIN
    sound = sound[max(start, 0) : len(sound) - max(end, 0)]
    gain = min(LEVEL - sound.dBFS, HEADROOM - sound.max_dBFS)
    return padded(sound.apply_gain(gain).raw_data)


def plain(data: bytes) -> bytes:
    """The same, neither trimmed nor levelled: what a caller said, as it was said."""
    return padded(_telephony(_decoded(data)).raw_data)


def padded(pcm: bytes) -> bytes:
    """``pcm`` with silence up to the next whole frame."""
    return pcm + bytes(-len(pcm) % (2 * FRAME))


def silence(milliseconds: int) -> bytes:
    return padded(bytes(2 * RATE * milliseconds // 1000))


def beep() -> bytes:
    """The tone before a recording: 1 kHz for 200 ms."""
    tone = Sine(1000, sample_rate=RATE).to_audio_segment(200, volume=LEVEL)
    return padded(tone.fade_in(10).fade_out(10).raw_data)


def seconds(pcm: bytes) -> float:
    return len(pcm) / (2 * RATE)


def is_clipped(samples: Any) -> bool:
    """Whether more than one sample in a thousand of a full-range integer array is at full scale, or
    between two equal ones at the sound's own peak: cut flat before it was made softer.

    Neither speech of espeak-ng nor the same after G.711 has one of the latter; driven to three times
    what fits, it has two in a thousand at 8 kHz and more above.
    """
    if not samples.size:
        return False
    full = np.iinfo(samples.dtype).max
    values = samples.astype(np.float64)
    if np.mean(np.abs(values) >= full * _FULL_SCALE) > _CLIPPED:
        return True
    if samples.dtype.itemsize == 1 or np.abs(values).max() < full * _FLAT_FROM:
        return False
    flat = sum(_amid_equals(values == peak) for peak in {values.max(), values.min()})
    return bool(flat / samples.size > _CLIPPED)


def _amid_equals(at: Any) -> int:
    return int(np.count_nonzero(at[2:] & at[1:-1] & at[:-2]))


def as_wav(pcm: bytes) -> bytes:
    """PCM in a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue()


def write(pcm: bytes, path: Path) -> None:
    """``path.wav``, ``path.ulaw`` and ``path.alaw``; each appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = {
        "wav": as_wav(pcm),
        "ulaw": audioop.lin2ulaw(pcm, 2),
        "alaw": audioop.lin2alaw(pcm, 2),
    }
    # All written before the first is in its place: files of two lengths count as broken.
    parts = [_part(path, encoded[suffix]) for suffix in FORMATS]
    for suffix, part in zip(FORMATS, parts, strict=True):
        os.replace(part, f"{path}.{suffix}")


def is_whole(path: str) -> bool:
    """Whether the three files of :func:`write` are there, hold sound and are of one length. Reads
    none of them."""
    try:
        wav, ulaw, alaw = (os.stat(f"{path}.{suffix}").st_size for suffix in FORMATS)
    except OSError:
        return False
    return wav - _WAV_HEADER == 2 * ulaw == 2 * alaw > 0


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or another writer, never sees half of it."""
    os.replace(_part(path, data), path)


def _part(path: Path, data: bytes) -> str:
    """A file beside ``path`` that is to be renamed to it."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        file.write(data)
        os.fchmod(file.fileno(), 0o644)  # Asterisk reads it as another user
    return file.name


def read_pcm(path: Path) -> bytes:
    """The samples of a file that :func:`write` wrote. Raises OSError, :class:`BadRecording`."""
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                raise BadRecording("it is not 8 kHz, mono, 16 bits; import it")
            pcm = file.readframes(file.getnframes())
            if not pcm or len(pcm) != 2 * file.getnframes():
                raise BadRecording("a part of it is missing")
            return pcm
    except (wave.Error, EOFError) as error:
        raise BadRecording("it is no WAV file") from error


def _telephony(sound: Any) -> Any:
    """8 kHz, mono, 16 bits."""
    mono = sound.set_channels(1).set_sample_width(2)
    samples = np.array(mono.get_array_of_samples())
    if mono.frame_rate != RATE:
        # pydub's own conversion has no anti-alias filter: "s" would whistle.
        resampled = soxr.resample(samples.astype(np.float32), mono.frame_rate, RATE)
        samples = np.clip(np.rint(resampled), -32768, 32767).astype(np.int16)
    return AudioSegment(samples.tobytes(), sample_width=2, frame_rate=RATE, channels=1)


def _decoded(data: bytes) -> Any:
    try:
        sound = _wav(data) if data[:4] == b"RIFF" else _by_ffmpeg(data)
    except BadRecording:
        raise
    except (CouldntDecodeError, OSError, ValueError, IndexError, KeyError, struct.error) as error:
        raise BadRecording("it is no audio file that can be read; save it as WAV") from error
    if not len(sound):
        raise BadRecording("it is empty")
    return sound


def _by_ffmpeg(data: bytes) -> Any:
    if shutil.which("ffmpeg") is None:
        raise BadRecording("it is no WAV file; save it as WAV, or install ffmpeg")
    return AudioSegment.from_file(io.BytesIO(data))


def _wav(data: bytes) -> Any:
    chunks = {chunk.id: chunk for chunk in extract_wav_headers(data)}
    if b"fmt " not in chunks or b"data" not in chunks:
        raise BadRecording("it is no WAV file")
    at = chunks[b"fmt "].position + 8
    kind, channels, rate = struct.unpack_from("<HHI", data, at)
    (bits,) = struct.unpack_from("<H", data, at + 14)
    if kind == 0xFFFE:  # the true format follows in the extension
        (kind,) = struct.unpack_from("<H", data, at + 24)
    if kind not in (1, 3) or not channels or not rate or bits not in (8, 16, 24, 32, 64):
        raise BadRecording("it is compressed; save it as PCM")
    # A program that writes to a pipe can't know the length: what is there counts.
    start = chunks[b"data"].position + 8
    samples = data[start : start + chunks[b"data"].size]
    samples = samples[: len(samples) - len(samples) % (channels * bits // 8)]
    if kind == 3:
        floats = np.frombuffer(samples, "<f4" if bits == 32 else "<f8")
        scaled = np.clip(np.nan_to_num(floats) * 32767, -32768, 32767)
        samples, bits = scaled.astype("<i2").tobytes(), 16
    if bits == 8:
        samples = audioop.bias(samples, 1, -128)  # 8 bits are unsigned in WAV files
    if not samples:
        raise BadRecording("it is empty")
    return AudioSegment(samples, sample_width=bits // 8, frame_rate=rate, channels=channels)
