"""Messages as clips: compiled once from the Fluent sources, beside the texts of the other channels.

A message is spoken by its ``.voice`` attribute, else by its value. What stands between two placeables
is a **fixed piece** and one clip: ``fa/<message>`` when the message has only one, else
``fa/<message>-1``, ``-2`` … in the order of the file, with the variants of a select expression one
after the other where they stand. Placeables are said from the inventory (:mod:`ivr.spoken`); a message
that is referred to says its own clips. Punctuation at the ends of a piece becomes a pause.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from fluent.syntax import ast

from dialogs.messages import HERE, sources
from ivr import spoken
from ivr.inventory import inventory, unquoted

log = logging.getLogger(__name__)

_PAUSES = dict.fromkeys(".؛;؟?!…\n", spoken.STOP) | dict.fromkeys(":،,()–—-", spoken.COMMA)
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_EDGE = r"""[\s.:؛;؟?!…،,()\[\]–—\-«»"“”]*"""
_PIECE = re.compile(rf"({_EDGE})(.*?)({_EDGE})", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.:؛;؟?!…،,])\s*\n\s*")


class Clip(msgspec.Struct, frozen=True):
    """What has to exist as audio."""

    text: str
    where: str
    """Where it is heard, for the voice artist."""
    spoken: str
    """``text`` as a synthesiser has to read it."""


class Argument(msgspec.Struct):
    """A placeable's variable: the function that says it, the values that a choice knows."""

    function: str = ""
    values: list[str] = []


@dataclass(frozen=True)
class _Call:
    function: str
    variable: str
    literal: Any = None


@dataclass(frozen=True)
class _Choice:
    variable: str
    variants: Mapping[str, _Sequence]
    default: _Sequence


_Sequence = list["str | _Call | _Choice"]
"""Clips and pauses, and what has to be looked at first."""


@dataclass
class _Compiled:
    """A message: what it says and the texts of its fixed pieces."""

    says: _Sequence = field(default_factory=list)
    clips: dict[str, Clip] = field(default_factory=dict)


class Book:
    """All messages of one language as clips. Immutable; saying one takes a few microseconds."""

    def __init__(self, language: str, folder: Path = HERE) -> None:
        self.language = language
        self._sources = sources.read(folder / language)
        self._compiled: dict[str, _Compiled] = {}
        self._clips = {
            key: Clip(word.text, word.where, word.spoken or word.text)
            for key, word in inventory(language).items()
        }
        self._complained: set[str] = set()
        for message in self._sources:
            self._clips |= self._compile(message, ()).clips

    def __contains__(self, message: str) -> bool:
        return message in self._compiled

    @property
    def messages(self) -> Iterable[str]:
        """Ids of all messages."""
        return self._compiled

    def say(self, message: str, args: Mapping[str, Any], today: dt.date) -> list[str]:
        """The clips that say ``message``. What can't be said is logged once and left out: a wrong
        placeable must not stop the conversation, nor a missing message."""
        compiled = self._compiled.get(message)
        if compiled is None:
            self._complain(message, "no such message")
            return []
        functions = spoken.functions(self.language, today)
        return merged(self._say(message, compiled.says, args, functions))

    def clips(self) -> Mapping[str, Clip]:
        """Everything that must exist as audio: the fixed pieces and the inventory."""
        return self._clips

    def text_of(self, ref: str) -> str:
        """What a clip says, as text; empty for a pause, a recording and an unknown one."""
        if ref.startswith("say/"):
            return ref.split("/", 2)[2]
        clip = self._clips.get(ref)
        return clip.text if clip else ""

    def words(self, refs: Iterable[str]) -> str:
        """What a list of clips says, as text."""
        return spoken.written(((ref, self.text_of(ref)) for ref in refs), self.language)

    def arguments(self, message: str) -> dict[str, Argument]:
        """The variables of a message and of those that it refers to."""
        found: dict[str, Argument] = {}
        _arguments(self._compiled[message].says, found)
        return found

    def _say(
        self,
        message: str,
        sequence: _Sequence,
        args: Mapping[str, Any],
        functions: Mapping[str, Callable[[Any], list[str]]],
    ) -> Iterator[str]:
        for item in sequence:
            if isinstance(item, str):
                yield item
            elif isinstance(item, _Choice):
                chosen = self._chosen(item, args.get(item.variable))
                yield from self._say(message, chosen, args, functions)
            else:
                value = args.get(item.variable) if item.variable else item.literal
                try:
                    yield from functions[item.function](value)
                except (TypeError, ValueError, AttributeError) as error:
                    self._complain(message, f"{item.function}: {type(error).__name__}")

    def _chosen(self, choice: _Choice, value: Any) -> _Sequence:
        known = choice.variants
        if isinstance(value, int) and str(value) not in known:
            singular = value in (0, 1) if self.language == "fa" else value == 1
            value = "one" if singular else "other"
        return known.get(str(value), choice.default)

    def _complain(self, message: str, about: str) -> None:
        if (complaint := f"{message}: {about}") not in self._complained:
            self._complained.add(complaint)
            log.error("message %r can't be spoken in %r: %s", message, self.language, about)

    def _compile(self, message: str, above: tuple[str, ...]) -> _Compiled:
        """``above``: the messages that refer to this one, so that a circle ends."""
        if message in self._compiled:
            return self._compiled[message]
        source = self._sources.get(message)
        if source is None or message in above:
            self._complain(above[-1], f"refers to {message}")
            return _Compiled()
        variants = source.variants
        pattern = variants.get("voice") or variants.get("")
        compiled = _Compiled()
        if pattern is not None:
            texts = list(_pieces(pattern, ""))
            outline = _outline(pattern)
            names = [f"{self.language}/{message}"]
            if len(texts) > 1:
                names = [f"{names[0]}-{n}" for n in range(1, len(texts) + 1)]
            for name, (text, variant) in zip(names, texts, strict=False):
                where = f"{message} [{variant}]: {outline}" if variant else f"{message}: {outline}"
                compiled.clips[name] = Clip(text, where, text)
            compiled.says = self._sequence(pattern, iter(names), (*above, message))
        self._compiled[message] = compiled
        return compiled

    def _sequence(
        self, pattern: ast.Pattern, names: Iterator[str], above: tuple[str, ...]
    ) -> _Sequence:
        sequence: _Sequence = []
        for run in _runs(pattern):
            if isinstance(run, str):
                before, text, after = _cut(run)
                clip = [next(names)] if text else []
                sequence += [*_pause(before), *clip, *_pause(after)]
            else:
                sequence += self._expression(run, names, above)
        return sequence

    def _expression(
        self, node: ast.SyntaxNode, names: Iterator[str], above: tuple[str, ...]
    ) -> _Sequence:
        if isinstance(node, ast.MessageReference):
            return self._compile(node.id.name, above).says
        if isinstance(node, ast.SelectExpression):
            compiled = [
                (_key(variant), variant.default, self._sequence(variant.value, names, above))
                for variant in node.variants
            ]
            (default,) = (says for _, is_default, says in compiled if is_default)
            variants = {key: says for key, _, says in compiled}
            return [_Choice(_variable(node.selector), variants, default)]
        if isinstance(node, ast.FunctionReference) and node.id.name in spoken.FUNCTIONS:
            variable = _variable(node)
            return [_Call(node.id.name, variable, None if variable else _literal(node))]
        self._complain(above[-1], "a placeable is written by no function of ivr/spoken.py")
        return []


@cache
def book(language: str) -> Book:
    """The product's own book of a language."""
    return Book(language)


def merged(refs: Iterable[str]) -> list[str]:
    """Clips with one pause, the longest, where there are several, and none at the ends."""
    out: list[str] = []
    for ref in refs:
        if not ref.startswith("pause/"):
            out.append(ref)
        elif out and out[-1].startswith("pause/"):
            out[-1] = max(out[-1], ref, key=lambda r: int(r.removeprefix("pause/")))
        elif out:
            out.append(ref)
    if out and out[-1].startswith("pause/"):
        out.pop()
    return out


def voice_texts(pattern: ast.Pattern) -> Iterator[str]:
    """The texts of a pattern as they stand in the file, variants included."""
    for run in _runs(pattern):
        if isinstance(run, str):
            yield run
        elif isinstance(run, ast.SelectExpression):
            for variant in run.variants:
                yield from voice_texts(variant.value)


def _runs(pattern: ast.Pattern) -> Iterator[str | ast.SyntaxNode]:
    """Texts, with the string literals between them, and expressions."""
    text = ""
    for element in pattern.elements:
        node: ast.SyntaxNode = element
        while isinstance(node, ast.Placeable):
            node = node.expression
        if isinstance(node, ast.TextElement):
            text += node.value
        elif isinstance(node, ast.StringLiteral):
            text += str(node.parse()["value"])
        else:
            if text:
                yield text
            text = ""
            yield node
    if text:
        yield text


def _pieces(pattern: ast.Pattern, variant: str) -> Iterator[tuple[str, str]]:
    """Text and variant of every fixed piece, in the order in which their clips are numbered."""
    for run in _runs(pattern):
        if isinstance(run, ast.SelectExpression):
            for each in run.variants:
                yield from _pieces(each.value, _key(each))
        elif isinstance(run, str) and (text := _cut(run)[1]):
            yield text, variant


def _cut(text: str) -> tuple[int, str, int]:
    """Milliseconds before, words, milliseconds after. A sentence keeps the sign that ends it: it
    gives the intonation."""
    found = _PIECE.fullmatch(_MARKS.sub("", text))
    assert found is not None  # every part may be empty
    before, words, after = found.groups()
    if not words:
        return _silence(before + after), "", 0
    end = "".join(after.split())[:1]
    words = _SENTENCE_END.sub(" ", words.strip()).replace("\n", ". ")
    kept = end if end in _PAUSES and end not in "()–—-" else ""
    return _silence(before), unquoted(words) + kept, _silence(after)


def _silence(signs: str) -> int:
    return max((_PAUSES.get(sign, 0) for sign in signs), default=0)


def _pause(milliseconds: int) -> list[str]:
    return [spoken.pause(milliseconds)] if milliseconds else []


def _outline(pattern: ast.Pattern) -> str:
    runs = (run if isinstance(run, str) else "[…]" for run in _runs(pattern))
    return " ".join(_MARKS.sub("", "".join(runs)).split())


def _key(variant: ast.Variant) -> str:
    key = variant.key
    return str(key.name if isinstance(key, ast.Identifier) else key.value)


def _variable(node: ast.SyntaxNode) -> str:
    """The variable of a selector or of a function's argument; empty for a literal."""
    if isinstance(node, ast.FunctionReference):
        (node,) = node.arguments.positional[:1] or (node.id,)
    return str(node.id.name) if isinstance(node, ast.VariableReference) else ""


def _literal(node: ast.FunctionReference) -> Any:
    for argument in node.arguments.positional:
        if isinstance(argument, (ast.StringLiteral, ast.NumberLiteral)):
            return argument.parse()["value"]
    return None


def _arguments(sequence: _Sequence, found: dict[str, Argument]) -> None:
    for item in sequence:
        if isinstance(item, _Call) and item.variable:
            found.setdefault(item.variable, Argument()).function = item.function
        elif isinstance(item, _Choice):
            argument = found.setdefault(item.variable, Argument())
            argument.values += [key for key in item.variants if key not in argument.values]
            for says in item.variants.values():
                _arguments(says, found)
