"""Clips as files and in memory."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import numpy as np
import pytest

from ivr import audio
from ivr.audio import BadRecording
from ivr.clips import ClipStore
from ivr.joining import joined
from ivr.synthesis import SpeechUnavailable, Synthesiser
from tests.prompts.sounds import books, espeak, samples, speaker, store, tone, wav

SAY = "say/fa/خیابان آزادی"


@pytest.fixture
def away(tmp_path: Path) -> ClipStore:
    """A store whose synthesiser is not installed."""
    return ClipStore(
        tmp_path / "prompts", Synthesiser("no-such-program"), books(tmp_path / "texts")
    )


async def test_building_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    clips = store(tmp_path)
    steps: list[tuple[int, int]] = []
    first = await clips.build(lambda done, total: steps.append((done, total)))
    assert first.kept == 0
    assert steps[-1] == (first.made, first.made)
    assert not clips.missing(clips.everything())
    stamps = {path: path.stat().st_mtime_ns for path in clips.folder.rglob("*")}
    again = await store(tmp_path).build()
    assert (again.made, again.kept) == (0, first.made)
    assert stamps == {path: path.stat().st_mtime_ns for path in clips.folder.rglob("*")}


async def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    first, second = store(tmp_path), store(tmp_path)
    await asyncio.gather(first.build(), second.build())
    assert not first.missing(first.everything())
    assert not list(first.folder.rglob(".*"))


async def test_only_a_changed_text_is_made_anew(tmp_path: Path) -> None:
    await store(tmp_path).build()
    changed = store(tmp_path, fa="greeting = درود\nbill = قبض { ID($bill) } است\n")
    assert changed.missing(changed.everything()) == ["fa/greeting"]
    assert (await changed.build()).made == 1


async def test_a_build_without_a_synthesiser_says_what_to_install(away: ClipStore) -> None:
    with pytest.raises(SpeechUnavailable, match="espeak-ng"):
        await away.build()


@pytest.mark.parametrize(
    ("command", "reason"), [("false", "exit code 1"), ("true", "no sound"), ("sleep 60", "longer")]
)
async def test_a_synthesiser_that_fails_is_told_of(command: str, reason: str) -> None:
    with pytest.raises(SpeechUnavailable, match=reason):
        await Synthesiser(command, seconds=0.3).speak("سلام", "fa")


async def test_speech_is_heard_in_both_languages(tmp_path: Path) -> None:
    clips = ClipStore(tmp_path / "prompts", espeak(), books(tmp_path / "texts"))
    refs = ["fa/greeting", "en/greeting", "fa/number/20-and", SAY]
    await clips.ensure(refs)
    for ref in refs:
        assert 0.2 < clips.seconds(ref) < 3
        assert np.abs(samples(clips.pcm(ref))).max() > 3000
    assert len({clips.pcm(ref) for ref in refs}) == len(refs)


async def test_asterisk_finds_a_clip_by_one_path_whatever_it_is_made_of(tmp_path: Path) -> None:
    clips = store(tmp_path)
    await clips.ensure(["fa/greeting", SAY, "pause/250", "beep"])
    for ref in ("fa/greeting", SAY, "pause/250", "beep"):
        path = clips.path(ref)
        assert path.is_absolute()
        assert "," not in str(path)
        assert {f.suffix for f in path.parent.glob(f"{path.name}.*")} >= {".wav", ".ulaw", ".alaw"}
    assert "آزادی" not in str(clips.path(SAY))


@pytest.mark.parametrize("ref", ["../../etc/passwd", "fa/../../x", "/etc/passwd", "say/../x", ""])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, ref: str) -> None:
    clips = store(tmp_path)
    assert clips.path(ref).resolve().is_relative_to(clips.folder)


async def test_a_clip_missing_at_run_time_is_spoken_and_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    clips = store(tmp_path)
    for _ in range(2):
        await clips.ensure(["fa/greeting"])
        clips.path("fa/greeting").with_suffix(".wav").unlink()
    await clips.ensure(["fa/greeting"])
    assert clips.source("fa/greeting") == "generated"
    assert np.abs(samples(clips.pcm("fa/greeting"))).max() > 3000
    assert len(caplog.records) == 1


@pytest.mark.parametrize("suffix", ["wav", "ulaw", "alaw"])
@pytest.mark.parametrize("kept", [0, 100])
async def test_a_clip_cut_off_while_calls_come_is_spoken_anew_and_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, suffix: str, kept: int
) -> None:
    caplog.set_level(logging.WARNING)
    await store(tmp_path).build()
    clips = store(tmp_path)
    file = clips.path("fa/greeting").with_suffix(f".{suffix}")
    whole = file.read_bytes()
    for _ in range(2):
        await clips.ensure(["fa/greeting"])
        assert file.read_bytes() == whole
        file.write_bytes(whole[:kept])
        assert clips.source("fa/greeting") == "missing"
    await clips.ensure(["fa/greeting"])
    assert file.read_bytes() == whole
    assert len(caplog.records) == 1


async def test_a_broken_clip_is_made_of_its_recording(tmp_path: Path) -> None:
    clips = store(tmp_path)
    clips.import_recording("fa/greeting", wav(tone(seconds=1.5)))
    clips.path("fa/greeting").with_suffix(".ulaw").write_bytes(b"")
    await clips.ensure(["fa/greeting"])
    assert clips.source("fa/greeting") == "recorded"
    assert clips.path("fa/greeting").with_suffix(".ulaw").stat().st_size == 12_000


async def test_speech_takes_over_where_a_recording_and_its_clip_are_broken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    clips = store(tmp_path)
    clips.import_recording("fa/greeting", wav(tone(seconds=1.5)))
    clips.path("fa/greeting").with_suffix(".wav").write_bytes(b"")
    (clips.folder / "recorded" / "fa" / "greeting.wav").write_bytes(b"")
    for _ in range(2):
        await clips.ensure(["fa/greeting"])
        assert clips.source("fa/greeting") == "generated"
        assert any(clips.pcm("fa/greeting"))
        assert not clips.missing(["fa/greeting"])
    told = [record.getMessage() for record in caplog.records]
    assert sum("broken recording" in message for message in told) == 1


async def test_without_a_synthesiser_a_clip_is_silence_of_about_its_length(
    away: ClipStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await away.ensure(["fa/greeting", SAY, "fa/nothing", "pause/250"])
    await away.ensure(["fa/greeting", SAY])
    assert not any(away.pcm("fa/greeting"))
    assert away.seconds("fa/greeting") < away.seconds(SAY) < 5
    assert away.path(SAY).with_name(f"{away.path(SAY).name}.ulaw").exists()
    assert away.missing(["fa/greeting", "pause/250"]) == ["fa/greeting"]
    assert "آزادی" not in caplog.text
    assert len([record for record in caplog.records if "no-such-program" in record.message]) == 1


async def test_nobody_waits_long_for_a_slow_synthesiser(tmp_path: Path) -> None:
    texts = books(tmp_path / "texts")
    slow = ClipStore(tmp_path / "prompts", Synthesiser("sleep 60"), texts, patience=0.2)
    async with asyncio.timeout(30):
        await slow.ensure(["fa/greeting", "fa/digit/1"])
        await slow.ensure(["fa/digit/2"])
    assert not any(slow.pcm("fa/digit/2"))


async def test_the_stand_in_makes_way_for_the_first_real_sound(
    away: ClipStore, tmp_path: Path
) -> None:
    await away.ensure(["fa/greeting"])
    clips = store(tmp_path)
    await clips.ensure(["fa/greeting"])
    assert any(clips.pcm("fa/greeting"))


async def test_an_older_sound_is_better_than_silence(away: ClipStore, tmp_path: Path) -> None:
    await store(tmp_path).ensure(["fa/greeting"])
    await away.ensure(["fa/greeting"])
    assert any(away.pcm("fa/greeting"))


async def test_a_recording_replaces_the_generated_clip(tmp_path: Path) -> None:
    clips = store(tmp_path)
    await clips.build()
    clips.import_recording("fa/greeting", wav(tone(seconds=1.5)))
    assert clips.source("fa/greeting") == "recorded"
    assert clips.seconds("fa/greeting") == pytest.approx(1.5, abs=0.05)
    assert not store(tmp_path).missing(["fa/greeting"])


async def test_a_recording_of_other_words_makes_way_for_speech(tmp_path: Path) -> None:
    store(tmp_path).import_recording("fa/greeting", wav(tone(seconds=1.5)))
    same = store(tmp_path, fa="greeting = «سلام»!\n")
    assert not list(same.outdated_recordings())
    changed = store(tmp_path, fa="greeting = درود\n")
    assert list(changed.outdated_recordings()) == ["fa/greeting"]
    await changed.build()
    assert changed.source("fa/greeting") == "generated"
    back = store(tmp_path)
    await back.build()
    assert back.source("fa/greeting") == "recorded"


def test_a_recording_that_cannot_be_used_changes_nothing(tmp_path: Path) -> None:
    clips = store(tmp_path)
    for sound in (b"noise", wav(tone(seconds=21, rate=8000), 8000)):
        with pytest.raises(BadRecording):
            clips.import_recording("fa/greeting", sound)
    with pytest.raises(KeyError):
        clips.import_recording("fa/nothing", wav(tone()))
    assert clips.missing(["fa/greeting"]) == ["fa/greeting"]
    assert not list(clips.folder.rglob("*.wav"))


@pytest.mark.parametrize("again", [False, True])
async def test_a_recording_much_longer_than_its_text_is_refused(
    tmp_path: Path, again: bool
) -> None:
    clips = store(tmp_path)
    await clips.build()
    if again:  # the generated clip is no longer there to compare with
        clips.import_recording("fa/number/4", wav(tone(seconds=2.4)))
    with pytest.raises(BadRecording, match=r"takes 15\.0 seconds, and speech of this text 0\.5"):
        clips.import_recording("fa/number/4", wav(tone(seconds=15)))
    assert clips.source("fa/number/4") == ("recorded" if again else "generated")


def test_a_recording_much_longer_than_its_text_is_refused_before_anything_is_built(
    tmp_path: Path,
) -> None:
    with pytest.raises(BadRecording, match="takes 15"):
        store(tmp_path).import_recording("fa/number/4", wav(tone(seconds=15)))
    store(tmp_path).import_recording("fa/number/4", wav(tone(seconds=2)))


async def test_what_a_caller_recorded_is_heard_until_it_is_pruned(tmp_path: Path) -> None:
    clips = store(tmp_path)
    clips.add_recording("ab12", wav(tone(seconds=2.0)))
    await clips.ensure(["recording/ab12", SAY, "fa/greeting"])
    assert clips.seconds("recording/ab12") == 2.0
    made = clips.path("recording/ab12").with_suffix(".wav").stat().st_mtime
    assert clips.prune(made - 60) == 0
    assert clips.prune(made + 60) == 8
    assert clips.missing(["recording/ab12", "fa/greeting"]) == ["recording/ab12"]


async def test_joined_clips_are_exactly_as_long_as_their_sum(tmp_path: Path) -> None:
    clips = store(tmp_path)
    refs = ["pause/300", "fa/bill-1", "fa/digit/7", "pause/250", "fa/digit/7-end", "fa/bill-2"]
    await clips.ensure(refs)
    whole = joined(clips, refs)
    sounds = [clips.pcm(ref) for ref in refs]
    assert whole.wav.endswith(b"".join(sounds))
    assert whole.seconds == pytest.approx(sum(map(audio.seconds, sounds)))
    assert whole.offsets[:2] == (0.0, 0.3)
    assert all(round(offset * 1000) % 20 == 0 for offset in whole.offsets)
    assert joined(clips, refs) is whole


async def test_a_new_recording_is_heard_in_what_was_joined_before(tmp_path: Path) -> None:
    clips = store(tmp_path)
    await clips.ensure(["fa/greeting"])
    before = joined(clips, ["fa/greeting"]).seconds
    store(tmp_path).import_recording("fa/greeting", wav(tone(seconds=before + 1)))
    assert joined(clips, ["fa/greeting"]).seconds > before + 0.9


def test_any_command_may_speak(tmp_path: Path) -> None:
    assert speaker(tmp_path).command.startswith("sh -c")
    with pytest.raises(ValueError, match="empty"):
        Synthesiser("")
