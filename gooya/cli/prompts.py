"""``gooya prompts``: what callers hear, from the message to the sound."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from dialogs.calendar import tehran_today
from gooya.check import MESSAGES_FOLDER, SERVICES_FOLDER
from gooya.check.catalogue import check_catalogue
from gooya.check.prompts import check_clips, check_pronunciation, check_voice
from gooya.cli.output import as_json, show, show_one, verdict
from gooya.cli.say import parsed
from gooya.settings import load
from gooya.telephony import make_clips
from ivr import audio
from ivr.clips import ClipStore
from ivr.joining import joined
from ivr.synthesis import SpeechUnavailable

PLAYERS = (("paplay",), ("aplay", "-q"), ("afplay",))
_LIKE_AN_ID = re.compile(r"[a-z0-9]+([-/][a-z0-9]+)+")
LARGEST = 50_000_000
"""Bytes of a studio's file: minutes of sound, where a clip takes seconds."""

in_language = click.option(
    "--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True
)


def _clips() -> ClipStore:
    return make_clips(load())


@click.group()
def prompts() -> None:
    """What callers hear: clips, the studio's recordings, the synthesiser."""


class _Listed(msgspec.Struct):
    id: str
    language: str
    source: str
    seconds: float | None
    text: str


def _listed(store: ClipStore) -> Iterator[_Listed]:
    for language, known in store.books.items():
        for ref, clip in known.clips().items():
            source = store.source(ref)
            length = None if source == "missing" else round(store.seconds(ref), 2)
            yield _Listed(ref, language, source, length, clip.text)


@prompts.command("list")
@as_json
def list_(json_: bool) -> None:
    """List every clip: its text, its length, and whether it is recorded, generated or missing."""
    rows = list(_listed(_clips()))
    show(rows, ["id", "source", "seconds", "text"], json_)


@prompts.command()
def build() -> None:
    """Make all clips that are missing or broken, or have another text now."""
    store = _clips()

    def progress(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            click.echo(f"{done} of {total}", err=True)

    try:
        built = asyncio.run(store.build(progress))
    except (SpeechUnavailable, audio.BadRecording) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{built.made} clips made, {built.kept} up to date, in {store.folder}")


@prompts.command("say")
@click.argument("what", metavar="TEXT|MESSAGE|CLIP")
@click.option("--arg", "args", multiple=True, metavar="K=V", help="A placeable of the message.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="WAV file.")
@in_language
def say_prompt(what: str, args: tuple[str, ...], output: Path | None, language: str) -> None:
    """Play a message, a clip or any text, or write it with -o.

    \b
    gooya prompts say reading-done --arg code=7705602008
    gooya prompts say fa/number/20-and -o twenty.wav
    gooya prompts say "سلام"
    """
    store = _clips()
    refs = _refs(store, what, args, language)
    try:
        asyncio.run(store.make(refs))
    except (SpeechUnavailable, audio.BadRecording) as error:
        raise click.ClickException(str(error)) from error
    said = joined(store, refs)
    click.echo(store.books[language].words(refs))
    if output:
        output.write_bytes(said.wav)
        click.echo(f"{output}: {said.seconds:.2f} seconds")
    else:
        _play(said.wav)


def _refs(store: ClipStore, what: str, args: tuple[str, ...], language: str) -> list[str]:
    known = store.books[language]
    if what not in known:
        if args:
            raise click.UsageError(f"no message {what!r}: only a message has placeables")
        if what in known.clips():
            return [what]
        if not what.strip() or _LIKE_AN_ID.fullmatch(what):
            raise click.UsageError(
                f"no message or clip {what!r}: `gooya prompts list` has them all"
            )
        return [f"say/{language}/{what}"]
    given: dict[str, object] = {}
    wanted = known.arguments(what)
    for name, separator, text in (arg.partition("=") for arg in args):
        if not separator or name not in wanted:
            names = ", ".join(wanted) or "none"
            raise click.UsageError(f"--arg {name}: {what} takes K=V with K one of: {names}")
        try:
            given[name] = parsed(wanted[name].function, text)
        except ValueError as error:
            raise click.UsageError(f"--arg {name}: {error}") from error
    absent = ", ".join(name for name in wanted if name not in given)
    if absent:
        raise click.UsageError(f"{what} needs --arg {absent}")
    return known.say(what, given, tehran_today(dt.datetime.now(dt.UTC)))


def _play(wav: bytes) -> None:
    player = next((words for words in PLAYERS if shutil.which(words[0])), None)
    if player is None:
        names = ", ".join(words[0] for words in PLAYERS)
        raise click.ClickException(f"no player found ({names}); write a file with -o FILE")
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(wav)
        file.flush()
        done = subprocess.run([*player, file.name], check=False)  # noqa: S603 - one of PLAYERS
    if done.returncode:
        raise click.ClickException(f"{player[0]} can't play it; write a file with -o FILE")


COLUMNS = ("id", "file", "language", "text", "where", "seconds", "source")


@prompts.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the studio's sheet as CSV: every clip with the file name that `import` expects."""
    store = _clips()
    with file.open("w", encoding="utf-8-sig", newline="") as out:  # a spreadsheet wants the mark
        sheet = csv.writer(out)
        sheet.writerow(COLUMNS)
        rows = list(_listed(store))
        for row in rows:
            where = store.books[row.language].clips()[row.id].where
            name = f"{row.id.replace('/', '.')}.wav"
            length = "" if row.seconds is None else row.seconds
            sheet.writerow([row.id, name, row.language, row.text, where, length, row.source])
    click.echo(f"{file}: {len(rows)} clips")


class _Refused(msgspec.Struct):
    file: str
    why: str


class _Imported(msgspec.Struct):
    taken: int
    refused: list[_Refused]


@prompts.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
def import_(folder: Path, json_: bool) -> None:
    """Take the studio's recordings of FOLDER; exits with 1 when one was refused.

    A file is named as in the exported sheet (fa.number.5.wav) or by its path (fa/number/5.wav). WAV is
    read always, other formats with ffmpeg. Recordings are trimmed, levelled and made fit for the phone.
    """
    store = _clips()
    refused: list[_Refused] = []
    taken = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts):
            continue
        try:
            _import(store, str(name.with_suffix("")).replace(".", "/"), path)
            taken += 1
        except audio.BadRecording as error:
            refused.append(_Refused(str(name), str(error)))
    if json_:
        show_one(_Imported(taken, refused), json_)
    else:
        for file in refused:
            click.echo(f"{file.file}: {file.why}")
        click.echo(f"{taken} recordings taken, {len(refused)} refused")
    if refused:
        raise SystemExit(1)


def _import(store: ClipStore, ref: str, path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise audio.BadRecording(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        store.import_recording(ref, path.read_bytes())
    except KeyError:
        text = "no clip has this name; `gooya prompts export` lists them"
        raise audio.BadRecording(text) from None


@prompts.command()
@as_json
def check(json_: bool) -> None:
    """Check texts and sounds; exits with 1 when something is wrong.

    Names clips that are missing, broken, silent, clipped, too long or recorded for another text, and
    texts that are spoken otherwise than written: digits, Latin letters, symbols, abbreviations.
    """
    store = _clips()
    findings = [
        *check_voice(MESSAGES_FOLDER),
        *(found for found in check_catalogue(SERVICES_FOLDER) if found.rule == "voice"),
        *check_clips(store),
        *check_pronunciation(store),
    ]
    if json_:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(verdict(findings))
    if findings:
        raise SystemExit(1)
