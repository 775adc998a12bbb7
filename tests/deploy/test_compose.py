"""The compose file and the image's recipe, checked without a container engine."""

from __future__ import annotations

import copy
import fnmatch
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gooya.settings import Settings
from tests.deploy.compose import COMPOSE, ROOT, expand, load, schema, service_commands

FILES = [COMPOSE, ROOT / "deploy" / "kavenegar.yml"]
SERVICES = load()["services"]
OWN = [name for name, command in service_commands().items() if command.built_here]


def errors(document: dict[str, Any]) -> list[str]:
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema()).iter_errors(document)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_follows_the_compose_specification(path: Path) -> None:
    assert errors(load(path)) == []


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [
        ("redis", "comand", ["redis-server"]),
        ("app-web", "depends_on", {"redis": {"condition": "service_alive"}}),
        ("postgres", "secrets", "postgres-password"),
    ],
)
def test_the_schema_finds_a_mistake(service: str, key: str, value: object) -> None:
    broken = copy.deepcopy(load())
    broken["services"][service][key] = value
    assert errors(broken) != []


def test_all_parts_are_there_and_some_only_on_request() -> None:
    assert set(SERVICES) == {
        "app-web",
        "app-worker",
        "app-ivr",
        "app-ivr-standby",
        "migrate",
        "redis",
        "postgres",
        "sandbox",
        "kannel",
    }
    on_request = {n: s["profiles"] for n, s in SERVICES.items() if "profiles" in s}
    assert on_request == {"kannel": ["kannel"], "app-ivr": ["phone"], "app-ivr-standby": ["phone"]}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_tells_whether_it_is_healthy_and_starts_again(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["healthcheck"] == {"disable": True}
        assert service["restart"] == "on-failure"
    else:
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_become_true(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        disabled = SERVICES[other]["healthcheck"].get("disable", False)
        expected = "service_completed_successfully" if disabled else "service_healthy"
        assert how["condition"] == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_secret_comes_from_a_file_that_the_service_is_given(path: Path) -> None:
    document = load(path)
    for name, service in document["services"].items():
        read = [
            value.removeprefix("/run/secrets/")
            for key, value in service.get("environment", {}).items()
            if key.endswith("_FILE")
        ]
        assert sorted(read) == sorted(service.get("secrets", [])), name
        assert set(read) <= set(document["secrets"]), name
        for key in service.get("environment", {}):
            assert key.endswith("_FILE") or not re.search("PASSWORD|SECRET|KEY|DATABASE", key), key


def test_state_lives_on_named_volumes_and_all_of_them_are_used() -> None:
    mounted = {
        expand(volume).partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert mounted == set(load()["volumes"])


def test_only_the_web_process_is_reachable_and_only_from_this_machine_unless_told_otherwise() -> (
    None
):
    published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
    assert list(published) == ["app-web"]
    assert [expand(port) for port in published["app-web"]] == ["127.0.0.1:8080:8080"]


def test_the_commands_of_our_image_are_gooya_commands() -> None:
    commands = service_commands()
    assert {name: commands[name].argv[:2] for name in OWN} == {
        "migrate": ("gooya", "db"),
        "app-web": ("gooya", "serve"),
        "app-ivr": ("gooya", "serve"),
        "app-ivr-standby": ("gooya", "serve"),
        "app-worker": ("gooya", "serve"),
        "sandbox": ("gooya", "sandbox"),
    }
    assert commands["app-web"].environment["GOOYA_SMS_GATEWAY"] == "simulator"
    real = service_commands({"GOOYA_SMS_GATEWAY": "kannel", "GOOYA_DEMO": "0"})
    assert real["app-web"].environment["GOOYA_SMS_GATEWAY"] == "kannel"
    assert real["app-worker"].environment["GOOYA_DEMO"] == "0"


def test_every_setting_can_be_given_to_the_containers_and_has_the_product_s_default_otherwise() -> (
    None
):
    names = {f"GOOYA_{name.upper()}" for name in Settings.__struct_fields__}
    telephone = SERVICES["app-ivr"]["environment"]
    assert names - {key.removesuffix("_FILE") for key in telephone} == {
        "GOOYA_DATA",
        "GOOYA_STAGE_SECONDS",  # of the embedded sandbox
        # In deploy/kavenegar.yml, or in a file like it for a Kannel over HTTP.
        *(name for name in names if name.startswith(("GOOYA_SMS_KAVENEGAR_", "GOOYA_SMS_KANNEL_"))),
    }
    commands = service_commands({"GOOYA_QUIET_HOURS": "21-9", "GOOYA_NLU": "http://rasa:5005"})
    for name in ("app-web", "app-worker", "app-ivr"):
        environment = commands[name].environment
        assert environment["GOOYA_QUIET_HOURS"] == "21-9", name
        assert environment["GOOYA_NLU"] == "http://rasa:5005", name
        assert "GOOYA_OPERATOR_HOURS" not in environment, name


def test_the_second_process_for_the_calls_waits_for_a_lock_that_both_may_write() -> None:
    assert SERVICES["app-ivr-standby"] == SERVICES["app-ivr"]
    folder = f"/var/lib/gooya/{Settings().data}"
    assert f"calls:{folder}" in SERVICES["app-ivr"]["volumes"]
    owned = next(words for words in _instructions() if "-o" in words)
    assert folder in owned  # a new volume takes its owner from there


def test_the_script_makes_every_secret_once_and_the_database_url_holds_the_password(
    tmp_path: Path,
) -> None:
    create = ROOT / "deploy" / "secrets" / "create"
    folder = tmp_path / "secrets"
    subprocess.run([create, folder], check=True, capture_output=True)
    needed = {Path(secret["file"]).name for secret in load()["secrets"].values()}
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(made) == needed
    assert len(set(made.values())) == len(made)
    assert made["postgres-password"] in made["database"]
    assert all(len(content) >= 32 for content in made.values())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    subprocess.run([create, folder], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == made


def _instructions() -> list[list[str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [
        shlex.split(line)
        for line in text.splitlines()
        if line and not line.lstrip().startswith("#")
    ]


def _copied() -> set[str]:
    """What the image takes from the checkout."""
    return {
        source.rstrip("/")
        for name, *words in _instructions()
        if name == "COPY" and not words[0].startswith("--from")
        for source in words[:-1]
    }


def test_the_image_is_built_from_files_that_exist_and_reach_the_builder() -> None:
    ignored = [
        pattern
        for pattern in (ROOT / ".dockerignore").read_text().splitlines()
        if pattern and not pattern.startswith("#")
    ]
    for source in _copied():
        assert (ROOT / source).exists(), source
        assert not any(fnmatch.fnmatch(source, pattern) for pattern in ignored), source
    assert "deploy" in ignored  # where the secrets are


def test_the_image_holds_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) | {"pyproject.toml", "requirements.lock"} <= _copied()


def test_the_image_installs_only_what_the_lock_names_and_does_not_run_as_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    installs = re.findall(r"pip install ([^\n&\\]+)", text)
    assert [install.split() for install in installs] == [
        ["--require-hashes", "-r", "requirements.lock"],
        ["--no-deps", "."],
    ]
    final = [words for words in _instructions() if words[0] in ("FROM", "USER", "HEALTHCHECK")]
    last_stage = final[[i for i, words in enumerate(final) if words[0] == "FROM"][-1] :]
    assert ["USER", "gooya"] in last_stage
    assert any("/healthz" in " ".join(words) for words in last_stage)
