"""What a service file declares, and how the files are read.

The files say what the utility's papers say (``number`` is the number there), with our reading where
the paper is evidently wrong (``doubts``). Nothing in a file is code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

HERE = Path(__file__).parent

LANGUAGES = ("fa", "en")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text of the catalogue in every language of the product."""

    fa: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.fa


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stage of a request's life, in the order the file lists them unless ``next`` says more."""

    key: str
    title: Text
    actor: Literal["customer", "office", "company"]
    notify: bool = False
    """Whether reaching it is worth a message to the customer."""
    next: tuple[str, ...] | None = None
    """Stages that may follow; by default the one below. An empty list ends the request."""


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    type: str
    title: Text
    optional: bool = False


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    key: str
    number: int
    title: Text
    menu: Text
    """The title as a menu shows it: a few words."""
    group: str
    description: Text
    who: tuple[Literal["owner", "tenant", "legal_person", "representative"], ...]
    sensitivity: Literal[
        "public", "bill_id", "registered_mobile", "registered_mobile_and_national_id"
    ]
    flow: str
    keywords: dict[str, tuple[str, ...]]
    inputs: tuple[Input, ...]
    documents: tuple[Text, ...] = ()
    stages: tuple[Stage, ...] = ()
    """Empty for a service that is answered at once and has nothing to follow."""
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


class CatalogueError(Exception):
    """A service file that can't be used: which one and why."""


def read(path: Path) -> Service:
    """Read one service file. Raises :class:`CatalogueError`."""
    try:
        raw: Any = yaml.safe_load(path.read_text("utf-8"))
        service = msgspec.convert(raw, Service)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    if service.key != path.stem:
        raise CatalogueError(f"{path.name}: key is {service.key!r}, expected {path.stem!r}")
    return service


def load(folder: Path = HERE) -> dict[str, Service]:
    """All services of a folder by key, most used first. Raises :class:`CatalogueError`."""
    services = [read(path) for path in folder.glob("*.yaml")]
    services.sort(key=lambda s: (-(s.yearly_volume or 0), s.number))
    return {service.key: service for service in services}
