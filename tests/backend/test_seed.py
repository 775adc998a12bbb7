"""The people of the sandbox: valid, varied, the same every time, as of today."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import time
from pathlib import Path

import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from dialogs.ids import (
    is_electricity,
    legal_id_is_valid,
    national_id_is_valid,
    payment_amount,
    payment_id_is_valid,
)
from tests.backend.conftest import NOW, TODAY


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "sandbox.db"
    list_subscribers(path, clock=lambda: NOW)
    return path


@pytest.fixture
def cards(database: Path) -> list[SubscriberCard]:
    return list_subscribers(database, clock=lambda: NOW)


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_four_hundred_subscribers_are_there_within_three_seconds(tmp_path: Path) -> None:
    started = time.process_time()
    cards = list_subscribers(tmp_path / "sandbox.db")
    assert len(cards) == 400
    assert time.process_time() - started < 3


def test_every_bill_id_and_payment_id_is_valid_and_says_its_amount(database: Path) -> None:
    pairs = rows(
        database,
        "SELECT bill_id, payment_id, amount, 1 FROM periods"
        " UNION ALL SELECT bill_id, payment_id, amount, 0 FROM payments",
    )
    assert len(pairs) > 8000
    for bill_id, payment_id, amount, is_bill in pairs:
        assert is_electricity(str(bill_id))
        assert str(bill_id)[-5:-2] == "041"
        assert payment_id_is_valid(str(bill_id), str(payment_id))
        if is_bill:
            assert payment_amount(str(payment_id)) == amount


def test_the_same_seed_gives_the_same_people_and_another_seed_others(
    tmp_path: Path, cards: list[SubscriberCard]
) -> None:
    again = list_subscribers(tmp_path / "again.db", clock=lambda: NOW)
    fewer = list_subscribers(tmp_path / "fewer.db", subscribers=30, clock=lambda: NOW)
    others = list_subscribers(tmp_path / "others.db", seed=7, clock=lambda: NOW)
    assert again == cards
    assert fewer == cards[:30]
    assert others != cards


def test_history_ends_shortly_before_today_whenever_the_sandbox_is_set_up(tmp_path: Path) -> None:
    for day in range(0, 366, 61):
        now = NOW + dt.timedelta(day)
        path = tmp_path / f"{day}.db"
        for card in list_subscribers(path, subscribers=20, clock=lambda now=now: now):  # type: ignore[misc]
            assert 20 <= (now.date() - card.read_on).days <= 52
        spans = rows(
            path, "SELECT bill_id, count(*), min(starts), max(ends) FROM periods GROUP BY 1"
        )
        assert all(count == 12 for _, count, _, _ in spans)


def test_periods_follow_each_other_and_readings_add_up_to_the_use(database: Path) -> None:
    for card in list_subscribers(database, clock=lambda: NOW)[:40]:
        periods = rows(
            database,
            f"SELECT starts, ends, year * 6 + period FROM periods WHERE bill_id = '{card.bill_id}'"
            " ORDER BY ends",
        )
        for before, after in itertools.pairwise(periods):
            assert before[1] == after[0]
            assert int(str(after[2])) == int(str(before[2])) + 1


def test_there_is_somebody_for_every_case(cards: list[SubscriberCard]) -> None:
    shapes = {tuple(r.id for r in card.registers) for card in cards}
    assert shapes == {
        ("total",),
        ("normal", "peak", "low"),
        ("normal", "peak", "low", "friday"),
        ("normal", "peak", "low", "reactive", "demand"),
    }
    assert {r.digits for card in cards for r in card.registers} == {5, 6}
    assert any(r.multiplier > 1 for card in cards for r in card.registers)
    assert {"household", "public", "agricultural", "industrial", "other"} == {
        c.tariff for c in cards
    }
    assert any(card.debt < 0 for card in cards)
    assert any(card.debt == 0 for card in cards)
    assert any(card.debt > 0 for card in cards)
    assert any(card.estimated for card in cards)
    assert any(card.mobile is None for card in cards)
    assert any(len(card.bill_id) < 13 for card in cards)
    for card in cards:
        assert all(0 <= card.values[r.id] < 10**r.digits for r in card.registers)


def test_the_well_known_subscribers_are_who_the_documentation_says(
    cards: list[SubscriberCard],
) -> None:
    single, multi = cards[:2]
    assert (single.bill_id, single.mobile, single.tariff) == (
        "1234567804121",
        "+989121234567",
        "household",
    )
    assert [(r.id, r.digits) for r in single.registers] == [("total", 5)]
    assert (multi.bill_id, multi.mobile) == ("1234567904126", "+989121234567")
    assert [r.id for r in multi.registers] == ["normal", "peak", "low"]


def test_summer_uses_more_than_spring(database: Path) -> None:
    found = rows(database, "SELECT period, avg(amount) FROM periods GROUP BY period")
    by_period = {period: float(str(amount)) for period, amount in found}
    assert by_period[3] > 1.3 * by_period[1]


def test_a_filled_database_is_taken_as_it_is(database: Path) -> None:
    later = list_subscribers(database, seed=99, subscribers=5, clock=lambda: NOW)
    assert len(later) == 400
    assert later[0].read_on < TODAY


def test_everybody_has_a_valid_national_id_of_their_own_but_the_demo_person(
    cards: list[SubscriberCard],
) -> None:
    for card in cards:
        valid = legal_id_is_valid if card.person == "legal" else national_id_is_valid
        assert valid(card.person_id)
        assert len(card.person_id) == (11 if card.person == "legal" else 10)
    assert cards[0].person_id == cards[1].person_id
    assert len({card.person_id for card in cards}) == len(cards) - 1


def test_there_is_a_holder_for_every_case(cards: list[SubscriberCard]) -> None:
    by_tariff = {
        tariff: {card.person for card in cards if card.tariff == tariff}
        for tariff in ("household", "industrial", "public", "other")
    }
    assert by_tariff == {
        "household": {"natural"},
        "industrial": {"legal"},
        "public": {"natural", "legal"},
        "other": {"natural", "legal"},
    }
    assert 0 < sum(card.shared for card in cards) < len(cards) / 2
    assert 0 < sum(not card.same_name for card in cards) < len(cards) / 5


def test_the_people_for_forms_are_who_their_hints_say(cards: list[SubscriberCard]) -> None:
    told = {
        card.hint: (card.debt > 0, card.person, card.shared, card.same_name, card.tariff)
        for card in cards[10:16]
        if card.mobile
    }
    assert told == {
        "may file anything": (False, "natural", False, True, "household"),
        "legal person": (False, "legal", False, True, "public"),
        "lives there under another name": (False, "natural", False, False, "household"),
        "shared connection": (False, "natural", True, True, "household"),
        "must pay first": (True, "natural", False, True, "household"),
        "industrial with licence": (False, "legal", False, True, "industrial"),
    }


def test_a_file_of_an_earlier_release_goes_on_with_the_same_people_and_holders(
    tmp_path: Path, cards: list[SubscriberCard]
) -> None:
    path = tmp_path / "sandbox.db"
    list_subscribers(path, clock=lambda: NOW)
    connection = sqlite3.connect(path)
    for index in ("requests_of", "requests_billed"):
        connection.execute(f"DROP INDEX {index}")
    for table in ("holders", "receipts", "documents"):
        connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()
    assert list_subscribers(path, clock=lambda: NOW) == cards
