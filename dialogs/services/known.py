"""What the backend or the customer's profile may know already, by the name a service file uses."""

from __future__ import annotations

from typing import Final, Literal

Known = Literal[
    "profile.mobile",
    "subscription.tariff",
    "subscription.person",
    "subscription.legal_id",
    "subscription.shared",
    "subscription.activity",
    "subscription.licence",
    "subscription.licence_issuer",
    "subscription.licence_expires",
]

KNOWN: Final[dict[Known, str]] = {
    "profile.mobile": "mobile",
    "subscription.tariff": "choice",
    "subscription.person": "choice",
    "subscription.legal_id": "legal_id",
    "subscription.shared": "yes_no",
    "subscription.activity": "text",
    "subscription.licence": "text",
    "subscription.licence_issuer": "text",
    "subscription.licence_expires": "jalali_date",
}
"""The answer type of each. ``profile.mobile`` is the number that the customer proved; the others are of
the subscription: its tariff; whether a natural or a legal person holds it, and the national id of a
legal one where it was given as a proof; whether several units share it; activity and licence of one
that is no household (facts.md section 4.1)."""
