"""The same customer before the pure core: no sockets, no databases, a utility that says yes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import msgspec

from backend_adapter.sandbox import SubscriberCard
from dialogs.calendar import tehran_today
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.messages import MESSAGES
from dialogs.prompts import Prompt
from dialogs.services import SERVICES
from dialogs.steps import Ask, ContinueCode, Fetch, Identify, Look, Match, MyRequests, Understand
from dialogs.values import Register
from tests.conversations.services.customer import MOST_QUESTIONS, number_of, open_question
from tests.conversations.services.truth import Choose, Pay, Reply, Send, Share, Truth
from tests.dialogs.talk import BILL, NOON, PHONE, RIGHT_CODE, Talk, progress, utility

TODAY: Final = tehran_today(dt.datetime.fromtimestamp(NOON, dt.UTC))
SECOND: Final = "9174639504124"
UNKNOWN: Final = "9403272004129"
"""A right bill id that nobody has."""
FILED: Final = "1000000005"
FILE: Final = "a" * 32
CARD: Final = SubscriberCard(
    bill_id=BILL,
    name="",
    mobile=PHONE,
    tariff="household",
    registers=(Register(id="total"),),
    read_on=dt.date(2026, 8, 1),
    values={"total": 1000},
    estimated=False,
    debt=0,
    person="natural",
    person_id="0012345679",
    shared=False,
    same_name=True,
    hint="",
)
MENUS: Final = ("menu", "menu-group", "menu-topic")
_RESOURCES: Final[dict[str, Any]] = {
    "subscription": {
        "bill_id": BILL,
        "company": "041",
        "tariff": "household",
        "registers": [{"id": "total"}],
    },
    "holder": {"bill_id": BILL},
    "open_requests": [],
    "payments": [
        {"paid_on": "2026-08-01", "amount": 1, "payment_id": "1", "reference": "1", "via": "web"}
    ]
    * 20,
    "consumption": [
        {
            "year": 1405,
            "period": 3,
            "start": "2026-06-01",
            "end": "2026-08-01",
            "kwh": {"total": 9},
            "amount": 1,
        }
    ]
    * 20,
}


class PureCustomer(Talk):
    """``channel``: ``sms``, ``telegram`` (an account with a number) or ``call``. ``answered`` are
    the keys of the questions, in their order."""

    def __init__(self, service: str, channel: str) -> None:
        self.channel, self.call = channel, ""
        self.service = service
        self.truth = Truth(service, CARD, TODAY, second=SECOND, code=FILED)
        self.truth.is_spoken = channel == "call"
        self.answered: list[str] = []
        super().__init__(self._answer)
        self.state.touched = self.now
        if channel == "telegram":
            self.state.accounts[f"telegram:{PHONE}"] = self.now
            self.state.medium = f"telegram:{PHONE}"
        if channel == "call":
            self.dial()

    # The utility --------------------------------------------------------------------------------

    def _answer(self, effect: Effect) -> Any:
        step = effect.step
        if isinstance(step, Fetch):
            if step.of == UNKNOWN:
                return {"failed": "missing"}
            found = _RESOURCES.get(step.resource)
            return utility(effect) if found is None else found
        if isinstance(step, Identify):
            return "right" if step.person_id == CARD.person_id else "wrong"
        if isinstance(step, Look):
            return {
                "service": "meter_test",
                "submitted_on": "2026-09-01",
                "progress": msgspec.to_builtins(progress(FILED)),
                "tracking_code": FILED,
                "bill_id": BILL,
            }
        if isinstance(step, Match):
            return True
        if isinstance(step, Understand):
            return {}  # nothing
        if isinstance(step, MyRequests):
            return []
        if isinstance(step, ContinueCode):
            return "12345678"
        return utility(effect)

    # What the customer does ---------------------------------------------------------------------

    def _event(self, kind: Any, **fields: Any) -> Event:
        event = super()._event(kind, **fields)
        return msgspec.structs.replace(event, channel=self.channel, call=self.call)

    def enter(self, event: Event) -> list[str]:
        self.now += 1.0
        messages = super().enter(event)
        if self.state.top is not None and self.state.top.waiting:
            code = self.state.top.waiting
            news = progress(code, status="accepted")
            self.now += 1.0
            messages += super().enter(
                self._event("progress", progress=news, service=self.submitted()[-1].service)
            )
        return messages

    def dial(self) -> list[str]:
        self.call = f"node/{len(self.effects)}-{self.now:.0f}"
        return self.enter(self._event("call"))

    def hang_up(self) -> list[str]:
        event = self._event("hang_up")
        self.call = ""
        self.channel = "sms"
        return self.enter(event)

    def command(self, name: str) -> list[str]:
        return self.enter(self._event("command", text=name))

    def open_service(self) -> list[str]:
        """Ask for the service by its keyword; a caller goes by the menus."""
        if self.channel == "call":
            return []
        return self.write(SERVICES[self.service].keywords["fa"][0])

    def write(self, text: str) -> list[str]:
        """What is written, or keyed in."""
        if self.channel == "call":
            return self.enter(self._event("keys", text=text, asked=self.turn.asked))
        return self.enter(self._event("text", text=text))

    def question(self) -> Ask | None:
        return open_question(self.state, self._event("timer"), TODAY)

    def give(self, ask: Ask, reply: Reply) -> list[str]:
        if isinstance(reply, Choose | Pay):
            number = str(number_of(ask, reply.value))
            if self.channel == "telegram":
                return self.enter(self._event("press", text=number, asked=self.turn.asked))
            return self.write(number)
        if isinstance(reply, Send):
            return self.enter(self._event("files", text=FILE))
        if isinstance(reply, Share):
            return self.enter(self._event("contact", text=PHONE))
        if ask.answer.keys is None and self.channel == "call":
            return self.enter(self._event("recording", text=FILE, asked=self.turn.asked))
        digits = reply.text.replace("/", "") if self.channel == "call" else reply.text
        return self.write(digits)

    def finish(self, at: Callable[[Ask], bool] | None = None, *, stops: bool = False) -> Ask | None:
        """Answer until nothing is asked. Where ``at`` is true of a question, it did something instead of
        answering, or with ``stops`` this ends."""
        for _ in range(10 * MOST_QUESTIONS):
            ask = self.question()
            served = any(key.partition(".")[0] not in MENUS for key in self.answered)
            if ask is None or (served and ask.message in ("menu", "anything-else")):
                return None
            if at is not None and at(ask):
                if stops:
                    return ask
                continue
            self.answered.append(ask.key)
            self.give(ask, self.reply(ask))
        raise AssertionError(f"asked again and again: {Counter(self.answered).most_common(3)}")

    def reply(self, ask: Ask) -> Reply:
        if ask.message == "code":
            return type(self.truth.reply(ask))(RIGHT_CODE)  # type: ignore[call-arg,arg-type]
        return self.truth.reply(ask)

    @property
    def fields(self) -> dict[str, Any]:
        """What was filed; nothing for a service that files nothing."""
        return self.submitted()[-1].fields if self.submitted() else {}

    def text_of(self, prompt: Prompt) -> str:
        """A prompt as an SMS. Raises where its message or a value of it is missing."""
        return MESSAGES.text(prompt.message, "sms", self.state.profile.language, prompt.args)
