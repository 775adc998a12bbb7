"""Nothing that bearerbox took is lost when the application and then bearerbox are killed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.servers.kannel import FakeSmsc, Kannel
from tests.servers.processes import Process, until
from tests.sms.conftest import LINE

SENDERS = 25
ROUNDS = 4
HANDLED_BEFORE_THE_KILL = 30
REPOSITORY = Path(__file__).parents[2]


def start_app(kannel: Kannel, journal: Path, count: int) -> Process:
    journal.touch()
    command = ["env", f"PYTHONPATH={REPOSITORY}", sys.executable, "-m", "tests.sms.box_app"]
    return Process(
        [*command, str(kannel.box_port), journal, str(count)], journal.with_suffix(".out")
    )


def committed(*journals: Path) -> list[tuple[str, str]]:
    """(sender, text) in the order of their first commit; of whole lines."""
    whole = [journal.read_text().rpartition("\n")[0] for journal in journals]
    lines = [line for text in whole for line in text.splitlines()]
    rows: list[list[str]] = [json.loads(line) for line in lines]
    return list(dict.fromkeys((sender, text) for sender, text in rows))


async def test_a_hundred_messages_survive_kill_9_of_the_application_and_of_bearerbox_in_order(
    kannel: Kannel, phones: FakeSmsc, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    apps = [start_app(kannel, first, HANDLED_BEFORE_THE_KILL)]
    try:
        for number in range(ROUNDS):
            # A phone needs longer than a second for each message; the network's clock has seconds.
            for sender in range(SENDERS):
                await phones.send(f"0912000{sender:04}", LINE, f"پیام {number}")
            sent = (number + 1) * SENDERS
            await until(lambda n=sent: kannel.taken() == n, "bearerbox has stamped them")
            # bearerbox's clock ticks every few milliseconds only: wait well into the next second.
            ready = int(time.time()) + 1.1
            await until(lambda at=ready: time.time() > at, "the next second")
        left = SENDERS * ROUNDS - HANDLED_BEFORE_THE_KILL
        await until(lambda: len(committed(first)) == HANDLED_BEFORE_THE_KILL, "the first messages")
        await until(lambda: kannel.stored() == left, "bearerbox holds the others")

        apps[0].end()
        kannel.kill()
        await kannel.start()
        apps.append(start_app(kannel, second, SENDERS * ROUNDS))

        await until(lambda: len(committed(first, second)) == SENDERS * ROUNDS, "all messages")
        await until(lambda: kannel.stored() == 0, "all are acknowledged")
    finally:
        for app in apps:
            app.end()

    by_sender: dict[str, list[str]] = {}
    for phone, text in committed(first, second):
        by_sender.setdefault(phone, []).append(text)
    assert len(by_sender) == SENDERS
    in_order = [f"پیام {number}" for number in range(ROUNDS)]
    assert [texts for texts in by_sender.values() if texts != in_order] == []
