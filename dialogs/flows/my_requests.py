"""«درخواست‌های من»: the requests of a customer who has proved to be it."""

from __future__ import annotations

import datetime as dt

from dialogs.answers.choice import Option
from dialogs.flows.following import show
from dialogs.flows.own import prove_own
from dialogs.flows.registry import flow
from dialogs.flows.shared import pick
from dialogs.notices import stage_name, stage_of
from dialogs.steps import Filed, Flow, MyRequests, Recall, Say


@flow("my_requests")
def my_requests() -> Flow[None]:
    """List them, newest first, and show the one that is chosen."""
    if not (yield from prove_own()):
        return
    requests: list[Filed] = yield MyRequests()
    by_code = {filed.progress.tracking_code: filed for filed in requests}
    if len(by_code) > 1:
        options = [_option(filed) for filed in by_code.values()]
        yield from show(by_code[(yield from pick("my-requests", options, page="rows"))])
    elif by_code:
        yield from show(requests[0])
    else:
        account: bool = yield Recall("account")
        owned: str = yield Recall("owned")
        linked = owned or not account
        yield Say(message="my-requests-none" if linked else "my-requests-none-here")


def _option(filed: Filed) -> Option:
    code = filed.progress.tracking_code
    if stage_of(filed.service, filed.progress) is None:
        return Option(code, "option-request-code", {"service": filed.service, "code": code})
    args = {
        "service": filed.service,
        "stage": stage_name(filed.service, filed.progress.stage),
        "status": filed.progress.status,
        "date": dt.date.fromisoformat(filed.submitted_on),
    }
    return Option(code, "option-request", args)
