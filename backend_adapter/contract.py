"""What the contract (``openapi.yaml``) asks of a backend's words beyond their shape, whether it answers or
tells by itself."""

from __future__ import annotations

from typing import Final

from backend_adapter.port import ContractViolation
from dialogs.ids import payment_id_is_valid
from dialogs.values import Progress

MAX_SEQUENCE: Final = 2**63 - 1
MAX_STAGES: Final = 100


def check_progress(progress: Progress) -> None:
    """Raises :class:`ContractViolation` for a progress that the contract does not admit."""
    require(progress.at.tzinfo is not None, "a time without offset")
    require(1 <= progress.sequence <= MAX_SEQUENCE, "a sequence that is none")
    require(1 <= progress.stage <= progress.stages <= MAX_STAGES, "a stage outside the stages")
    require(progress.reason is None or progress.status == "rejected", "a reason without refusal")
    require(min(progress.cost or 0, progress.refund or 0) >= 0, "an amount below 0")
    for owed in (progress.bill, progress.debt):
        if owed is not None:
            require_payable(owed.payment_id, owed.bill_id)


def require_payable(payment_id: str | None, bill_id: str) -> None:
    """Whoever pays by a payment id of another bill pays for somebody else: ContractViolation."""
    require(
        payment_id is None or payment_id_is_valid(bill_id, payment_id),
        "a payment id that does not belong to the bill id",
    )


def require(holds: bool, instead: str) -> None:
    """Raises :class:`ContractViolation` that names what came ``instead``."""
    if not holds:
        raise ContractViolation(f"the backend answered with {instead}")
