"""Money before there is a bill: the balance, an amount, a payment id (catalogue service 27)."""

from __future__ import annotations

from typing import Any, Final

from dialogs.flows.form import Form, asked_of_backend
from dialogs.flows.registry import flow
from dialogs.notices import bill_args
from dialogs.services import SERVICES, Input
from dialogs.steps import Flow, Say
from dialogs.values import Debt

_UNIT: Final = 1_000
"""Rial: a payment id holds whole thousands (facts.md section 1)."""


@flow("prepayment")
def prepayment() -> Flow[None]:
    yield from _Prepayment(SERVICES["prepayment"]).run()


class _Prepayment(Form):
    """Says what is owed before it asks how much, and gives the payment id at once."""

    def ask(self, field: Input) -> Flow[Any]:
        assert self.bill_id is not None
        debt: Debt | None = yield from asked_of_backend("debt", self.bill_id)
        if debt is not None and debt.amount > 0:
            yield Say(message="prepayment-owed", args={"amount": debt.amount})
        elif debt is not None and debt.amount < 0:
            yield Say(message="prepayment-credit", args={"amount": -debt.amount})
        amount: int = yield from super().ask(field)
        return amount // _UNIT * _UNIT

    def receipt(self, code: str) -> Flow[None]:
        if self.outcome is None or self.outcome.bill is None:
            yield from super().receipt(code)
            return
        args = {"code": code, **bill_args(self.outcome.bill)}
        yield Say(message="prepayment-done", args=args, keep=True)
