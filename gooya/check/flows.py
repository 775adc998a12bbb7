"""Checks of the dialog's files: every message that a flow or the engine names exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from dialogs.messages.sources import Source
from gooya.check.finding import Finding

_PLACES = {"Row": 0, "Option": 1, "pick": 0, "ask_words": 0, "ask_photos": 0, "_say": 0}
"""The place of the argument that names a message."""
_KEYWORDS = {
    "Option": ("label",),
    "pick": ("message", "more"),
    "Ask": ("message", "notice"),
    **dict.fromkeys(("Row", "Say", "Write", "Alert", "Prompt"), ("message",)),
}
"""The keywords that name messages."""


def check_flows(files: list[Path], known: Mapping[str, Source]) -> Iterator[Finding]:
    """A finding for each message id written out in ``files`` that no message file has."""
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            for message in _messages(node):
                if message not in known:
                    text = f"line {node.lineno} says a message that no file has"
                    yield Finding(path.name, path.stem, message, "translation", text)


def _messages(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "YesNo":
        arguments: list[ast.expr] = [*call.args, *(k.value for k in call.keywords)]
    else:
        arguments = [k.value for k in call.keywords if k.arg in _KEYWORDS.get(name, ())]
        place = _PLACES.get(name, len(call.args))
        arguments += call.args[place : place + 1]
    for argument in arguments:
        yield from _written(argument)


def _written(node: ast.expr) -> Iterator[str]:
    """The ids written out in an expression, of both ends of an ``if``."""
    if isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
