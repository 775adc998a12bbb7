"""Settlement after a visit, or only the balance in five minutes (catalogue services 22 and 29)."""

from __future__ import annotations

from dialogs.answers.choice import Choice, Option
from dialogs.flows.form import request_form
from dialogs.flows.registry import flow
from dialogs.steps import Ask, Flow, Open

_BALANCE = "declare_debt_balance"
_WHICH = Choice(
    (
        Option("settle_account", "option-settle-with-visit"),
        Option(_BALANCE, "option-balance-only"),
    )
)


@flow("settle_account")
def settle_account() -> Flow[None]:
    """Both are called «تسویه حساب» by the utility's papers: whoever needs no visit is spared it."""
    which: str = yield Ask(message="settle-which", answer=_WHICH, ahead="leave")
    if which == _BALANCE:
        yield Open(_BALANCE)
    yield from request_form("settle_account")
