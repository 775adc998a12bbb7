"""Where settings come from, and what is said of those that can't be used."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gooya.settings import Settings, settings_page
from tests.cli.conftest import Run, runner

ANY_PORT = "127.0.0.1:0"


def greeting(gooya: Run, number: int, **settings: str) -> str:
    """What a customer whom nobody knows yet is greeted with."""
    done = gooya("chat", "--from", f"0935000000{number}", stdin="سلام\n", **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[0]


def test_the_environment_goes_over_a_secret_file_over_the_toml_file_over_the_defaults(
    fresh: Path,
) -> None:
    gooya = runner(fresh)
    persian = greeting(gooya, 1)
    (fresh / "gooya.toml").write_text('language = "en"\n')
    english = greeting(gooya, 2)
    assert english != persian
    secret = fresh / "language"
    secret.write_text("fa\n")
    assert greeting(gooya, 3, GOOYA_LANGUAGE_FILE=str(secret)) == persian
    both = {"GOOYA_LANGUAGE_FILE": str(secret), "GOOYA_LANGUAGE": "en"}
    assert greeting(gooya, 4, **both) == english


def test_serve_explains_every_setting(gooya: Run) -> None:
    shown = gooya("serve", "--help").stdout
    for name in Settings.__struct_fields__:
        (line,) = [
            text for text in shown.splitlines() if text.split()[:1] == [f"GOOYA_{name.upper()}"]
        ]
        assert len(line.split()) > 2, f"{name} is not explained"


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"GOOYA_LANGUAGE": "de"}, "GOOYA_LANGUAGE: Invalid enum value 'de'; one of en, fa"),
        ({"GOOYA_RETENTION_DAYS": "0"}, "GOOYA_RETENTION_DAYS: "),
        ({"GOOYA_RETENTION_DAYS": "long"}, "GOOYA_RETENTION_DAYS: expected a whole number"),
        ({"GOOYA_DEMO": "maybe"}, "GOOYA_DEMO: expected 1 or 0"),
        ({"GOOYA_HTTP": "127.0.0.1:99999"}, "GOOYA_HTTP: expected host:port"),
        ({"GOOYA_SMS_KANNEL": "kannel"}, "GOOYA_SMS_KANNEL: expected host:port"),
        ({"GOOYA_DATABASE": "mysql://u:hush@h/x"}, "GOOYA_DATABASE: expected sqlite"),
        ({"GOOYA_DATABASE": "postgresql://u:hush@h:p/x"}, "GOOYA_DATABASE: expected sqlite"),
        ({"GOOYA_STATE": "memcached://hush"}, "GOOYA_STATE: expected redis"),
        (
            {"GOOYA_BACKEND_URL": "utility", "GOOYA_BACKEND_SECRET": "x"},
            "GOOYA_BACKEND_URL: expected",
        ),
        ({"GOOYA_SMS_KANNEL_URL": "kannel:13013"}, "GOOYA_SMS_KANNEL_URL: expected http"),
        ({"GOOYA_BACKEND_URL": "http://127.0.0.1:1"}, "GOOYA_BACKEND_SECRET is needed"),
        ({"GOOYA_SPOKEN_CODES": "kavenegar"}, "GOOYA_SPOKEN_CODES: kavenegar needs"),
        ({"GOOYA_SPOKEN_CODES": "asterisk"}, "GOOYA_ARI_URL is needed"),
        (
            {"GOOYA_SPOKEN_CODES": "asterisk", "GOOYA_ARI_URL": "http://a:b@127.0.0.1:1"},
            "GOOYA_ARI_DIAL: expected",
        ),
        ({"GOOYA_QUIET_HOURS": "22:00-8"}, "GOOYA_QUIET_HOURS: "),
        ({"GOOYA_SECRET_FILE": "nowhere"}, "GOOYA_SECRET_FILE: No such file"),
        ({"GOOYA_SMS_GATEWAY": "kavenegar"}, "GOOYA_SMS_SECRET is needed"),
        ({"GOOYA_DATA": "/proc/nowhere"}, "/proc/nowhere: No such file"),
        ({"GOOYA_HTTP": "0.0.0.0:8080"}, "open to everybody on 0.0.0.0"),
        (
            {
                "GOOYA_TELEGRAM_TOKEN": "1:a",
                "GOOYA_TELEGRAM_WEBHOOK": "https://gooya.example.ir",
            },
            "open to everybody on gooya.example.ir",
        ),
        (
            {"GOOYA_DEMO": "1", "GOOYA_SMS_GATEWAY": "kannel"},
            "GOOYA_DEMO: on the demo page everybody can be any customer",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_clear_line(
    gooya: Run, settings: dict[str, str], complaint: str
) -> None:
    done = gooya("serve", **({"GOOYA_HTTP": ANY_PORT} | settings))
    assert done.returncode == 1
    assert complaint in done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("langage = 1\n", "gooya.toml: there is no setting 'langage'; is 'language' meant?"),
        ("colour = 1\n", "gooya.toml: there is no setting 'colour'; `gooya serve --help`"),
        ("http = \n", "gooya.toml: Invalid value"),
        ("sms_line = 3000\n", "GOOYA_SMS_LINE: expected text, in quotes"),
    ],
)
def test_a_toml_file_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, content: str, complaint: str
) -> None:
    (tmp_path / "gooya.toml").write_text(content)
    done = runner(tmp_path)("serve")
    assert done.returncode == 1
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "sandbox"])
def test_a_port_that_is_taken_is_one_clear_line(gooya: Run, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ("--port", str(port)) if command == "sandbox" else ()
        done = gooya(command, *words, GOOYA_HTTP=f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert f"can't listen on 127.0.0.1:{port}: Address already in use. Choose" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command", ["demo", "chat", "call", "requests list", "sandbox", "sandbox subscribers"]
)
def test_a_data_folder_that_takes_no_file_is_one_clear_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "var").mkdir()
    for name in ("gooya.db", "sandbox.db"):
        # Not even root can make a file behind a link that leads nowhere.
        (tmp_path / "var" / name).symlink_to("/proc/nowhere/file")
    done = runner(tmp_path)(*command.split(), GOOYA_HTTP=ANY_PORT)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: var/")
    assert done.stderr.count("\n") == 1


def test_a_start_that_fails_late_is_one_clear_line_and_nothing_of_what_had_not_begun(
    tmp_path: Path,
) -> None:
    (tmp_path / "var" / "ivr-gooya.lock").mkdir(parents=True)
    ari = "http://gooya:hush@127.0.0.1:1"
    done = runner(tmp_path)("serve", GOOYA_HTTP=ANY_PORT, GOOYA_ARI_URL=ari)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: settings: GOOYA_DATA: can't write var/ivr-gooya.lock: Is a directory\n"
    )


def test_a_store_that_does_not_answer_ends_a_chat_with_one_clear_line(gooya: Run) -> None:
    done = gooya("chat", stdin="سلام\n", GOOYA_STATE="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: state store: ")
    assert done.stderr.count("\n") == 1


def test_the_settings_page_of_the_docs_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text("utf-8") == settings_page(), "python -m gooya.settings > docs/settings.md"
