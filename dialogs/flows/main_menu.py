"""The main menu, and the questions between services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dialogs.answers.choice import Option, YesNo
from dialogs.entry import OWN_WORDS
from dialogs.flows.registry import flow
from dialogs.flows.shared import pick
from dialogs.services import SERVICES
from dialogs.services.catalogue import GROUPS, TOPICS
from dialogs.steps import Ask, Flow, HangUp, Open, Recall, Say

OWN: Final = "cross_cutting"
"""The group of what belongs to the customer and to no service: it comes last."""


def _service(key: str) -> Option:
    return Option(key, "option-service", {"service": key}, keywords=SERVICES[key].words())


def _use(keys: Iterable[str]) -> int:
    return sum(SERVICES[key].yearly_volume or 0 for key in keys)


def _by_topics(keys: list[str]) -> dict[str, list[str]]:
    """Keys of services by their topic, or by themselves; most used first."""
    named: dict[str, list[str]] = {}
    for key in keys:
        named.setdefault(SERVICES[key].topic or key, []).append(key)
    return dict(sorted(named.items(), key=lambda item: -_use(item[1])))


_IN_GROUPS: Final = {
    group: [key for key, service in SERVICES.items() if service.group == group] for group in GROUPS
}
"""Keys of the services of each group; most used first, as everywhere."""
_FIRST: Final = next(iter(SERVICES))
_BY_USE: Final = sorted(
    (group for group, keys in _IN_GROUPS.items() if keys and group != OWN),
    key=lambda group: -_use(_IN_GROUPS[group]),
)


@flow("main_menu")
def main_menu() -> Flow[None]:
    """The most used service, the groups of services by use, and what is the customer's own."""
    groups = [Option(group, "option-group", {"group": group}) for group in (*_BY_USE, OWN)]
    chosen = yield from pick(
        "menu", [_service(_FIRST), *groups], more="option-more-services", ahead="leave"
    )
    if chosen in GROUPS:
        chosen = yield from _choose_in(chosen)
    yield Open(chosen)


def _choose_in(group: str) -> Flow[str]:
    """Ask for a service of a group; for its topic first, where there are more than fit one question."""
    keys = [key for key in _IN_GROUPS[group] if key != _FIRST]
    topics: dict[str, list[str]] = {}
    size: int = yield Recall("options")
    if len(keys) > size:
        topics = _by_topics(keys)
    options = [
        Option(name, "option-group", {"group": name}) if name in TOPICS else _service(name)
        for name in topics or keys
    ]
    if group == OWN:
        options += yield from _own()
    chosen = yield from _pick_service("menu-group", group, options)
    if chosen in TOPICS:
        options = [_service(key) for key in topics[chosen]]
        chosen = yield from _pick_service("menu-topic", chosen, options)
    return chosen


def _pick_service(message: str, group: str, options: list[Option]) -> Flow[str]:
    more = "option-more-services"
    return (yield from pick(message, options, more=more, ahead="leave", args={"group": group}))


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
