"""The port between a caller's session and whatever carries the call: Asterisk, a browser, a terminal.

A line is told what to do through :class:`Line` and reports what happens as signals
(:data:`Signal`), which go to ``Caller.tell`` in the order in which they happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from ivr.speech import Speech


class Key(msgspec.Struct, frozen=True):
    """The caller pressed a key."""

    key: str
    """One of ``0123456789*#``; the letters A–D and anything else are ignored by the session."""


class Playing(msgspec.Struct, frozen=True):
    """The clip with this index (from 0) of a playback is heard from now on."""

    playback: str
    index: int


class Finished(msgspec.Struct, frozen=True):
    """A playback ended, by itself or stopped, or could not be played (``failed``)."""

    playback: str
    failed: bool = False


class Recorded(msgspec.Struct, frozen=True):
    """A recording ended; ``sound`` is its WAV file. ``failed``: it can't be had."""

    name: str
    sound: bytes
    seconds: float
    failed: bool = False


class HungUp(msgspec.Struct, frozen=True):
    """The caller is gone, or the line is: the last signal of a call."""


class Say(msgspec.Struct, frozen=True):
    """A speech that no key asked for: the backend's news, a timer."""

    speech: Speech


class TimedOut(msgspec.Struct, frozen=True):
    """A time-out of the keypad rules: only from lines without a clock of their own (a script)."""


Signal = Key | Playing | Finished | Recorded | HungUp | Say | TimedOut


class Gone(Exception):
    """The call is over: nothing can be done to it any more."""


class LineError(Exception):
    """The line could not do it now; the call may still be there."""


class Line(Protocol):
    """One call. Every method raises :class:`Gone` or :class:`LineError`."""

    @property
    def call(self) -> str:
        """Unique for all time: Asterisk's channel id, or the simulator's."""
        ...

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        """Play a gapless list of clips under an id of the caller's choice; behind what still plays."""
        ...

    async def stop(self, playback: str) -> None:
        """End a playback; nothing happens when it has ended."""
        ...

    async def record(self, name: str, *, seconds: int) -> None:
        """Beep and record until ``#``, silence or the limit; ends with :class:`Recorded`."""
        ...

    async def stop_recording(self, name: str) -> None: ...

    async def hang_up(self) -> None: ...

    async def transfer(self, variables: Mapping[str, str]) -> None:
        """Hand the call to the operators (their dialplan context); the session is over."""
        ...
