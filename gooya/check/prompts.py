"""Checks of what callers hear: texts that would be spoken differently, and clips that are not fit."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from dialogs.messages import sources
from dialogs.messages.sources import MessageSyntaxError, Source
from dialogs.services.catalogue import LANGUAGES
from gooya.check.finding import Finding
from ivr import audio
from ivr.book import voice_texts
from ivr.clips import ClipStore
from ivr.inventory import inventory
from ivr.player import HOLD
from ivr.spoken import FUNCTIONS

_READ = frozenset(" \n\u200c.,:;!?'\"()–—-…«»“”’،؛؟")
"""What may stand beside letters: it is a pause, or nothing."""
_HIDDEN = frozenset("\u200e\u200f")
_ARABIC = frozenset("يكىة")
_TATWEEL = "ـ"
_ABBREVIATION = re.compile(r"(?<!\w)[^\W\d]\.|\b(?:etc|approx|tel|vs|dept)\b|\b[a-z]+[A-Z]\w*")
"""A letter with a full stop, a short form, small letters before capital ones (kWh)."""
_SWITCH = re.compile(r"\([a-z]{2,3}(?:-[a-z]+)*\)")

_NINE = re.compile(r"\b(?:عدد|شماره|صفر)[\u0650\u0654]?(?:\u200cی)?\s+نه(?![\w\u200c])")
"""«نه» where it is the number: without its vowel a synthesiser says "na", which is "no"."""


def check_voice(folder: Path) -> Iterator[Finding]:
    """Findings in what the messages of ``folder`` say on the phone."""
    for language in LANGUAGES:
        try:
            found = sources.read(folder / language)
        except MessageSyntaxError:
            continue  # check_messages() says so
        for source in found.values():
            yield from _message(source, language, set(found))


def check_clips(store: ClipStore) -> Iterator[Finding]:
    """Findings in the sounds: missing, broken, silent, clipped, too long, recorded for another text."""
    outdated = set(store.outdated_recordings())
    broken = set(store.broken_recordings())
    missing = set(store.missing(store.everything()))
    for ref in store.everything():
        if ref in outdated:
            yield _clip(ref, "recording", "its recording was made for another text; record it anew")
        elif ref in broken:
            yield _clip(ref, "recording", "the file of its recording is broken; import it anew")
        if ref in missing:
            text = "has no sound of this text, or a broken one; run `gooya prompts build`"
            yield _clip(ref, "missing", text)
        elif not ref.startswith("pause/") and ref != HOLD:
            yield from _sound(store, ref)


def check_pronunciation(store: ClipStore) -> Iterator[Finding]:
    """Findings where espeak-ng leaves the language; none where it is not installed."""
    if shutil.which("espeak-ng") is None:
        return
    for language, book in store.books.items():
        spoken = {ref: clip.spoken for ref, clip in book.clips().items()}
        for ref in _switching(spoken, list(spoken), language):
            text = "the synthesiser reads a part of it in another language; spell it out"
            yield _clip(ref, "language", text)


def misread(text: str, language: str) -> Iterator[str]:
    """Why ``text`` would be heard otherwise than it is read."""
    foreign = "".join(dict.fromkeys(letter for letter in text if _foreign(letter, language)))
    if foreign:
        yield f"{foreign!r} is of another language's letters; write it as it is spoken"
    elif short := _ABBREVIATION.search(text):
        yield f"{short[0]!r} is an abbreviation; write it out"
    if any(letter.isdigit() for letter in text):
        yield "digits are read one way or another; write the number in words or as NUMBER(…)"
    if language == "fa" and set(text) & _ARABIC:
        yield "has Arabic letters; write ی, ک and ه"
    if language == "fa" and _NINE.search(text):
        yield "«نه» is read as “no”; write the number as «نُه»"
    if _TATWEEL in text:
        yield "has a tatweel; leave it out"
    signs = {sign for sign in text if not _is_read(sign)}
    if signs:
        yield f"{' '.join(sorted(signs))} is read aloud or not at all; write it in words"


def _foreign(letter: str, language: str) -> bool:
    """Whether a letter is of the other script."""
    if not letter.isalpha() or letter in _ARABIC or letter == _TATWEEL:
        return False
    return unicodedata.name(letter, "").startswith("LATIN") == (language == "fa")


def _is_read(sign: str) -> bool:
    known = sign in _READ or sign in _HIDDEN or sign == _TATWEEL
    return known or sign.isalpha() or sign.isdigit() or unicodedata.category(sign) == "Mn"


class _Placeables(Visitor):
    """What stands in a pattern's placeables that no voice can say."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def visit_Placeable(self, node: ast.Placeable) -> None:
        said = node.expression
        if isinstance(said, ast.VariableReference):
            self.wrong.append(
                f"${said.id.name} is said by no function such as NUMBER(${said.id.name})"
            )
        if isinstance(said, ast.FunctionReference) and said.id.name not in FUNCTIONS:
            self.wrong.append(f"{said.id.name}() is no function of ivr/spoken.py")
        self.generic_visit(node)


def _message(source: Source, language: str, known: set[str]) -> Iterator[Finding]:
    file = f"{language}/{source.file}"
    pattern = source.variants.get("voice") or source.variants.get("")
    if pattern is None:
        return
    reasons = dict.fromkeys(why for text in voice_texts(pattern) for why in misread(text, language))
    for why in reasons:
        yield Finding(file, "", source.id, "voice", f"on the phone, {why}")
    placeables = _Placeables()
    placeables.visit(pattern)
    for why in placeables.wrong:
        yield Finding(file, "", source.id, "voice", f"on the phone, {why}")
    base, _, number = source.id.rpartition("-")
    if (number.isdecimal() and base in known) or f"{language}/{source.id}" in inventory(language):
        yield Finding(file, "", source.id, "voice", "has the name of another clip; rename it")


def _sound(store: ClipStore, ref: str) -> Iterator[Finding]:
    try:
        path = store.path(ref)
        samples = np.frombuffer(audio.read_pcm(path.with_name(f"{path.name}.wav")), "<i2")
    except (OSError, audio.BadRecording) as error:
        yield _clip(ref, "sound", f"can't be played: {error}")
        return
    if not samples.size or np.abs(samples.astype(np.int32)).max() < audio.QUIETEST:
        yield _clip(ref, "sound", "is silent; record it anew")
    elif audio.is_clipped(samples):
        yield _clip(ref, "sound", "is clipped; record it anew, less loud")
    seconds = samples.size / audio.RATE
    if seconds > audio.LONGEST:
        yield _clip(ref, "sound", f"takes longer than {audio.LONGEST:g} seconds; shorten its text")
    elif store.source(ref) == "recorded" and (why := store.overlong(ref, seconds)):
        yield _clip(ref, "sound", f"{why}, or record it anew")


def _clip(ref: str, rule: str, text: str) -> Finding:
    return Finding("clips", "", ref, rule, text)


def _switching(texts: Mapping[str, str], refs: Sequence[str], language: str) -> Iterator[str]:
    """Those of ``refs`` whose text leaves the language, by halves: mostly there are none."""
    if not _switches("\n\n".join(texts[ref] for ref in refs), language):
        return
    if len(refs) == 1:
        yield from refs
        return
    middle = len(refs) // 2
    yield from _switching(texts, refs[:middle], language)
    yield from _switching(texts, refs[middle:], language)


def _switches(text: str, language: str) -> bool:
    done = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
        ["espeak-ng", "-v", language, "-q", "-x", "--stdin"],  # noqa: S607 - found in PATH above
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return bool(_SWITCH.search(done.stdout.decode("utf-8", "replace")))
