"""``gooya nlu``, as one types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gooya.cli import main

DATA = Path(__file__).parents[2] / "nlu_data"


def run(*arguments: str | Path, input: str | None = None) -> Result:
    return CliRunner().invoke(main, ["nlu", *map(str, arguments)], input=input)


def test_each_line_is_understood_in_one_object() -> None:
    done = run("parse", input="ghabz barghamo mikham\n\nکنتور ۴۵۲۳۱\n")
    assert done.exit_code == 0
    first, empty, last = map(json.loads, done.stdout.splitlines())
    assert first["intent"] == "declare_debt_balance"
    assert (empty["intent"], empty["ranking"]) == ("out_of_scope", [])
    assert last["entities"] == [
        {"name": "meter_reading", "text": "۴۵۲۳۱", "value": 45231, "start": 6, "end": 11}
    ]


def test_the_model_was_trained_on_the_data_and_is_no_worse_than_the_last_release() -> None:
    done = run("test", "--data", DATA)
    assert done.exit_code == 0, done.output
    for title in ("macro_f1", "confusions", "out of scope", "confidence"):
        assert title in done.stdout


def test_a_regression_and_a_stale_model_fail(tmp_path: Path) -> None:
    data = tmp_path / "nlu_data"
    shutil.copytree(DATA, data)
    figures = json.loads((data / "figures.json").read_text())
    (data / "figures.json").write_text(json.dumps(figures | {"macro_f1": 0.999}))
    done = run("test", "--data", data)
    assert done.exit_code == 1
    assert "macro_f1" in done.stderr
    with (data / "data" / "nlu" / "acts.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: affirm\n  examples: |\n    - یک جمله‌ی تازه\n")
    done = run("test", "--data", data)
    assert done.exit_code == 1
    assert "gooya nlu train" in done.stderr


def test_training_writes_a_model_that_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "nlu"
    folder.mkdir(parents=True)
    lines = "\n".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in {
            "reconnect": ("برق را وصل کنید", "وصل کنید برق را لطفا", "برق وصل شود"),
            "payment_history": ("چه پرداخت کرده‌ام", "پرداخت‌ها را بگویید", "پرداخت من"),
        }.items()
    )
    (folder / "services.yml").write_text(f'version: "3.1"\nnlu:\n{lines}', encoding="utf-8")
    model = tmp_path / "model.zip"
    done = run("train", "--data", tmp_path, "--model", model)
    assert done.exit_code == 0, done.output
    understood = json.loads(run("parse", "--model", model, input="وصل برق\n").stdout)
    assert understood["intent"] == "reconnect"


@pytest.mark.parametrize("command", ["train", "test"])
def test_a_folder_without_data_is_named(command: str, tmp_path: Path) -> None:
    model = tmp_path / "model.zip"
    done = run(
        command, "--data", tmp_path / "nowhere", *(["--model", model] if command == "train" else [])
    )
    assert done.exit_code == 1
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.output
