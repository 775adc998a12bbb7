"""The conversations themselves: importing this package registers every flow."""

from dialogs.flows import (
    call_back,
    declare_debt_balance,
    form,
    histories,
    link_phone,
    link_subscription,
    main_menu,
    submit_meter_reading,
    subscriptions,
    track_request,
)

__all__ = [
    "call_back",
    "declare_debt_balance",
    "form",
    "histories",
    "link_phone",
    "link_subscription",
    "main_menu",
    "submit_meter_reading",
    "subscriptions",
    "track_request",
]
