"""What every answer type is: text in, a typed value or :class:`Wrong` out."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")

UNWRITTEN: Final = "\ue000"
"""Before an answer that nobody wrote: a number that an account shared, the ids of files. The engine takes
it out of every text, so that nobody can write one."""


class Wrong(Exception):
    """The customer's answer can't be taken. Names the message that says why.

    ``code`` completes the message id ``wrong-<type>-<code>``; ``args`` are its placeables.
    """

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code = code
        self.args_ = args


class Keys(NamedTuple):
    """How many digits of a keypad an answer takes; as many as ``maximum`` need no terminator."""

    minimum: int
    maximum: int


class Answer(ABC, Generic[T]):
    """A kind of answer. Instances are cheap, immutable and hold only what the question narrows."""

    type: ClassVar[str]
    """Registry name: ``bill_id``, ``meter_reading`` …; also in message ids and catalogue files."""
    value_type: ClassVar[Any] = str
    """What the journal holds, for :meth:`load`."""
    takes_signs: ClassVar[bool] = True
    """Whether a single character that is also a command's sign (0, 9) is an answer where it fits."""
    codes: ClassVar[tuple[str, ...]] = ()
    """Every code of :class:`Wrong` that :meth:`parse` may raise: each has its message."""
    contact: ClassVar[str] = ""
    """Message id of the label under which a messenger's account shares its own number; empty where
    that is no answer."""
    takes_files: ClassVar[bool] = False
    """Whether photos and documents are an answer."""

    @property
    def keys(self) -> Keys | None:
        """The digits that a keypad has to give; None for what keys can't say, which is recorded."""
        return None

    def of_keys(self, digits: str) -> str:
        """What is meant by ``digits`` of a keypad, as the text that says it."""
        return digits

    @abstractmethod
    def parse(self, text: str, *, today: dt.date) -> T:
        """The value meant by ``text`` (at most 1,000 characters). Raises :class:`Wrong`.

        ``today`` is the date in Asia/Tehran: an answer type reads no clock.
        """

    def dump(self, value: T) -> Any:
        """Builtins for the journal."""
        return msgspec.to_builtins(value)

    def load(self, raw: Any) -> T:
        """The value back from the journal. Raises ``msgspec.ValidationError`` when it no longer fits."""
        value: T = msgspec.convert(raw, self.value_type)
        return value
