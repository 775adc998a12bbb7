"""What is wrong with prompts is found: one broken example each, and nothing in a sound one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gooya.check.prompts import check_clips, check_pronunciation, check_voice, misread
from ivr import audio
from ivr.clips import ClipStore
from tests.prompts.sounds import MESSAGES, books, espeak, store, tone, wav

FAULTS = [
    ("fa", "مصرف شما kWh است", "another language"),
    ("en", "Your bill قبض", "another language"),
    ("fa", "کلید ۱ را بزنید", "digits"),
    ("en", "Press 1", "digits"),
    ("fa", "سپس # را بزنید", "# is read aloud"),
    ("fa", "روز/ماه", "/ is read aloud"),
    ("fa", "ستاره * یا درصد %", "% *"),
    ("fa", "قبض يک ماه", "Arabic"),
    ("fa", "كنتور", "Arabic"),
    ("fa", "بـرق", "tatweel"),
    ("fa", "ق.م. در قبض", "abbreviation"),
    ("fa", "عدد نه را بزنید", "نُه"),
    ("fa", "عددِ نه.", "نُه"),
    ("fa", "شمارهٔ نه", "نُه"),
    ("fa", "صفر نه یک", "نُه"),
    ("en", "e.g. the bill", "abbreviation"),
    ("en", "so many kWh", "abbreviation"),
]
SOUND = [
    ("fa", "«شناسهٔ قبض» را وارد کنید؛ سپس، کلید مربع را بزنید! (سی‌ام آبان)…"),
    ("fa", "عدد نُه را بزنید، نه هشت؛ شماره نهم، شماره نه‌تنها درست است و عدد نهصد"),
    ("fa", "لطفاً بُرد کنتور را بخوانید\u200f؟"),
    ("en", "Please key in the bill's id, then press the hash key: it is right - or not?"),
]


@pytest.mark.parametrize(("language", "text", "part"), FAULTS)
def test_a_text_that_is_spoken_otherwise_than_written_is_found(
    language: str, text: str, part: str
) -> None:
    [why] = misread(text, language)
    assert part in why


@pytest.mark.parametrize(("language", "text"), SOUND)
def test_a_text_that_is_spoken_as_written_is_not_found(language: str, text: str) -> None:
    assert list(misread(text, language)) == []


def voice_findings(folder: Path, persian: str) -> list[tuple[str, str]]:
    books(folder)
    (folder / "fa" / "test.ftl").write_text(persian, "utf-8")
    return [(finding.step, finding.text) for finding in check_voice(folder)]


def test_only_what_is_spoken_is_checked(tmp_path: Path) -> None:
    text = "greeting = کلید ۱\n    .voice = کلید یک\nbill = { ID($bill) }\n    .telegram = ۲\n"
    assert voice_findings(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a = الف { $x ->\n    [b] ب ۳\n   *[c] پ\n }\n", "digits"),
        ("a = { $name }\n", "$name is said by no function"),
        ("a = { SHOUT($name) }\n", "SHOUT() is no function"),
        ("a = { $x ->\n    [b] { $name }\n   *[c] پ\n }\n", "$name is said by no function"),
    ],
)
def test_every_variant_and_placeable_of_a_message_is_checked(
    tmp_path: Path, text: str, part: str
) -> None:
    [(step, why)] = voice_findings(tmp_path, text)
    assert step == "a"
    assert part in why


def test_a_message_with_the_name_of_another_clip_is_found(tmp_path: Path) -> None:
    text = "a = الف { NUMBER($n) } ب\na-2 = پ\ntoman = ت\n"
    found = voice_findings(tmp_path, text)
    assert [step for step, why in found if "name of another clip" in why] == ["a-2", "toman"]


@pytest.fixture
async def built(tmp_path: Path) -> ClipStore:
    clips = store(tmp_path)
    await clips.build()
    assert list(check_clips(clips)) == []
    return clips


def clip_findings(clips: ClipStore) -> list[tuple[str, str, str]]:
    return [(finding.step, finding.rule, finding.text) for finding in check_clips(clips)]


async def test_a_missing_clip_is_found(built: ClipStore) -> None:
    built.path("fa/greeting").with_suffix(".alaw").unlink()
    [(step, rule, _)] = clip_findings(built)
    assert (step, rule) == ("fa/greeting", "missing")


@pytest.mark.parametrize("suffix", ["wav", "ulaw", "alaw"])
@pytest.mark.parametrize("kept", [0, 100])
async def test_a_file_that_is_cut_off_is_found_and_made_anew(
    built: ClipStore, suffix: str, kept: int
) -> None:
    file = built.path("fa/greeting").with_suffix(f".{suffix}")
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    [(step, rule, _)] = clip_findings(built)
    assert (step, rule) == ("fa/greeting", "missing")
    assert (await built.build()).made == 1
    assert clip_findings(built) == []
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("silent", "silent"),
        ("clipped", "clipped"),
        ("levelled", "clipped"),
        ("long", "longer than 20"),
        ("fast", "8 kHz"),
    ],
)
async def test_a_sound_that_is_not_fit_is_found(built: ClipStore, name: str, part: str) -> None:
    sounds = {
        "silent": np.zeros(8000),
        "clipped": np.sign(tone(rate=8000)),
        "levelled": np.clip(tone(rate=8000, peak=3.0), -1, 1) * 0.7,
        "long": tone(seconds=21, rate=8000),
        "fast": tone(rate=8000),
    }
    path = built.path("fa/greeting")
    audio.write((sounds[name] * 32767).astype("<i2").tobytes(), path)
    if name == "fast":
        path.with_suffix(".wav").write_bytes(wav(sounds[name], 16_000))
    [(step, rule, text)] = clip_findings(built)
    assert (step, rule) == ("fa/greeting", "sound")
    assert part in text


async def test_a_recording_made_for_another_text_is_found(built: ClipStore, tmp_path: Path) -> None:
    built.import_recording("fa/greeting", wav(tone(seconds=1)))
    assert clip_findings(built) == []
    changed = store(tmp_path, fa=MESSAGES["fa"].replace("سلام", "درود"))
    await changed.build()
    [(step, rule, text)] = clip_findings(changed)
    assert (step, rule) == ("fa/greeting", "recording")
    assert "another text" in text


async def test_a_recording_much_longer_than_its_text_is_found(built: ClipStore) -> None:
    built.import_recording("fa/greeting", wav(tone(seconds=2)))
    assert clip_findings(built) == []
    long = (tone(seconds=15, rate=8000) * 32767).astype("<i2").tobytes()
    audio.write(long, built.path("fa/greeting"))  # as imported before lengths were compared
    [(step, rule, text)] = clip_findings(built)
    assert (step, rule) == ("fa/greeting", "sound")
    assert "takes 15.0 seconds, and speech of this text 0.5" in text


@pytest.mark.parametrize("kept", [0, 30, 5000])
async def test_a_broken_recording_is_found_and_stays_heard(built: ClipStore, kept: int) -> None:
    built.import_recording("fa/greeting", wav(tone(seconds=1)))
    heard = built.pcm("fa/greeting")
    recorded = built.folder / "recorded" / "fa" / "greeting.wav"
    recorded.write_bytes(recorded.read_bytes()[:kept])
    [(step, rule, text)] = clip_findings(built)
    assert (step, rule) == ("fa/greeting", "recording")
    assert "import it anew" in text
    assert (await built.build()).made == 0
    assert built.pcm("fa/greeting") == heard
    built.import_recording("fa/greeting", wav(tone(seconds=1)))
    assert clip_findings(built) == []


def test_a_text_that_the_synthesiser_reads_in_english_is_found(tmp_path: Path) -> None:
    texts = books(tmp_path, fa="greeting = سلام / درود\nbill = قبض\n")
    clips = ClipStore(tmp_path / "prompts", espeak(), texts)
    assert [(f.step, f.rule) for f in check_pronunciation(clips)] == [("fa/greeting", "language")]
