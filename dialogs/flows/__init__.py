"""The conversations themselves: importing this package registers every flow."""

from dialogs.flows import (
    call_back,
    declare_debt_balance,
    histories,
    link_subscription,
    main_menu,
    submit_meter_reading,
    track_request,
)

__all__ = [
    "call_back",
    "declare_debt_balance",
    "histories",
    "link_subscription",
    "main_menu",
    "submit_meter_reading",
    "track_request",
]
