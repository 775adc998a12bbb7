"""The embedded engine: understands in the process, without a server."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dialogs.nlu.entities import entities
from dialogs.nlu.model import Model, load
from dialogs.nlu.port import Ranked, Understanding

_RANKED: Final = 10
"""Intents named in an answer."""


class Embedded:
    """Understands texts with a :class:`Model`; the one that comes with the code by default.

    Raises :class:`dialogs.nlu.model.ModelError` when that can't be loaded.
    """

    def __init__(self, model: Model | None = None) -> None:
        self._model = model or load()

    async def understand(self, text: str, *, today: dt.date) -> Understanding:
        return self.read(text, today)

    def read(self, text: str, today: dt.date) -> Understanding:
        """The same at once: it takes a few milliseconds of CPU at most and waits for nothing."""
        if not text.strip():
            return Understanding()
        likely = self._model.probabilities(text)
        best = likely.argsort()[::-1][:_RANKED]
        return Understanding(
            tuple(Ranked(self._model.intents[at], round(float(likely[at]), 4)) for at in best),
            entities(text, today),
        )
