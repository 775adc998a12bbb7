"""Recordings of one call: which report is of which, and what is kept of them."""

from __future__ import annotations

from ivr.audio import BadRecording
from ivr.line import Recorded
from ivr.recorder import Recorder
from tests.ivr.scripted_line import Clips, ScriptedLine


async def keep(sound: bytes, seconds: float) -> str:
    return "a" * 32


async def test_the_report_of_a_recording_that_was_stopped_is_not_of_the_next_one() -> None:
    line = ScriptedLine()
    recorder = Recorder(line, keep, Clips().add_recording)
    assert await recorder.start(60)
    await recorder.stop()
    assert await recorder.start(60)
    first, second = line.recordings
    assert not recorder.is_of(Recorded(first, b"RIFF", 3.0))
    assert recorder.is_of(Recorded(second, b"RIFF", 3.0))


async def test_what_a_former_process_records_is_stopped_whatever_its_turn() -> None:
    line = ScriptedLine()
    former = Recorder(line, keep, Clips().add_recording)
    for _ in range(3):
        await former.start(60)
    await Recorder(line, keep, Clips().add_recording).stop_former()
    assert set(line.stopped_recordings) == set(line.recordings)


async def test_a_sound_that_can_be_no_clip_is_told_as_unreadable() -> None:
    def refuse(id_: str, sound: bytes) -> None:
        raise BadRecording("no sound")

    recorder = Recorder(ScriptedLine(), keep, refuse)
    await recorder.start(60)
    assert await recorder.kept(Recorded("any", b"noise", 3.0), 1) == "unreadable"
