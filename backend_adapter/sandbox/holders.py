"""Who holds a subscription in the sandbox: drawn once for everybody, looked up and compared."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from typing import cast

from backend_adapter.sandbox.accounts import UnknownBill
from dialogs.ids import legal_id_is_valid, national_id_is_valid
from dialogs.values import Holder

_ACTIVITIES = {
    "public": ("دبستان", "درمانگاه", "کتابخانه", "مسجد"),
    "agricultural": ("چاه آب کشاورزی", "گلخانه", "دامداری", "پرورش قارچ"),
    "industrial": ("ریخته‌گری", "قالب‌سازی", "تولید کاشی", "بسته‌بندی"),
    "other": ("خواربارفروشی", "آرایشگاه", "تعمیرگاه", "دفتر کار"),
}
_ISSUERS = {
    "agricultural": "سازمان جهاد کشاورزی",
    "industrial": "اداره صنعت، معدن و تجارت",
    "other": "اتاق اصناف",
}
"""Who licenses the activities of a tariff; nobody those of the public one."""
_LEGAL = {"public": 0.6, "industrial": 1.0, "other": 0.3}
"""How often a legal person holds a subscription of a tariff."""


def draw(
    rng: random.Random,
    tariff: str,
    today: dt.date,
    *,
    legal: bool | None = None,
    shared: bool | None = None,
    same_name: bool | None = None,
) -> tuple[object, ...]:
    """What a row of ``holders`` has beside the bill id. What is None here is left to chance."""
    legal_drawn = rng.random() < _LEGAL.get(tariff, 0.0)
    shared_drawn = tariff == "household" and rng.random() < 0.15
    same_drawn = rng.random() < 0.92
    is_legal = legal_drawn if legal is None else legal
    person_id = _legal_id(rng) if is_legal else _national_id(rng)
    activity = rng.choice(_ACTIVITIES[tariff]) if tariff in _ACTIVITIES else None
    issuer = _ISSUERS.get(tariff)
    licence = f"{rng.randrange(10**5, 10**8)}" if issuer else None
    expires = (today + dt.timedelta(rng.randint(60, 1000))).isoformat() if issuer else None
    return (
        "legal" if is_legal else "natural",
        person_id,
        shared_drawn if shared is None else shared,
        same_drawn if same_name is None else same_name,
        activity,
        licence,
        issuer,
        expires,
    )


def store(connection: sqlite3.Connection, bill_id: str, drawn: tuple[object, ...]) -> None:
    connection.execute("INSERT INTO holders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (bill_id, *drawn))


def holder(connection: sqlite3.Connection, bill_id: str) -> Holder:
    """Raises :class:`UnknownBill`, as all of these do."""
    row = row_of(connection, bill_id)
    expires = row["licence_expires"]
    return Holder(
        bill_id=bill_id,
        person=row["person"],
        legal_id=row["person_id"] if row["person"] == "legal" else None,
        shared=bool(row["shared"]),
        same_name=bool(row["same_name"]),
        activity=row["activity"],
        licence=row["licence"],
        licence_issuer=row["licence_issuer"],
        licence_expires=dt.date.fromisoformat(expires) if expires else None,
    )


def is_held_by(connection: sqlite3.Connection, bill_id: str, person_id: str) -> bool:
    """Whether this is the national id, natural or legal, of the subscriber."""
    return bool(row_of(connection, bill_id)["person_id"] == person_id)


def same(connection: sqlite3.Connection, one: str, other: str) -> bool:
    """Whether two subscriptions are of one person."""
    return is_held_by(connection, one, row_of(connection, other)["person_id"])


def row_of(connection: sqlite3.Connection, bill_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM holders WHERE bill_id = ?", (bill_id,)).fetchone()
    if row is None:
        raise UnknownBill
    return cast(sqlite3.Row, row)


def _national_id(rng: random.Random) -> str:
    while True:
        body = f"{rng.randrange(10**9):09d}"
        for digit in range(10):
            if national_id_is_valid(f"{body}{digit}"):
                return f"{body}{digit}"


def _legal_id(rng: random.Random) -> str:
    while True:
        body = f"10{rng.randrange(10**7, 10**8)}"
        for digit in range(10):
            if legal_id_is_valid(f"{body}{digit}"):
                return f"{body}{digit}"
