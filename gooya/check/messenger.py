"""Checks of what the messenger shows: its lengths, its buttons, and ids that a tap copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bots.telegram.html import to_html, units
from bots.telegram.presenter import CAPTION_UNITS, TEXT_UNITS
from dialogs import limits
from dialogs.capabilities import CHANNELS
from dialogs.formats import WORST
from dialogs.messages.sources import Source
from gooya.check.finding import Finding
from gooya.check.notes import read_note
from gooya.check.worst import Untyped, Worst

LABEL: Final = 40
"""Characters of a button; a phone shows hardly more in one line."""
DESCRIPTION: Final = 100
"""Characters of a command's description."""
TOAST: Final = 200
"""Characters that are shown for a moment after a press."""

_LONGEST: Final = {"option-": LABEL, "button-": LABEL, "command-": DESCRIPTION, "stale-": TOAST}
"""Characters of what is plain text in the messenger, by the beginning of its id."""
_PICTURE: Final = "picture-"
"""Begins the id of what stands in a picture or under it."""
_CAN: Final = CHANNELS["telegram"]
_TAG: Final = re.compile(r"</?\w+[^<>]*>")


def check_messenger(found: Mapping[str, Source], language: str) -> Iterator[Finding]:
    """Findings in the messenger's wording of the messages of one language."""
    worst = Worst(found, language)
    # What a customer writes is on a button only as the name of a subscription.
    on_button = Worst(found, language, {"TEXT": "م" * limits.NAME_LENGTH})
    labels = {name for source in found.values() for name in read_note(source.note).options}
    for source in found.values():
        longest = next((n for start, n in _LONGEST.items() if source.id.startswith(start)), None)
        if source.id in labels:
            longest = LABEL
        try:
            if longest is None:
                reasons = list(_html(source, worst, language))
            else:
                reasons = list(_plain(on_button.text(source.id, _CAN.variant), longest))
        except Untyped as error:
            # Where SMS says the same, that check has found it.
            reasons = [str(error)] if source.variants.keys() & {_CAN.variant, "sms"} else []
        except KeyError:
            reasons = []  # likewise
        for why in reasons:
            file = f"{language}/{source.file}"
            yield Finding(file, "", source.id, "messenger", f"in the messenger, {why}")


def _plain(text: str, longest: int) -> Iterator[str]:
    if len(text) > longest:
        yield f"it can have {len(text)} characters of {longest}; shorten it"


def _html(source: Source, worst: Worst, language: str) -> Iterator[str]:
    text = worst.text(source.id, _CAN.variant)
    if tag := _TAG.search(text):
        yield f"{tag[0]} is shown as it stands here; leave tags out"
    id_ = WORST[language]["ID"]  # type: ignore[index]
    if text.count(id_) > to_html(text, language).count(f"<code>{id_}</code>"):
        yield "an id touches a letter or a digit and can't be copied by a tap; set it apart"
    rows = read_note(source.note).rows
    if rows:
        longest = max((worst.text(name, _CAN.variant) for name in rows), key=len)
        text = "\n".join([text, *[longest] * max(_CAN.rows, len(rows))])
    cost, room = units(to_html(text, language)), TEXT_UNITS
    if source.id.startswith(_PICTURE):
        room = CAPTION_UNITS
    if cost > room:
        yield f"it can take {cost} units of {room}; shorten it"
