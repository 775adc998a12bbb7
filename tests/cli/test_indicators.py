"""``gooya services indicators``: for a person and for a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend_adapter.sandbox import SubscriberCard
from gooya.cli import main
from tests.cli.conftest import runner


def indicators(*words: str) -> Result:
    return CliRunner().invoke(main, ["services", "indicators", *words])


@pytest.fixture
def declared(fresh: Path, person: SubscriberCard, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One balance was declared; the working directory is that of its database."""
    request = f"مانده بدهی {person.bill_id} {person.values['total'] + 90}\n1\n"
    done = runner(fresh)("chat", "--from", str(person.mobile), stdin=request)
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(fresh)
    return fresh


def test_the_indicators_of_the_balance_are_shown(declared: Path) -> None:
    shown = indicators("declare_debt_balance").output.splitlines()
    assert shown[0] == "declare_debt_balance: 1 requests"
    assert shown[1].startswith("timely_declaration: 1 of 1 (100.0%), median ")
    assert shown[2].startswith("timely_dispatch_for_next_bill: ")
    assert shown[3] == "correct_entry: 1 of 1 (100.0%)"
    assert shown[4] == "corrections_count: 0 (in the dialog 0, repeated requests 0)"

    read = json.loads(indicators("declare_debt_balance", "--json").output)
    assert read["timely_declaration"]["share"] == 1.0
    later = json.loads(indicators("declare_debt_balance", "--since", "2999-01-01", "--json").output)
    assert later["requests"] == 0


def test_every_service_with_requests_is_listed(declared: Path) -> None:
    (row,) = json.loads(indicators("--json").output)
    assert (row["service"], row["requests"]) == ("declare_debt_balance", 1)
    head, line = indicators().output.splitlines()
    assert head.split()[:2] == ["service", "requests"]
    assert line.split()[:2] == ["declare_debt_balance", "1"]
    assert json.loads(indicators("change_name", "--json").output) == []


def test_an_unknown_service_and_a_day_that_is_none_are_refused(declared: Path) -> None:
    unknown = indicators("change_nam")
    assert unknown.exit_code == 1
    assert "no service 'change_nam'" in unknown.output
    assert "does not match the format" in indicators("--since", "yesterday").output
