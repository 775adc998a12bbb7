"""A sheet to draw on in reading direction: the same layout serves Persian and English.

Lengths are pixels. ``x`` counts from the side where reading starts, the right one in Persian, and
``y`` from the top.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from arabic_reshaper import ArabicReshaper  # type: ignore[import-untyped]
from bidi.algorithm import get_display  # type: ignore[import-untyped]
from PIL import Image, ImageColor, ImageDraw, ImageFont

from dialogs.formats import Lang, number
from dialogs.messages import MESSAGES

FONTS = Path(__file__).parents[1] / "fonts"
WIDTH = 1000
MARGIN = 40

INK, PALE, PAPER = "#1B2430", "#5A6675", "#FFFFFF"
"""Letters, lesser letters (6:1 on paper), ground."""
RULE, STRIPE = "#D5DBE3", "#EDF2F8"
DEEP, AMBER, AMBER_EDGE = "#0B4F8A", "#F6B04B", "#9A5B00"
"""Dark and light: 8:1 on paper, and an edge of 5:1 around what is too pale without it."""

_SOLID = (PAPER, INK, PALE, RULE, STRIPE, DEEP, AMBER, AMBER_EDGE)
_MET = ((INK, PAPER), (INK, STRIPE), (PALE, PAPER), (DEEP, PAPER), (AMBER, PAPER))
"""Colours that meet in the soft edges of letters and strokes."""
_SHADES = 16
"""Steps from the one to the other."""

Side = Literal["start", "middle", "end"]
_HATCH = 12
"""Distance between the strokes of a hatched area."""
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x2066, 0x206A)]) | {0xA0: " "}

_reshaper = ArabicReshaper()


def shaped(text: str, *, rtl: bool) -> str:
    """``text`` as glyphs from left to right: Persian letters joined, lines turned by Unicode's
    bidirectional algorithm, and the marks left out that do nothing but steer these two."""
    if any(
        unicodedata.bidirectional(sign) == "AL" for sign in text
    ):  # not for numbers: it takes long
        text = _reshaper.reshape(text)
    # Not bidi.get_display, the faster one: it leaves brackets as they are.
    turned = get_display(text, base_dir="R" if rtl else "L")
    return str(turned).translate(_UNSEEN)


class Glyph(NamedTuple):
    mask: Image.Image
    left: int
    """From the pen to the mask, and from the line's top."""
    top: int
    advance: float


@cache
def font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Pillow's own layout: where libraqm is, it would turn the shaped text a second time."""
    name = "Vazirmatn-Bold.ttf" if bold else "Vazirmatn-Regular.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(2048)
def glyph(sign: str, size: int, bold: bool) -> Glyph:
    """Kept, since FreeType takes five times as long for it as the rest of writing a sign does."""
    letters = font(size, bold)
    left, top, right, bottom = map(round, letters.getbbox(sign))
    mask = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(mask).text((-left, -top), sign, 255, letters)
    return Glyph(mask, left, top, letters.getlength(sign))


class Canvas:
    def __init__(self, language: Lang, height: int) -> None:
        self.language: Lang = language
        self.height = height
        self.rtl = language == "fa"
        self.image = Image.new("RGB", (WIDTH, height), PAPER)
        self._pen = ImageDraw.Draw(self.image)
        self._shaped: dict[str, str] = {}

    def say(self, message: str, **args: Any) -> str:
        """A message of the pictures, or any other without markup."""
        return MESSAGES.text(message, "telegram", self.language, args)

    def number(self, value: int) -> str:
        return number(value, self.language)

    def width(self, text: str, size: int, *, bold: bool = False) -> int:
        """Of ``text`` in one line."""
        return round(sum(glyph(sign, size, bold).advance for sign in self._line(text)))

    def fitting(
        self, text: str, room: float, largest: int, smallest: int, *, bold: bool = False
    ) -> int:
        """The largest size at which ``text`` is no wider than ``room``, or else ``smallest``."""
        sizes = range(largest, smallest, -2)
        return next((size for size in sizes if self.width(text, size, bold=bold) <= room), smallest)

    def lines(self, text: str, room: float, size: int) -> list[str]:
        """``text`` broken at spaces, not at no-break ones; a line is wider than ``room`` only where a
        word is."""
        lines: list[str] = []
        for word in text.split(" "):
            if lines and self.width(f"{lines[-1]} {word}", size) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def clipped(self, text: str, room: float, size: int) -> str:
        """``text`` no wider than ``room``; what was cut is ended by «…»."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(text + "…", size) > room:
            text = text[:-1]
        return text + "…"

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        side: Side = "start",
        bold: bool = False,
        fill: str = INK,
        clear: bool = False,
    ) -> None:
        """One line, centred on ``y``; ``x`` is its start, middle or end. ``clear`` takes away what is
        behind it."""
        mask = self._mask(text, size, bold)
        before = {"start": self.rtl, "middle": 0.5, "end": not self.rtl}[side]
        left = self._left(x) - mask.width * before
        self._write(mask, left, y - mask.height / 2, fill, clear=clear)

    def upright(self, x: float, bottom: float, text: str, size: int, *, bold: bool) -> None:
        """One line that is read from its ``bottom`` upwards, centred on ``x``, with nothing behind it."""
        mask = self._mask(text, size, bold).transpose(Image.Transpose.ROTATE_90)
        mask = mask.crop(mask.getbbox())
        self._write(mask, self._left(x) - mask.width / 2, bottom - mask.height, INK, clear=True)

    def rule(self, start: float, end: float, y: float, fill: str = RULE, width: int = 2) -> None:
        self._pen.line((self._left(start), y, self._left(end), y), fill, width)

    def area(
        self,
        start: float,
        top: float,
        end: float,
        bottom: float,
        fill: str,
        *,
        edge: str = "",
        hatched: bool = False,
    ) -> None:
        """A rectangle from ``start`` to ``end`` and from ``top`` to just above ``bottom``; hatched, only
        strokes of ``fill`` are in it. Nothing where it has no height."""
        left, right = sorted((round(self._left(start)), round(self._left(end))))
        upper, lower = round(top), round(bottom)
        size = (right - left, lower - upper)
        if min(size) <= 0:
            return
        if hatched:
            self.image.paste(PAPER, (left, upper, right, lower))
            self.image.paste(fill, (left, upper), _hatch().crop((0, 0, *size)))
        else:
            self.image.paste(fill, (left, upper, right, lower))
        self._pen.rectangle((left, upper, right - 1, lower - 1), outline=edge or fill, width=2)

    def png(self) -> bytes:
        """With a palette: the file is a third as long and takes a third of the time."""
        out = io.BytesIO()
        few = self.image.quantize(palette=_palette(), dither=Image.Dither.NONE)
        few.save(out, "PNG", compress_level=3)
        return out.getvalue()

    def _write(self, mask: Image.Image, left: float, top: float, fill: str, *, clear: bool) -> None:
        x, y = round(left), round(top)
        inked = mask.getbbox()
        if inked and clear:
            box = (x + inked[0] - 2, y + inked[1] - 2, x + inked[2] + 2, y + inked[3] + 2)
            self.image.paste(PAPER, box)
        self.image.paste(fill, (x, y), mask)

    def _mask(self, text: str, size: int, bold: bool) -> Image.Image:
        """One line, from the font's highest to its lowest."""
        mask = Image.new(
            "L", (max(self.width(text, size, bold=bold), 1), sum(font(size, bold).getmetrics()))
        )
        pen, x = ImageDraw.Draw(mask), 0.0
        for sign in self._line(text):
            drawn = glyph(sign, size, bold)
            pen.bitmap((round(x) + drawn.left, drawn.top), drawn.mask, 255)
            x += drawn.advance
        return mask

    def _line(self, text: str) -> str:
        line = self._shaped.get(text)
        if line is None:
            line = self._shaped[text] = shaped(text, rtl=self.rtl)
        return line

    def _left(self, x: float) -> float:
        return WIDTH - x if self.rtl else x


@cache
def _palette() -> Image.Image:
    """All colours of a picture, on an image as Pillow wants them."""
    palette = Image.new("P", (1, 1))
    palette.putpalette(list(chain.from_iterable(_shades())))
    return palette


def _shades() -> Iterator[tuple[int, ...]]:
    yield from map(ImageColor.getrgb, _SOLID)
    for one, other in _MET:
        ends = list(zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True))
        for step in range(1, _SHADES):
            yield tuple(round(a + (b - a) * step / _SHADES) for a, b in ends)


@cache
def _hatch() -> Image.Image:
    """Slanting strokes on a mask that is as large as a picture, with soft edges."""
    mask = Image.new("L", (WIDTH, WIDTH))
    pen = ImageDraw.Draw(mask)
    for x in range(-WIDTH, WIDTH, _HATCH):
        pen.line((x, WIDTH, x + WIDTH, 0), 255, 4)
    return mask
