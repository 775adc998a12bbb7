"""``gooya say``: how values are spoken, as text; one input a line, one JSON object a line out."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable

import click
import msgspec

from dialogs.calendar import FIRST_YEAR, LAST_YEAR, from_jalali, tehran_today
from dialogs.text import latin_digits
from ivr import spoken

_MARKS = re.compile(r"[\s,،٬'_]")
_NUMBER = re.compile(r"[+−-]?[0-9]{1,15}")
_DATE = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})")


def _number(text: str) -> int:
    plain = _MARKS.sub("", latin_digits(text))
    if not _NUMBER.fullmatch(plain):
        raise ValueError("expected a whole number")
    return int(plain.replace("−", "-"))


def _date(text: str) -> dt.date:
    """A Jalali date, or a Gregorian one: the year tells them apart."""
    found = _DATE.fullmatch(latin_digits(text).strip())
    if found is None:
        raise ValueError("expected a date such as 1405/08/30")
    year, month, day = map(int, found.groups())
    if FIRST_YEAR <= year <= LAST_YEAR:
        return from_jalali(year, month, day)
    return dt.date(year, month, day)


_SPOKEN: dict[str, Callable[[str, str, dt.date], list[str]]] = {
    "number": lambda text, language, today: spoken.number(_number(text), language),
    "money": lambda text, language, today: spoken.rial(_number(text), language),
    "date": lambda text, language, today: spoken.date(_date(text), language, today),
    "time": lambda text, language, today: spoken.time(text.strip(), language),
    "id": lambda text, language, today: spoken.identifier(text.strip(), language),
    "kwh": lambda text, language, today: spoken.kwh(_number(text), language),
    "option": lambda text, language, today: spoken.option(_number(text), language),
}


def parsed(function: str, text: str) -> object:
    """A value typed by a person, as the function of a message that says it wants it.

    Raises ValueError.
    """
    if function in ("NUMBER", "RIAL", "MONEY", "KWH"):
        return _number(text)
    return _date(text) if function == "DATE" else text


@click.command()
@click.option("--as", "kind", type=click.Choice(list(_SPOKEN)), required=True, help="What it is.")
@click.option("--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
def say(kind: str, language: str) -> None:
    """Say each line of standard input as the phone does: {"input", "words"} or {"input", "error"}.

    An amount of money is in rial, a date is Jalali (1405/08/30) or Gregorian, a time HH:MM.
    """
    today = tehran_today(dt.datetime.now(dt.UTC))
    for line in sys.stdin:
        text = line.rstrip("\n")
        try:
            keys = _SPOKEN[kind](text, language, today)
            result = {"input": text, "words": spoken.words(keys, language)}
        except ValueError as error:
            result = {"input": text, "error": str(error)}
        click.echo(msgspec.json.encode(result))
