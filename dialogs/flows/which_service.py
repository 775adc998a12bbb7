"""Which of a few services somebody means who wrote it in words."""

from __future__ import annotations

from typing import Final

from dialogs.answers.choice import Choice, Option
from dialogs.flows.registry import flow
from dialogs.services import SERVICES
from dialogs.steps import Ask, Flow, Open

_ORDINALS: Final = (
    ("یک", "اول", "اولی", "first"),
    ("دو", "دوم", "دومی", "second"),
    ("سه", "سوم", "سومی", "third"),
)
"""Words for the options by their places; there are no more than :data:`dialogs.limits.CANDIDATES`."""
_NONE: Final = Option(
    "main_menu",
    "option-none-of-these",
    keywords=("هیچکدام", "هیچکدوم", "هیچ کدامشان", "هیچکدومش", "none"),
)


@flow("which_service")
def which_service(services: list[str]) -> Flow[None]:
    """``services`` are keys, the likeliest first."""
    offered = [
        Option(key, "option-service", {"service": key}, (*SERVICES[key].words(), *ordinals))
        for key, ordinals in zip(services, _ORDINALS, strict=False)
    ]
    chosen: str = yield Ask(message="which-service", answer=Choice((*offered, _NONE)))
    yield Open(chosen)
