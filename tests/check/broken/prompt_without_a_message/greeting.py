"""A part of the engine that says what no message file has."""

from __future__ import annotations

from dialogs.prompts import Prompt


def greeting() -> Prompt:
    return Prompt(message="good-morning")
