"""The counter of one register of a meter. facts.md section 3."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import still_within, whole_number
from dialogs.values import Register


@dataclass(frozen=True)
class RegisterReading(Answer[int]):
    """A whole number with no more digits than the counter has (``too_long`` carries ``digits``).

    Decimals are the red digits after the comma: refused aloud, never cut silently, because a reading
    that took them in would be ten times too high. Whether the value is plausible says
    :func:`dialogs.answers.plausibility.judge`.
    """

    type: ClassVar[str] = "meter_reading"
    value_type: ClassVar[Any] = int
    # A counter shows all its digits (00009): a lone 0 or 9 is somebody who wants out.
    takes_signs: ClassVar[bool] = False
    codes: ClassVar[tuple[str, ...]] = ("letters", "decimal", "too_long")

    register: Register = field(default_factory=lambda: Register(id="total"))

    @property
    def keys(self) -> Keys:
        return Keys(1, self.register.digits)

    def parse(self, text: str, *, today: dt.date) -> int:
        value = whole_number(text, grouped_by_point=False)
        if value >= 10**self.register.digits:
            raise Wrong("too_long", digits=self.register.digits)
        return value

    def load(self, raw: Any) -> int:
        return still_within(super().load(raw), 0, 10**self.register.digits - 1)
