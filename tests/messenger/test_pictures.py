"""What is to be seen on the pictures: measured on their pixels, as nobody looks at them here."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
import pytest
from PIL import Image, ImageChops, ImageColor, ImageDraw

from bots.telegram.chat import Picture
from bots.telegram.pictures import draw
from bots.telegram.pictures.canvas import AMBER, DEEP, PAPER, WIDTH, Canvas, font, shaped
from bots.telegram.pictures.consumption import round_ticks
from bots.telegram.pictures.years import months, pairs
from dialogs.calendar import from_jalali
from dialogs.values import Consumption, Payment

TODAY = dt.date(2026, 11, 22)
LANGUAGES = ("fa", "en")
CHART_TOP, CHART_BOTTOM = 140, 700
"""Where bars may be: below the legend's first row."""


def period(kwh: int, end: dt.date, days: int = 61, *, estimated: bool = False) -> Consumption:
    start = end - dt.timedelta(days)
    return Consumption(
        year=1405, period=1, start=start, end=end, kwh={"total": kwh}, amount=0, estimated=estimated
    )


def periods(*kwh: int, days: int = 61, estimated: Sequence[int] = ()) -> list[Consumption]:
    """One behind the other, given oldest first, as the backend sends them: newest first."""
    last = TODAY - dt.timedelta(20)
    return [
        period(
            used, last - dt.timedelta(days * back), days, estimated=len(kwh) - back - 1 in estimated
        )
        for back, used in enumerate(reversed(kwh))
    ]


def payments(count: int, *, amount: int = 1_234_000, reference: str = "406281") -> list[Payment]:
    return [
        Payment(
            paid_on=TODAY - dt.timedelta(10 + 30 * n),
            amount=amount + n * 10_000,
            payment_id=str(38_500_177 + n),
            reference=reference,
            via=("bank", "ussd", "app", "counter", "web", "pigeon")[n % 6],
        )
        for n in range(count)
    ]


async def drawn(rows: Sequence[Any], language: str = "fa", kind: Any = "") -> Image.Image:
    kind = kind or ("payments" if isinstance(rows[0], Payment) else "consumption")
    png = await draw(Picture(kind, language, msgspec.to_builtins(rows)), TODAY)
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def runs_of(image: Image.Image, colour: str) -> list[tuple[int, int]]:
    """Middle and height of the bars of a colour, from left to right."""
    chart = image.crop((0, CHART_TOP, WIDTH, CHART_BOTTOM))
    ground = Image.new("RGB", chart.size, colour)
    far = ImageChops.difference(chart, ground).convert("L").point(lambda value: value > 8)
    pixels = far.load()
    assert pixels is not None
    heights = [sum(not pixels[x, y] for y in range(far.height)) for x in range(far.width)]

    def bars() -> Iterator[tuple[int, int]]:
        for tall, group in groupby(range(far.width), key=lambda x: heights[x] > 20):
            columns = list(group)
            if tall and len(columns) > 10:
                middle = columns[len(columns) // 2]
                yield middle, heights[middle]

    return list(bars())


SHAPES: dict[str, tuple[str, list[Any]]] = {
    "no period": ("consumption", []),
    "one period": ("consumption", periods(412)),
    "five periods with zeros": ("consumption", periods(410, 0, 620, 1240, 0)),
    "nothing but zeros": ("consumption", periods(0, 0, 0, 0, 0, 0, 0)),
    "two years": ("consumption", periods(*range(300, 1500, 100), estimated=[3, 8])),
    "thirteen periods": ("consumption", periods(*range(300, 1600, 100))),
    "an industrial customer": ("consumption", periods(*[1_040_000, 980_000] * 6)),
    "an industrial customer by the month": (
        "consumption",
        periods(*[1_040_000, 1_980_000] * 12, days=30, estimated=[20]),
    ),
    "huge beside tiny": ("consumption", periods(99_999_999, 3, 99_999_998, 1)),
    "a period without days": ("consumption", periods(5, 7, days=0)),
    "periods by the day": ("consumption", periods(*range(100, 900), days=1)),
    "no payment": ("payments", []),
    "one payment": ("payments", payments(1)),
    "a page of payments": ("payments", payments(24)),
    "too many payments": ("payments", payments(40)),
    "payments of billions with long references": (
        "payments",
        payments(5, amount=99_999_999_000, reference="ABC-علی-(" + "9" * 50 + ")"),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_is_drawn_with_nothing_cut_off_at_the_edges(
    shape: str, language: str
) -> None:
    kind, rows = SHAPES[shape]
    image = await drawn(rows, language, kind)
    assert image.width == WIDTH
    inner = (8, 8, image.width - 8, image.height - 8)
    image.paste(PAPER, inner)
    assert image.getcolors() == [(image.width * image.height, ImageColor.getrgb(PAPER))]


async def test_bars_are_as_high_as_their_consumption_and_time_runs_with_the_language() -> None:
    kwh = (100, 250, 500, 400)
    for language in LANGUAGES:
        bars = runs_of(await drawn(periods(*kwh), language), DEEP)
        heights = [height for _, height in (reversed(bars) if language == "fa" else bars)]
        assert heights == [pytest.approx(heights[2] * used / 500, abs=3) for used in kwh]


async def test_each_period_stands_beside_the_one_a_year_before_in_another_colour() -> None:
    rows = periods(110, 120, 130, 140, 150, 160, 210, 220, 230, 240, 250, 260)
    for language in LANGUAGES:
        image = await drawn(rows, language)
        before, recent = runs_of(image, AMBER), runs_of(image, DEEP)
        assert len(before) == len(recent) == 6
        for (x, height), (recent_x, recent_height) in zip(before, recent, strict=True):
            assert (x > recent_x) == (language == "fa")
            assert abs(x - recent_x) < 80
            assert height < recent_height


async def test_a_period_without_a_twin_leaves_a_gap_where_a_zero_is_written() -> None:
    rows = periods(110, 120, 130, 140, 150, 160, 210, 220, 230, 240, 250, 260)
    missing = [row for row in rows if row.total_kwh != 130]
    zero = periods(110, 120, 0, 140, 150, 160, 210, 220, 230, 240, 250, 260)
    without, with_zero = await drawn(missing), await drawn(zero)
    assert len(runs_of(without, AMBER)) == len(runs_of(with_zero, AMBER)) == 5
    difference = ImageChops.difference(without, with_zero).getbbox()
    assert difference is not None
    left, top, right, bottom = difference
    assert (right - left) < 40
    assert (bottom - top) < 40


async def test_an_estimated_period_is_hatched_and_the_legend_says_so() -> None:
    plain, estimated = await drawn(periods(400, 500)), await drawn(periods(400, 500, estimated=[1]))
    assert len(runs_of(plain, DEEP)) == 2
    x, _ = runs_of(plain, DEEP)[0]
    bar = (x - 20, 400, x + 20, 500)
    assert plain.crop(bar).getcolors() == [(40 * 100, ImageColor.getrgb(DEEP))]
    colours = {colour for _, colour in estimated.crop(bar).getcolors(4096) or []}
    assert {ImageColor.getrgb(PAPER), ImageColor.getrgb(DEEP)} <= colours
    legend = (0, 90, WIDTH, CHART_TOP)
    assert ImageChops.difference(plain.crop(legend), estimated.crop(legend)).getbbox()


def test_persian_letters_are_joined_and_run_from_right_to_left() -> None:
    word = "مصرف"
    canvas = Canvas("fa", 100)
    canvas.text(40, 50, word, 46)
    apart = Image.new("RGB", canvas.image.size, PAPER)
    ImageDraw.Draw(apart).text((40, 10), word, "black", font(46, False))
    assert len(pieces(canvas.image)) < len(pieces(apart))
    # The first letter, «م», stands at the right: the last two, «رف», begin further left.
    ends = Canvas("fa", 100)
    ends.text(40, 50, "م", 46)
    assert pieces(canvas.image)[-1][1] == pytest.approx(pieces(ends.image)[-1][1], abs=6)


def pieces(image: Image.Image) -> list[tuple[int, int]]:
    """First and last column of what hangs together, from left to right."""
    grey = image.convert("L")
    inked = [grey.crop((x, 0, x + 1, grey.height)).getextrema()[0] < 128 for x in range(grey.width)]
    groups = [
        list(group) for ink, group in groupby(range(grey.width), key=inked.__getitem__) if ink
    ]
    return [(group[0], group[-1]) for group in groups]


def test_numbers_keep_their_order_and_brackets_their_side_in_a_persian_line() -> None:
    assert shaped("(۱٬۲۳۴)", rtl=True) == "(۱٬۲۳۴)"
    assert shaped("۱۴۰۵/۰۸/۳۰", rtl=True) == "۱۴۰۵/۰۸/۳۰"
    assert shaped("ب (ABC) ب", rtl=True) == "ﺏ (ABC) ﺏ"
    assert shaped("پرداخت‌ها", rtl=True).startswith("ﺎﻫ")


async def test_of_more_than_24_payments_the_newest_are_shown_and_the_rest_is_named() -> None:
    page, more = await drawn(payments(24)), await drawn(payments(30))
    assert page.size == more.size
    difference = ImageChops.difference(page, more).getbbox()
    assert difference is not None
    assert difference[1] > page.height - 72


async def test_rows_in_any_order_are_the_same_picture() -> None:
    for rows in (periods(100, 200, 300), payments(5)):
        assert (await drawn(rows)).tobytes() == (await drawn(rows[::-1])).tobytes()


async def test_rows_of_another_kind_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        await drawn(payments(1), kind="consumption")


async def test_other_tasks_go_on_while_a_picture_is_drawn() -> None:
    drawing = asyncio.create_task(drawn(payments(24)))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    await drawing
    assert turns > 10


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (412, [0, 100, 200, 300, 400, 500]),
        (1240, [0, 500, 1000, 1500]),
        (1_000_000, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
    ],
)
def test_the_axis_is_marked_at_round_numbers(most: int, ticks: list[int]) -> None:
    assert round_ticks(most) == ticks


def test_twins_are_found_by_their_dates_though_meters_are_read_on_other_days() -> None:
    last = dt.date(2026, 10, 20)
    recent = [period(2, last), period(1, last - dt.timedelta(61))]
    before = [period(20, last - dt.timedelta(374)), period(10, last - dt.timedelta(420))]
    found = pairs(recent + before)
    assert [[p.total_kwh for p in pair.both] for pair in found] == [[10, 1], [20, 2]]


def test_what_is_older_than_two_years_is_left_out() -> None:
    found = pairs(periods(*range(1, 14)))
    assert [[p.total_kwh for p in pair.both] for pair in found] == [
        [2, 8], [3, 9], [4, 10], [5, 11], [6, 12], [7, 13]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        ((1405, 5, 29), (1405, 7, 29), (6, 7)),
        ((1405, 5, 5), (1405, 7, 5), (5, 6)),
        ((1405, 7, 1), (1405, 8, 1), (7, 7)),
        ((1404, 11, 20), (1405, 1, 20), (12, 1)),
        ((1405, 1, 1), (1405, 5, 1), (1, 4)),
        ((1405, 3, 10), (1405, 3, 12), (3, 3)),
    ],
)
def test_a_period_is_named_after_the_months_it_mostly_lies_in(
    start: tuple[int, int, int], end: tuple[int, int, int], names: tuple[int, int]
) -> None:
    first, last = from_jalali(*start), from_jalali(*end)
    assert months(period(1, last, (last - first).days)) == names
