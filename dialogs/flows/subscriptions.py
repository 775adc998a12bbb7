"""The customer's saved subscriptions: add one, name it («خانه»، «مغازه»), remove it."""

from __future__ import annotations

from dialogs import limits
from dialogs.answers import Text
from dialogs.answers.choice import Choice, Option
from dialogs.flows.registry import flow
from dialogs.flows.shared import choose_new, pick, saved_options, too_many_unknown
from dialogs.steps import Ask, Flow, Forget, Limited, Recall, Remember, Say

_ADD = "add"


@flow("subscriptions")
def subscriptions() -> Flow[None]:
    saved: list[str] = yield Recall("subscriptions")
    names: dict[str, str] = yield Recall("names")
    bill_id = _ADD
    if saved:
        options = (*saved_options(saved, names), Option(_ADD, "option-add-bill"))
        bill_id = yield from pick("subscriptions", options)
    if bill_id == _ADD:
        yield from _add()
        return
    typing: bool = yield Recall("typing")  # a name can't be given by keys
    first = Option("name", "option-rename") if typing else Option("keep", "option-keep-bill")
    do: str = yield Ask(
        message="subscription-do",
        answer=Choice((first, Option("remove", "option-remove"))),
        args={"bill": bill_id, "label": names.get(bill_id, "")},
    )
    if do == "name":
        name = yield from _ask_name(bill_id)
        yield Remember(bill_id, name)
        yield Say(message="subscription-renamed", args={"label": name})
    elif do == "remove":
        yield Forget(bill_id)
        yield Say(message="subscription-removed", args={"bill": bill_id})


def _add() -> Flow[None]:
    try:
        bill_id = yield from choose_new()
    except Limited:
        yield from too_many_unknown()
        return
    typing: bool = yield Recall("typing")
    if not typing:
        yield Remember(bill_id)
        yield Say(message="subscription-saved", args={"bill": bill_id})
        return
    name = yield from _ask_name(bill_id)
    yield Remember(bill_id, name)
    yield Say(message="subscription-added", args={"label": name})


def _ask_name(bill_id: str) -> Flow[str]:
    name: str = yield Ask(
        message="subscription-name", answer=Text(max=limits.NAME_LENGTH), args={"bill": bill_id}
    )
    return name
