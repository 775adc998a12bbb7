"""The way through the menus, as it is pressed."""

from __future__ import annotations

from typing import Any

from dialogs.capabilities import CHANNELS
from dialogs.flows.main_menu import OWN, main_menu
from dialogs.services import SERVICES
from dialogs.steps import Ask, Open, Recall


def way_to(flow: str, channel: str = "call") -> list[str]:
    """The numbers of the options that lead from the main menu to a service, or to what the customer
    keeps here. ``KeyError`` for what the menus don't offer."""
    group, topic = OWN, None
    if flow in SERVICES:
        group, topic = SERVICES[flow].group, SERVICES[flow].topic
    way: list[str] = []
    menu = main_menu()
    step = next(menu)
    while not isinstance(step, Open):
        result: Any = None
        if isinstance(step, Recall):
            result = getattr(CHANNELS[channel], step.what, "")
        elif isinstance(step, Ask):
            values = [option.value for option in step.answer.options]  # type: ignore[attr-defined]
            result = next((v for v in (flow, topic, group, "more") if v in values), None)
            if result is None:
                raise KeyError(flow)
            way.append(str(values.index(result) + 1))
        step = menu.send(result)
    return way
