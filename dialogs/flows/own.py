"""Who is there: the proof that what belongs to a customer is shown to that customer."""

from __future__ import annotations

from dialogs.flows.shared import prove_by_code
from dialogs.ids import is_mobile
from dialogs.policy import Level
from dialogs.steps import Flow, Proved, Recall, Say


def is_own() -> Flow[bool]:
    """Whether who is there has proved to be this conversation's customer. A messenger's account is its
    own proof; a number has to be proved by a code, since a sender and a caller id are claims."""
    phone: str = yield Recall("phone")
    proved: bool = yield Proved(phone, Level.REGISTERED_MOBILE)
    account: bool = yield Recall("account")
    return proved or account


def prove_own() -> Flow[bool]:
    """Have them prove it; False when that fails, or can't be: a withheld number, or no mobile one."""
    if (yield from is_own()):
        return True
    phone: str = yield Recall("phone")
    if not is_mobile(phone):
        yield Say(message="own-no-number")
        return False
    return (yield from prove_by_code(phone, Level.REGISTERED_MOBILE, "own"))
