"""Where a request stands, by its tracking code (catalogue service 30)."""

from __future__ import annotations

from dialogs.flows.finding import find_request
from dialogs.flows.following import show
from dialogs.flows.registry import flow
from dialogs.steps import Flow


@flow("track_request")
def track_request() -> Flow[None]:
    filed = yield from find_request("track")
    if filed is not None:
        yield from show(filed)
