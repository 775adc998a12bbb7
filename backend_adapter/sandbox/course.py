"""The way a request of each service takes through its stages, and how fast."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from dialogs.values import Progress

TERMINAL = ("completed", "rejected")
_WAITING = "agreement"
"""Kind of the stages that a request leaves only with its customer's word."""


class Stage(msgspec.Struct, frozen=True):
    """One stage. ``kind`` is that of the dialogs' catalogue, ``next`` the keys of the stages that may
    follow, the usual one first; none after an end."""

    key: str
    kind: str
    next: tuple[str, ...] = ()


class Course(msgspec.Struct, frozen=True):
    """All stages of a service, and what must hold before a request of it is taken.

    ValueError for no stages, two of one key, or a way to a stage that is not there.
    """

    stages: tuple[Stage, ...]
    preconditions: tuple[str, ...] = ()
    """Of ``debt_settled``, ``no_open_request`` and ``same_name``."""

    def __post_init__(self) -> None:
        keys = [stage.key for stage in self.stages]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("a service has stages, each with a key of its own")
        if any(key not in keys for stage in self.stages for key in stage.next):
            raise ValueError("a stage is followed by one that the service does not have")

    def at(self, number: int) -> Stage:
        """The stage that counts ``number`` from 1; the last one for a number beyond it, as of a request
        that was filed when the service had more."""
        return self.stages[min(number, len(self.stages)) - 1]

    def number(self, stage: Stage) -> int:
        return self.stages.index(stage) + 1

    def ways(self, stage: Stage) -> list[Stage]:
        """The stages that may follow, the usual one first."""
        by_key = {one.key: one for one in self.stages}
        return [by_key[key] for key in stage.next]

    def is_executed(self, stage: Stage) -> bool:
        """Whether the work itself is done at this stage: it is the work, or comes only after it."""
        after = [one for one in self.stages if one.kind == "work"]
        for one in after:
            after += [way for way in self.ways(one) if way not in after]
        return stage in after


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The services by key, and the seconds that a request stays at a stage."""

    services: Mapping[str, Course]
    seconds: float
    announce: bool
    """Whether there is somebody to send events to."""

    def moves_at(self, service: str, progress: Progress) -> float | None:
        """POSIX seconds of a request's next stage; None when it stands, or waits for its customer."""
        course = self.services.get(service)
        if course is None or progress.status in TERMINAL or not math.isfinite(self.seconds):
            return None
        if course.at(progress.stage).kind == _WAITING:
            return None
        return progress.at.timestamp() + self.seconds
