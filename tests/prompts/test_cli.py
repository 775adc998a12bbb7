"""``gooya prompts`` and ``gooya say``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gooya.cli.prompts import prompts
from gooya.cli.say import say
from tests.prompts.sounds import speaker, tone, wav


class Home:
    """A user's folder with the product's own messages and a quick synthesiser."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clips = folder / "prompts"
        self._settings = {
            "GOOYA_IVR_PROMPTS": str(self.clips),
            "GOOYA_IVR_SPEECH": speaker(folder).command,
        }

    def __call__(self, *words: str | Path, **settings: str) -> Result:
        environment = {**self._settings, **settings}
        return CliRunner().invoke(prompts, [str(word) for word in words], env=environment)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def built(home: Home) -> Home:
    done = home("build")
    assert done.exit_code == 0, done.output
    return home


def test_building_says_what_was_made_and_the_second_time_nothing(built: Home) -> None:
    assert built("build").stdout.startswith("0 clips made, ")


def test_a_build_without_a_synthesiser_fails_with_advice(tmp_path: Path) -> None:
    done = Home(tmp_path)("build", GOOYA_IVR_SPEECH="no-such-program")
    assert done.exit_code == 1
    assert "install it" in done.output
    assert "Traceback" not in done.output


def test_every_clip_is_listed_with_text_and_length(built: Home) -> None:
    rows = {row["id"]: row for row in json.loads(built("list", "--json").stdout)}
    row = rows["fa/number/20-and"]
    assert (row["language"], row["source"], row["text"]) == ("fa", "generated", "بیست و")
    assert row["seconds"] == pytest.approx(0.5, abs=0.05)
    assert "fa/number/20-and" in built("list").stdout


def test_a_message_is_written_with_its_placeables(built: Home, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    done = built("say", "reading-done", "--arg", "code=7705602008", "-o", out)
    assert done.exit_code == 0, done.output
    assert "هفت هفت صفر، پنج شش صفر، دو صفر صفر هشت" in done.stdout
    assert out.read_bytes()[:4] == b"RIFF"


def test_a_clip_and_any_text_can_be_said(built: Home, tmp_path: Path) -> None:
    for what in ("fa/number/5", "سلام بر شما"):
        assert built("say", what, "-o", tmp_path / "out.wav").exit_code == 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("reading-done",), "needs --arg code"),
        (("reading-done", "--arg", "x=1"), "K one of: code"),
        (("row-reading", "--arg", "value=many"), "whole number"),
        (("سلام", "--arg", "x=1"), "no message"),
    ],
)
def test_wrong_arguments_get_a_clear_answer(built: Home, words: tuple[str, ...], part: str) -> None:
    done = built("say", *words)
    assert done.exit_code == 2
    assert part in done.output


def test_what_is_exported_and_recorded_can_be_imported(built: Home, tmp_path: Path) -> None:
    sheet, studio = tmp_path / "sheet.csv", tmp_path / "studio"
    assert built("export", sheet).exit_code == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["fa/number/20-and"]["text"] == "بیست و"
    assert "«و»" in rows["fa/number/20-and"]["where"]
    studio.mkdir()
    for ref in ("fa/number/20-and", "en/day/3"):
        (studio / rows[ref]["file"]).write_bytes(wav(tone(seconds=1.0)))
    (studio / "fa" / "number").mkdir(parents=True)
    (studio / "fa" / "number" / "5.wav").write_bytes(wav(tone(seconds=1.0)))
    done = built("import", studio)
    assert (done.exit_code, done.stdout) == (0, "3 recordings taken, 0 refused\n")
    listed = {row["id"]: row for row in json.loads(built("list", "--json").stdout)}
    assert {ref for ref, row in listed.items() if row["source"] == "recorded"} == {
        *("fa/number/20-and", "en/day/3", "fa/number/5"),
    }


def test_an_import_says_what_was_refused_and_why(built: Home, tmp_path: Path) -> None:
    (tmp_path / "fa.nowhere.wav").write_bytes(wav(tone()))
    (tmp_path / "fa.number.6.wav").write_bytes(b"no sound")
    done = built("import", tmp_path, "--json")
    assert done.exit_code == 1
    result = json.loads(done.stdout)
    assert result["taken"] == 0
    assert [(file["file"], file["why"].split(";")[0]) for file in result["refused"]] == [
        ("fa.nowhere.wav", "no clip has this name"),
        ("fa.number.6.wav", "it is no WAV file"),
    ]


def test_the_check_names_what_is_missing(built: Home, tmp_path: Path) -> None:
    def missing(home: Home) -> list[str]:
        done = home("check", "--json")
        found = json.loads(done.stdout)
        assert done.exit_code == (1 if found else 0)
        return [finding["step"] for finding in found if finding["rule"] == "missing"]

    assert missing(built) == []
    assert "fa/number/5" in missing(Home(tmp_path))


SAID = [
    ("number", "1,234", "هزار و دویست و سی و چهار"),
    ("number", "۱۲۳", "صد و بیست و سه"),
    ("money", "1234000", "صد و بیست و سه هزار و چهارصد تومان"),
    ("date", "1403/12/30", "سی‌ام اسفند سال هزار و چهارصد و سه"),
    ("date", "2025-03-20", "سی‌ام اسفند سال هزار و چهارصد و سه"),
    ("time", "07:30", "ساعت هفت و سی دقیقه"),
    ("id", "9985235404124", "نه نه هشت پنج، دو سه پنج چهار، صفر چهار یک دو چهار"),
    ("kwh", "250", "دویست و پنجاه کیلووات ساعت"),
    ("option", "3", "عدد سه"),
]


@pytest.mark.parametrize(("kind", "text", "words"), SAID)
def test_a_value_is_said_in_words(kind: str, text: str, words: str) -> None:
    done = CliRunner().invoke(say, ["--as", kind], input=f"{text}\n")
    assert json.loads(done.stdout) == {"input": text, "words": words}


@pytest.mark.parametrize("kind", ["number", "money", "date", "time", "id", "kwh", "option"])
def test_what_cannot_be_said_gets_an_error_and_the_next_line_its_words(kind: str) -> None:
    good = {"date": "1405/1/1", "time": "7:30"}.get(kind, "1")
    done = CliRunner().invoke(say, ["--as", kind, "--language", "en"], input=f"؟\n\n{good}\n")
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert first["error"]
    assert second["error"]
    assert third["words"]
