"""What lists, checks and measures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend_adapter.sandbox import SubscriberCard
from tests.cli.conftest import Run, runner


def lines(text: str) -> list[Any]:
    """One JSON object a line."""
    return [json.loads(line) for line in text.splitlines()]


def test_help_names_every_command(gooya: Run) -> None:
    done = gooya("--help")
    assert done.returncode == 0
    for command in (
        *("serve", "demo", "chat", "sandbox", "services", "check", "outbox", "requests"),
        *("attachments", "handoffs", "customers", "db", "doctor", "answers", "sms"),
    ):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("services", "show", "tea"), "no service 'tea'; known: "),
        (("services", "diagram", "tea"), "no service 'tea'; known: "),
        (("requests", "show", "1234567890"), "no request 1234567890"),
        (("customers", "forget", "123", "--yes"), "'123' is no phone number of Iran"),
        (("outbox", "show", "77"), "no outbox row 77"),
        (("answers", "parse", "colour"), "unknown answer type 'colour'; known: bill_id"),
        (("answers", "parse", "number", "--spec", "{"), "--spec is no JSON object"),
    ],
)
def test_what_does_not_exist_is_said_in_one_line(
    gooya: Run, words: tuple[str, ...], complaint: str
) -> None:
    done = gooya(*words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_shipped_catalogue_passes_its_own_check(gooya: Run) -> None:
    done = gooya("check")
    assert (done.returncode, done.stdout) == (0, "All is well.\n")
    assert json.loads(gooya("check", "--json").stdout) == []


def test_the_sandbox_lists_whom_one_may_play(gooya: Run, person: SubscriberCard) -> None:
    listed = json.loads(gooya("sandbox", "subscribers", "--json").stdout)
    assert len(listed) == 400
    mine = next(card for card in listed if card["bill_id"] == person.bill_id)
    assert (mine["mobile"], mine["values"]) == (person.mobile, person.values)


def test_answers_are_parsed_line_by_line(gooya: Run) -> None:
    done = gooya("answers", "parse", "bill_id", stdin="۹۹۸۵۲۳۵۴۰۴۱۲۴\n9985235404125\nسلام\n")
    right, wrong_digit, letters = lines(done.stdout)
    assert right == {"value": "9985235404124"}
    assert set(wrong_digit) == {"error", "message"}
    assert letters["message"]
    done = gooya("answers", "parse", "number", "--spec", '{"min": 5}', stdin="4\n")
    assert "error" in lines(done.stdout)[0]


def test_segments_are_counted_line_by_line(gooya: Run) -> None:
    done = gooya("sms", "segments", stdin=f"hello\n{'س' * 70}\n{'س' * 71}\nسلام\\nسلام\n")
    assert [(row["encoding"], row["units"], row["segments"]) for row in lines(done.stdout)] == [
        ("gsm7", 5, 1),
        ("ucs2", 70, 1),
        ("ucs2", 71, 2),
        ("ucs2", 9, 1),
    ]


def test_the_database_can_be_upgraded_again(tmp_path: Path) -> None:
    gooya = runner(tmp_path)
    for _ in range(2):
        done = gooya("db", "upgrade")
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")
    assert (tmp_path / "var" / "gooya.db").exists()


def test_operators_see_an_empty_list_where_nobody_wrote_yet(tmp_path: Path) -> None:
    gooya = runner(tmp_path)
    assert json.loads(gooya("outbox", "list", "--json").stdout) == []
    assert json.loads(gooya("requests", "list", "--json").stdout) == []
    assert json.loads(gooya("handoffs", "list", "--json").stdout) == []


def test_the_doctor_finds_a_good_house_well(gooya: Run) -> None:
    assert gooya("db", "upgrade").returncode == 0
    done = gooya("doctor")
    assert done.returncode == 0, done.stdout
    database, state, telephone, messengers, backend = done.stdout.splitlines()
    assert (database, state) == ("database: ok", "state store: ok")
    assert telephone.startswith("telephone: not connected (GOOYA_ARI_URL)")
    assert messengers == "messengers: none (GOOYA_TELEGRAM_TOKEN, GOOYA_BALE_TOKEN)"
    assert backend == "backend: the embedded sandbox"


def test_the_doctor_finds_an_empty_folder_well_and_names_a_variable_that_is_no_setting(
    tmp_path: Path,
) -> None:
    done = runner(tmp_path)("doctor", GOOYA_TELEGRM_TOKEN="1:hush", GOOYA_SECRET_FILE="/dev/null")
    assert done.returncode == 0, done.stdout
    settings, database, *_ = done.stdout.splitlines()
    assert settings.startswith("settings: there is no GOOYA_TELEGRM_TOKEN")
    assert database.startswith("database: new")
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "part", "advice"),
    [
        ({"GOOYA_STATE": "redis://127.0.0.1:1/0"}, "state store", "GOOYA_STATE"),
        ({"GOOYA_DATABASE": "postgresql://u:hush@127.0.0.1:1/x"}, "database", "GOOYA_DATABASE"),
        ({"GOOYA_BACKEND_URL": "http://127.0.0.1:1"}, "backend", "GOOYA_BACKEND_URL"),
        ({"GOOYA_BACKEND_URL": "http://127.0.0.1:1"}, "settings", "GOOYA_BACKEND_SECRET"),
        ({"GOOYA_NLU": "http://127.0.0.1:1"}, "rasa", "GOOYA_NLU_TOKEN"),
        (
            {"GOOYA_TELEGRAM_TOKEN": "1:hush", "GOOYA_TELEGRAM_API": "http://127.0.0.1:1"},
            "telegram",
            "GOOYA_TELEGRAM_TOKEN",
        ),
    ],
)
def test_the_doctor_names_what_does_not_answer_and_what_to_do(
    gooya: Run, settings: dict[str, str], part: str, advice: str
) -> None:
    done = gooya("doctor", **settings)
    assert done.returncode == 1
    (ailing,) = [line for line in done.stdout.splitlines() if advice in line]
    assert ailing.startswith(f"{part}: ")
    assert not ailing.startswith(f"{part}: ok")
    assert "hush" not in done.stdout + done.stderr
