"""What a turn needs of the world: effects for the host to do, and a call for the operators."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import msgspec

from dialogs.session import Conversation
from dialogs.steps import (
    Alert,
    CheckCode,
    ContinueCode,
    Fetch,
    Forget,
    HandOff,
    Identify,
    Link,
    Look,
    Match,
    MyRequests,
    Remember,
    SendCode,
    Submit,
    TakeOver,
    Understand,
    Write,
)

Effectful = (
    Fetch
    | Look
    | MyRequests
    | Submit
    | Match
    | SendCode
    | CheckCode
    | Identify
    | HandOff
    | Link
    | Remember
    | Forget
    | Write
    | Alert
    | ContinueCode
    | TakeOver
    | Understand
)
"""Steps that a turn can't take by itself."""


class Effect(msgspec.Struct, frozen=True):
    """Something for the host to do. It answers with builtins, or ``{"failed": name}``."""

    step: Effectful
    conversation: Conversation
    service: str
    """The flow that wants it."""
    key: str
    """The same when the turn runs again, and different for any other step or content."""


Effects = Generator[Effect, Any, Any]


class Transfer(msgspec.Struct, frozen=True):
    """A call for the operators, and what they should know."""

    reason: str
    service: str
    answers: dict[str, Any]
