"""Several bills become one (catalogue service 28)."""

from __future__ import annotations

from typing import Any

from dialogs.answers.choice import YesNo
from dialogs.flows.form import Form, asked_of_backend
from dialogs.flows.inputs import ask_input
from dialogs.flows.registry import flow
from dialogs.flows.shared import saved_options
from dialogs.services import SERVICES, Input
from dialogs.steps import Ask, Flow, Recall, Row
from dialogs.values import Debt


@flow("consolidate_bills")
def consolidate_bills() -> Flow[None]:
    yield from _Bills(SERVICES["consolidate_bills"]).run()


class _Bills(Form):
    """Offers the customer's own saved bills before any is typed, and reads the sum back."""

    def __init__(self, service: Any) -> None:
        super().__init__(service)
        self._debts: dict[str, int] = {}

    def ask(self, field: Input) -> Flow[Any]:
        saved: list[str] = yield Recall("subscriptions")
        others = [bill for bill in saved if bill != self.bill_id]
        bills: list[str] | None = None
        if others and field.key not in self.answers:
            names: dict[str, str] = yield Recall("names")
            rows = tuple(Row(o.label, o.args) for o in saved_options(others, names))
            just_these: bool = yield Ask(
                message="consolidate-saved",
                answer=YesNo("option-just-these", "option-other-bills"),
                rows=rows,
                ahead="drop",
            )
            bills = others if just_these else None
        if bills is None:
            taken = (self.bill_id,)
            bills = yield from ask_input(self.service.key, field, self.answers, taken=taken)
        for bill in (self.bill_id, *(bills or ())):
            if bill is not None and bill not in self._debts:
                debt: Debt | None = yield from asked_of_backend("debt", bill)
                if debt is not None:
                    self._debts[bill] = max(0, debt.amount)
        return bills

    def rows(self) -> list[Row]:
        return [*super().rows(), *self._sum()]

    def _sum(self) -> list[Row]:
        bills = {self.bill_id, *self.answers.get("other_bills", ())}
        if not bills <= self._debts.keys():
            return []  # the utility didn't say of all of them
        return [Row("row-sum", {"amount": sum(self._debts[str(bill)] for bill in bills)})]
