"""A messenger's account and its phone number: one customer, and what was begun elsewhere goes on here."""

from __future__ import annotations

from dialogs.flows.registry import flow
from dialogs.flows.shared import own_phone
from dialogs.steps import Flow


@flow("link_phone")
def link_phone(shared: str = "") -> Flow[None]:
    """``shared``: the number (E.164) that the account has just shared."""
    yield from own_phone(shared)
