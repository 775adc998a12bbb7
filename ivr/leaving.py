"""The ways out of a call that must not fail for one refused request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from ivr.line import Line, LineError
from ivr.speech import Part, Speech
from ivr.turns import RETRIES

log = logging.getLogger(__name__)

SORRY: Final = "sorry-operator"
TROUBLE: Final = {"GOOYA_REASON": "trouble"}
"""What the operators get to know when the machine is at fault."""


def apology(last: Speech) -> Speech:
    """In place of what should follow the ``last`` speech: an apology, and a person."""
    return Speech(
        sequence=last.sequence,
        parts=(Part((f"{last.language}/{SORRY}",)),),
        then="transfer",
        language=last.language,
        variables=TROUBLE,
    )


async def hang_up(line: Line) -> None:
    """End the call, with a second try. Raises :class:`ivr.line.Gone`."""
    for _ in range(2):
        try:
            await line.hang_up()
        except LineError as error:
            log.warning("can't hang up: %s", error, extra={"call": line.call})
        else:
            return


async def transfer(line: Line, variables: Mapping[str, str]) -> None:
    """Hand the call to the operators; where that can't be done it ends. Raises ``Gone``."""
    for pause in (*RETRIES, None):
        try:
            await line.transfer(variables)
        except LineError as error:
            log.warning("can't transfer: %s", error, extra={"call": line.call})
        else:
            return
        if pause is not None:
            await asyncio.sleep(pause)
    await hang_up(line)
