"""What a picture costs: the pictures of a chat, each drawn one after the other, in this process.

    python -m bench.pictures --rounds 100

Prints p50, p95 and the slowest in milliseconds and the size of the file. The very first picture of a
process in a language, which also reads its messages, stands alone. Goal: under 150 ms each.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import time

import msgspec

from bots.telegram.chat import Picture
from bots.telegram.pictures import draw
from dialogs.values import Consumption, Payment

TODAY = dt.date(2026, 11, 22)


def consumption(count: int, days: int, kwh: int) -> list[dict[str, object]]:
    """Periods of ``days`` days, newest first, about ``kwh`` each."""
    return [
        msgspec.to_builtins(
            Consumption(
                year=1405,
                period=n + 1,
                start=TODAY - dt.timedelta(days * (n + 1)),
                end=TODAY - dt.timedelta(days * n),
                kwh={"total": kwh + kwh * (n * 7 % 10) // 10},
                amount=1_000_000,
                estimated=n % 5 == 3,
            )
        )
        for n in range(count)
    ]


def payments(count: int) -> list[dict[str, object]]:
    return [
        msgspec.to_builtins(
            Payment(
                paid_on=TODAY - dt.timedelta(30 * n),
                amount=1_234_000 + 77_000 * n,
                payment_id=f"{9_900_000 + n * 1_000_003}",
                reference=f"{123_456_789_012 + n * 7_000_001}",
                via=("bank", "app", "ussd")[n % 3],
            )
        )
        for n in range(count)
    ]


PICTURES = {
    "consumption, household (12 periods)": ("consumption", consumption(12, 61, 400)),
    "consumption, industry (24 months)": ("consumption", consumption(24, 30, 1_000_000)),
    "payments (12)": ("payments", payments(12)),
    "payments (24)": ("payments", payments(24)),
}


async def timed(picture: Picture) -> tuple[float, int]:
    """Milliseconds and bytes."""
    began = time.perf_counter()
    png = await draw(picture, TODAY)
    return (time.perf_counter() - began) * 1000, len(png)


async def main(rounds: int) -> None:
    first: set[str] = set()
    for language in ("fa", "en"):
        for name, (kind, rows) in PICTURES.items():
            picture = msgspec.convert(
                {"kind": kind, "language": language, "rows": rows}, type=Picture
            )
            if language not in first:
                first.add(language)
                print(f"{language}: the first takes {(await timed(picture))[0]:.0f} ms")
            drawn = [await timed(picture) for _ in range(rounds)]
            times = sorted(milliseconds for milliseconds, _ in drawn)
            print(
                f"{language} {name:36} p50 {times[rounds // 2]:6.1f}"
                f"  p95 {times[rounds * 95 // 100]:6.1f}  most {times[-1]:6.1f} ms"
                f"  {drawn[0][1] / 1024:4.0f} KiB"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    asyncio.run(main(parser.parse_args().rounds))
