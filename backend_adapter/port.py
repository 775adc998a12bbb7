"""The port to the utility: what the dialogs and the forwarder ask of whatever backend there is."""

from __future__ import annotations

from typing import Protocol

from dialogs.values import (
    Attachment,
    Consumption,
    Contact,
    Debt,
    Holder,
    LastReading,
    OpenRequest,
    Payment,
    Progress,
    ServiceRequest,
    Subscription,
)


class Backend(Protocol):
    """A utility's customer information and billing system.

    Look-ups raise :class:`NotFound` for a subscription or request the backend does not know and
    :class:`Unavailable` when no answer came in time. They are safe to repeat.
    """

    async def subscription(self, bill_id: str) -> Subscription: ...

    async def last_reading(self, bill_id: str) -> LastReading: ...

    async def debt(self, bill_id: str) -> Debt: ...

    async def payments(self, bill_id: str) -> list[Payment]:
        """Payments of the last two years, newest first."""
        ...

    async def consumption(self, bill_id: str) -> list[Consumption]:
        """Billed periods of the last two years, newest first."""
        ...

    async def contact(self, bill_id: str) -> Contact: ...

    async def holder(self, bill_id: str) -> Holder: ...

    async def open_requests(self, bill_id: str) -> list[OpenRequest]:
        """Requests under way for the subscription, wherever they were filed, newest first."""
        ...

    async def identify(self, bill_id: str, person_id: str) -> bool:
        """Whether the subscriber has this national id: 10 digits, or 11 of a legal person.

        False also for a subscriber whose id the backend does not know.
        """
        ...

    async def attach(self, attachment: Attachment, content: bytes) -> None:
        """Hand over a file before the request that names it. The same file again changes nothing.

        Raises :class:`Unavailable` and :class:`ContractViolation` as :meth:`submit` does.
        """
        ...

    async def submit(self, request: ServiceRequest, *, idempotency_key: str) -> Progress:
        """Hand over a confirmed request. The same key again returns the first answer.

        Raises :class:`Unavailable` (try again later, the work may have been done),
        :class:`AttachmentMissing` (hand the attachments over and try again),
        :class:`ContractViolation` (never try again by yourself: an operator must look). A request the
        utility *refuses* is no error: ``Progress.status`` is ``rejected`` and ``reason`` says why.
        """
        ...

    async def progress(self, tracking_code: str) -> Progress: ...

    async def close(self) -> None: ...


class BackendError(Exception):
    """Base. ``str()`` of it holds no customer data."""


class NotFound(BackendError):
    """The backend does not know this subscription or request."""


class Unavailable(BackendError):
    """Time-out, refused or reset connection, 429 or 5xx: worth trying again."""


class AttachmentMissing(BackendError):
    """The backend doesn't have, or no longer has, an attachment that the request names."""


class ContractViolation(BackendError):
    """The backend refused the form of our request (4xx) or answered outside the contract."""

    def __init__(self, message: str, *, http_status: int | None = None) -> None:
        super().__init__(message)
        self.http_status = http_status
