"""How well services are done, from our own database: the indicators of the second paper for the
declaration of a debt balance (SSS-PM-02 Q), counts and days for every service."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from dialogs.calendar import tehran_today
from dialogs.services import CATALOGUE
from gooya.database import models
from gooya.database.engine import Database

BALANCE: Final = "declare_debt_balance"


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The requests of one service. Days are from submission to completion."""

    service: str
    requests: int
    submitted: int = 0
    accepted: int = 0
    in_progress: int = 0
    completed: int = 0
    rejected: int = 0
    median_days: float | None = None
    duration_days: int | None = None
    """What the catalogue promises."""


class Share(msgspec.Struct, frozen=True):
    """``count`` of ``of``; no ``share`` of nothing."""

    count: int
    of: int
    share: float | None


class Timely(msgspec.Struct, frozen=True, kw_only=True):
    """Balances that were told within the time limit, and the seconds from submission to telling."""

    count: int
    of: int
    share: float | None
    median_seconds: float | None
    p95_seconds: float | None


class Corrections(msgspec.Struct, frozen=True):
    in_dialog: int
    """Answers that customers changed before they confirmed."""
    repeated: int
    """Requests for a subscription that had one on the same day in Tehran."""
    count: int


class BalanceIndicators(msgspec.Struct, frozen=True, kw_only=True):
    """The four indicators of the second paper (catalogue no 29), named as it names them."""

    service: str = BALANCE
    requests: int
    timely_declaration: Timely
    """Of all requests that were answered, or whose time is over."""
    timely_dispatch_for_next_bill: Share
    """Whose fee the backend has noted for the next bill, of those with a balance."""
    correct_entry: Share
    """Not refused, of those that were answered."""
    corrections_count: Corrections


class Indicators:
    """Every method takes the instant from which requests count (None: all of them) and raises
    ``DatabaseUnavailable`` in an outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def handling(self, since: dt.datetime | None) -> list[Handling]:
        """Every service that has requests, most used first as in the catalogue."""
        r = models.requests.c
        counted = sa.select(r.service, r.status, sa.func.count()).group_by(r.service, r.status)
        finished = sa.select(r.service, r.submitted_at, r.updated_at).where(r.status == "completed")
        async with self._database.read() as connection:
            counts = (await connection.execute(_from(counted, since))).all()
            ends = (await connection.execute(_from(finished, since))).all()
        days: dict[str, list[float]] = {}
        for service, submitted, updated in ends:
            days.setdefault(service, []).append((updated - submitted) / dt.timedelta(days=1))
        statuses: dict[str, Counter[str]] = {}
        for service, status, count in counts:
            statuses.setdefault(service, Counter())[status] = count
        return [
            Handling(
                service=key,
                requests=statuses[key].total(),
                **statuses[key],
                median_days=_rounded(median(days[key])) if key in days else None,
                duration_days=service.duration_days,
            )
            for key, service in CATALOGUE.items()
            if key in statuses
        ]

    async def balance(self, since: dt.datetime | None, now: dt.datetime) -> BalanceIndicators:
        """The indicators of the declaration of balances."""
        async with self._database.read() as connection:
            query = _from(_BALANCES, since).order_by(models.requests.c.id)
            rows = (await connection.execute(query)).all()
        limit = (CATALOGUE[BALANCE].time_limit_minutes or 0) * 60.0
        told = [row for row in rows if row.told_at is not None]
        seconds = sorted((row.told_at - row.submitted_at).total_seconds() for row in told)
        in_time = sum(took <= limit for took in seconds)
        late = [
            row
            for row in rows
            if row.told_at is None
            and row.status != "rejected"
            and (now - row.submitted_at).total_seconds() > limit
        ]
        rejected = sum(row.status == "rejected" for row in rows)
        timely = _share(in_time, len(told) + len(late))
        in_dialog = sum(row.fields.get("corrections", 0) for row in rows)
        repeated = _repeated(rows)
        return BalanceIndicators(
            requests=len(rows),
            timely_declaration=Timely(
                count=timely.count,
                of=timely.of,
                share=timely.share,
                median_seconds=_rounded(median(seconds)) if seconds else None,
                p95_seconds=_rounded(_percentile(seconds, 0.95)) if seconds else None,
            ),
            timely_dispatch_for_next_bill=_share(
                sum(bool(row.fee and row.fee > 0) for row in told), len(told)
            ),
            correct_entry=_share(len(told), len(told) + rejected),
            corrections_count=Corrections(in_dialog, repeated, in_dialog + repeated),
        )


def _from(query: sa.Select[Any], since: dt.datetime | None) -> sa.Select[Any]:
    return query if since is None else query.where(models.requests.c.submitted_at >= since)


def _share(count: int, of: int) -> Share:
    return Share(count, of, round(count / of, 4) if of else None)


def _rounded(value: float) -> float:
    return round(value, 1)


def _percentile(ordered: Sequence[float], part: float) -> float:
    """The nearest rank: a value that was really measured."""
    return ordered[math.ceil(part * len(ordered)) - 1]


def _repeated(rows: Sequence[Any]) -> int:
    days = Counter((row.bill_id, tehran_today(row.submitted_at)) for row in rows)
    return sum(count - 1 for count in days.values())


_r, _e = models.requests.c, models.request_events.c
_debt = _e.progress[("debt", "bill_id")].as_string()
_fee = _e.progress[("debt", "fee")].as_integer()
_BALANCES = (
    sa.select(
        _r.bill_id,
        _r.submitted_at,
        _r.status,
        _r.fields,
        sa.select(sa.func.min(_e.notified_at))
        .where(_e.request_id == _r.id, _debt.is_not(None))
        .scalar_subquery()
        .label("told_at"),
        sa.select(sa.func.max(_fee)).where(_e.request_id == _r.id).scalar_subquery().label("fee"),
    )
    .select_from(models.requests)
    .where(_r.service == BALANCE)
)
"""A balance counts as told when its conversation was: that is what the five minutes end with."""
