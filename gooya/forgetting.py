"""Erasing a customer: what the database and the state store hold, for whoever asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Final, cast

from dialogs.store import Store
from gooya.database.customers import (
    MESSENGERS,
    PARALLEL,
    Address,
    AddressKind,
    Customers,
    Forgotten,
)

ERASURE: Final = "erasure"
"""Timer of a conversation whose customer is to be forgotten: it rings where that was cut short."""
ERASURE_SECONDS: Final = 60.0
"""How long it leaves to the process that took the customer's word."""


async def forget(
    conversation: str, *, store: Store, customers: Customers, now: dt.datetime
) -> Forgotten:
    """Erase the customer of a conversation: the number's (E.164), or that of a messenger's account
    (``telegram:<id>``), with those of all linked accounts.

    The states go last: until then the conversation's own timer does it again. Raises
    ``DatabaseUnavailable`` and ``StoreUnavailable``; to repeat it is safe.
    """
    own = conversation.partition(PARALLEL)[0]
    phone = (await customers.profile(*_address(own))).phone
    own = phone or own
    kind, value = _address(own)
    linked = await customers.accounts(kind, value)
    done = await customers.forget(kind, value, own, now)
    for one in {own, conversation, *(f"{kind}:{value}" for kind, value in linked)}:
        await store.erase(one)
    return done


def _address(conversation: str) -> Address:
    kind, _, account = conversation.partition(":")
    if kind in MESSENGERS:
        return Address(cast(AddressKind, kind), account)
    return Address("call", conversation)
