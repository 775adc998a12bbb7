"""Which request: by its tracking code."""

from __future__ import annotations

from dialogs.answers import TrackingCode
from dialogs.flows.shared import too_many_unknown
from dialogs.steps import Ask, Filed, Flow, Limited, Look, Missing, Say


def find_request(message: str) -> Flow[Filed | None]:
    """Ask for a tracking code until there is such a request; None after too many unknown ones."""
    while True:
        code: str = yield Ask(message=message, answer=TrackingCode())
        try:
            filed: Filed = yield Look(code)
        except Missing:
            yield Say(message="track-unknown", args={"code": code}, wrong=True)
        except Limited:
            yield from too_many_unknown()
            return None
        else:
            return filed
