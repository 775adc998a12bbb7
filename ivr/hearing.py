"""How far a caller has heard the parts of a prompt, and which of them can't be skipped."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.speech import Part


class Hearing:
    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.parts = parts
        self._index = 0

    @property
    def clips(self) -> list[str]:
        return [clip for part in self.parts for clip in part.clips]

    @property
    def is_over(self) -> bool:
        return self._index >= len(self.clips)

    @property
    def is_compulsory(self) -> bool:
        """Whether something that must be heard is not over."""
        return any(part.heard for part in self._rest())

    def reached(self, index: int) -> None:
        """The clip with this index is heard from now on; one behind the last is the end."""
        self._index = index

    def end(self) -> None:
        self._index = len(self.clips)

    def skipped(self) -> list[Part] | None:
        """What is left to be played for a caller in a hurry: of what comes before the last part that
        must be heard, only what must be. None while such a part is heard."""
        rest = self._rest()
        if not rest or rest[0].heard:
            return None
        last = max((number for number, part in enumerate(rest) if part.heard), default=-1)
        return [part for number, part in enumerate(rest) if part.heard or number > last]

    def _rest(self) -> Sequence[Part]:
        """The part that is heard now and those behind it."""
        index = self._index
        for number, part in enumerate(self.parts):
            if index < len(part.clips):
                return self.parts[number:]
            index -= len(part.clips)
        return ()
