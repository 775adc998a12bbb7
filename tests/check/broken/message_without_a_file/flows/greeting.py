"""A flow that says what no message file has."""

from __future__ import annotations

from dialogs.steps import Flow, Say


def greeting() -> Flow[None]:
    yield Say(message="good-morning")
