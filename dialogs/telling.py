"""News: when they are told, where, and what they ask."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dialogs import limits
from dialogs.effects import Effect
from dialogs.ids import is_mobile
from dialogs.notices import (
    awaits_reply,
    is_outdated,
    notice,
    remember_payable,
    remember_stage,
    stage_mark,
)
from dialogs.session import Conversation, Held
from dialogs.store.contract import Timer
from dialogs.touching import HELD_TIMER, OnTheScreen
from dialogs.values import Progress


class Telling(OnTheScreen):
    """A turn that may bring the backend's news."""

    def _progress(self) -> Generator[Effect, Any, None]:
        progress = self.event.progress
        assert progress is not None
        conversation = self.conversation
        top = conversation.top
        if top is not None and top.waiting == progress.tracking_code:
            yield from self._go_on()
            yield from self._called()
            return
        conversation.news = progress
        if conversation.profile.opted_out:
            return
        quiet = self._is_quiet()
        if quiet or conversation.held:  # what is held comes first
            until = self.event.quiet_until if quiet else self.event.at
            conversation.held.append(Held(self.event.service, progress, until))
            del conversation.held[: -limits.HELD]
            self._wake_at(until)
        else:
            yield from self._bring(self.event.service, progress)

    def _is_quiet(self) -> bool:
        """Whether these are hours in which nobody wants to be woken, and nobody is awake."""
        event, conversation = self.event, self.conversation
        awake = conversation.listens or event.at - conversation.touched <= limits.AWAKE
        return event.quiet_until > event.at and not awake

    def _tell_held(self) -> Generator[Effect, Any, None]:
        """Tell the first of what is held that is still news; the rest follows, each as one message."""
        conversation = self.conversation
        held = conversation.held
        while held and not (self.run.prompts or self.aside):
            first = held.pop(0)
            newer = [one.progress for one in held]
            if not (
                conversation.profile.opted_out or is_outdated(first.service, first.progress, newer)
            ):
                yield from self._bring(first.service, first.progress)
        if held:
            self._wake_at(self.event.at + 1.0)

    def _wake_at(self, due: float) -> None:
        self.run.timers.append(Timer(self.conversation.id, HELD_TIMER, due))

    def _bring(self, service: str, progress: Progress) -> Generator[Effect, Any, None]:
        """Tell the customer, or ask what the request waits for."""
        conversation = self.conversation
        self._turn_to_preferred()
        asks = awaits_reply(service, progress) and stage_mark(progress) not in conversation.told
        news = notice(service, progress, conversation.told)
        remember_payable(conversation.told, progress)
        remember_stage(conversation.told, progress)
        if not (asks and self._may_ask()):
            yield from self._tell(news)
            return
        args = {"code": progress.tracking_code, "service": service, "cost": progress.cost}
        self._push("terms", args).opened = self.event.at
        yield from self._go_on()

    def _may_ask(self) -> bool:
        """Whether what comes next can't be meant for another question."""
        conversation = self.conversation
        silent = self.event.at - conversation.touched > limits.SESSION_IDLE
        return not conversation.call and (conversation.top is None or silent)

    def _turn_to_preferred(self) -> None:
        """News go where the customer chose, if that can be reached and no answer is awaited elsewhere."""
        conversation = self.conversation
        chosen, top = conversation.profile.preferred, conversation.top
        if conversation.call or (top is not None and top.waiting):
            return
        address = _address_on(conversation, chosen) if chosen else ""
        if address:
            conversation.channel, conversation.address = chosen, address


def _address_on(conversation: Conversation, channel: str) -> str:
    """Where the customer can be reached on a channel, or ``""``."""
    if channel == "sms":
        return conversation.id if is_mobile(conversation.id) else ""
    proved = sorted((at, medium) for medium, at in conversation.accounts.items())
    addresses = [medium.partition(":") for _, medium in proved]
    return next((to for name, _, to in reversed(addresses) if name == channel), "")
