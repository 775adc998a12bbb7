"""Sound as telephony wants it."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr

from ivr import audio
from ivr.audio import BadRecording
from tests.prompts.sounds import espeak, samples, tone, wav


def loudness(pcm: bytes, hertz: float) -> float:
    """Decibels of one frequency in the middle of a sound, where nothing fades."""
    middle = samples(pcm)[800:-800]
    power = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(20 * np.log10(power[round(hertz * len(middle) / audio.RATE)] + 1e-9))


def test_a_high_tone_does_not_come_back_as_a_low_one() -> None:
    # Without an anti-alias filter 6 kHz would be heard at 2 kHz.
    mixed = tone(1000, 1.0, peak=0.4) + tone(6000, 1.0, peak=0.4)
    pcm = audio.prepare(wav(mixed))
    assert loudness(pcm, 2000) < loudness(pcm, 1000) - 60


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize(("bits", "channels"), [(8, 1), (16, 1), (16, 2), (24, 2), (32, 1)])
def test_any_wav_becomes_whole_frames_of_8_khz(rate: int, bits: int, channels: int) -> None:
    sound = wav(tone(500, 0.53, rate), rate, bits=bits, channels=channels)
    pcm = audio.prepare(sound)
    assert len(pcm) % (2 * audio.FRAME) == 0
    assert audio.seconds(pcm) == pytest.approx(0.53, abs=0.03)
    assert loudness(pcm, 500) > loudness(pcm, 1500) + 30


def test_a_float_wav_is_read() -> None:
    plain = wav(tone(500), bits=32)
    as_float = bytearray(plain)
    as_float[20:22] = (3).to_bytes(2, "little")
    as_float[44:] = tone(500).astype("<f4").tobytes()
    assert loudness(audio.prepare(bytes(as_float)), 500) == pytest.approx(
        loudness(audio.prepare(plain), 500), abs=0.5
    )


def test_silence_at_the_ends_is_trimmed_and_silence_inside_stays() -> None:
    quiet = np.zeros(22_050)
    sound = np.concatenate([quiet, tone(seconds=0.3), quiet / 2, tone(seconds=0.3), quiet])
    assert audio.seconds(audio.prepare(wav(sound))) == pytest.approx(1.64, abs=0.05)


@pytest.mark.parametrize("peak", [0.02, 0.1, 0.9])
def test_loud_and_soft_voices_come_out_level(peak: float) -> None:
    pcm = samples(audio.prepare(wav(tone(peak=peak))))
    assert 20 * np.log10(np.std(pcm) / 32768) == pytest.approx(audio.LEVEL, abs=0.5)


def test_a_voice_with_high_peaks_keeps_its_headroom() -> None:
    spiky = tone(300, 1.0, peak=0.01)
    spiky[::2205] = 0.9
    peak = np.abs(samples(audio.prepare(wav(spiky)))).max()
    assert 20 * np.log10(peak / 32768) <= audio.HEADROOM + 0.1


def test_the_length_in_a_header_from_a_pipe_does_not_matter() -> None:
    sound = bytearray(wav(tone()))
    sound[4:8] = sound[40:44] = b"\xff\xff\xff\x7f"
    assert audio.prepare(bytes(sound)) == audio.prepare(wav(tone()))


UNREADABLE = {
    "empty": (b"", "WAV"),
    "text": (b"hello, this is no sound at all", "WAV"),
    "header only": (b"RIFF\x00\x00\x00\x00WAVE", "no WAV"),
    "cut off": (wav(tone())[:30], "WAV"),
    "no samples": (wav(tone())[:44], "empty"),
    "silent": (wav(np.zeros(8000)), "nothing is heard"),
    "hiss": (wav(tone(peak=0.003)), "nothing is heard"),
    "clipped": (wav(np.clip(tone(peak=3.0), -1, 1)), "clipped"),
    "clipped and made softer": (wav(np.clip(tone(peak=3.0), -0.95, 0.95)), "clipped"),
    "clipped and made much softer": (wav(np.clip(tone(peak=3.0), -1, 1) * 0.1), "clipped"),
    "clipped on one side": (wav(np.clip(tone(peak=3.0), -3, 0.5) / 4), "clipped"),
    "clipped in stereo": (wav(np.clip(tone(peak=3.0), -0.95, 0.95), channels=2), "clipped"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_used_is_refused_with_a_reason(name: str) -> None:
    data, reason = UNREADABLE[name]
    with pytest.raises(BadRecording, match=reason):
        audio.prepare(data)


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000])
async def test_speech_is_clipped_when_it_was_driven_beyond_what_fits(rate: int) -> None:
    spoken = await espeak().speak("لطفاً شناسهٔ قبض را وارد کنید", "fa")
    with wave.open(io.BytesIO(spoken)) as file:
        speech = soxr.resample(samples(spoken[44:]) / 32768, file.getframerate(), rate)
    speech /= np.abs(speech).max()
    audio.prepare(wav(speech * 0.95, rate))
    with pytest.raises(BadRecording, match="clipped"):
        audio.prepare(wav(np.clip(speech * 3, -0.95, 0.95), rate))


def test_what_a_caller_said_stays_as_it_was_said() -> None:
    sound = np.concatenate([np.zeros(8000), tone(rate=8000, peak=0.05), np.zeros(8000)])
    pcm = audio.plain(wav(sound, 8000))
    assert audio.seconds(pcm) == 2.5
    assert np.abs(samples(pcm)).max() == pytest.approx(0.05 * 32767, rel=0.01)


def test_a_clip_stands_as_wav_ulaw_and_alaw_of_one_length(tmp_path: Path) -> None:
    pcm = audio.prepare(wav(tone()))
    audio.write(pcm, tmp_path / "fa" / "clip")
    assert audio.read_pcm(tmp_path / "fa" / "clip.wav") == pcm
    for suffix in ("ulaw", "alaw"):
        assert (tmp_path / "fa" / f"clip.{suffix}").stat().st_size == len(pcm) // 2
    assert len(list((tmp_path / "fa").iterdir())) == 3
