"""The steps a flow can take. A flow is a generator that yields these and is sent their results.

Every step has a ``key``: the journal holds (key, result) and replay stops at the first key that no
longer matches, so a key may only change when its meaning does.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from dialogs.answers.base import Answer
from dialogs.policy import Level
from dialogs.values import (
    Consumption,
    Debt,
    LastReading,
    Payment,
    Progress,
    Subscription,
)

R = TypeVar("R")
Flow = Generator["Step", Any, R]
"""A flow or sub-flow that ends with a value of type ``R``."""


class Row(msgspec.Struct, frozen=True):
    """One line of a list: a message of its own."""

    message: str
    args: dict[str, Any] = {}


class Step(msgspec.Struct, frozen=True):
    kind: ClassVar[str] = "step"

    @property
    def key(self) -> str:
        raise NotImplementedError

    def restore(self, raw: Any) -> Any:
        """The result of the step, back from the journal."""
        return raw


class Ask(Step, frozen=True, kw_only=True):
    """Put a question and go on with its answer."""

    kind: ClassVar[str] = "answer"
    message: str
    answer: Answer[Any]
    args: dict[str, Any] = {}
    slot: str = ""
    """Tells questions with the same message apart (the register of a reading)."""
    rows: tuple[Row, ...] = ()
    ahead: Literal["take", "leave", "drop"] = "take"
    """Whether an answer typed before the question was seen counts: ``leave`` it for the questions
    behind; ``drop`` all of it before a confirmation."""
    secret: bool = False
    """The answer is not kept."""

    @property
    def key(self) -> str:
        return f"{self.message}.{self.slot}" if self.slot else self.message

    def restore(self, raw: Any) -> Any:
        return None if self.secret else self.answer.load(raw)


class Say(Step, frozen=True, kw_only=True):
    message: str
    args: dict[str, Any] = {}
    rows: tuple[Row, ...] = ()

    @property
    def key(self) -> str:
        return f"say:{self.message}"


_RESULTS: dict[str, Any] = {
    "subscription": Subscription,
    "last_reading": LastReading,
    "debt": Debt,
    "payments": list[Payment],
    "consumption": list[Consumption],
    "progress": Progress,
}


class Fetch(Step, frozen=True):
    """Look something up in the backend: ``resource`` of the subscription or request ``of``.

    The flow gets the value type of the resource, or one of :class:`Missing` and :class:`Away`.
    """

    resource: str
    of: str

    @property
    def key(self) -> str:
        return f"fetch:{self.resource}"

    def restore(self, raw: Any) -> Any:
        return msgspec.convert(raw, _RESULTS[self.resource])


class Filed(msgspec.Struct, frozen=True):
    """What is known of a request of our own database. ``progress`` is the backend's last word."""

    service: str
    submitted_on: str
    """ISO date in Tehran."""
    progress: Progress


class Look(Step, frozen=True):
    """Find a request by its tracking code. The flow gets :class:`Filed` or :class:`Missing`."""

    tracking_code: str

    @property
    def key(self) -> str:
        return "look"

    def restore(self, raw: Any) -> Any:
        return msgspec.convert(raw, Filed)


class Recall(Step, frozen=True):
    """Read the customer's profile or the channel's capabilities, fixed for the rest of the flow.

    ``what``: ``subscriptions`` (list of bill ids) or ``rows`` (int). ``today`` is the ISO date.
    """

    what: str

    @property
    def key(self) -> str:
        return f"recall:{self.what}"


class Remember(Step, frozen=True):
    """Save a bill id in the customer's profile."""

    bill_id: str

    @property
    def key(self) -> str:
        return "remember"


class Submit(Step, frozen=True, kw_only=True):
    """File a confirmed request; the result is its tracking code. Can't be taken back."""

    kind: ClassVar[str] = "done"
    service: str
    bill_id: str
    fields: dict[str, Any]

    @property
    def key(self) -> str:
        return f"submit:{self.service}"


class Wait(Step, frozen=True, kw_only=True):
    """Wait for the backend's answer to a request: a ``Progress``, or None when it takes longer.

    A message of the customer ends the wait with None; with ``quits`` it ends the whole flow, and the
    outcome comes as news.
    """

    tracking_code: str
    seconds: float
    slot: str = ""
    quits: bool = False

    @property
    def key(self) -> str:
        return f"wait:{self.slot}"

    def restore(self, raw: Any) -> Any:
        return None if raw is None else msgspec.convert(raw, Progress)


class Proved(Step, frozen=True):
    """Whether the customer holds ``level`` for this subscription now."""

    bill_id: str
    level: Level

    @property
    def key(self) -> str:
        return "proved"


class SendCode(Step, frozen=True):
    """Send a one-time code to the registered mobile: ``sent``, ``limited`` or ``away``.

    ``sent`` is also the answer for a subscription without a registered number (facts.md section 7).
    *Back* may pass it: what limits codes is counted outside the journal.
    """

    bill_id: str
    purpose: str
    """Catalogue key of the service the code is for."""

    @property
    def key(self) -> str:
        return "send-code"


class CheckCode(Step, frozen=True):
    """Check a one-time code: ``right``, ``wrong`` or ``spent`` (no tries left, or too late)."""

    kind: ClassVar[str] = "done"
    bill_id: str
    code: str | None
    """None on replay: codes are not kept."""
    level: Level

    @property
    def key(self) -> str:
        return "check-code"


class Revise(Step, frozen=True):
    """Ask a question again; the answers behind it stay where they still fit."""

    question: str

    @property
    def key(self) -> str:
        return f"revise:{self.question}"


class Open(Step, frozen=True):
    """Go over to another flow, which takes this one's place."""

    flow: str

    @property
    def key(self) -> str:
        return f"open:{self.flow}"


class HandOff(Step, frozen=True):
    """Ask for a person: the conversation is put before the operators."""

    kind: ClassVar[str] = "done"
    reason: str

    @property
    def key(self) -> str:
        return "hand-off"


class Failed(Exception):
    """Base of what can go wrong with a look-up; thrown into the flow where it happened."""


class Missing(Failed):
    """There is no such subscription or request."""


class Away(Failed):
    """The backend gives no answer now."""


class Limited(Failed):
    """Too many unknown ids from this conversation (enumeration)."""


FAILURES: dict[str, type[Failed]] = {"missing": Missing, "away": Away, "limited": Limited}
