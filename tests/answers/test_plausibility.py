"""Whether a reading can be true (facts.md section 3)."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.answers.plausibility import Verdict, judge
from dialogs.values import LastReading, Register

READ_ON = dt.date(2026, 9, 22)
TODAY = dt.date(2026, 11, 21)  # 60 days later
TOTAL = Register(id="total", digits=5)


def last(value: int, daily_use: float | None = 10.0, register: Register = TOTAL) -> LastReading:
    return LastReading(
        bill_id="9985235404124",
        read_on=READ_ON,
        registers=(register,),
        values={register.id: value},
        daily_use={} if daily_use is None else {register.id: daily_use},
    )


@pytest.mark.parametrize(
    ("previous", "value", "verdict"),
    [
        (10_000, 10_600, Verdict(kind="ok", kwh=600)),
        (10_000, 10_001, Verdict(kind="ok", kwh=1)),
        (10_000, 11_800, Verdict(kind="ok", kwh=1_800)),  # exactly three times the average
        (10_000, 11_801, Verdict(kind="high", kwh=1_801)),
        (10_000, 99_999, Verdict(kind="high", kwh=89_999)),
        (10_000, 10_000, Verdict(kind="zero", kwh=0)),
        (0, 0, Verdict(kind="zero", kwh=0)),
        (10_000, 9_999, Verdict(kind="lower")),
        (99_700, 300, Verdict(kind="rollover", kwh=600)),
        (99_999, 0, Verdict(kind="rollover", kwh=1)),
        (99_000, 801, Verdict(kind="lower")),  # 1,801 kWh over the end: not plausible
        (99_000, 800, Verdict(kind="rollover", kwh=1_800)),
    ],
)
def test_a_reading_sixty_days_after_the_last_one(
    previous: int, value: int, verdict: Verdict
) -> None:
    assert judge(last(previous), TOTAL, value, TODAY) == verdict


def test_the_multiplier_turns_counts_into_energy() -> None:
    register = Register(id="peak", digits=6, multiplier=40)
    assert judge(last(1_000, 20.0, register), register, 1_030, TODAY) == Verdict(
        kind="ok", kwh=1_200
    )
    assert judge(last(1_000, 20.0, register), register, 1_091, TODAY).kind == "high"
    assert judge(last(999_990, 20.0, register), register, 20, TODAY) == Verdict(
        kind="rollover", kwh=1_200
    )


def test_two_readings_on_one_day_are_compared_over_one_day() -> None:
    assert judge(last(10_000), TOTAL, 10_030, READ_ON).kind == "ok"
    assert judge(last(10_000), TOTAL, 10_031, READ_ON).kind == "high"


@pytest.mark.parametrize("daily_use", [0.0, 0.2, None])
def test_a_home_that_stood_empty_may_be_lived_in_again(daily_use: float | None) -> None:
    assert judge(last(10_000, daily_use), TOTAL, 10_900, TODAY).kind == "ok"
    assert judge(last(10_000, daily_use), TOTAL, 10_901, TODAY).kind == "high"


def test_a_register_without_an_earlier_value_is_taken_as_it_is() -> None:
    assert judge(last(10_000), Register(id="friday"), 5, TODAY) == Verdict(kind="ok")


def test_a_maximeter_may_fall_but_not_shoot_up() -> None:
    demand = Register(id="demand", digits=4)
    assert judge(last(50, None, demand), demand, 30, TODAY) == Verdict(kind="ok")
    assert judge(last(50, None, demand), demand, 150, TODAY) == Verdict(kind="ok")
    assert judge(last(50, None, demand), demand, 151, TODAY) == Verdict(kind="high")
    assert judge(last(0, None, demand), demand, 80, TODAY) == Verdict(kind="ok")
