"""Take back a request that has not been carried out (catalogue service 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from dialogs.answers import TrackingCode
from dialogs.flows.form import Form
from dialogs.flows.registry import flow
from dialogs.flows.shared import prove
from dialogs.policy import Level
from dialogs.services import SERVICES
from dialogs.steps import Ask, Filed, Flow, Look, Missing, Revise, Row, Say
from dialogs.values import Progress

_WHICH: Final = "withdraw-which"


@flow("withdraw_request")
def withdraw_request() -> Flow[None]:
    yield from _Withdrawal(SERVICES["withdraw_request"]).run()


class _Withdrawal(Form):
    """Begins with the request in place of a subscription; the proof is of whoever filed it."""

    def __init__(self, service: Any) -> None:
        super().__init__(service)
        self._filed: Filed | None = None

    def entitle(self) -> Flow[bool]:
        filed = yield from self._which()
        self._filed = filed
        if over := _over(filed.progress):
            args = {"service": filed.service, "code": filed.tracking_code}
            yield Say(message=f"withdraw-{over}", args=args)
            return False
        self.bill_id = filed.bill_id
        self.answers["request"] = filed.tracking_code
        level = Level.named(self.service.sensitivity)
        return (yield from prove(filed.bill_id or filed.tracking_code, level, self.service.key))

    def _which(self) -> Flow[Filed]:
        while True:
            code: str = yield Ask(message=_WHICH, answer=TrackingCode())
            try:
                filed: Filed = yield Look(code)
            except Missing:
                yield Say(message="track-unknown", args={"code": code}, wrong=True)
            else:
                return filed

    def correct(self) -> Flow[None]:
        """Another code is another request, with a proof of its own."""
        yield Revise(_WHICH)

    def rows(self) -> list[Row]:
        assert self._filed is not None
        args = {
            "service": self._filed.service,
            "date": dt.date.fromisoformat(self._filed.submitted_on),
        }
        return [Row("row-withdrawn", args), *super().rows()]


def _over(progress: Progress) -> str:
    """Why there is nothing left to withdraw, or ``""``."""
    return progress.status if progress.status in ("completed", "rejected") else ""
