"""``gooya nlu inbox``: what was not understood, from the customer's message to the training data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dialogs.nlu.data import training
from tests.cli.conftest import Run, runner

DATA = Path(__file__).parents[2] / "nlu_data"
PHONE = "+989121112233"
UNCLEAR = "یه چیزی راجع به کنتور میخواستم شماره‌ام ۰۹۱۲ ۱۱۱ ۲۲ ۳۳"


@pytest.fixture
def gooya(fresh: Path) -> Run:
    shutil.copytree(DATA, fresh / "nlu_data")
    return runner(fresh)


def say(gooya: Run, *texts: str, inbox: str = "1") -> None:
    lines = "".join(f"{text}\n" for text in texts)
    done = gooya("chat", "--from", PHONE, stdin=lines, GOOYA_NLU_INBOX=inbox)
    assert done.returncode == 0, done.stderr


def listed(gooya: Run) -> list[dict[str, Any]]:
    done = gooya("nlu", "inbox", "--json")
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_nothing_is_kept_unless_somebody_wants_to_learn(gooya: Run) -> None:
    say(gooya, UNCLEAR, "qwe asd zxc", inbox="0")
    assert listed(gooya) == []


def test_a_text_that_was_asked_back_is_listed_masked_with_what_its_customer_came_to(
    gooya: Run,
) -> None:
    say(gooya, UNCLEAR, "2")
    [row] = listed(gooya)
    assert row["text"] == "یه چیزی راجع به کنتور میخواستم شماره‌ام 0000 000 00 00"
    assert len(row["ranking"]) == 3
    assert row["chosen"] not in (None, row["offered"])
    table = gooya("nlu", "inbox").stdout
    assert "میخواستم" in table
    assert row["chosen"] in table
    assert "۱۱۱" not in table


def test_a_first_guess_that_was_right_and_a_text_that_was_understood_are_not_kept(
    gooya: Run,
) -> None:
    say(gooya, UNCLEAR, "1", "منو", "تست کنتور میخوام")
    assert listed(gooya) == []


def test_a_text_that_was_not_understood_is_kept_with_the_service_that_was_chosen_later(
    gooya: Run,
) -> None:
    say(gooya, "qwe asd zxc", "1")
    [row] = listed(gooya)
    assert (row["offered"], row["chosen"]) == (None, "submit_meter_reading")


def test_a_labelled_text_becomes_an_utterance_with_its_values_and_leaves_the_inbox(
    gooya: Run, fresh: Path
) -> None:
    say(gooya, "qwe [asd] فردا zxc - rty", "qwe asd zxc")
    first, second = (str(row["id"]) for row in listed(gooya))
    for id_, intent in ((first, "temporary_disconnection"), (second, "out_of_scope")):
        done = gooya("nlu", "inbox", "label", id_, intent)
        assert done.returncode == 0, done.stderr
    assert listed(gooya) == []
    collected = {u.text: u for u in training(fresh / "nlu_data")}
    assert collected["qwe asd zxc"].intent == "out_of_scope"
    learnt = collected["qwe asd فردا zxc - rty"]
    assert learnt.intent == "temporary_disconnection"
    assert learnt.entities == (("date", "فردا"),)


def test_the_same_utterance_is_not_taught_twice(gooya: Run, fresh: Path) -> None:
    say(gooya, "qwe asd zxc", "qwe asd zxc")
    for row in listed(gooya):
        done = gooya("nlu", "inbox", "label", str(row["id"]), "out_of_scope")
        assert done.returncode == 0, done.stderr
    assert "already" in done.stdout
    text = (fresh / "nlu_data" / "data" / "nlu" / "collected.yml").read_text("utf-8")
    assert text.count("qwe asd zxc") == 1


def test_a_text_can_be_dropped_and_an_unknown_one_or_a_wrong_intent_is_named(gooya: Run) -> None:
    say(gooya, "qwe asd zxc")
    [row] = listed(gooya)
    id_ = str(row["id"])
    assert "no text 99" in gooya("nlu", "inbox", "drop", "99").stderr
    assert "'weather'" in gooya("nlu", "inbox", "label", id_, "weather").stderr
    nowhere = gooya("nlu", "inbox", "label", id_, "help", "--data", "var")
    assert nowhere.returncode == 1
    assert "no training files" in nowhere.stderr
    assert gooya("nlu", "inbox", "drop", id_).returncode == 0
    assert listed(gooya) == []
