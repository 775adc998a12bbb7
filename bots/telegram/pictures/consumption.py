"""Two years of consumption as bars: every period beside the same one of the year before.

In Persian the oldest period is at the right and time runs to the left, with the axis at the right: the
chart is read in the direction of the words on it, as «سال پیش» stands before «امسال» in a sentence.
Light and dark, not colour alone, tell the years apart.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from bots.telegram.pictures.canvas import AMBER, AMBER_EDGE, DEEP, MARGIN, PALE, WIDTH, Canvas
from bots.telegram.pictures.years import Pair, months, pairs
from dialogs.formats import Lang
from dialogs.values import Consumption

HEIGHT = 760
_TICKS = 5
_TICK, _FOOT = 24, 70
_LEGEND, _LEGEND_ROW, _SWATCH = 26, 46, 44
_MOST = 14
"""Columns that can be told apart: a year of monthly bills, and some that were split."""
_COLUMN, _BARS = 190, 0.84
"""Pixels that a column takes at most, and the part of it that its bars take."""
_FIGURES, _UPRIGHT, _NAMES, _LEADING = (30, 22), 28, (28, 22), 8
"""Largest and smallest letters of the values and of the periods' names."""
_EDGE = 12
"""Pixels that stay empty at the edge of the picture where the name of a narrow column reaches there."""


@dataclass(frozen=True)
class Paint:
    message: str
    """What the legend says of it."""
    fill: str
    edge: str


BEFORE = Paint("picture-before", AMBER, AMBER_EDGE)
RECENT = Paint("picture-recent", DEEP, DEEP)


def draw(periods: Sequence[Consumption], language: Lang, today: dt.date) -> bytes:
    """PNG of those of ``periods``, in any order, that belong to the two years before the newest ended."""
    canvas = Canvas(language, HEIGHT)
    canvas.text(MARGIN, 58, canvas.say("picture-consumption"), 46, bold=True)
    canvas.text(MARGIN, HEIGHT - 34, canvas.say("picture-as-of", date=today), 24, fill=PALE)
    columns = pairs(periods)[-_MOST:]
    if columns:
        top = _legend(canvas, columns, 118) + 8
        _Chart(canvas, columns, top).draw()
    else:
        nothing = canvas.say("consumption-none")
        canvas.text(WIDTH / 2, HEIGHT / 2, nothing, 34, side="middle", fill=PALE)
    return canvas.png()


def round_ticks(most: int) -> list[int]:
    """Marks of an axis from 0 on: steps of 1, 2 or 5 times a power of ten, at most five above 0, the
    last of them not below ``most``."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if step * _TICKS >= most)
    return [step * n for n in range(math.ceil(most / step) + 1)]


def _legend(canvas: Canvas, columns: Sequence[Pair], y: float) -> float:
    """What bars mean, in rows from ``y`` on; returns where they end."""
    items = []
    for paint, shown in (
        (BEFORE, [pair.before for pair in columns if pair.before]),
        (RECENT, [pair.recent for pair in columns if pair.recent]),
    ):
        if shown:
            said = canvas.say(paint.message, date=max(period.end for period in shown))
            items.append((said, paint.fill, paint.edge, False))
    if any(period.estimated for pair in columns for period in pair.both):
        items.append((canvas.say("picture-estimated"), PALE, PALE, True))
    x = MARGIN
    for text, fill, edge, hatched in items:
        end = x + _SWATCH + 12 + canvas.width(text, _LEGEND)
        if end > WIDTH - MARGIN:
            x, y, end = MARGIN, y + _LEGEND_ROW, end - x + MARGIN
        canvas.area(x, y - 14, x + _SWATCH, y + 14, fill, edge=edge, hatched=hatched)
        canvas.text(x + _SWATCH + 12, y, text, _LEGEND)
        x = end + 40
    return y + _LEGEND_ROW / 2


class _Chart:
    """The axis, the bars and what is written at them. Sizes follow the texts: figures that are wider
    than their place stand upright, and names of periods that are take turns on two rows."""

    def __init__(self, canvas: Canvas, columns: Sequence[Pair], top: float) -> None:
        self.canvas, self.columns = canvas, columns
        values = [period.total_kwh for pair in columns for period in pair.both]
        self.ticks = round_ticks(max(values))
        axis = max(canvas.width(canvas.number(tick), _TICK) for tick in self.ticks)
        self.start = MARGIN + axis + 14
        self.column = min((WIDTH - MARGIN - self.start) / len(columns), _COLUMN)
        self.bars = max(len(pair.both) for pair in columns)
        self.bar = self.column * _BARS / self.bars

        names = [_name(canvas, pair.both[-1]) for pair in columns]
        longest = max((word for name in names for word in name.split(" ")), key=len)
        room = self.column * 0.96
        self.stagger = canvas.width(longest, _NAMES[1]) > room
        if self.stagger:
            room *= 2
        self.name_size = canvas.fitting(longest, room, *_NAMES)
        self.names = [canvas.lines(name, room, self.name_size) for name in names]
        self.name_rows = max(len(lines) for lines in self.names)
        below = self.name_rows * (2 if self.stagger else 1) * (self.name_size + _LEADING)
        self.bottom = HEIGHT - _FOOT - 12 - below

        figure = max(map(canvas.number, values), key=len)
        room = self.column / self.bars - 6
        self.figure_size = canvas.fitting(figure, room, *_FIGURES, bold=True)
        self.upright = canvas.width(figure, self.figure_size, bold=True) > room
        above = self.figure_size
        if self.upright:
            self.figure_size = min(_UPRIGHT, round(0.9 * self.bar))
            above = canvas.width(figure, self.figure_size, bold=True)
        # The highest bar has room for its figure, and the last mark of the axis for its own.
        high = self.bottom - top
        self.per_kwh = min(
            (high - above - 12) / max(*values, 1), (high - _TICK / 2) / max(self.ticks[-1], 1)
        )

    def draw(self) -> None:
        end = WIDTH - MARGIN
        for tick in self.ticks:
            y = self.bottom - tick * self.per_kwh
            self.canvas.rule(self.start, end, y)
            number = self.canvas.number(tick)
            self.canvas.text(self.start - 14, y, number, _TICK, side="end", fill=PALE)
        empty = end - self.start - self.column * len(self.columns)
        x = self.start + empty / 2 + self.column / 2
        for place, (pair, lines) in enumerate(zip(self.columns, self.names, strict=True)):
            if pair.before:
                self._bar(x, -1, pair.before, BEFORE)
            if pair.recent:
                self._bar(x, 1, pair.recent, RECENT)
            lower = self.name_rows if self.stagger and place % 2 else 0
            for row, line in enumerate(lines, lower):
                y = self.bottom + 12 + (row + 0.5) * (self.name_size + _LEADING)
                half = self.canvas.width(line, self.name_size) / 2 + _EDGE
                inside = min(max(x, half), WIDTH - half)
                self.canvas.text(inside, y, line, self.name_size, side="middle")
            x += self.column
        self.canvas.rule(self.start, end, self.bottom, PALE, 3)

    def _bar(self, middle: float, aside: int, period: Consumption, paint: Paint) -> None:
        """``aside`` of the column's ``middle``: -1 before it, 1 behind it."""
        if self.bars == 1:
            aside = 0
        x = middle + aside * self.bar / 2
        top = self.bottom - period.total_kwh * self.per_kwh
        half = self.bar / 2 - 1
        self.canvas.area(
            x - half,
            top,
            x + half,
            self.bottom,
            paint.fill,
            edge=paint.edge,
            hatched=period.estimated,
        )
        figure = self.canvas.number(period.total_kwh)
        size, bold = self.figure_size, paint is RECENT
        if self.upright:
            self.canvas.upright(x, top - 6, figure, size, bold=bold)
        else:
            # Away from the other bar of the pair, which may be the higher one.
            x += aside * max(0.0, self.canvas.width(figure, size, bold=bold) - self.bar) / 2
            y = top - 4 - size / 2
            self.canvas.text(x, y, figure, size, side="middle", bold=bold, clear=True)


def _name(canvas: Canvas, period: Consumption) -> str:
    """The months of a period: «مهر», «شهریور و مهر», «مهر تا دی»."""
    first, last = months(period)
    names = [canvas.say("picture-month", month=month) for month in (first, last)]
    if first == last:
        return names[0]
    message = "picture-two-months" if (last - first) % 12 == 1 else "picture-many-months"
    return canvas.say(message, first=names[0], last=names[1])
