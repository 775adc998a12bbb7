"""docs/coverage.md: thirty services on three channels, as their conversations went just now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dialogs.services import SERVICES
from tests.conversations.services.cells import CHANNELS, Counts

PAGE: Final = Path(__file__).parents[3] / "docs" / "coverage.md"
MOST_SMS: Final = 12
MOST_SECONDS: Final = 90.0
LONG_FORMS: Final = ("new_permanent_connection", "free_rate_connection", "split_connection")
"""The three connection forms, for which the limits don't hold: those of the chapter «sale of connections»
after which there are connections that there were not before, and its longest."""
TOLERANCE: Final = 0.05
"""Of seconds: amounts, dates and the day of the report are spoken."""
OVER: Final = "▲"
Results = Mapping[tuple[str, str], Counts | str]
"""By service and channel: what a cell took, or why it failed."""

_HEAD: Final = f"""\
# Thirty services on three channels

Made by `make coverage`: every cell is a conversation that ran against the sandbox from the first word to the
receipt, and then through all stages of the request to the end, with the customer paying what was billed and
agreeing to the terms. The tests play it again and fail when a count here is no longer true.

Counted is the shortest way to the receipt:

- **SMS**: sent by the customer / received (the one-time code is one of them) / segments received. The first SMS
  is a keyword with the bill id.
- **Phone**: seconds of listening (generated speech; options until the chosen one was said, everything else in
  full, the receipt too) and the SMS that the call leaves.
- **Messenger**: messages shown / presses, messages and photos of the customer. The account's phone number is the
  registered one.
- **News**: messages about the stages afterwards, each once, on the channel last used (by SMS after a call).

{OVER} marks what is over the limit: {MOST_SMS} SMS each way, {MOST_SECONDS:.0f} seconds. The three connection forms
({", ".join(f"`{key}`" for key in LONG_FORMS)}) have none.

| no. | service | SMS | phone | messenger | news |
| --: | --- | --- | --- | --- | --: |
"""


def page(results: Results) -> str:
    """The whole page."""
    rows = []
    for key, service in sorted(SERVICES.items(), key=lambda item: item[1].number):
        cells = [cell(key, channel, results[key, channel]) for channel in CHANNELS]
        told = [r.news for c in CHANNELS if isinstance(r := results[key, c], Counts)]
        columns = [
            str(service.number),
            f"{service.title.en} `{key}`",
            *cells,
            str(max(told, default=0)),
        ]
        rows.append(f"| {' | '.join(columns)} |\n")
    return _HEAD + "".join(rows)


def cell(service: str, channel: str, result: Counts | str) -> str:
    """A cell of the table."""
    if isinstance(result, str):
        return "✗ " + " ".join(result.replace("|", "/").split())[:200]
    mark = f" {OVER}" if is_over(service, channel, result) else ""
    if channel == "sms":
        return f"✓ {result.sent} / {result.received} / {result.segments}{mark}"
    if channel == "call":
        return f"✓ {result.seconds:.0f} s, {result.received} SMS{mark}"
    return f"✓ {result.shown} / {result.done}"


def is_over(service: str, channel: str, counts: Counts) -> bool:
    """Whether the shortest way is longer than it may be."""
    if service in LONG_FORMS:
        return False
    if channel == "sms":
        return max(counts.sent, counts.received) > MOST_SMS
    return channel == "call" and counts.seconds > MOST_SECONDS


def written(text: str) -> dict[tuple[str, str], str]:
    """The cells of a page, by service and channel."""
    found: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        columns = [column.strip() for column in line.strip("|").split("|")]
        key = re.search("`([a-z_]+)`$", columns[1]) if len(columns) == 6 else None
        if key is not None:
            found |= {(key[1], channel): columns[2 + i] for i, channel in enumerate(CHANNELS)}
    return found


def says_the_same(one: str, other: str, channel: str) -> bool:
    """Whether two cells have the same counts; seconds may differ a little."""
    first, second = ([int(n) for n in re.findall("[0-9]+", text)] for text in (one, other))
    if channel == "call" and first and second:
        close = abs(first[0] - second[0]) <= TOLERANCE * second[0] + 1
        return close and first[1:] == second[1:]
    return one == other
