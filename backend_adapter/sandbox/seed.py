"""The sandbox's subscribers: drawn from a seed, the same people every time, dated from today.

A subscriber's draw depends on the seed and its position alone, so asking for more of them changes
nobody. The first few are well known and show one thing each; the README and demo name them.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator

import msgspec

from backend_adapter.sandbox import holders
from backend_adapter.sandbox.calendar import BilledPeriod, billed_periods
from backend_adapter.sandbox.people import full_name
from backend_adapter.sandbox.tariff import energy_cost
from dialogs.ids import make_bill_id, make_payment_id
from dialogs.values import Register, RegisterId

COMPANY = "041"
"""Company code that public electricity bills show (facts.md section 1)."""
DEMO_MOBILE = "+989121234567"
PERIODS = 12
DUE_DAYS = 15
_SEASONS = (0.9, 1.3, 1.6, 1.0, 0.9, 1.0)
"""Use of the two-monthly periods beside the year's average: air conditioners run in the third."""
_SHARES: dict[str, float] = {
    "total": 1.0,
    "normal": 0.5,
    "peak": 0.25,
    "low": 0.25,
    "friday": 0.1,
    "reactive": 0.3,
}
_MULTI: tuple[RegisterId, ...] = ("normal", "peak", "low")


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of subscriber one is; ``None`` and ``0`` are left to chance.

    ``legal``, ``shared`` and ``same_name`` are of its holder.
    """

    tariff: str = "household"
    registers: tuple[RegisterId, ...] = ("total",)
    digits: int = 6
    multiplier: int = 1
    daily: tuple[int, int] = (5, 14)
    """Average kWh a day, from and to."""
    account: str | None = None
    """``paid``, ``owing``, ``arrears`` or ``credit``."""
    file_code: int = 0
    mobile: bool | None = None
    legal: bool | None = None
    shared: bool | None = None
    same_name: bool | None = None
    rollover: bool = False
    estimated: bool = False
    hint: str = ""


_DEMO = (
    Profile(
        digits=5,
        account="owing",
        file_code=12345678,
        mobile=True,
        same_name=True,
        hint="demo: single tariff",
    ),
    Profile(
        registers=_MULTI,
        account="paid",
        file_code=12345679,
        mobile=True,
        same_name=True,
        hint="demo: multi-tariff",
    ),
    Profile(account="owing", estimated=True, hint="last bill estimated: a lower reading is taken"),
    Profile(digits=5, account="paid", rollover=True, hint="counter about to roll over"),
    Profile(account="credit", mobile=True, hint="in credit"),
    Profile(account="paid", mobile=True, hint="nothing owed"),
    Profile(account="arrears", mobile=False, hint="two bills open, no registered mobile"),
    Profile(
        registers=(*_MULTI, "friday"), account="owing", hint="multi-tariff with Friday register"
    ),
    Profile(
        tariff="industrial",
        registers=(*_MULTI, "reactive", "demand"),
        multiplier=80,
        daily=(300, 900),
        account="owing",
        hint="demand customer: reactive and maximeter, multiplier 80",
    ),
    Profile(account="owing", file_code=7, hint="shortest bill id"),
    Profile(
        account="paid",
        mobile=True,
        legal=False,
        shared=False,
        same_name=True,
        hint="may file anything",
    ),
    Profile(
        tariff="public",
        registers=_MULTI,
        daily=(15, 60),
        account="paid",
        mobile=True,
        legal=True,
        same_name=True,
        hint="legal person",
    ),
    Profile(
        account="paid",
        mobile=True,
        shared=False,
        same_name=False,
        hint="lives there under another name",
    ),
    Profile(account="paid", mobile=True, shared=True, same_name=True, hint="shared connection"),
    Profile(account="owing", mobile=True, shared=False, same_name=True, hint="must pay first"),
    Profile(
        tariff="industrial",
        registers=(*_MULTI, "reactive", "demand"),
        multiplier=40,
        daily=(200, 800),
        account="paid",
        mobile=True,
        same_name=True,
        hint="industrial with licence",
    ),
)
_KINDS: tuple[tuple[int, Profile], ...] = (
    (26, Profile(digits=5)),
    (36, Profile()),
    (12, Profile(registers=_MULTI)),
    (6, Profile(registers=(*_MULTI, "friday"))),
    (7, Profile(tariff="public", registers=_MULTI, daily=(15, 60))),
    (6, Profile(tariff="agricultural", registers=_MULTI, daily=(40, 200))),
    (
        3,
        Profile(
            tariff="industrial",
            registers=(*_MULTI, "reactive", "demand"),
            multiplier=40,
            daily=(200, 800),
        ),
    ),
    (4, Profile(tariff="other", daily=(8, 30))),
)
_ACCOUNTS = (("paid", 45), ("owing", 35), ("arrears", 10), ("credit", 10))


def plant(connection: sqlite3.Connection, *, seed: int, subscribers: int, today: dt.date) -> None:
    """Fill an empty database with ``subscribers`` people; leave one that has people as it is.

    Whoever has no holder yet, as in a file of an earlier release, gets one.
    """
    if not connection.execute("SELECT 1 FROM subscribers").fetchone():
        for position, file_code in enumerate(_file_codes(seed, subscribers)):
            _Household(position, file_code, seed, today).store(connection)
    _plant_holders(connection, seed, today)


def _plant_holders(connection: sqlite3.Connection, seed: int, today: dt.date) -> None:
    """Draw holders apart from everything else, which so stays as it was before there were any."""
    by_hint = {profile.hint: profile for profile in _DEMO}
    for row in connection.execute(
        "SELECT bill_id, position, tariff, hint FROM subscribers s WHERE NOT EXISTS"
        " (SELECT 1 FROM holders h WHERE h.bill_id = s.bill_id)"
    ).fetchall():
        # The first two, who share a mobile, are one person.
        person = max(row["position"], 1)
        rng = random.Random(f"{seed}:{person}:holder")  # noqa: S311 - made-up people, not secrets
        known = by_hint.get(row["hint"], Profile())
        drawn = holders.draw(
            rng,
            row["tariff"],
            today,
            legal=known.legal,
            shared=known.shared,
            same_name=known.same_name,
        )
        holders.store(connection, row["bill_id"], drawn)


def _file_codes(seed: int, count: int) -> Iterator[int]:
    rng = random.Random(f"{seed}:file codes")  # noqa: S311 - made-up people, not secrets
    used = {profile.file_code for profile in _DEMO}
    for position in range(count):
        code = _DEMO[position].file_code if position < len(_DEMO) else 0
        while not code:
            drawn = rng.randint(10_000_000, 99_999_999)
            if drawn not in used:
                used.add(drawn)
                code = drawn
        yield code


class _Household:
    """One subscriber being drawn: meter, two years of billed periods, payments, balance."""

    def __init__(self, position: int, file_code: int, seed: int, today: dt.date) -> None:
        self.rng = random.Random(f"{seed}:{position}")  # noqa: S311 - made-up people, not secrets
        self.position = position
        self.today = today
        self.bill_id = make_bill_id(file_code, COMPANY)
        weights, kinds = zip(*_KINDS, strict=True)
        drawn = self.rng.choices(kinds, weights)[0]
        self.profile: Profile = _DEMO[position] if position < len(_DEMO) else drawn
        self.registers = tuple(
            Register(
                id=register,
                digits=self.profile.digits,
                multiplier=1 if register == "demand" else self.profile.multiplier,
            )
            for register in self.profile.registers
        )
        self.periods = billed_periods(today, days_ago=self.rng.randint(20, 50), count=PERIODS)

    def store(self, connection: sqlite3.Connection) -> None:
        daily = self.rng.uniform(*self.profile.daily)
        units = [self._units(daily, period) for period in self.periods]
        counters = self._counters(units)
        estimated = [self.rng.random() < 0.08 for _ in self.periods]
        estimated[-1] = self.profile.estimated
        bills = []
        for period, used in zip(self.periods, units, strict=True):
            kwh: dict[str, int] = {r.id: used[r.id] * r.multiplier for r in self.registers}
            amount = max(1000, energy_cost(self.profile.tariff, kwh, period.days))
            payment_id = make_payment_id(self.bill_id, amount, period.year % 10, period.period)
            bills.append((period, kwh, amount, payment_id))
        account = self.profile.account or self._pick(_ACCOUNTS)
        overpaid = 1000 * self.rng.randint(50, 800) if account == "credit" else 0
        unpaid = {"owing": 1, "arrears": 2}.get(account, 0)
        balance = sum(amount for _, _, amount, _ in bills[len(bills) - unpaid :]) - overpaid
        connection.execute(
            "INSERT INTO subscribers VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, 0, ?)",
            (
                self.bill_id,
                self.position,
                full_name(self.rng),
                self._mobile(),
                COMPANY,
                self.profile.tariff,
                _json(self.registers),
                balance,
                self.profile.hint,
            ),
        )
        self._store_readings(connection, counters, estimated)
        connection.executemany(
            "INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self.bill_id,
                    period.year,
                    period.period,
                    period.start.isoformat(),
                    period.end.isoformat(),
                    _json(kwh),
                    amount,
                    payment_id,
                    (period.end + dt.timedelta(DUE_DAYS)).isoformat(),
                    guessed,
                )
                for (period, kwh, amount, payment_id), guessed in zip(bills, estimated, strict=True)
            ],
        )
        for index, (period, _, amount, payment_id) in enumerate(bills[: len(bills) - unpaid]):
            extra = overpaid if index == len(bills) - 1 else 0
            self._store_payment(connection, period, amount + extra, payment_id)

    def _units(self, daily: float, period: BilledPeriod) -> dict[str, int]:
        """What each counter moved in a period, in its own units."""
        kwh = daily * period.days * _SEASONS[period.period - 1] * self.rng.uniform(0.85, 1.15)
        moved = {}
        for register in self.registers:
            if register.id == "demand":
                moved["demand"] = round(daily / 6 * self.rng.uniform(0.8, 1.2))
            else:
                moved[register.id] = round(kwh * _SHARES[register.id] / register.multiplier)
        return moved

    def _counters(self, units: list[dict[str, int]]) -> list[dict[str, int]]:
        """Counter values at the start and after each period. A maximeter shows its last maximum."""
        history: list[dict[str, int]] = [{} for _ in range(len(units) + 1)]
        for register in self.registers:
            moved = [used[register.id] for used in units]
            if register.id == "demand":
                values = [moved[0], *moved]
            else:
                full = 10**register.digits
                if self.profile.rollover:
                    last = full - 1 - min(moved) // 4
                else:
                    last = self.rng.randint(sum(moved), max(sum(moved), full - 6 * max(moved)))
                values = [last]
                for step in reversed(moved):
                    values.append((values[-1] - step) % full)
                values.reverse()
            for point, value in zip(history, values, strict=True):
                point[register.id] = value
        return history

    def _store_readings(
        self, connection: sqlite3.Connection, counters: list[dict[str, int]], estimated: list[bool]
    ) -> None:
        read_on = [self.periods[0].start, *(period.end for period in self.periods)]
        connection.executemany(
            "INSERT INTO readings (bill_id, read_on, counters, source) VALUES (?, ?, ?, ?)",
            [
                (self.bill_id, day.isoformat(), _json(values), "estimated" if guess else "company")
                for day, values, guess in zip(read_on, counters, [False, *estimated], strict=True)
            ],
        )

    def _store_payment(
        self, connection: sqlite3.Connection, period: BilledPeriod, amount: int, payment_id: str
    ) -> None:
        paid_on = min(period.end + dt.timedelta(self.rng.randint(3, 18)), self.today)
        reference = f"{self.rng.randrange(10**12):012d}"
        via = self.rng.choice(("bank", "ussd", "app", "counter", "web"))
        connection.execute(
            "INSERT INTO payments (bill_id, paid_on, amount, payment_id, reference, via)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self.bill_id, paid_on.isoformat(), amount, payment_id, reference, via),
        )

    def _mobile(self) -> str | None:
        drawn = f"+989{self.rng.choice(('10', '12', '19', '35', '01', '21'))}{self.rng.randrange(10**7):07d}"
        has_one = self.rng.random() >= 0.04
        if self.position < 2:
            return DEMO_MOBILE
        wanted = self.profile.mobile
        return drawn if (has_one if wanted is None else wanted) else None

    def _pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        values, weights = zip(*weighted, strict=True)
        return str(self.rng.choices(values, weights)[0])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
