"""The steps a flow can take. A flow is a generator that yields these and is sent their results.

Every step has a ``key``: the journal holds (key, result) and replay stops at the first key that no
longer matches, so a key may only change when its meaning does.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from dialogs.answers.base import Answer
from dialogs.answers.choice import Labelled
from dialogs.policy import Level
from dialogs.values import (
    Consumption,
    Debt,
    Holder,
    LastReading,
    OpenRequest,
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


class Drawing(msgspec.Struct, frozen=True):
    """Something to look at. ``rows`` are builtins of :class:`dialogs.values.Consumption` or
    :class:`dialogs.values.Payment`, newest first."""

    kind: Literal["consumption", "payments"]
    rows: list[dict[str, Any]]


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
    """The answer is not kept; an option that was chosen instead is no secret."""
    hears: bool = True
    """Whether a value of its type that was said with the wish may answer it."""
    notice: str = ""
    """A message that a customer who only hears must hear to the end before the question."""

    @property
    def key(self) -> str:
        return f"{self.message}.{self.slot}" if self.slot else self.message

    def dump(self, value: Any) -> Any:
        """What the journal keeps of an answer."""
        options = self.answer.options if isinstance(self.answer, Labelled) else ()
        if self.secret and all(value != option.value for option in options):
            return None
        return self.answer.dump(value)

    def restore(self, raw: Any) -> Any:
        return None if self.secret and raw is None else self.answer.load(raw)


class Say(Step, frozen=True, kw_only=True):
    message: str
    args: dict[str, Any] = {}
    rows: tuple[Row, ...] = ()
    keep: bool = False
    """The customer will need it later (a code, an amount): where it was only heard, it also comes in
    writing."""
    brief: str = ""
    """A message that is enough to hear where all of this comes in writing."""
    wrong: bool = False
    """It says that what was given can't be used: what was typed behind that answers nothing more."""
    drawing: Drawing | None = None

    @property
    def key(self) -> str:
        return f"say:{self.message}"


class Write(Step, frozen=True, kw_only=True):
    """Send something in writing, by SMS, to the phone the customer speaks from."""

    message: str
    args: dict[str, Any] = {}
    rows: tuple[Row, ...] = ()
    slot: str = ""

    @property
    def key(self) -> str:
        return f"write:{self.message}.{self.slot}"


_RESULTS: dict[str, Any] = {
    "subscription": Subscription,
    "last_reading": LastReading,
    "debt": Debt,
    "payments": list[Payment],
    "consumption": list[Consumption],
    "progress": Progress,
    "holder": Holder,
    "open_requests": list[OpenRequest],
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
    tracking_code: str = ""
    bill_id: str | None = None
    documents: list[str] = []
    """Kinds of the documents that were sent with it or after it."""
    choices: dict[str, str | bool] = {}
    """Those of its answers, by key of the input, on which documents may depend."""


class Look(Step, frozen=True):
    """Find a request by its tracking code. The flow gets :class:`Filed` or :class:`Missing`."""

    tracking_code: str

    @property
    def key(self) -> str:
        return "look"

    def restore(self, raw: Any) -> Any:
        return msgspec.convert(raw, Filed)


class MyRequests(Step, frozen=True):
    """The requests of this conversation, newest first, at most :data:`dialogs.limits.MY_REQUESTS`: a
    list of :class:`Filed`. For a customer who has proved to be one's own number's."""

    @property
    def key(self) -> str:
        return "my-requests"

    def restore(self, raw: Any) -> Any:
        return msgspec.convert(raw, list[Filed])


class Recall(Step, frozen=True):
    """Read the customer's profile or the channel's capabilities, fixed for the rest of the flow.

    ``what``: ``subscriptions`` (list of bill ids), ``names`` (what the customer calls them by bill id),
    ``today`` (ISO date), ``phone`` (the number the customer writes or calls from, E.164, or ``""``),
    ``owned`` (the number that a messenger's account proved, or ``""``), ``accounts`` (messengers where
    the customer has proved an account), ``files`` (attachments that came lately and wait for a
    question), ``corrections`` (how often an answer was taken back in this flow) or the name of a
    capability (:class:`dialogs.capabilities.Capabilities`); ``written rows`` are those of a page in
    writing.
    """

    what: str

    @property
    def key(self) -> str:
        return f"recall:{self.what}"


class Remember(Step, frozen=True):
    """Save a bill id in the customer's profile; ``name`` is what the customer calls it."""

    bill_id: str
    name: str | None = None

    @property
    def key(self) -> str:
        return "remember"


class Forget(Step, frozen=True):
    """Take a bill id out of the customer's profile."""

    bill_id: str

    @property
    def key(self) -> str:
        return "forget"


class Link(Step, frozen=True):
    """The customer's account has proved to have ``phone`` (E.164): one customer, one conversation.

    The flow goes on in the conversation of that number, with what was begun there beneath it.
    """

    kind: ClassVar[str] = "done"
    phone: str

    @property
    def key(self) -> str:
        return "link"


class Submit(Step, frozen=True, kw_only=True):
    """File a confirmed request; the result is its tracking code. Can't be taken back."""

    kind: ClassVar[str] = "done"
    service: str
    """Of the catalogue, or of :data:`dialogs.values.FOLLOW_UPS`."""
    bill_id: str | None
    """None for a service that has no subscription yet."""
    fields: dict[str, Any]

    @property
    def key(self) -> str:
        return f"submit:{self.service}"

    @property
    def subject(self) -> str | None:
        """What a right to it is proved for: the subscription, or an earlier request."""
        return self.bill_id or self.fields.get("request")


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


class Match(Step, frozen=True):
    """Prove ``level`` by the number that the customer's account has proved: True where it is the one
    registered for the bill id, or the result of an earlier proof."""

    bill_id: str
    level: Level
    slot: str = ""

    @property
    def key(self) -> str:
        return f"match:{self.slot}"


class SendCode(Step, frozen=True):
    """Send a one-time code to the registered mobile: ``sent``, ``speakable`` (sent, and a new one can be
    had by a call), ``limited`` or ``away``.

    The answer is the same for a subscription without a registered number (facts.md section 7).
    *Back* may pass it: what limits codes is counted outside the journal.
    """

    of: str
    """A bill id; the tracking code of a request without one, whose applicant's mobile it goes to; or a
    mobile number (E.164) that is to be proved itself."""
    purpose: str
    """Catalogue key of the service the code is for."""
    spoken: bool = False
    """Call the mobile and say the code there, in place of an SMS."""

    @property
    def key(self) -> str:
        return "send-code"


class CheckCode(Step, frozen=True):
    """Check a one-time code: ``right``, ``wrong`` or ``spent`` (no tries left, or too late)."""

    kind: ClassVar[str] = "done"
    of: str
    code: str | None
    """None on replay: codes are not kept."""
    level: Level

    @property
    def key(self) -> str:
        return "check-code"


class Identify(Step, frozen=True):
    """Compare a national id with that of the subscriber: ``right``, ``wrong``, ``limited`` or ``away``.

    For somebody who holds ``registered_mobile`` already; ``right`` raises that to the next level.
    """

    kind: ClassVar[str] = "done"
    of: str
    """A bill id, or the tracking code of a request without one."""
    person_id: str | None
    """Ten digits, or eleven of a legal person; None on replay: they are not kept."""

    @property
    def key(self) -> str:
        return "identify"


class Alert(Step, frozen=True, kw_only=True):
    """Tell the mobile that is registered for a subscription, by SMS, what is about to change."""

    bill_id: str
    message: str
    args: dict[str, Any] = {}

    @property
    def key(self) -> str:
        return f"alert:{self.message}"


class Speak(Step, frozen=True):
    """Go on in another language, here and wherever the customer comes next."""

    language: Literal["fa", "en"]

    @property
    def key(self) -> str:
        return "speak"


class Prefer(Step, frozen=True):
    """Choose where news go: a channel, or ``""`` for the one used last."""

    channel: str

    @property
    def key(self) -> str:
        return "prefer"


class Erase(Step, frozen=True):
    """Erase what is stored of the customer, once this turn is over. Requests under way keep what the
    utility needs to finish them."""

    kind: ClassVar[str] = "done"

    @property
    def key(self) -> str:
        return "erase"


class ContinueCode(Step, frozen=True):
    """A code (digits) with which this flow goes on in whatever conversation it is written in."""

    @property
    def key(self) -> str:
        return "continue-code"


class TakeOver(Step, frozen=True):
    """Go on with the flow that a :class:`ContinueCode` names: it takes this one's place, here."""

    code: str

    @property
    def key(self) -> str:
        return "take-over"


class Leave(Step, frozen=True):
    """Let a caller go: the flow goes on here when they come back, by whatever way."""

    @property
    def key(self) -> str:
        return "leave"


class Understand(Step, frozen=True):
    """What a text means: a :class:`dialogs.nlu.Understanding`. The engine's own step: no flow takes it."""

    text: str

    @property
    def key(self) -> str:
        return "understand"


class Revise(Step, frozen=True):
    """Ask a question again; the answers behind it stay where they still fit, but for those to the
    messages ``without``."""

    question: str
    without: tuple[str, ...] = ()
    corrects: bool = True
    """Whether it is a correction, and no second try to say the same."""

    @property
    def key(self) -> str:
        return f"revise:{self.question}"


class Again(Step, frozen=True):
    """Go round a loop once more: what came since its step ``first`` leaves the journal, which would
    grow with every round.

    Only for a round of look-ups, words and questions that leaves nothing behind in the flow: *back*
    leads to before the loop, and an effect of the next round has the key of this one's.
    """

    first: str

    @property
    def key(self) -> str:
        return f"again:{self.first}"


class Open(Step, frozen=True):
    """Go over to another flow, which takes this one's place."""

    flow: str

    @property
    def key(self) -> str:
        return f"open:{self.flow}"


class HandOff(Step, frozen=True):
    """Ask for a person: the conversation is put before the operators.

    The result says what became of it: ``noted`` (somebody will look at it), ``transfer`` (an operator
    takes the call now) or ``closed`` (nobody can take the call: nothing was noted).
    """

    kind: ClassVar[str] = "done"
    reason: str
    details: dict[str, Any] = {}
    """What the operators need besides the answers given so far."""
    transfer: bool = True
    """Whether a call may be put through at once."""

    @property
    def key(self) -> str:
        return "hand-off"


class HangUp(Step, frozen=True):
    """The customer is done: where the channel is live, end the call after what was said."""

    kind: ClassVar[str] = "done"

    @property
    def key(self) -> str:
        return "hang-up"


class Failed(Exception):
    """Base of what can go wrong with a look-up; thrown into the flow where it happened."""


class Missing(Failed):
    """There is no such subscription or request."""


class Away(Failed):
    """The backend gives no answer now."""


class Limited(Failed):
    """Too many unknown ids from this conversation (enumeration)."""


FAILURES: dict[str, type[Failed]] = {"missing": Missing, "away": Away, "limited": Limited}
