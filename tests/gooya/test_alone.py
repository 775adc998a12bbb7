"""A terminal's conversation beside a process that serves all of them."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from gooya.cli import alone
from gooya.clock import instant
from gooya.database.engine import Database
from gooya.database.transcript import Line, TranscriptWriter
from tests.gooya.house import PHONE

LATE = 100
"""Looks at the transcript after which a slow machine has written it."""


async def test_what_another_process_told_is_shown_however_late_it_is_written_down(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    since, shown = time.time(), set[str]()
    looks = 0

    async def between_looks(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == LATE:
            writer = TranscriptWriter(database)
            writer.write(
                Line(
                    conversation=PHONE,
                    channel="sms",
                    direction="out",
                    message_id="receipt",
                    text="ثبت شد",
                    segments=1,
                    at=instant(since),
                )
            )
            await writer.close()

    monkeypatch.setattr(alone, "asyncio", SimpleNamespace(sleep=between_looks))
    parts: Any = SimpleNamespace(database=database)
    told = [await alone.brought_by_others(parts, PHONE, since=since, shown=shown) for _ in range(2)]
    assert told == [["ثبت شد"], []]
    assert looks == LATE, "what is shown already is not waited for"
