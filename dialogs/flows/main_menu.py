"""The main menu, and the questions between services."""

from __future__ import annotations

from typing import Final

from dialogs.answers.choice import Option, YesNo
from dialogs.entry import OWN_WORDS
from dialogs.flows.registry import flow
from dialogs.flows.shared import pick
from dialogs.services import SERVICES
from dialogs.services.catalogue import GROUPS
from dialogs.steps import Ask, Flow, HangUp, Open, Recall, Say

OWN: Final = "cross_cutting"
"""The group of what belongs to the customer and to no service: it comes last."""


def _service(key: str) -> Option:
    return Option(key, "option-service", {"service": key}, keywords=SERVICES[key].words())


_IN_GROUPS: Final = {
    group: [key for key, service in SERVICES.items() if service.group == group] for group in GROUPS
}
"""Keys of the services of each group; most used first, as everywhere."""
_FIRST: Final = next(iter(SERVICES))
_BY_USE: Final = sorted(
    (group for group, keys in _IN_GROUPS.items() if keys and group != OWN),
    key=lambda group: -sum(SERVICES[key].yearly_volume or 0 for key in _IN_GROUPS[group]),
)


@flow("main_menu")
def main_menu() -> Flow[None]:
    """The most used service, the groups of services by use, and what is the customer's own."""
    groups = [Option(group, "option-group", {"group": group}) for group in (*_BY_USE, OWN)]
    chosen = yield from pick(
        "menu", [_service(_FIRST), *groups], more="option-more-services", ahead="leave"
    )
    if chosen in GROUPS:
        options = [_service(key) for key in _IN_GROUPS[chosen] if key != _FIRST]
        if chosen == OWN:
            options += yield from _own()
        chosen = yield from pick(
            "menu-group",
            options,
            more="option-more-services",
            ahead="leave",
            args={"group": chosen},
        )
    yield Open(chosen)


def _own() -> Flow[list[Option]]:
    """What is kept of the customer; a messenger's account may have no number yet."""
    flows = ["my_requests", "subscriptions", "my_settings"]
    account: bool = yield Recall("account")
    owned: str = yield Recall("owned")
    if account and not owned:
        flows.append("link_phone")
    return [
        Option(flow, f"option-{flow.replace('_', '-')}", keywords=OWN_WORDS.get(flow, ()))
        for flow in flows
    ]


@flow("resume_offer")
def resume_offer(service: str) -> Flow[bool]:
    """Offer to go on with what was interrupted by silence. Returns whether to."""
    go_on: bool = yield Ask(
        message="resume-offer",
        answer=YesNo("option-go-on", "option-start-over"),
        args={"service": service},
        ahead="drop",
    )
    return go_on


@flow("anything_else")
def anything_else() -> Flow[None]:
    """After a service, for a customer who is still on the line."""
    more: bool = yield Ask(
        message="anything-else", answer=YesNo("option-menu", "option-bye"), ahead="drop"
    )
    if more:
        yield Open("main_menu")
    yield Say(message="goodbye")
    yield HangUp()
