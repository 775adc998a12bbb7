"""What the sandbox knows of a subscription: the look-ups of the contract, and payments.

Every function works on a connection inside a transaction. :class:`UnknownBill` is raised for a bill
id that nobody has.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import cast

import msgspec

from backend_adapter.sandbox.calendar import next_period
from dialogs.ids import make_payment_id
from dialogs.values import (
    Bill,
    Consumption,
    Contact,
    Debt,
    LastReading,
    Payment,
    Register,
    Subscription,
)

_DAYS_OF_HISTORY = 731


class UnknownBill(Exception):
    """No subscriber has this bill id."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A stored reading. ``source`` is ``company``, ``estimated``, ``customer`` or ``settlement``."""

    id: int
    bill_id: str
    read_on: dt.date
    counters: dict[str, int]
    source: str
    flags: list[str]
    tracking_code: str | None
    idempotency_key: str | None


def subscriber(connection: sqlite3.Connection, bill_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM subscribers WHERE bill_id = ?", (bill_id,)).fetchone()
    if row is None:
        raise UnknownBill
    return cast(sqlite3.Row, row)


def registers_of(row: sqlite3.Row) -> tuple[Register, ...]:
    return msgspec.json.decode(row["registers"], type=tuple[Register, ...])


def subscription(connection: sqlite3.Connection, bill_id: str) -> Subscription:
    row = subscriber(connection, bill_id)
    return Subscription(
        bill_id=bill_id,
        company=row["company"],
        tariff=row["tariff"],
        registers=registers_of(row),
    )


def readings(connection: sqlite3.Connection, bill_id: str) -> list[Reading]:
    """All stored readings of a subscription, oldest first."""
    subscriber(connection, bill_id)
    return [
        Reading(
            id=row["id"],
            bill_id=row["bill_id"],
            read_on=dt.date.fromisoformat(row["read_on"]),
            counters=msgspec.json.decode(row["counters"]),
            source=row["source"],
            flags=msgspec.json.decode(row["flags"]),
            tracking_code=row["tracking_code"],
            idempotency_key=row["idempotency_key"],
        )
        for row in connection.execute(
            "SELECT * FROM readings WHERE bill_id = ? ORDER BY id", (bill_id,)
        )
    ]


def last_billed(connection: sqlite3.Connection, bill_id: str) -> Reading:
    """The reading of the last bill: what a provisional bill counts from."""
    return [r for r in readings(connection, bill_id) if r.source in ("company", "estimated")][-1]


def last_reading(connection: sqlite3.Connection, bill_id: str, today: dt.date) -> LastReading:
    stored = [r for r in readings(connection, bill_id) if r.source != "settlement"]
    last = stored[-1]
    return LastReading(
        bill_id=bill_id,
        read_on=last.read_on,
        registers=registers_of(subscriber(connection, bill_id)),
        values=last.counters,
        daily_use=daily_use(connection, bill_id, today),
        sent_on=last.read_on if last.source == "customer" else None,
    )


def daily_use(connection: sqlite3.Connection, bill_id: str, today: dt.date) -> dict[str, float]:
    """Average kWh a day by register in the period that ran a year ago, else in the last one."""
    periods = consumption(connection, bill_id, today)
    year_ago = today - dt.timedelta(365)
    season = next((p for p in periods if p.start <= year_ago < p.end), periods[0])
    days = max(1, (season.end - season.start).days)
    return {register: round(kwh / days, 2) for register, kwh in season.kwh.items()}


def debt(connection: sqlite3.Connection, bill_id: str, today: dt.date) -> Debt:
    row = subscriber(connection, bill_id)
    due = row["provisional_due"]
    return payable(
        connection,
        bill_id,
        row["balance"] + row["provisional"],
        today,
        due=dt.date.fromisoformat(due) if due else None,
        fee=row["misc_debt"],
    )


def payable(
    connection: sqlite3.Connection,
    bill_id: str,
    amount: int,
    today: dt.date,
    *,
    due: dt.date | None = None,
    fee: int = 0,
) -> Debt:
    """``amount`` rial as a debt, with a payment id when something is owed.

    With ``due`` it is a provisional bill of the running period, without one that of the last period.
    """
    if amount <= 0:
        return Debt(bill_id=bill_id, as_of=today, amount=amount, fee=fee)
    last = connection.execute(
        "SELECT year, period, due FROM periods WHERE bill_id = ? ORDER BY ends DESC", (bill_id,)
    ).fetchone()
    year, period = last["year"], last["period"]
    if due is not None:
        year, period = next_period(year, period)
    return Debt(
        bill_id=bill_id,
        as_of=today,
        amount=amount,
        payment_id=make_payment_id(bill_id, amount, year % 10, period),
        due=due or dt.date.fromisoformat(last["due"]),
        fee=fee,
    )


def as_bill(debt: Debt) -> Bill | None:
    """The bill by which a debt is paid; None when nothing is owed."""
    if debt.payment_id is None or debt.due is None:
        return None
    return Bill(bill_id=debt.bill_id, payment_id=debt.payment_id, amount=debt.amount, due=debt.due)


def payments(connection: sqlite3.Connection, bill_id: str, today: dt.date) -> list[Payment]:
    subscriber(connection, bill_id)
    since = (today - dt.timedelta(_DAYS_OF_HISTORY)).isoformat()
    return [
        Payment(
            paid_on=dt.date.fromisoformat(row["paid_on"]),
            amount=row["amount"],
            payment_id=row["payment_id"],
            reference=row["reference"],
            via=row["via"],
        )
        for row in connection.execute(
            "SELECT * FROM payments WHERE bill_id = ? AND paid_on >= ?"
            " ORDER BY paid_on DESC, id DESC LIMIT 1000",
            (bill_id, since),
        )
    ]


def consumption(connection: sqlite3.Connection, bill_id: str, today: dt.date) -> list[Consumption]:
    subscriber(connection, bill_id)
    return [
        Consumption(
            year=row["year"],
            period=row["period"],
            start=dt.date.fromisoformat(row["starts"]),
            end=dt.date.fromisoformat(row["ends"]),
            kwh=msgspec.json.decode(row["kwh"]),
            amount=row["amount"],
            estimated=bool(row["estimated"]),
        )
        for row in connection.execute(
            "SELECT * FROM periods WHERE bill_id = ? AND ends <= ? ORDER BY ends DESC LIMIT 1000",
            (bill_id, today.isoformat()),
        )
    ]


def contact(connection: sqlite3.Connection, bill_id: str) -> Contact:
    return Contact(bill_id=bill_id, mobile=subscriber(connection, bill_id)["mobile"])
