"""What a process writes to its log."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from gooya import logs

Write = Callable[..., list[str]]


@pytest.fixture
def write() -> Iterator[Write]:
    """Log at ``at`` seconds and get the lines that were written."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("info")
    written = io.StringIO()
    [handler] = root.handlers
    cast("logging.StreamHandler[Any]", handler).setStream(written)

    def line(at: float, text: str, level: int = logging.WARNING, **extra: Any) -> list[str]:
        written.seek(0)
        written.truncate()
        values = {"name": "gooya", "msg": text, "levelno": level, "created": at, **extra}
        root.handle(logging.makeLogRecord(values))
        return [line.partition(" gooya ")[2] for line in written.getvalue().splitlines()]

    yield line
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def test_a_warning_that_is_said_again_and_again_is_written_every_ten_seconds_with_its_number(
    write: Write,
) -> None:
    assert write(1000.0, "the queue can't be read", channel="sms") == [
        "the queue can't be read channel=sms"
    ]
    for tenth in range(1, 100):
        assert write(1000.0 + tenth / 10, "the queue can't be read", channel="sms") == []
    assert write(1010.0, "the queue can't be read", channel="sms") == [
        "the queue can't be read channel=sms repeated=99"
    ]


def test_what_says_something_else_and_what_is_no_warning_is_always_written(write: Write) -> None:
    for at in (1000.0, 1000.1):
        assert write(at, f"not handled: {at}") == [f"not handled: {at}"]
        assert write(at, "can't be read", channel=str(at)) == [f"can't be read channel={at}"]
        assert write(at, "a worker loop ended", logging.CRITICAL) == ["a worker loop ended"]
        assert write(at, "connected", logging.INFO) == ["connected"]


def test_a_clock_that_was_set_back_silences_nothing(write: Write) -> None:
    assert write(1000.0, "away") == ["away"]
    assert write(500.0, "away") == ["away"]
