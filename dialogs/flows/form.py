"""Every service that is a form, in one flow (DESIGN.md section 2; ``flow: form`` in a service's file).

What it is and what will be needed; the subscription and the proof; what the utility demands first;
only what nobody knows yet; documents; the read-back, where any answer can be changed; the receipt.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import msgspec

from dialogs import limits
from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.flows.inputs import ask_input, name_of, read_back
from dialogs.flows.registry import flow
from dialogs.flows.shared import (
    ask_bill_again,
    ask_photos,
    bill_question,
    choose_known,
    pick,
    prove,
    too_many_unknown,
)
from dialogs.ids import is_mobile
from dialogs.policy import Level
from dialogs.services import SERVICES, Input
from dialogs.services.catalogue import Document, Service
from dialogs.steps import (
    Again,
    Alert,
    Ask,
    Away,
    ContinueCode,
    Fetch,
    Flow,
    Leave,
    Limited,
    Look,
    Missing,
    Recall,
    Row,
    Say,
    Submit,
    Wait,
)
from dialogs.values import Debt, Holder, OpenRequest, Progress, Subscription

_HOW = Choice((Option("here", "option-in-this-call"), Option("write", "option-in-writing")))
SUBSCRIPTION = "bill"
"""Key of the input that is the subscription itself."""


def request_form(service: str) -> Flow[None]:
    """Take a request for the service with this key, from its introduction to its receipt."""
    yield from Form(SERVICES[service]).run()


class Form:
    """A request while it is filled in: its methods are parts of the flow, in the order of ``run``. A
    service that differs in one of them has a class of its own for that."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.bill_id: str | None = None
        self.answers: dict[str, Any] = {}
        """By key of the input, what was asked and what was known; None for what was left out."""
        self.documents: dict[str, list[dict[str, str]]] = {}
        """By key of the document, as a request carries them."""
        self.corrections = 0
        self.outcome: Progress | None = None
        """What the utility said at once to the request that was filed."""
        self._subscription: Subscription | None = None
        self._holder: Holder | None = None
        self._phone = ""
        self._bill_question = ""
        self._reading = True

    def run(self) -> Flow[None]:
        yield Say(message="form-info", args={"service": self.service.key})
        try:
            if (yield from self.entitle()) and (yield from self.may_be_filed()):
                yield from self._offer_writing()
                yield from self.fill()
                yield from self.confirm()
                yield from self.file()
        except Limited:
            yield from too_many_unknown()

    def entitle(self) -> Flow[bool]:
        """Which subscription, and the proof of the right to ask; False when the proof fails."""
        service = self.service
        if any(field.key == SUBSCRIPTION for field in service.inputs):
            self._bill_question = yield from bill_question()
            self.bill_id, self._subscription = yield from choose_known("subscription")
            level = Level.named(service.sensitivity)
            if not (yield from prove(self.bill_id, level, service.key)):
                return False
            if level == Level.REGISTERED_MOBILE_AND_NATIONAL_ID:
                self._holder = yield from asked_of_backend("holder", self.bill_id)
        self._phone = yield Recall("phone")
        return True

    def may_be_filed(self) -> Flow[bool]:
        """Whether nothing stands against it; if something does, the customer was told what."""
        demanded = self.service.preconditions
        if self.bill_id is None:
            return True
        if "no_open_request" in demanded and not (yield from self._is_the_only_one(self.bill_id)):
            return False
        if "same_name" in demanded and self._holder is not None and not self._holder.same_name:
            yield Say(message="form-names-differ", args={"service": self.service.key})
            return False
        if "debt_settled" in demanded:
            yield from self._settle(self.bill_id)
        return True

    def _is_the_only_one(self, bill_id: str) -> Flow[bool]:
        requests: list[OpenRequest] | None = yield from asked_of_backend("open_requests", bill_id)
        for request in requests or ():
            if request.service == self.service.key:
                yield from show_open(request)
                return False
        return True

    def _settle(self, bill_id: str) -> Flow[None]:
        """Tell the debt until it is paid. Whoever leaves to pay is asked here again when they return."""
        while True:
            debt: Debt | None = yield from asked_of_backend("debt", bill_id)
            if debt is None or debt.amount <= 0 or debt.payment_id is None:
                return
            pay = {"amount": debt.amount, "bill": bill_id, "payment": debt.payment_id}
            yield Say(message="form-debt", args=pay, keep=True)
            yield Ask(
                message="form-debt-paid",
                answer=Choice((Option("paid", "option-paid"),)),
                args={"service": self.service.key},
                ahead="drop",
            )
            yield Again("fetch:debt")

    def _offer_writing(self) -> Flow[None]:
        """A long form is better written than spoken: a caller may go on by SMS or in a messenger."""
        reading: bool = yield Recall("reading")
        if reading or self._still_to_ask() < limits.LONG_FORM:
            return
        how: str = yield Ask(
            message="form-long", answer=_HOW, args={"service": self.service.key}, ahead="leave"
        )
        if how == "write":
            code: str = yield ContinueCode()
            args = {"service": self.service.key, "code": code}
            yield Say(message="form-continue", args=args, keep=True)
            yield Leave()

    def _still_to_ask(self) -> int:
        """How many questions there are at most, whatever will be answered."""
        known = {field.key: self._known(field) for field in self.service.inputs}
        deciding = [
            field
            for field in self.service.inputs
            if known[field.key] is None
            and field.possible()
            and any(field.key in other.when for other in self.service.inputs)
        ]
        keys = [field.key for field in deciding]
        ways = product(*(field.possible() for field in deciding))
        answers = [known | dict(zip(keys, way, strict=True)) for way in ways]
        return max(
            sum(
                known[field.key] is None and not field.optional and field.asked(given)
                for field in self.service.inputs
                if field.key != SUBSCRIPTION
            )
            for given in answers
        )

    def fill(self) -> Flow[None]:
        """Ask for what is neither answered nor known. What an answer made needless is dropped."""
        for field in self.service.inputs:
            if not field.asked(self.answers):
                self.answers.pop(field.key, None)
            elif field.key not in self.answers and field.key != SUBSCRIPTION:
                value = self._known(field)
                if value is None:
                    value = yield from self.ask(field)
                self.answers[field.key] = value
        for document in self.service.documents:
            if not document.asked(self.answers):
                self.documents.pop(document.key, None)
            elif document.key not in self.documents:
                name = f"{self.service.key}:{document.key}"
                self.documents[document.key] = yield from ask_document(document.key, name)

    def ask(self, field: Input) -> Flow[Any]:
        """Ask for one input; None where it is left out."""
        taken = (self.bill_id,) if field.type == "bill_id" else ()
        return (yield from ask_input(self.service.key, field, self.answers, taken=taken))

    def _known(self, field: Input) -> Any:
        """What the utility or the customer's profile knows of an input, None where it has to be asked."""
        if field.known == "profile.mobile":
            return self._phone if is_mobile(self._phone) else None
        return self._of_utility(field)

    def _of_utility(self, field: Input) -> Any:
        name = (field.known or "").removeprefix("subscription.")
        if name == "tariff":
            value: Any = self._subscription and self._subscription.tariff
        else:
            value = getattr(self._holder, name, None)
        possible = field.possible()
        return None if possible and value not in possible else value

    def confirm(self) -> Flow[None]:
        """Read everything back until the customer says that it is right."""
        while not (yield from self._is_right()):
            yield from self.correct()

    def _is_right(self) -> Flow[bool]:
        size: int = yield Recall("answers")
        self._reading = yield Recall("reading")
        rows = self.rows()
        head: dict[str, Any] = {"service": self.service.key}
        message = "form-check-new"
        if self.bill_id is not None:
            head["bill"], message = self.bill_id, "form-check"
        while len(rows) > size:
            page, rows = rows[:size], rows[size:]
            go_on: bool = yield Ask(
                message=message,
                slot=f"page{len(rows)}",
                answer=YesNo("option-next", "option-correct-answer"),
                args=head,
                rows=tuple(page),
                ahead="drop",
            )
            if not go_on:
                return False
        rows.append(Row("row-fee", {"service": self.service.key}))
        right: bool = yield Ask(
            message=message,
            answer=YesNo("option-send", "option-correct-answer"),
            args=head,
            rows=tuple(rows),
            ahead="drop",
            notice="form-fee",
        )
        return right

    def rows(self) -> list[Row]:
        """What is read back; to a caller, what the utility knew itself is not."""
        return [
            row
            for field in self.service.inputs
            if self.answers.get(field.key) is not None
            and (self._reading or self.answers[field.key] != self._of_utility(field))
            for row in read_back(self.service.key, field, self.answers[field.key])
        ]

    def correct(self) -> Flow[None]:
        """Ask again for one answer, and then for what it makes necessary."""
        fields = {field.key: field for field in self.service.inputs if field.key in self.answers}
        options = [
            Option(field.key, "option-field", {"field": name_of(self.service.key, field)})
            for field in self.service.inputs
            if field.key in self.answers or field.key == SUBSCRIPTION
        ]
        which = yield from pick("form-which", options, ahead="drop")
        if which == SUBSCRIPTION:
            yield from ask_bill_again(self._bill_question)
        self.corrections += 1
        del self.answers[which]
        self.answers[which] = yield from self.ask(fields[which])
        for field in fields.values():
            first = self.answers.get(field.after or "")
            if first is not None and (self.answers.get(field.key) or first) < first:
                del self.answers[field.key]
        yield from self.fill()

    def file(self) -> Flow[None]:
        """Submit, and say what happens next."""
        given = {key: value for key, value in self.answers.items() if value is not None}
        fields: dict[str, Any] = msgspec.to_builtins(given)
        documents = [one for several in self.documents.values() for one in several]
        if documents:
            fields["documents"] = documents
        corrections: int = yield Recall("corrections")
        if corrections + self.corrections:
            fields["corrections"] = corrections + self.corrections
        code: str = yield Submit(service=self.service.key, bill_id=self.bill_id, fields=fields)
        if self.bill_id is not None and any(
            field.alert and field.key in self.answers for field in self.service.inputs
        ):
            yield Alert(bill_id=self.bill_id, message="alert-change", args={"code": code})
        self.outcome = yield Wait(tracking_code=code, seconds=limits.OUTCOME_SECONDS)
        if self.outcome is not None and self.outcome.status == "rejected":
            args = {"code": code, "reason": self.outcome.reason or "other"}
            yield Say(message="rejected", args=args, keep=True)
        else:
            yield from self.receipt(code)

    def receipt(self, code: str) -> Flow[None]:
        """Tracking code, the next stage, and the documents that are still to come."""
        service = self.service
        rows: list[Row] = []
        if len(service.usual_way()) > 1:
            following = service.stages.index(service.usual_way()[1]) + 1
            rows.append(Row("row-next", {"stage": f"{service.key}:{following}"}))
        if service.duration_days:
            rows.append(Row("row-duration", {"days": service.duration_days}))
        if to_send := self._left_to_send():
            rows.append(Row("row-to-send"))
            rows += [Row("row-document", {"document": f"{service.key}:{d.key}"}) for d in to_send]
        args = {"service": service.key, "code": code}
        yield Say(
            message="form-done", args=args, rows=tuple(rows), keep=True, brief="form-done-brief"
        )

    def _left_to_send(self) -> list[Document]:
        return [
            document
            for document in self.service.documents
            if document.asked(self.answers)
            and not document.optional
            and not self.documents.get(document.key)
        ]


def ask_document(kind: str, name: str) -> Flow[list[dict[str, str]]]:
    """Ask for a document by what the ``DOCUMENT`` function names it by; it may come later."""
    args = {"document": name}
    skip = "option-skip-document"
    return (yield from ask_photos("ask-document", kind, skip=skip, slot=name, args=args))


def show_open(request: OpenRequest) -> Flow[None]:
    """A request of the same kind is under way: show it instead of filing another one."""
    args = {
        "service": request.service,
        "code": request.tracking_code,
        "date": request.submitted_on,
    }
    rows: tuple[Row, ...] = ()
    try:
        filed = yield Look(request.tracking_code)
    except Missing:
        pass  # it was filed at a counter
    else:
        stage = f"{request.service}:{filed.progress.stage}"
        rows = (Row("row-stage", {"stage": stage}),)
    yield Say(message="form-open", args=args, rows=rows, keep=True)


def asked_of_backend(resource: str, bill_id: str) -> Flow[Any]:
    """Look something up; None where the backend doesn't say now. It checks again when it files."""
    try:
        return (yield Fetch(resource, bill_id))
    except (Away, Missing):
        return None


for _service in SERVICES.values():
    if _service.flow == "form":
        flow(_service.key)(partial(request_form, _service.key))
