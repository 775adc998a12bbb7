"""شناسه قبض: 6–13 digits, or the 26 digits of a bill's barcode. facts.md section 1."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from dialogs import ids
from dialogs.answers.base import Answer, Keys, Wrong
from dialogs.answers.reading_digits import id_digits


@dataclass(frozen=True)
class BillId(Answer[str]):
    """An electricity bill id; its value is canonical (no leading zeros).

    ``other_utility`` carries ``utility``: water, gas, landline, mobile, municipality or ``other``.
    """

    type: ClassVar[str] = "bill_id"
    codes: ClassVar[tuple[str, ...]] = ("letters", "short", "long", "check_digit", "other_utility")

    @property
    def keys(self) -> Keys:
        return Keys(6, 13)

    def parse(self, text: str, *, today: dt.date) -> str:
        digits = id_digits(text)
        bill = ids.barcode(digits)[0] if len(digits) == 26 else ids.canonical(digits)
        if len(bill) < 6:
            raise Wrong("short")
        if len(bill) > 13:
            raise Wrong("long", count=len(bill))
        if not ids.bill_id_is_valid(bill):
            raise Wrong("check_digit")
        service = ids.service_type(bill)
        if service != ids.ELECTRICITY:
            raise Wrong("other_utility", utility=ids.SERVICE_TYPES.get(service, "other"))
        return bill
