"""Two processes for the calls of one application: one has them, the other one waits for its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

import pytest

from gooya.settings import SettingsError
from gooya.standby import Shift
from tests.servers.processes import Process, until

HOLDER = """
import asyncio, sys
from pathlib import Path
from gooya.standby import Shift

async def work() -> None:
    print("working", flush=True)
    await asyncio.Event().wait()

asyncio.run(Shift(Path(sys.argv[1]), "gooya").run(work))
"""


class Work:
    def __init__(self, shift: Shift) -> None:
        self.runs = False
        self.task = asyncio.create_task(shift.run(self._work))

    async def _work(self) -> None:
        self.runs = True
        try:
            await asyncio.Event().wait()
        finally:
            self.runs = False

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


async def test_a_process_stands_by_until_the_one_with_the_calls_is_killed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gooya")
    command = [sys.executable, "-c", HOLDER, tmp_path / "data"]
    holder = Process(command, tmp_path / "holder.out")
    try:
        await until(lambda: b"working" in holder.output(), "the first one works")
        work = Work(Shift(tmp_path / "data", "gooya"))
        await until(lambda: "standing by" in caplog.text, "the second one stands by")
        assert not work.runs
    finally:
        holder.end(signal.SIGKILL)
    await until(lambda: work.runs, "the second one works")
    await work.stop()


async def test_a_process_that_stops_lets_the_next_one_begin(tmp_path: Path) -> None:
    first, second = Work(Shift(tmp_path, "gooya")), Work(Shift(tmp_path, "gooya"))
    await until(lambda: first.runs, "the first one works")
    assert not second.runs
    await first.stop()
    await until(lambda: second.runs, "the second one works")
    await second.stop()


async def test_a_process_that_stops_while_it_stands_by_is_nobodys_concern(tmp_path: Path) -> None:
    first, second = Work(Shift(tmp_path, "gooya")), Work(Shift(tmp_path, "gooya"))
    await until(lambda: first.runs, "the first one works")
    await second.stop()
    assert first.runs
    await first.stop()


async def test_applications_do_not_wait_for_each_other(tmp_path: Path) -> None:
    works = [Work(Shift(tmp_path, app)) for app in ("one", "../two")]
    await until(lambda: all(work.runs for work in works), "both work")
    for work in works:
        await work.stop()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ivr-..%2Ftwo.lock",
        "ivr-one.lock",
    ]


async def test_work_that_fails_ends_the_shift_with_its_error(tmp_path: Path) -> None:
    async def fail() -> None:
        raise OSError

    with pytest.raises(ExceptionGroup):
        await Shift(tmp_path, "gooya").run(fail)
    work = Work(Shift(tmp_path, "gooya"))
    await until(lambda: work.runs, "the next one works")
    await work.stop()


def test_a_folder_that_can_t_be_written_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match="GOOYA_DATA: can't write"):
        Shift(tmp_path / "data", "gooya")
