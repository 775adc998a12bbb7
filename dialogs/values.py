"""Value types that the dialogs, the database and the way to the backend exchange.

All of them are frozen msgspec structs: they go into the journal, over HTTP and into JSON columns
unchanged. Amounts are whole **rial**, dates are Gregorian ``datetime.date`` (shown as Jalali),
instants are aware UTC ``datetime``, energy is kWh, identifiers are canonical decimal strings
(Latin digits, bill and payment ids without leading zeros, mobiles as E.164).
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal

import msgspec

RegisterId = Literal["total", "normal", "peak", "low", "friday", "reactive", "demand"]
"""A register of a meter: single-tariff meters have ``total``; multi-tariff ones میان‌باری
(``normal``), اوج‌باری (``peak``), کم‌باری (``low``) and perhaps جمعه (``friday``); demand customers
also ``reactive`` and ``demand`` (maximeter). Source: facts.md section 3, records R125 and R130."""

RequestStatus = Literal["submitted", "accepted", "in_progress", "completed", "rejected"]

ContentType = Literal["image/jpeg", "image/png", "application/pdf", "audio/wav"]
"""What an attachment may be."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all value types."""


class Register(Value, frozen=True):
    """One register: how many digits its counter has and what one unit of it is worth in kWh."""

    id: RegisterId
    digits: int = 6
    multiplier: int = 1


class Subscription(Value, frozen=True):
    """What may be known of a subscription for its bill id alone: nothing that names a person."""

    bill_id: str
    company: str
    """Three digits of the bill id that name the distribution company."""
    tariff: str
    """``household``, ``public``, ``agricultural``, ``industrial`` or ``other``."""
    registers: tuple[Register, ...]


class Holder(Value, frozen=True):
    """What a form need not ask again, of a subscriber who has proved to be it (facts.md section 4.1).

    What the utility doesn't know is None.
    """

    bill_id: str
    person: Literal["natural", "legal"] = "natural"
    legal_id: str | None = None
    """شناسه ملی of a legal person."""
    shared: bool | None = None
    """Whether several units share the connection."""
    same_name: bool = True
    """Whether the subscriber and whoever lives there have the same name (catalogue services 10, 11)."""
    activity: str | None = None
    licence: str | None = None
    licence_issuer: str | None = None
    licence_expires: dt.date | None = None


class OpenRequest(Value, frozen=True):
    """A request that is under way for a subscription, wherever it was filed."""

    tracking_code: str
    service: str
    submitted_on: dt.date


class LastReading(Value, frozen=True):
    """The reading a new one is compared with (facts.md section 3, "Plausibility")."""

    bill_id: str
    read_on: dt.date
    registers: tuple[Register, ...]
    values: dict[str, int]
    """Counter value by register id."""
    daily_use: dict[str, float]
    """Average kWh a day by register id, the same season last year where known."""
    sent_on: dt.date | None = None
    """When the customer already sent a reading in the running period, else ``None``."""


class Bill(Value, frozen=True):
    """A payable bill. ``payment_id`` belongs to exactly this ``bill_id``."""

    bill_id: str
    payment_id: str
    amount: int
    due: dt.date


class Debt(Value, frozen=True):
    """Balance of a subscription: ``amount`` in rial, negative for a credit."""

    bill_id: str
    as_of: dt.date
    amount: int
    payment_id: str | None = None
    due: dt.date | None = None
    fee: int = 0
    """Service fee that the next bill will carry as a miscellaneous debt (second seed paper)."""


class Payment(Value, frozen=True):
    paid_on: dt.date
    amount: int
    payment_id: str
    reference: str
    via: str
    """``bank``, ``ussd``, ``app``, ``counter`` or ``web``."""


class Consumption(Value, frozen=True):
    """One billed period."""

    year: int
    """Jalali year of the period, e.g. 1405."""
    period: int
    start: dt.date
    end: dt.date
    kwh: dict[str, int]
    """kWh by register id."""
    amount: int
    estimated: bool = False

    @property
    def total_kwh(self) -> int:
        """Active energy of the period: reactive and maximeter registers don't add to it."""
        return sum(v for k, v in self.kwh.items() if k not in ("reactive", "demand"))


class Attachment(Value, frozen=True):
    """A file that goes with a request; its bytes travel by themselves, before the request."""

    id: str
    """32 hexadecimal digits."""
    kind: str
    """Key of the document in the service's catalogue file, or ``recording``."""
    content_type: ContentType
    size: int
    """Bytes."""
    sha256: str
    """64 lower-case hexadecimal digits."""


class ServiceRequest(Value, frozen=True):
    """A confirmed request on its way to the utility. ``fields`` is JSON, by the service's file.

    ``submit_meter_reading`` and ``declare_debt_balance`` carry ``read_on`` (ISO date) and
    ``readings`` (list of ``{"register": id, "value": int}``), the former also ``flags`` (list of
    ``unverified``, ``lower``, ``rollover``, ``high``, ``zero``, ``repeated``).

    ``fields`` name attachments where they were given: ``documents`` is a list of ``{"kind": key,
    "attachment": id}``, and ``recording:<id>`` stands in place of what was spoken. Only those in
    ``attachments`` can be had: a file may be erased before its request was forwarded.

    ``withdraw_request`` and the services of :data:`FOLLOW_UPS` are about an earlier request, whose
    tracking code they carry as ``request``: ``reply_to_terms`` with ``agrees`` (bool),
    ``send_documents`` with ``documents``.
    """

    tracking_code: str
    service: str
    bill_id: str | None
    channel: str
    submitted_at: dt.datetime
    fields: dict[str, Any] = {}
    attachments: tuple[Attachment, ...] = ()


FOLLOW_UPS: Final = ("reply_to_terms", "send_documents")
"""What a customer sends after a request, to be taken once like a request of its own. No services of the
catalogue: nobody follows them."""


class Progress(Value, frozen=True):
    """Where a request stands, as the backend says: answer to a submission, status query or event.

    ``stage`` counts the stages of the service's catalogue file from 1; ``sequence`` grows with every
    change of one request, so that an older event never overrides a newer state.
    """

    tracking_code: str
    sequence: int
    status: RequestStatus
    stage: int
    stages: int
    at: dt.datetime
    reason: str | None = None
    """Machine-readable refusal, e.g. ``reading_below_last``; only with ``rejected``."""
    bill: Bill | None = None
    """What is to be paid now."""
    debt: Debt | None = None
    scheduled_on: dt.date | None = None
    """Date of the visit or the work that the running stage waits for."""
    cost: int | None = None
    """Rial that the terms of the running stage announce."""
    refund: int | None = None
    """Rial that the customer gets back."""
    result: str | None = None
    """Machine-readable outcome that the running stage tells, e.g. ``meter_accurate``."""


class Contact(Value, frozen=True):
    """The registered mobile of a subscription: where one-time codes go; never shown or logged."""

    bill_id: str
    mobile: str | None
