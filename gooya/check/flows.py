"""Checks of the flow files: every message that a flow names exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from dialogs.messages.sources import Source
from gooya.check.finding import Finding

_NAMES_MESSAGE = {"Row": (0, "message"), "Option": (1, "label"), "Prompt": (-1, "message")}
_NAMES_MESSAGE |= {"Say": (-1, "message"), "Ask": (-1, "message"), "_say": (0, "message")}


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
    elif name in _NAMES_MESSAGE:
        position, keyword = _NAMES_MESSAGE[name]
        arguments = [k.value for k in call.keywords if k.arg == keyword]
        if 0 <= position < len(call.args):
            arguments.append(call.args[position])
    else:
        return
    for argument in arguments:
        yield from _written(argument)


def _written(node: ast.expr) -> Iterator[str]:
    """The ids written out in an expression, of both ends of an ``if``."""
    if isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
