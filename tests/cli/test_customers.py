"""``gooya customers forget`` and ``gooya requests list`` on what a customer left behind."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend_adapter.sandbox import SubscriberCard
from bots.sms.addresses import mask, normalise_mobile
from gooya.cli import main
from tests.cli.conftest import runner


def command(*words: str, stdin: str = "") -> Result:
    """Run ``gooya`` in this process, in the directory that the test chose."""
    return CliRunner().invoke(main, words, input=stdin)


def mentions(folder: Path, address: str) -> dict[str, int]:
    """Rows that name the address, by table, in the database and in the state store."""
    found: dict[str, int] = {}
    for file in ("gooya.db", "state.db"):
        with closing(sqlite3.connect(folder / file)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                rows = connection.execute(f"SELECT * FROM {table}").fetchall()
                if count := sum(any(address in str(value) for value in row) for row in rows):
                    found[table] = count
    return found


@pytest.fixture
def address(fresh: Path, person: SubscriberCard, monkeypatch: pytest.MonkeyPatch) -> str:
    """A customer who filed a reading and asked for a person; the working directory is theirs."""
    reading = f"قرائت {person.bill_id} {person.values['total'] + 90}\n1\nکارشناس\n"
    done = runner(fresh)("chat", "--from", str(person.mobile), stdin=reading)
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(fresh)
    return normalise_mobile(str(person.mobile))


def test_a_forgotten_customer_is_in_no_table_and_the_request_stays(
    fresh: Path, person: SubscriberCard, address: str
) -> None:
    assert {"addresses", "requests", "transcript", "handoffs", "conversation"} <= set(
        mentions(fresh / "var", address)
    )
    (filed,) = json.loads(command("requests", "list", "--json").output)
    assert (filed["address"], filed["bill_id"]) == (address, person.bill_id)

    refused = command("customers", "forget", str(person.mobile), stdin="n\n")
    assert refused.exit_code == 1
    assert "addresses" in mentions(fresh / "var", address)

    done = command("customers", "forget", str(person.mobile), stdin="y\n")
    assert done.exit_code == 0, done.output
    assert f"{mask(address)} is forgotten." in done.output
    assert "hand-offs: 1" in done.output
    assert "kept without the person: requests: 1" in done.output
    assert mentions(fresh / "var", address) == {}
    (kept,) = json.loads(command("requests", "list", "--json").output)
    assert (kept["tracking_code"], kept["address"]) == (filed["tracking_code"], None)

    again = command("customers", "forget", address, "--yes")
    assert f"{mask(address)} is forgotten (no known customer)." in again.output


def test_requests_are_listed_by_status_and_service(address: str) -> None:
    (filed,) = json.loads(command("requests", "list", "--json").output)
    code, status = filed["tracking_code"], filed["status"]
    assert code in command("requests", "list").output
    chosen = ("requests", "list", "--status", status, "--service", "submit_meter_reading")
    assert code in command(*chosen).output
    assert code not in command("requests", "list", "--status", "rejected").output
    assert code not in command("requests", "list", "--service", "payment_history").output
    assert "Invalid value" in command("requests", "list", "--status", "lost").output
