"""All clips as files and in memory: made by the synthesiser, replaced by the studio's recordings.

Asterisk plays ``path(ref)``: without extension, ``.wav``, ``.ulaw`` and ``.alaw`` side by side, and the
same path whatever the clip was made of::

    <folder>/fa/reading-1.{wav,ulaw,alaw}           what is played
    <folder>/fa/reading-1.json                      what that was made of (a fingerprint)
    <folder>/recorded/fa/reading-1.{wav,json}       the studio's recording and the text it is for
    <folder>/say/fa/<hash>.*, recording/<id>.*      texts of customers, what callers recorded

A recording counts as long as the words are those it was made for; after that generated speech takes
over until there is a new one. Files are renamed into place, so that processes may build side by side.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import msgspec

from dialogs.services.catalogue import LANGUAGES
from dialogs.text import fold
from ivr import audio, spoken
from ivr.audio import BadRecording
from ivr.book import Book, book
from ivr.player import HOLD
from ivr.synthesis import SpeechUnavailable, Synthesiser

log = logging.getLogger(__name__)
T = TypeVar("T")

BEEP = "beep"
RETRY_SECONDS = 30.0
"""How long a synthesiser that failed is left alone."""
PATIENCE = 3.0
"""Seconds that a caller waits for a missing clip: no silence is longer (lab/asterisk.md)."""

_PAUSES = (spoken.COMMA, spoken.GROUP, spoken.GAP, spoken.STOP, 2_000)
_MILLISECONDS_PER_CHARACTER = 80
_SAFE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_STAND_IN = "stand-in"


class _Made(msgspec.Struct):
    """What the files of a clip were made of."""

    of: str


class _Kept(msgspec.Struct):
    """The text that a studio recording was made for, as :func:`words_hash`, and how many seconds
    generated speech took for it."""

    words: str
    generated: float = 0.0


class Built(NamedTuple):
    """How many clips were made, and how many stood already."""

    made: int
    kept: int


class ClipStore:
    """The clips in ``folder``. ``books`` are the product's own by default."""

    def __init__(
        self,
        folder: Path,
        synthesiser: Synthesiser,
        books: Mapping[str, Book] | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self.folder = folder.resolve()
        self.books = books or {language: book(language) for language in LANGUAGES}
        self._synthesiser = synthesiser
        self._patience = patience
        self._ready: dict[str, str] = {}
        """The paths of clips that were made of the right text when they were looked at."""
        self._stand_ins: set[str] = set()
        self._retry_at = 0.0
        self._complained: set[str] = set()
        self._building = 0

    def path(self, ref: str) -> Path:
        """Absolute, without extension; inside the folder whatever ``ref`` is."""
        if ref.startswith("say/"):
            _, language, text = [*ref.split("/", 2), ""][:3]
            language = language if language in self.books else "fa"
            return self.folder / "say" / language / _digest(text)
        return _path(self.folder, ref)

    def pcm(self, ref: str) -> bytes:
        """The samples (:mod:`ivr.audio`), from memory where they were read before. A clip without
        files is silence of about its length, and logged once."""
        if ref.startswith("pause/"):
            return _silence(_milliseconds(ref))
        path = self._file(ref)
        try:
            return _read(path, path.stat().st_mtime_ns)
        except (OSError, BadRecording):
            self._complain(ref, "has no sound; silence is heard")
            return _silence(self._rough_milliseconds(ref))

    def seconds(self, ref: str) -> float:
        if ref.startswith("pause/"):
            return _milliseconds(ref) / 1000
        return audio.seconds(self.pcm(ref))

    def source(self, ref: str) -> Literal["recorded", "generated", "missing"]:
        """What is heard as ``ref``."""
        made = _load(self._sidecar(ref), _Made)
        if made is None or made.of == _STAND_IN or not self._is_whole(ref):
            return "missing"
        return "recorded" if made.of.startswith("recorded ") else "generated"

    def missing(self, refs: Iterable[str]) -> list[str]:
        """Those of ``refs`` that have no sound of their own yet, a broken one, or one of another text."""
        return [ref for ref in dict.fromkeys(refs) if not self._is_made(ref)]

    def everything(self) -> Iterator[str]:
        """All clips that have to exist before the first call."""
        yield from (spoken.pause(milliseconds) for milliseconds in _PAUSES)
        yield from (HOLD, BEEP)
        for known in self.books.values():
            yield from known.clips()

    async def ensure(self, refs: Iterable[str]) -> None:
        """Make what is missing, so that a call can go on. Raises nothing: without a synthesiser, or
        with a slow one, a clip is silence of about the right length, logged once."""
        wanted = [ref for ref in dict.fromkeys(refs) if not self._is_ready(ref)]
        if wanted:
            await asyncio.gather(*map(self._make_or_stand_in, wanted))

    async def build(self, progress: Callable[[int, int], None] | None = None) -> Built:
        """Make everything that is missing or has another text now; the second time nothing is left.

        As :meth:`make`.
        """
        return await self.make(self.everything(), progress)

    async def make(
        self, refs: Iterable[str], progress: Callable[[int, int], None] | None = None
    ) -> Built:
        """Make those of ``refs`` that are missing or have another text now.

        ``progress`` gets the number of clips made so far and of all to make. Raises
        :class:`SpeechUnavailable`, :class:`BadRecording` and OSError.
        """
        all_refs = list(dict.fromkeys(refs))
        wanted = self.missing(all_refs)
        left = iter(wanted)
        done = 0

        async def work() -> None:
            nonlocal done
            for ref in left:
                await self._make(ref)
                done += 1
                if progress:
                    progress(done, len(wanted))

        self._building += 1
        try:
            # No more at once than can be spoken at once: a call must not wait behind all of them.
            async with asyncio.TaskGroup() as group:
                for _ in range(os.cpu_count() or 1):
                    group.create_task(work())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            self._building -= 1
        return Built(len(wanted), len(all_refs) - len(wanted))

    async def complete(self) -> None:
        """Make what is missing, in the background of calls that already come: what a prompt lacks is made
        when it is its turn. The log says what could not be done."""
        missing = await asyncio.to_thread(lambda: self.missing(self.everything()))
        if not missing:
            return
        log.info("%d clips are missing and made now; `gooya prompts build` does it", len(missing))
        try:
            await self.build()
        except (SpeechUnavailable, BadRecording, OSError) as error:
            log.warning("the prompts are not complete: %s", error)

    def add_recording(self, recording: str, sound: bytes) -> None:
        """Register what a caller recorded as ``recording/<id>``. Raises :class:`BadRecording`."""
        ref = f"recording/{recording}"
        self._install(ref, audio.plain(sound), "a caller")

    def import_recording(self, ref: str, sound: bytes) -> None:
        """Let a studio recording replace the generated clip of the book.

        Raises :class:`BadRecording`, and ``KeyError`` for what is no clip of a book.
        """
        words = self._clip_words(ref)
        if words is None:
            raise KeyError(ref)
        pcm = audio.prepare(sound)
        if audio.seconds(pcm) > audio.LONGEST:
            raise BadRecording(f"it is longer than {audio.LONGEST:g} seconds")
        if why := self.overlong(ref, audio.seconds(pcm)):
            raise BadRecording(f"it {why}")
        generated = self._generated_seconds(ref)
        recorded = self._recorded(ref)
        recorded.parent.mkdir(parents=True, exist_ok=True)
        audio.replace(recorded, audio.as_wav(pcm))
        audio.replace(recorded.with_suffix(".json"), msgspec.json.encode(_Kept(words, generated)))
        self._install(ref, pcm, self._origin(ref))

    def overlong(self, ref: str, seconds: float) -> str:
        """Why a recording of this length can't be of the words of ``ref``; empty if it can."""
        generated = self._generated_seconds(ref)
        if seconds <= max(3 * generated, generated + 2):
            return ""
        return f"takes {seconds:.1f} seconds, and speech of this text {generated:.1f}; cut it"

    def outdated_recordings(self) -> Iterator[str]:
        """Clips of the books with a recording that was made for other words."""
        for known in self.books.values():
            for ref in known.clips():
                kept = _load(self._recorded(ref).with_suffix(".json"), _Kept)
                if kept is not None and kept.words != self._clip_words(ref):
                    yield ref

    def broken_recordings(self) -> Iterator[str]:
        """Clips of the books with a recording whose file can't be played, or not to its end."""
        for known in self.books.values():
            for ref in known.clips():
                try:
                    audio.read_pcm(self._recorded(ref))
                except BadRecording:
                    yield ref
                except OSError:
                    continue  # none was made

    def prune(self, before: float) -> int:
        """Delete what holds customers' words (``say/``, ``recording/``) and was made before this
        POSIX time; how many files went."""
        gone = 0
        private = ("say/", "recording/")
        self._ready = {r: f for r, f in self._ready.items() if not r.startswith(private)}
        for folder in ("say", "recording"):
            for path in (self.folder / folder).rglob("*"):
                if path.is_file() and path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone

    async def _make_or_stand_in(self, ref: str) -> None:
        speech = self._speech(ref)
        if speech is not None and not ref.startswith("say/") and not self._building:
            self._complain(ref, "was missing or broken; run `gooya prompts build`")
        if speech is not None and time.monotonic() < self._retry_at:
            self._stand_in(ref)
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._make(ref)
        except (SpeechUnavailable, TimeoutError) as error:
            self._retry_at = time.monotonic() + RETRY_SECONDS
            self._complain("speech", str(error) or "takes too long")
            self._stand_in(ref)
        except (BadRecording, OSError) as error:
            self._complain(ref, f"can't be made: {type(error).__name__}")

    def _stand_in(self, ref: str) -> None:
        """Silence, unless there is still an older sound: better than nothing."""
        self._stand_ins.add(ref)
        if not self._is_whole(ref):
            try:
                self._install(ref, _silence(self._rough_milliseconds(ref)), _STAND_IN)
            except OSError as error:
                self._complain(ref, f"can't be made: {type(error).__name__}")
            self._ready.pop(ref, None)

    async def _make(self, ref: str) -> None:
        """Make the files of a clip, whatever they are made of. Nothing for what nobody can make."""
        origin = self._origin(ref)
        if origin is None:
            self._complain(ref, "is unknown")
        elif ref.startswith("pause/"):
            self._install(ref, _silence(_milliseconds(ref)), origin)
        elif ref == BEEP:
            self._install(ref, audio.beep(), origin)
        elif origin.startswith("recorded "):
            self._install(ref, audio.read_pcm(self._recorded(ref)), origin)
        else:
            speech = self._speech(ref)
            assert speech is not None  # it has an origin
            sound = await self._synthesiser.speak(*speech)
            pcm = await asyncio.to_thread(audio.prepare, sound)
            await asyncio.to_thread(self._install, ref, pcm, origin)

    def _install(self, ref: str, pcm: bytes, origin: str | None) -> None:
        audio.write(pcm, self.path(ref))
        # Last: a clip whose files are not all there is made again.
        audio.replace(self._sidecar(ref), msgspec.json.encode(_Made(origin or "")))
        self._ready[ref] = str(self.path(ref))
        self._stand_ins.discard(ref)

    def _origin(self, ref: str) -> str | None:
        """What the files of a clip have to be made of now; None for what nobody can make."""
        if ref.startswith("pause/") or ref == BEEP:
            return f"made {audio.VERSION}"
        kept = _load(self._recorded(ref).with_suffix(".json"), _Kept)
        if kept is not None and kept.words == self._clip_words(ref):
            try:
                audio.read_pcm(self._recorded(ref))
                found = self._recorded(ref).stat()
                return f"recorded {found.st_mtime_ns} {found.st_size}"
            except BadRecording:
                self._complain(ref, "has a broken recording; import it anew")
                # What was made of it while it was whole is better than generated speech.
                made = _load(self._sidecar(ref), _Made)
                if made is not None and made.of.startswith("recorded ") and self._is_whole(ref):
                    return made.of
            except OSError:
                pass  # its description alone is no recording
        speech = self._speech(ref)
        if speech is None:
            return None
        made_by = (*speech, self._synthesiser.command, str(audio.VERSION))
        return f"generated {_digest(chr(0).join(made_by))}"

    def _speech(self, ref: str) -> tuple[str, str] | None:
        """What the synthesiser reads for a clip, and in which language."""
        if ref.startswith("say/"):
            _, language, text = [*ref.split("/", 2), ""][:3]
            return (text, language) if text and language in self.books else None
        language = ref.partition("/")[0]
        known = self.books.get(language)
        clip = known.clips().get(ref) if known else None
        return (clip.spoken, language) if clip else None

    def _clip_words(self, ref: str) -> str | None:
        known = self.books.get(ref.partition("/")[0])
        clip = known.clips().get(ref) if known else None
        return words_hash(clip.text) if clip else None

    def _is_ready(self, ref: str) -> bool:
        if (path := self._ready.get(ref)) is not None:
            return audio.is_whole(path)
        if ref in self._stand_ins and time.monotonic() < self._retry_at:
            return True
        if not self._is_made(ref):
            return False
        self._ready[ref] = str(self.path(ref))
        return True

    def _is_made(self, ref: str) -> bool:
        made = _load(self._sidecar(ref), _Made)
        if made is None or not self._is_whole(ref):
            return False
        return ref.startswith("recording/") or made.of == self._origin(ref)

    def _is_whole(self, ref: str) -> bool:
        return audio.is_whole(str(self.path(ref)))

    def _file(self, ref: str) -> Path:
        path = self.path(ref)
        return path.with_name(f"{path.name}.wav")

    def _sidecar(self, ref: str) -> Path:
        path = self.path(ref)
        return path.with_name(f"{path.name}.json")

    def _recorded(self, ref: str) -> Path:
        return self.folder / "recorded" / self._file(ref).relative_to(self.folder)

    def _generated_seconds(self, ref: str) -> float:
        """How long generated speech takes for a clip of a book; a guess where none was made."""
        if self._is_made(ref) and self.source(ref) == "generated":
            return self.seconds(ref)
        kept = _load(self._recorded(ref).with_suffix(".json"), _Kept)
        if kept is not None and kept.words == self._clip_words(ref) and kept.generated:
            return kept.generated
        return self._rough_milliseconds(ref) / 1000

    def _rough_milliseconds(self, ref: str) -> int:
        speech = self._speech(ref)
        return min(300 + _MILLISECONDS_PER_CHARACTER * len(speech[0] if speech else ""), 20_000)

    def _complain(self, about: str, what: str) -> None:
        """Log once. A text for the synthesiser may be a customer's own: it is not named."""
        about = "say/…" if about.startswith("say/") else about
        if (complaint := f"{about} {what}") not in self._complained:
            self._complained.add(complaint)
            log.warning("clip %s %s", about, what)


def words_hash(text: str) -> str:
    """Tells texts apart by their words: punctuation and the way letters are typed don't matter."""
    return _digest(" ".join(re.findall(r"\w+", fold(text))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _milliseconds(ref: str) -> int:
    """Of a ``pause/<ms>``; 0 for what is none."""
    length = ref.removeprefix("pause/")
    return min(int(length), 600_000) if length.isascii() and length.isdecimal() else 0


@lru_cache(maxsize=4096)
def _path(folder: Path, ref: str) -> Path:
    if not _SAFE.fullmatch(ref):
        ref = f"other/{_digest(ref)}"
    return folder / ref


@lru_cache(maxsize=64)
def _silence(milliseconds: int) -> bytes:
    return audio.silence(milliseconds)


@lru_cache(maxsize=1024)
def _read(path: Path, changed: int) -> bytes:
    """``changed`` is when the file was, so that a new one is read anew."""
    return audio.read_pcm(path)


def _load(path: Path, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except (OSError, msgspec.MsgspecError):
        return None
