"""What a service file declares, and how the files are read.

The files say what the utility's papers say (``number`` is the number there), with our reading where
the paper is evidently wrong (``doubts``). Nothing in a file is code. ``schema.json`` describes the
files to an editor; ``gooya check`` says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from dialogs.services.explain import explained
from dialogs.services.known import Known

HERE = Path(__file__).parent

LANGUAGES = ("fa", "en")

Value = str | bool
"""A value that a condition compares with: of a ``choice``, or of a ``yes_no``."""
When = dict[str, Value | tuple[Value, ...]]
"""What earlier answers must be: by the key of the input, its value or any of several."""

Kind = Literal[
    "received",
    "checked",
    "decision",
    "visit",
    "terms",
    "agreement",
    "invoice",
    "payment",
    "date",
    "work",
    "result",
    "refund",
    "archived",
    "other",
]
"""What the customer is told or asked at a stage: that the request is ``received`` or ``checked``; a
``decision`` of the company; the day of a ``visit``; ``terms`` to know, or to agree to or not
(``agreement``); an ``invoice`` with its payment id, then its ``payment``; the ``date`` of the ``work``,
which is done at the stage of that name; a ``result``, a ``refund``; that the request was
``archived``."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text of the catalogue in every language of the product."""

    fa: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.fa


GROUPS: Final = {
    "sale_of_connection": Text("فروش انشعاب", "Sale of connections"),
    "after_sale": Text("خدمات پس از فروش", "After-sale services"),
    "energy_sale": Text("فروش انرژی", "Sale of energy"),
    "cross_cutting": Text("پیگیری", "Tracking"),
}
"""The chapters of the paper in its order, and one of our own, by key."""

GROUP_MENUS: Final = {
    "sale_of_connection": Text("انشعاب جدید و تغییر", "New connection and changes"),
    "after_sale": Text("کنتور و مشخصات", "Meter and data"),
    "energy_sale": Text("قبض و مصرف", "Bill and use"),
    "cross_cutting": Text("پیگیری درخواست‌ها", "Tracking"),
}
"""The same as customers know them, for menus."""

TOPICS: Final = {
    "bill": Text("قبض و پرداخت", "Bill and payment"),
    "debt": Text("بدهی و تسویه", "Debt and settlement"),
    "history": Text("سوابق", "Histories"),
    "holder": Text("نام و اطلاعات", "Name and data"),
    "meter": Text("کنتور", "Meter"),
    "supply": Text("قطع و وصل", "Off and on"),
    "removal": Text("جمع‌آوری و نصب", "Removal and return"),
    "power": Text("قدرت انشعاب", "Power"),
    "parts": Text("ادغام و تفکیک", "Merging and splitting"),
}
"""What services of a group have in common, for menus that are too short to list the group."""


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One stage of a request's life, in the order the file lists them unless ``next`` says more.

    The usual way comes first, from the first stage to an end; side ways stand below it.
    """

    key: str
    title: Text
    actor: Literal["customer", "office", "company"]
    kind: Kind
    notify: bool = False
    """Whether reaching it is worth a message to the customer."""
    next: tuple[str, ...] | None = None
    """Stages that may follow, the usual one first; by default the one below. An empty list ends the
    request."""
    condition: Text | None = None
    """When it is reached, for a stage that not every request comes to."""


class Choosable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to a ``choice``."""

    value: str
    title: Text
    keywords: tuple[str, ...] = ()
    """Words that choose it besides its number and title, in any language."""


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question: what is asked, what it takes and when it is asked at all.

    What proves who the customer is (one-time code, registered national id) is no input:
    ``sensitivity`` says it.
    """

    key: str
    type: str
    """Name of the answer type. ``min`` and what follows are its parameters (``dialogs/answers``)."""
    title: Text
    """A noun phrase as it stands in the read-back: «کد ملی»."""
    hint: Text | None = None
    """What helps to find or to write it."""
    optional: bool = False
    when: When = {}
    """Asked only then."""
    known: Known | None = None
    """Where the answer may be known from, so that it is not asked."""
    up_to: int = 1
    """Answers that may be given one after the other; if more than one, they are a list."""
    min: int | None = None
    max: int | None = None
    options: tuple[Choosable, ...] | None = None
    days_back: int | None = None
    days_ahead: int | None = None
    after: str | None = None
    """Key of an earlier date, before which this one may not be."""
    letters: bool | None = None
    alert: bool = False
    """Whether the mobile registered until now is told that it was filed (facts.md section 7)."""

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked after ``answers`` (by key; what was not asked is not among them)."""
        return holds(self.when, answers)

    def possible(self) -> tuple[Value, ...]:
        """The answers to an input that has only a few, so that a condition may name them; empty for
        any other."""
        if self.up_to > 1:
            return ()
        if self.type == "yes_no":
            return (True, False)
        return tuple(option.value for option in self.options or ())


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document that goes with the request; ``key`` is its kind on the way to the utility."""

    key: str
    title: Text
    hint: Text | None = None
    optional: bool = False
    when: When = {}
    """Needed only then."""

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is needed after ``answers`` (by key of the input)."""
        return holds(self.when, answers)


def holds(when: When, answers: Mapping[str, Any]) -> bool:
    """Whether all conditions are met. An answer that was not given meets none."""
    return all(answers.get(key, _MISSING) in _values(wanted) for key, wanted in when.items())


_MISSING: Final = object()


def _values(wanted: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One service of the catalogue, as its file declares it."""

    key: str
    number: int
    title: Text
    menu: Text
    """The title as a menu shows it: a few words."""
    group: Literal["sale_of_connection", "after_sale", "energy_sale", "cross_cutting"]
    topic: (
        Literal["bill", "debt", "history", "holder", "meter", "supply", "removal", "power", "parts"]
        | None
    ) = None
    """Where a short menu has it within its group; without one it stands there beside the topics."""
    description: Text
    info: Text | None = None
    """What it is and what will be needed, said at the start in one or two sentences."""
    who: tuple[Literal["owner", "tenant", "legal_person", "representative"], ...]
    sensitivity: Literal[
        "public", "bill_id", "registered_mobile", "registered_mobile_and_national_id"
    ]
    flow: str
    """``form`` for what the generic flow serves, else the flow of its own."""
    draft: bool = False
    """Whether its flow is still to come: not offered, but checked and shown."""
    keywords: dict[str, tuple[str, ...]]
    preconditions: tuple[Literal["debt_settled", "no_open_request", "same_name"], ...] = ()
    """What the backend must confirm before anything is filed: no debt is left; no request of this
    service is open for the subscription; applicant and resident have the same name."""
    inputs: tuple[Input, ...]
    documents: tuple[Document, ...] = ()
    stages: tuple[Stage, ...] = ()
    """Empty for a service that is answered at once and has nothing to follow."""
    refusal: Text | None = None
    """What happens when the company refuses, or the customer doesn't agree to the terms."""
    outputs: tuple[Text, ...]
    fee: Text
    yearly_volume: int | None = None
    duration_days: int | None = None
    time_limit_minutes: int | None = None
    doubts: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Keywords of all languages."""
        return tuple(word for words in self.keywords.values() for word in words)

    def stage(self, number: int) -> Stage | None:
        """The stage that counts ``number`` from 1."""
        return self.stages[number - 1] if 0 < number <= len(self.stages) else None

    def following(self, key: str) -> tuple[str, ...]:
        """Keys of the stages that may follow one, the usual first; none after an end.

        ``ValueError`` for a stage that the service doesn't have.
        """
        place = [stage.key for stage in self.stages].index(key)
        named = self.stages[place].next
        if named is not None:
            return named
        return tuple(stage.key for stage in self.stages[place + 1 : place + 2])

    def usual_way(self) -> tuple[Stage, ...]:
        """The stages of a request that takes no side way, to the end: what «stage n of m» counts."""
        by_key = {stage.key: stage for stage in self.stages}
        way: dict[str, Stage] = {}
        key = self.stages[0].key if self.stages else None
        while key in by_key and key not in way:
            way[key] = by_key[key]
            key = next(iter(self.following(key)), None)
        return tuple(way.values())


class CatalogueError(Exception):
    """A service file that can't be used: which one and why."""


def read(path: Path) -> Service:
    """Read one service file. Raises :class:`CatalogueError`."""
    try:
        service = msgspec.yaml.decode(path.read_bytes(), type=Service)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{path.name}: {explained(error, Service)}") from error
    except msgspec.DecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    if service.key != path.stem:
        raise CatalogueError(f"{path.name}: key is {service.key!r}, expected {path.stem!r}")
    return service


def load(folder: Path = HERE) -> dict[str, Service]:
    """All services of a folder by key, most used first. Raises :class:`CatalogueError`."""
    services = [read(path) for path in folder.glob("*.yaml")]
    services.sort(key=lambda s: (-(s.yearly_volume or 0), s.number))
    return {service.key: service for service in services}
