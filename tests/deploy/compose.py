"""The compose project as data, for tests that check it and tests that run its commands."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"

_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?\}")


class ServiceCommand(NamedTuple):
    """What a container of one service would run."""

    argv: tuple[str, ...]
    environment: dict[str, str]
    """As the container sees it; values that name ``/run/secrets/<name>`` are secrets' files."""
    secrets: tuple[str, ...]
    built_here: bool
    """Whether the image is the project's own ``Dockerfile``: ``argv`` is then a ``gooya`` command."""


def load(path: Path = COMPOSE) -> dict[str, Any]:
    """A compose file with its anchors and merge keys resolved, variables left as they are."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


def schema() -> dict[str, Any]:
    """The compose specification's own JSON schema, as the package ``check-jsonschema`` ships it.

    Raises AssertionError when the package is missing: an unchecked file must not pass for a good one.
    """
    package = importlib.util.find_spec("check_jsonschema")
    assert package is not None, "install check-jsonschema: it ships the compose schema"
    assert package.origin is not None
    path = Path(package.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def expand(value: str, variables: dict[str, str] | None = None) -> str:
    """``${NAME:-default}`` as compose fills it in; without ``variables`` every default holds."""
    given = variables or {}
    return _VARIABLE.sub(lambda found: given.get(found[1]) or found[2] or "", value)


def _environment(given: dict[str, object], variables: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        if value is not None:
            yield key, expand(str(value), variables)
        elif key in variables:  # a key without a value is passed on where it is set
            yield key, variables[key]


def service_commands(variables: dict[str, str] | None = None) -> dict[str, ServiceCommand]:
    """Command line, environment and secrets of every service, by its name.

    ``variables`` are those of the shell that runs compose. A service without a command of its own is
    an error of the file: nothing here guesses an image's default.
    """
    commands = {}
    for name, service in load()["services"].items():
        commands[name] = ServiceCommand(
            argv=tuple(expand(str(word), variables) for word in service["command"]),
            environment=dict(_environment(service.get("environment", {}), variables or {})),
            secrets=tuple(service.get("secrets", ())),
            built_here=service.get("build") == ".",
        )
    return commands
