"""What energy costs in the sandbox: a few simple steps, in the manner of a tariff, none in force."""

from __future__ import annotations

from collections.abc import Mapping

_HOUSEHOLD_STEPS = ((100, 1_000), (200, 2_000), (None, 4_000))
"""(kWh of 30 days in this step, rial per kWh); the last step has no end."""
_FLAT = {"public": 2_500, "agricultural": 1_200, "industrial": 3_500, "other": 5_000}
"""Rial per kWh of the groups that pay no steps."""
_REGISTER_WEIGHT = {"peak": 2.0, "low": 0.5, "friday": 0.7, "reactive": 0.1, "demand": 0.0}
"""What a unit of a register counts beside one of the normal or the only register."""


def energy_cost(tariff: str, kwh: Mapping[str, int], days: int) -> int:
    """Price in rial, whole thousands rounded down, of what ``days`` days used by register.

    Negative use, where an estimated bill took too much, gives a negative price.
    """
    weighted = sum(_REGISTER_WEIGHT.get(register, 1.0) * used for register, used in kwh.items())
    flat = _FLAT.get(tariff)
    price = _stepped(abs(weighted), days) if flat is None else abs(weighted) * flat
    thousands = int(price) // 1000 * 1000
    return thousands if weighted >= 0 else -thousands


def _stepped(kwh: float, days: int) -> float:
    price, left = 0.0, kwh
    for width, rate in _HOUSEHOLD_STEPS:
        if width is None:
            return price + left * rate
        in_step = min(left, width * max(days, 1) / 30)
        price += in_step * rate
        left -= in_step
    return price
