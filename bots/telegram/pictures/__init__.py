"""Pictures for a chat, where people would rather look than read."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import msgspec

from bots.telegram.chat import Picture
from bots.telegram.pictures import consumption, payments
from dialogs.formats import Lang
from dialogs.values import Consumption, Payment

# Drawing holds the interpreter most of the time: a second thread would only take turns with the first
# and leave less to the event loop.
_drawing = ThreadPoolExecutor(1, "drawing")


async def draw(picture: Picture, today: dt.date) -> bytes:
    """``picture`` as PNG, 1000 pixels wide, with ``today`` as its date.

    Raises ``msgspec.ValidationError`` where the rows are no values of the picture's kind.
    """
    return await asyncio.get_running_loop().run_in_executor(_drawing, _drawn, picture, today)


def _drawn(picture: Picture, today: dt.date) -> bytes:
    language: Lang = "fa" if picture.language == "fa" else "en"
    if picture.kind == "consumption":
        return consumption.draw(msgspec.convert(picture.rows, list[Consumption]), language, today)
    return payments.draw(msgspec.convert(picture.rows, list[Payment]), language, today)
