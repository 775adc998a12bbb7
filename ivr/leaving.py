"""The ways out of a call that must not fail for one refused request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from ivr.line import Line, LineError
from ivr.turns import RETRIES

log = logging.getLogger(__name__)


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
