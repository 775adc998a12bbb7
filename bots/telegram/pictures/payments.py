"""Payments as a table, newest first, with their total below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bots.telegram.pictures.canvas import (
    DEEP,
    INK,
    MARGIN,
    PALE,
    PAPER,
    STRIPE,
    WIDTH,
    Canvas,
    Side,
)
from dialogs.formats import Lang, date, digits
from dialogs.text import displayable
from dialogs.values import Payment

MOST = 24
"""Payments on one picture; of more, the newest."""
_SIZE, _HEAD = 26, 24
_TOP, _ROW, _FOOT = 112, 54, 72
_GAP = 26
"""Pixels between columns, at least."""


@dataclass
class _Column:
    message: str
    cells: list[str]
    side: Side = "start"
    width: int = 0
    x: float = 0.0


def draw(payments: Sequence[Payment], language: Lang, today: dt.date) -> bytes:
    """PNG of the newest :data:`MOST` of ``payments``, which come in any order."""
    newest = sorted(payments, key=lambda payment: payment.paid_on, reverse=True)
    shown, older = newest[:MOST], len(newest) - MOST
    canvas = Canvas(language, _TOP + _ROW * (max(len(shown), 2) + 2) + _FOOT)
    canvas.text(MARGIN, 58, canvas.say("picture-payments"), 46, bold=True)
    foot = canvas.height - _FOOT / 2 + 4
    canvas.text(MARGIN, foot, canvas.say("picture-as-of", date=today), 24, fill=PALE)
    if not shown:
        nothing = canvas.say("payments-none")
        canvas.text(WIDTH / 2, canvas.height / 2, nothing, 34, side="middle", fill=PALE)
        return canvas.png()
    if older > 0:
        left_out = canvas.say("picture-older", count=older)
        canvas.text(WIDTH - MARGIN, foot, left_out, 24, side="end", fill=PALE)
    _table(canvas, _columns(canvas, shown), len(shown))
    total = canvas.say("picture-total", count=len(shown), amount=sum(p.amount for p in shown))
    y = _TOP + _ROW * (len(shown) + 1.5)
    canvas.rule(MARGIN, WIDTH - MARGIN, y - _ROW / 2, INK, 3)
    size = canvas.fitting(total, WIDTH - 2 * (MARGIN + _GAP), 30, 20)
    canvas.text(MARGIN + _GAP / 2, y + 4, total, size, bold=True)
    return canvas.png()


def _columns(canvas: Canvas, payments: Sequence[Payment]) -> list[_Column]:
    """Cells are in place: as wide as what is in them, and the reference in what they leave."""
    language = canvas.language
    # Amounts stand unit under unit, which is the right edge in both languages.
    units: Side = "start" if canvas.rtl else "end"
    columns = [
        _Column("picture-paid-on", [date(p.paid_on, language) for p in payments]),
        _Column("picture-amount", [canvas.number(p.amount) for p in payments], units),
        _Column("picture-paid-by", [canvas.say("picture-via", via=p.via) for p in payments]),
        _Column("picture-payment-id", [digits(p.payment_id) for p in payments]),
        _Column("picture-reference", [displayable(p.reference) for p in payments]),
    ]
    room = WIDTH - 2 * MARGIN - _GAP * len(columns)
    for column in columns:
        widest = max(canvas.width(cell, _SIZE) for cell in column.cells)
        column.width = min(room, max(widest, canvas.width(canvas.say(column.message), _HEAD)))
        room -= column.width
    last = columns[-1]
    last.cells = [canvas.clipped(cell, last.width, _SIZE) for cell in last.cells]
    x = MARGIN + _GAP / 2
    for column in columns:
        column.x = x if column.side == "start" else x + column.width
        x += column.width + _GAP + room / (len(columns) - 1)
    return columns


def _table(canvas: Canvas, columns: Sequence[_Column], rows: int) -> None:
    canvas.area(MARGIN, _TOP, WIDTH - MARGIN, _TOP + _ROW, DEEP)
    for row in range(1, rows, 2):
        top = _TOP + _ROW * (row + 1)
        canvas.area(MARGIN, top, WIDTH - MARGIN, top + _ROW, STRIPE)
    for column in columns:
        head = canvas.say(column.message)
        canvas.text(column.x, _TOP + _ROW / 2, head, _HEAD, side=column.side, bold=True, fill=PAPER)
        for row, cell in enumerate(column.cells, 1):
            canvas.text(column.x, _TOP + _ROW * (row + 0.5), cell, _SIZE, side=column.side)
