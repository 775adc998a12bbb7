"""The 31st service of docs/write-a-service.md: one more file, and no other change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from tests.e2e.loop import tracking_codes

ROOT = Path(__file__).parents[2]
PACKAGES = ("dialogs", "bots", "ivr", "backend_adapter", "gooya", "nlu_data")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with the example among its services."""
    folder = tmp_path_factory.mktemp("extended")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "docs/examples/duplicate_bill.yaml", folder / "dialogs/services")
    return folder


@pytest.fixture(scope="module")
def people(extended: Path) -> Iterator[SubscriberCard]:
    (extended / "var").mkdir()
    cards = list_subscribers(extended / "var" / "sandbox.db")
    return (card for card in cards if card.mobile and "demo" not in card.hint)


@pytest.fixture
def person(people: Iterator[SubscriberCard]) -> SubscriberCard:
    """Somebody whose request of another test is not open: it would be shown instead."""
    return next(people)


def gooya(folder: Path, *words: str, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gooya", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_file_passes_the_checks_and_it_is_listed(extended: Path) -> None:
    gooya(extended, "check")
    listed = json.loads(gooya(extended, "services", "list", "--json"))
    assert "duplicate_bill" in [service["key"] for service in listed]


def test_it_is_filed_by_sms_from_the_menus(extended: Path, person: SubscriberCard) -> None:
    script = f"منو\n2\nقبض المثنی\n{person.bill_id}\n1\n1\n"
    output = gooya(extended, "chat", "--from", str(person.mobile), stdin=script)
    assert "روش تحویل: دریافت از دفتر" in output
    assert len(tracking_codes([output])) == 1
    assert "چاپ قبض" in output


def test_it_is_filed_in_a_chat(extended: Path, person: SubscriberCard) -> None:
    script = f"قبض المثنی {person.bill_id}\nارسال پستی\n1\n"
    words = ("chat", "--channel", "telegram", "--from", str(person.mobile))
    assert len(tracking_codes([gooya(extended, *words, stdin=script)])) == 1


def test_it_is_filed_on_the_phone_and_said_in_the_menu(
    extended: Path, person: SubscriberCard
) -> None:
    # The group of bills; the service, beside its topics; a bill id; at an office; right.
    script = f"2\n5\n{person.bill_id}#\n1\n1\n"
    output = gooya(extended, "call", "--from", str(person.mobile), stdin=script)
    assert "برای قبض المثنی" in output
    assert "قبض المثنی ثبت شد" in output
