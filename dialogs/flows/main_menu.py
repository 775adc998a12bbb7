"""The main menu, and the question of a customer who comes back."""

from __future__ import annotations

from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.flows.registry import flow
from dialogs.services import SERVICES
from dialogs.steps import Ask, Flow, Open

SERVICE_CHOICE = Choice(
    tuple(
        Option(s.key, "option-service", {"service": s.key}, keywords=s.words())
        for s in SERVICES.values()
    )
)


@flow("main_menu")
def main_menu() -> Flow[None]:
    """All services, most used first."""
    service = yield Ask(message="menu", answer=SERVICE_CHOICE, ahead="leave")
    yield Open(SERVICES[service].flow)


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
