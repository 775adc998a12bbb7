"""The ``gooya`` command as a user runs it: a process, its output, its exit code."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from tests.conversations.people import Cast
from tests.servers.gooya import run_gooya

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working directory of a user, with everybody in the sandbox; shared by a file of tests."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "var").mkdir()
    list_subscribers(folder / "var" / "sandbox.db")
    return folder


@pytest.fixture(scope="module")
def people(home: Path) -> list[SubscriberCard]:
    """Subscribers with different phones whose next bill is to be paid; a test takes one away."""
    cards = list_subscribers(home / "var" / "sandbox.db")
    cast = Cast([card for card in cards if card.debt >= 0])
    return [cast.take("single") for _ in range(12)]


@pytest.fixture
def person(people: list[SubscriberCard]) -> SubscriberCard:
    return people.pop()


@pytest.fixture
def fresh(home: Path, tmp_path: Path) -> Path:
    """A working directory of a test's own."""
    shutil.copytree(home / "var", tmp_path / "var")
    return tmp_path


def runner(directory: Path) -> Run:
    """Run ``gooya`` in ``directory``; settings are keyword arguments (``GOOYA_…``)."""

    def run(*words: str, stdin: str = "", **settings: str) -> CompletedProcess[str]:
        done = run_gooya(words, settings, directory, stdin=stdin)
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        assert "Warning" not in done.stderr, done.stderr[-3000:]
        return done

    return run


@pytest.fixture
def gooya(home: Path) -> Run:
    return runner(home)
