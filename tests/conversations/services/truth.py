"""What a customer knows, and what they answer to whatever is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from backend_adapter.sandbox import SubscriberCard
from dialogs.answers.choice import Option
from dialogs.calendar import to_jalali
from dialogs.services import SERVICES, Input
from dialogs.steps import Ask
from tests.conversations.world import OTP

MORE: Final = 80
"""What a counter has moved since it was read, in its own units."""
LONG_AGO: Final = dt.date(1986, 8, 11)
WORDS: Final = {
    "representative_name": "مریم احمدی",
    "letter_number": "1405/213",
    "address": "کرج، خیابان بهار، پلاک 12",
    "details": "کلید اصلی داغ می‌شود",
    "problem": "قبض دو برابر دوره پیش است",
    "activity": "تعمیرگاه خودرو",
    "licence": "پروانه کسب 8841",
    "licence_issuer": "اتاق اصناف کرج",
}
"""By key of the input."""
DIGITS: Final = {
    "national_id": "0499370899",
    "legal_id": "10380284790",
    "mobile": "09123456789",
    "landline": "02122334455",
    "postal_code": "1619735744",
    "money": "200000",
}
"""By answer type."""
VALUES: Final = {"mobile": "+989123456789", "landline": "+982122334455", "money": 200_000}
"""What of them is on the way to the utility, where that differs."""
PREFERRED: Final = ("natural", "household", "one", "mobile", "urban", "panel")
"""What is chosen among an input's options: where the shortest way goes on."""


class Choose(NamedTuple):
    """One of the options, by its value."""

    value: str


class Write(NamedTuple):
    """Digits, or words that are spoken where they can't be written."""

    text: str


class Share(NamedTuple):
    """The messenger account's own phone number."""


class Send(NamedTuple):
    """A photo."""


class Pay(NamedTuple):
    """What the utility demands first; then the option is chosen."""

    value: str


Reply = Choose | Write | Share | Send | Pay


class NotKnown(AssertionError):
    """Something is asked that this customer can't answer."""


@dataclass
class Truth:
    """A subscriber who wants ``service``. ``given`` collects what was asked of its inputs, as a request
    should carry it."""

    service: str
    card: SubscriberCard
    today: dt.date
    second: str = ""
    """Another bill id."""
    code: str = ""
    """Of an earlier request."""
    chooses: Mapping[str, str] = field(default_factory=dict)
    """By key of the input, where it is not the usual one."""
    given: dict[str, Any] = field(default_factory=dict)
    is_spoken: bool = False
    """Whether words reach the utility as a recording."""

    def reply(self, ask: Ask) -> Reply:
        """What is answered to a question. :class:`NotKnown` for one that nobody would expect."""
        options: Sequence[Option] = getattr(ask.answer, "options", ())
        values = [option.value for option in options]
        if "field" in ask.args:
            return self._of_input(ask, values)
        by_message: dict[str, Reply] = {
            "phone-ask": Share(),
            "code": Write(f"{OTP:05d}"),
            "person-id": Write(self.card.person_id),
            "track": Write(self.code),
            "withdraw-which": Write(self.code),
            "reading-photo": Choose("skip"),
            "ask-document": Send(),
            "form-debt-paid": Pay("paid"),
            "anything-else": Choose("no"),
            "bill": Write(self.card.bill_id),
            "bill-saved": Write(self.card.bill_id),
        }
        if ask.message in by_message:
            return by_message[ask.message]
        if ask.message.startswith("reading") and not values:
            return Write(str(self.counters()[ask.slot]))
        service = SERVICES[self.service]
        for value in (self.service, service.topic, service.group, self.card.bill_id):
            if value in values:
                return Choose(value)
        for value in ("end", "here", "other", "more"):
            if value in values:
                return Choose(value)
        if values == ["yes", "no"]:
            ended = ask.message in ("payments", "consumption", "history-page")
            return Choose("no" if ended else "yes")
        raise NotKnown(f"{ask.message} ({ask.slot}): {values}")

    def counters(self) -> dict[str, int]:
        """What the meter shows now, by register."""
        return {
            register: value if register == "demand" else value + MORE
            for register, value in self.card.values.items()
        }

    def _of_input(self, ask: Ask, values: list[str]) -> Reply:
        wanted = self.input(ask)
        if "skip" in values or "done" in values:
            return Choose("skip" if "skip" in values else "done")
        if wanted.type == "yes_no":
            self.given[wanted.key] = False
            return Choose("no")
        if values:
            usual = next((value for value in PREFERRED if value in values), values[0])
            chosen = self.chooses.get(wanted.key, usual)
            self.given[wanted.key] = chosen
            return Choose(chosen)
        text, value = self.knows(wanted)
        several = wanted.up_to > 1
        if several:
            # A list has no value twice.
            before = self.given.get(wanted.key, [])
            if wanted.type == "national_id":
                text = value = HEADS[len(before)]
            self.given[wanted.key] = [*before, value]
        else:
            self.given[wanted.key] = value
        return Write(text)

    def input(self, ask: Ask) -> Input:
        """The input of the service that a question is for."""
        key = str(ask.args["field"]).partition(":")[2]
        return next(one for one in SERVICES[self.service].inputs if one.key == key)

    def knows(self, wanted: Input) -> tuple[str, Any]:
        """What is said to an input, and what of it reaches the utility."""
        kind = wanted.type
        if kind == "text":
            words = WORDS[wanted.key]
            return words, "recording" if self.is_spoken else words
        if kind == "bill_id":
            return self.second, self.second
        if kind == "jalali_date":
            day = self._day(wanted)
            return "{:04d}/{:02d}/{:02d}".format(*to_jalali(day)), day.isoformat()
        if kind == "number":
            number = (wanted.min or 0) + (1 if wanted.key == "amperes" else 0)
            return str(number), number
        if kind == "tracking_code":
            return self.code, self.code
        if kind == "money" and self.is_spoken:
            return "20000", VALUES[kind]  # keys are toman
        text = DIGITS[kind]
        return text, VALUES.get(kind, text)

    def _day(self, wanted: Input) -> dt.date:
        if wanted.days_ahead == 0:
            return LONG_AGO
        return self.today + dt.timedelta(60 if wanted.after else 30)


HEADS: Final = ("0084575948", "0067749828", "0013542419", "0499370899")
"""National ids of the heads of families."""
