"""How many families live at the place, and the head of each (catalogue service 20)."""

from __future__ import annotations

from typing import Any

from dialogs.flows.form import Form
from dialogs.flows.inputs import ask_input
from dialogs.flows.registry import flow
from dialogs.services import SERVICES, Input
from dialogs.steps import Flow

_COUNT, _HEADS = "households", "heads"


@flow("household_code")
def household_code() -> Flow[None]:
    yield from _Households(SERVICES["household_code"]).run()


class _Households(Form):
    """The list of heads is as long as the number of families says."""

    def ask(self, field: Input) -> Flow[Any]:
        if field.key == _HEADS:
            count: int = self.answers[_COUNT]
            return (yield from ask_input(self.service.key, field, self.answers, count=count))
        value = yield from super().ask(field)
        if field.key == _COUNT and len(self.answers.get(_HEADS, ())) != value:
            self.answers.pop(_HEADS, None)
        return value
