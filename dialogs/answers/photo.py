"""Photos and documents, kept as attachments before the dialog sees their ids."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from dialogs import limits
from dialogs.answers.base import UNWRITTEN, Answer, Keys, Wrong
from dialogs.answers.choice import Choice, Option

_ATTACHMENT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Photo(Answer[list[str]]):
    """Ids of one or more attachments (32 hexadecimal digits), or none where it is ``optional``.

    The channel stores the files and gives their ids behind ``UNWRITTEN``; in place of them comes
    one of ``limits.FILE_TROUBLE`` where none can be used. ``kept`` are attachments that came before the question and can be chosen for
    it. Whether an attachment is the customer's own is for the host to check.
    """

    type: ClassVar[str] = "photo"
    value_type: ClassVar[Any] = list[str]
    takes_files: ClassVar[bool] = True
    codes: ClassVar[tuple[str, ...]] = ("missing", "many", *limits.FILE_TROUBLE)

    max: int = 1
    optional: bool = False
    skip: str = "option-skip"
    """Message id of the label of leaving it out."""
    kept: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.max <= limits.FILES:
            raise ValueError(f"max is 1 to {limits.FILES}")

    @property
    def options(self) -> tuple[Option, ...]:
        kept = (Option("kept", "option-use-kept"),) if self.kept else ()
        skip = (Option("skip", self.skip),) if self.optional else ()
        return kept + skip

    @property
    def keys(self) -> Keys | None:
        return Keys(1, 1) if self.options else None

    def with_labels(self, labels: Iterable[str]) -> Photo:
        return replace(self, labels=tuple(labels))

    def parse(self, text: str, *, today: dt.date) -> list[str]:
        if text.startswith(UNWRITTEN):
            words = text.removeprefix(UNWRITTEN).split()
            if len(words) == 1 and words[0] in limits.FILE_TROUBLE:
                raise Wrong(words[0])
            if words and all(map(_ATTACHMENT.fullmatch, words)):
                if len(words) > self.max:
                    raise Wrong("many", max=self.max)
                return words
        if not self.options:
            raise Wrong("missing")
        try:
            chosen = Choice(self.options, self.labels).parse(text, today=today)
        except Wrong:
            raise Wrong("missing") from None
        return list(self.kept[: self.max]) if chosen == "kept" else []
