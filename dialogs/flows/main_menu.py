"""The main menu, and the questions between services."""

from __future__ import annotations

from dialogs.answers.choice import Option, YesNo
from dialogs.flows.registry import flow
from dialogs.flows.shared import pick
from dialogs.services import SERVICES
from dialogs.steps import Ask, Flow, HangUp, Open, Recall, Say

SERVICE_OPTIONS = tuple(
    Option(s.key, "option-service", {"service": s.key}, keywords=s.words())
    for s in SERVICES.values()
)


@flow("main_menu")
def main_menu() -> Flow[None]:
    """All services, most used first; for a messenger's account also what it keeps here."""
    options = SERVICE_OPTIONS
    account: bool = yield Recall("account")
    if account:
        owned: str = yield Recall("owned")
        own = ("subscriptions",) if owned else ("subscriptions", "link_phone")
        options += tuple(Option(flow, f"option-{flow.replace('_', '-')}") for flow in own)
    chosen = yield from pick("menu", options, more="option-more-services", ahead="leave")
    yield Open(SERVICES[chosen].flow if chosen in SERVICES else chosen)


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
