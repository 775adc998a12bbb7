"""What is heard, as text: for the page and the terminal that stand in for a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dialogs import formats
from ivr import spoken
from ivr.book import Book


def text_of(ref: str, books: Mapping[str, Book]) -> str:
    """What a clip says; empty for a pause. A recording is named, not transcribed."""
    if ref.startswith("recording/"):
        return formats.recording(ref)
    known = books.get(_language(ref))
    return known.text_of(ref) if known else ""


def written(refs: Iterable[str], books: Mapping[str, Book]) -> str:
    """What a list of clips says, as text: a line for each prompt."""
    refs = list(refs)
    language = next((_language(ref) for ref in refs if _language(ref) in books), "fa")
    return spoken.written(((ref, text_of(ref, books)) for ref in refs), language)


def _language(ref: str) -> str:
    return ref.removeprefix("say/").partition("/")[0]
