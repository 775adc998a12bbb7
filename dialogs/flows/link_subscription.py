"""Tavanir's own ``*1*<bill id>#``: tie this phone to a bill (facts.md section 3, "SMS")."""

from __future__ import annotations

from dialogs.flows.registry import flow
from dialogs.flows.shared import choose_known, too_many_unknown
from dialogs.steps import Flow, Limited, Remember, Say
from dialogs.values import Debt


@flow("link_subscription")
def link_subscription() -> Flow[None]:
    debt: Debt | None
    try:
        bill_id, debt = yield from choose_known("debt")
    except Limited:
        yield from too_many_unknown()
        return
    yield Remember(bill_id)
    if debt is None:
        yield Say(message="linked", args={"bill": bill_id})
    elif debt.amount <= 0 or debt.payment_id is None:
        yield Say(message="linked-nothing-due", args={"bill": bill_id})
    else:
        yield Say(
            message="linked-due",
            args={
                "bill": bill_id,
                "amount": debt.amount,
                "payment": debt.payment_id,
                "due": debt.due or debt.as_of,
            },
        )
