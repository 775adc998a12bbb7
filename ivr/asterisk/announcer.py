"""Calls that we make: somebody is called, hears some clips, and the call is over."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from typing import Final

from ivr.asterisk.ari import Ari
from ivr.asterisk.events import (
    ChannelDestroyed,
    ChannelHangupRequest,
    Event,
    PlaybackFinished,
    StasisEnd,
    StasisStart,
)
from ivr.clips import ClipStore
from ivr.line import Gone, LineError

RING: Final = 40
"""Seconds until nobody will answer any more."""
LONGEST: Final = 60
"""Seconds that the clips may take."""
MARGIN: Final = 5
"""Seconds for the event that should have come to come."""
_PREFIX: Final = "gooya-called-"


class Announcer:
    """The calls of one process. Whoever reads the events of ``ari`` passes them to :meth:`happened`.

    ``dial`` is the endpoint to call, with ``{number}`` in it.
    """

    def __init__(self, ari: Ari, clips: ClipStore, dial: str) -> None:
        self._ari = ari
        self._clips = clips
        self._dial = dial
        self._answered: dict[str, asyncio.Future[bool]] = {}
        self._over: dict[str, asyncio.Future[bool]] = {}

    async def announce(self, number: str, clips: Sequence[str]) -> None:
        """Call ``number`` (digits), play ``clips`` (refs of the clip store) and hang up.

        Returns when they were heard, or when who answered hung up. Raises :class:`LineError` when nobody
        answers within :data:`RING` seconds, or Asterisk can't do it.
        """
        if not self._ari.state.connected:
            raise LineError("no connection to Asterisk")
        await self._clips.ensure(clips)
        channel = f"{_PREFIX}{secrets.token_hex(8)}"
        loop = asyncio.get_running_loop()
        answered = self._answered[channel] = loop.create_future()
        over = self._over[channel] = loop.create_future()
        try:
            # Should we die meanwhile, nobody is to hear silence for longer than this.
            life = {"TIMEOUT(absolute)": str(RING + LONGEST)}
            endpoint = self._dial.replace("{number}", number)
            await self._ari.originate(channel, endpoint, seconds=RING, variables=life)
            async with asyncio.timeout(RING + MARGIN):
                if not await answered:
                    raise LineError("nobody answers")
            media = [f"sound:{self._clips.path(clip)}" for clip in clips]
            await self._ari.play(channel, f"{channel}-clips", media)
            async with asyncio.timeout(LONGEST):
                if not await over:
                    raise LineError("we let go of a call")
        except Gone:
            return
        except TimeoutError:
            raise LineError("Asterisk does not say what became of a call") from None
        finally:
            del self._answered[channel], self._over[channel]
            with contextlib.suppress(Gone, LineError):
                await self._ari.hang_up(channel)

    def happened(self, event: Event) -> None:
        """Take an event, whatever it is about."""
        match event:
            case StasisStart(channel=channel):
                _settle(self._answered.get(channel.id), True)
            case PlaybackFinished(playback=playback):
                _settle(self._over.get(playback.target_uri.removeprefix("channel:")), True)
            case StasisEnd(channel=channel) | ChannelHangupRequest(channel=channel):
                _settle(self._over.get(channel.id), True)
            case ChannelDestroyed(channel=channel):
                _settle(self._answered.get(channel.id), False)
                _settle(self._over.get(channel.id), True)

    def let_go(self) -> None:
        """No more events come: whatever is under way has failed."""
        for future in (*self._answered.values(), *self._over.values()):
            _settle(future, False)


def is_ours(channel: str) -> bool:
    """Whether a channel with this id is one that we called."""
    return channel.startswith(_PREFIX)


def _settle(future: asyncio.Future[bool] | None, result: bool) -> None:
    if future is not None and not future.done():
        future.set_result(result)
