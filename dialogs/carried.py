"""What a free text carries besides its wish: the values of its entities, as answers to questions."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dialogs.calendar import to_jalali
from dialogs.nlu.port import Entity

_TYPES: Final = {
    "bill_id": "bill_id",
    "meter_reading": "meter_reading",
    "tracking_code": "tracking_code",
    "mobile": "mobile",
    "amount": "money",
    "date": "jalali_date",
}
"""Answer types by the entity that answers them."""


def answers(entities: tuple[Entity, ...]) -> dict[str, list[str]]:
    """The values as a customer could have written them alone, by answer type."""
    found: dict[str, list[str]] = {}
    for entity in entities:
        found.setdefault(_TYPES[entity.name], []).append(_written(entity))
    return found


def _written(entity: Entity) -> str:
    if entity.name == "amount":
        return f"{entity.value} ریال"
    if entity.name == "date":
        year, month, day = to_jalali(dt.date.fromisoformat(str(entity.value)))
        return f"{year}/{month:02}/{day:02}"
    return str(entity.value)
