"""«ادامه» and a code: what was begun on another phone goes on in this conversation."""

from __future__ import annotations

from dialogs import limits
from dialogs.answers import Text
from dialogs.flows.registry import flow
from dialogs.flows.shared import too_many_unknown
from dialogs.steps import Ask, Flow, Limited, Missing, Say, TakeOver

_CODE = Text(min=limits.CONTINUE_DIGITS, max=limits.CONTINUE_DIGITS, letters=False)


@flow("take_over")
def take_over() -> Flow[None]:
    code: str = yield Ask(message="continue-code", answer=_CODE)
    try:
        yield TakeOver(code)
    except Missing:
        yield Say(message="continue-unknown")
    except Limited:
        yield from too_many_unknown()
