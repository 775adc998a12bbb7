"""A customer's own reading: whether it is taken, and what it makes the customer owe.

Two services bring one. ``submit_meter_reading`` (catalogue 26) gives a provisional bill (علی‌الحساب)
and becomes the last reading. ``declare_debt_balance`` (catalogue 29) is a settlement as of the day of
the reading: it is answered at once, leaves the last reading alone and posts its service fee to the
next bill.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter

import msgspec

from backend_adapter.sandbox import accounts
from backend_adapter.sandbox.calendar import local_day
from backend_adapter.sandbox.stored import Refused
from backend_adapter.sandbox.tariff import energy_cost
from dialogs.values import Bill, Debt, Register, ServiceRequest

METER_READING = "submit_meter_reading"
SETTLEMENT = "declare_debt_balance"
READING_SERVICES = frozenset({METER_READING, SETTLEMENT})
SETTLEMENT_FEE = 50_000
"""Rial. The real one is set by each company's board (second seed paper)."""
DUE_DAYS = 10
_ROLLOVER_TIMES, _HIGH_TIMES = 5, 20
"""How often the usual use a rolled-over counter, and a single reading, may show."""
_ALWAYS_PLAUSIBLE = 1_000
"""kWh that one reading may always show, whatever the use was before."""


class RegisterValue(msgspec.Struct, frozen=True):
    register: str
    value: int


class ReadingFields(msgspec.Struct, frozen=True):
    """``fields`` of both services, see :class:`dialogs.values.ServiceRequest`."""

    read_on: dt.date
    readings: tuple[RegisterValue, ...]
    flags: tuple[str, ...] = ()


def take_reading(
    connection: sqlite3.Connection, request: ServiceRequest, key: str, now: dt.datetime
) -> tuple[Bill | None, Debt | None]:
    """Store the reading under idempotency ``key``; the bill to pay now and, of a settlement, the debt.

    Raises:
        Refused: the subscription or the reading is not acceptable; nothing was stored.
    """
    today = local_day(now)
    # The contract was checked; lax, because JSON may write a whole number as 2.0.
    fields = msgspec.convert(request.fields, ReadingFields, strict=False)
    bill_id = request.bill_id or ""
    try:
        row = accounts.subscriber(connection, bill_id)
    except accounts.UnknownBill:
        raise Refused("unknown_subscription") from None
    used = _use(connection, row, fields, request.service, today)
    base = accounts.last_billed(connection, bill_id)
    cost = energy_cost(row["tariff"], used, (fields.read_on - base.read_on).days)
    due = today + dt.timedelta(DUE_DAYS)
    settles = request.service == SETTLEMENT
    connection.execute(
        "INSERT INTO readings (bill_id, read_on, counters, source, flags, tracking_code,"
        " idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            bill_id,
            fields.read_on.isoformat(),
            msgspec.json.encode({r.register: r.value for r in fields.readings}).decode(),
            "settlement" if settles else "customer",
            msgspec.json.encode(fields.flags).decode(),
            request.tracking_code,
            key,
        ),
    )
    if settles:
        fee = row["misc_debt"] + SETTLEMENT_FEE
        connection.execute("UPDATE subscribers SET misc_debt = ? WHERE bill_id = ?", (fee, bill_id))
        debt = accounts.payable(
            connection, bill_id, row["balance"] + cost, fields.read_on, due=due, fee=SETTLEMENT_FEE
        )
        return accounts.as_bill(debt), debt
    connection.execute(
        "UPDATE subscribers SET provisional = ?, provisional_due = ? WHERE bill_id = ?",
        (cost, due.isoformat(), bill_id),
    )
    debt = accounts.payable(connection, bill_id, row["balance"] + cost, today, due=due)
    return accounts.as_bill(debt), None


def _use(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    fields: ReadingFields,
    service: str,
    today: dt.date,
) -> dict[str, int]:
    """kWh by register since the last bill, or the reason why the reading is refused."""
    bill_id = row["bill_id"]
    registers: dict[str, Register] = {r.id: r for r in accounts.registers_of(row)}
    given = Counter(reading.register for reading in fields.readings)
    if given.keys() - registers.keys():
        raise Refused("unknown_register")
    if registers.keys() - given.keys():
        raise Refused("missing_register")
    if max(given.values()) > 1:
        raise Refused("duplicate_register")
    base = accounts.last_billed(connection, bill_id)
    if fields.read_on > today:
        raise Refused("read_on_in_future")
    if fields.read_on < base.read_on:
        raise Refused("read_on_before_last")
    last = accounts.last_reading(connection, bill_id, today)
    if service == METER_READING and last.sent_on is not None and "repeated" not in fields.flags:
        raise Refused("already_billed")
    days = max(1, (fields.read_on - base.read_on).days)
    used: dict[str, int] = {}
    for reading in fields.readings:
        register = registers[reading.register]
        if reading.value >= 10**register.digits:
            raise Refused("reading_too_long")
        usual = last.daily_use.get(register.id, 0.0) * days
        used[register.id] = _moved(register, reading.value, base, usual, fields.flags)
    return used


def _moved(
    register: Register,
    value: int,
    base: accounts.Reading,
    usual: float,
    flags: tuple[str, ...],
) -> int:
    """kWh of one register since ``base``, where ``usual`` kWh were to be expected (facts.md 3)."""
    if register.id == "demand":
        return value  # a maximeter shows the highest power of the period, it does not count up
    moved = (value - base.counters[register.id]) * register.multiplier
    if moved < 0:
        rolled: int = moved + 10**register.digits * register.multiplier
        if rolled <= max(_ROLLOVER_TIMES * usual, _ALWAYS_PLAUSIBLE):
            return rolled
        if base.source == "estimated" and "lower" in flags:
            return moved  # the estimate took too much; the difference comes back
        raise Refused("reading_below_last")
    if moved > max(_HIGH_TIMES * usual, _ALWAYS_PLAUSIBLE) and "high" not in flags:
        raise Refused("reading_too_high")
    return moved
