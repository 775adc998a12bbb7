"""Keys and time in, one answer after the other out: the keypad rules without a phone and a clock.

At any moment an entry is open (:meth:`Collector.ask`) or none is; keys that come meanwhile are the
type-ahead and go to the next entry. All times are seconds of one clock, given by the caller.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import msgspec

from ivr import keypad
from ivr.keypad import TERMINATOR_SECONDS, TYPE_AHEAD, Times
from ivr.speech import Entry


class Collected(msgspec.Struct, frozen=True):
    """How an entry ended: with digits (``keys``; ``#`` where it was no answer), with a command by its
    name, or with nothing (``silence``)."""

    kind: Literal["keys", "command", "silence"]
    text: str = ""


class Collector:
    """Collects the keys of one call. Recordings are not entries of it."""

    def __init__(self) -> None:
        self._entry: Entry | None = None
        self._times = Times(0, 0, 0)
        self._typed = ""
        self._ahead: deque[tuple[str, float]] = deque()
        self._deadline: float | None = None
        self._waiting_since: float | None = None
        self._waited = 0.0
        self._terminator_until = 0.0

    @property
    def is_open(self) -> bool:
        return self._entry is not None

    @property
    def typed(self) -> str:
        """The digits of the open entry so far."""
        return self._typed

    @property
    def ahead(self) -> int:
        """How many keys wait for the next entry."""
        return len(self._ahead)

    @property
    def deadline(self) -> float | None:
        """When :meth:`time_out` is due; None while the prompt has not ended and nothing is typed."""
        return self._deadline

    def ask(self, entry: Entry, now: float) -> Collected | None:
        """Open an entry and give it the type-ahead, which may complete it at once.

        The time for the first digit runs from :meth:`heard` on, not from here.
        """
        self.close()
        self._entry = entry
        self._times = keypad.times(entry)
        while self._ahead:
            key, at = self._ahead.popleft()
            if collected := self._take(key, at, now):
                return collected
        return None

    def close(self) -> None:
        """Nothing is asked any more: what was typed is gone, and further keys are type-ahead."""
        self._entry = None
        self._typed = ""
        self._deadline = self._waiting_since = None
        self._waited = 0.0

    def forget(self) -> None:
        """Drop the type-ahead."""
        self._ahead.clear()

    def heard(self, now: float) -> None:
        """The prompt has ended: the time for the first digit runs, unless something is typed."""
        if self._entry is not None and not self._typed:
            self._wait(now)

    def ends_by_itself(self, now: float) -> None:
        """Something ended for which callers press ``#``: one that comes soon is not for what follows."""
        self._terminator_until = now + TERMINATOR_SECONDS

    def press(self, key: str, now: float) -> Collected | None:
        """A key: the end of the open entry, or None when it goes on."""
        if len(key) != 1 or key not in keypad.KEYS:
            return None
        if self._entry is not None:
            return self._take(key, now, now)
        if not self._ahead and self._belongs_to_the_last(key, now):
            return None
        if len(self._ahead) < TYPE_AHEAD:
            self._ahead.append((key, now))
        return None

    def time_out(self, now: float) -> Collected | None:
        """The time of the open entry is over: what was typed, or silence. None when none is open."""
        if self._entry is None:
            return None
        if self._typed:
            self.ends_by_itself(now)
            return self._end("keys", self._typed)
        return self._end("silence")

    def _take(self, key: str, at: float, now: float) -> Collected | None:
        """A key pressed at ``at`` for the entry that is open ``now``."""
        assert self._entry is not None
        if self._belongs_to_the_last(key, at):
            return None
        action = keypad.action(self._entry, key, self._typed)
        if action == "digit":
            return self._digit(key, at, now)
        if action == "clear":
            self._typed = ""
            self._wait(now)
            return None
        if action == "end":
            return self._end("keys", self._typed)
        if action == "no-match":
            return self._end("keys", key)
        if action == "no-input":
            return self._end("silence")
        if action == "ignore":
            return None
        self.ends_by_itself(at)
        return self._end("command", action)

    def _digit(self, key: str, at: float, now: float) -> Collected | None:
        assert self._entry is not None
        self._typed += key
        if len(self._typed) >= self._entry.maximum:
            self.ends_by_itself(at)
            return self._end("keys", self._typed)
        if self._waiting_since is not None:
            self._waited += now - self._waiting_since
            self._waiting_since = None
        self._deadline = now + self._times.between
        return None

    def _wait(self, now: float) -> None:
        """For the first digit, within what is left of the total."""
        self._waiting_since = now
        self._deadline = now + max(0.0, min(self._times.first, self._times.total - self._waited))

    def _belongs_to_the_last(self, key: str, at: float) -> bool:
        """Whether the key is the terminator of an entry that didn't need one; asked once of each key."""
        until, self._terminator_until = self._terminator_until, 0.0
        return key == "#" and at < until

    def _end(self, kind: Literal["keys", "command", "silence"], text: str = "") -> Collected:
        self.close()
        return Collected(kind, text)
