"""The longest a message can get: every placeable at its worst, every choice at its longest."""

from __future__ import annotations

from collections.abc import Mapping

from fluent.syntax import ast

from dialogs.formats import WORST
from dialogs.messages.sources import Source
from dialogs.services import CATALOGUE
from dialogs.services.texts import texts


class Untyped(Exception):
    """A placeable whose longest text nobody can know; the argument says which."""


def worst_functions(language: str) -> dict[str, str]:
    """The longest text of every formatting function of a language."""
    titles = {
        function: max((text.in_(language) for text in named.values()), key=len)
        for function, named in texts(CATALOGUE.values()).items()
    }
    return {**WORST[language], **titles}  # type: ignore[index]


class Worst:
    """Renders messages of one language at their longest; ``known`` are formats of which more is known
    where they are used, each with its longest text there."""

    def __init__(
        self, sources: Mapping[str, Source], language: str, known: Mapping[str, str] | None = None
    ) -> None:
        self._sources = sources
        self._functions = {**worst_functions(language), **(known or {})}

    def text(self, message: str, channel: str) -> str:
        """The longest text of a message on a channel. Raises :class:`Untyped` and ``KeyError``."""
        variants = self._sources[message].variants
        pattern = variants.get(channel) or variants[""]
        return self._pattern(pattern)

    def _pattern(self, pattern: ast.Pattern) -> str:
        return "".join(
            element.value
            if isinstance(element, ast.TextElement)
            else self._expression(element.expression)
            for element in pattern.elements
        )

    def _expression(self, node: ast.SyntaxNode) -> str:
        if isinstance(node, ast.SelectExpression):
            return max((self._pattern(v.value) for v in node.variants), key=len)
        if isinstance(node, ast.FunctionReference):
            if node.id.name not in self._functions:
                raise Untyped(f"{node.id.name}() is no format of dialogs/formats.py")
            return self._functions[node.id.name]
        if isinstance(node, ast.MessageReference):
            return self.text(node.id.name, "")
        if isinstance(node, ast.StringLiteral):
            return str(node.parse()["value"])
        if isinstance(node, ast.Placeable):
            return self._expression(node.expression)
        name = f"${node.id.name}" if isinstance(node, ast.VariableReference) else "a placeable"
        raise Untyped(f"{name} is not written by a format such as NUMBER({name})")
