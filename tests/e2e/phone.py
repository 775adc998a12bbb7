"""Real calls to a real Gooya: Asterisk, ``gooya`` processes, a caller who knows what he must hear."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import aiohttp
import msgspec
import numpy as np
import sqlalchemy as sa

from backend_adapter.sandbox import accounts
from backend_adapter.sandbox.database import connect
from dialogs.calendar import tehran_today
from dialogs.values import Payment, Progress, ServiceRequest
from gooya.clock import instant, system
from gooya.database import models
from gooya.database.engine import open_database
from ivr import spoken
from ivr.book import book
from tests.menus import way_to
from tests.servers.asterisk import OPERATOR, Asterisk
from tests.servers.gooya import Gooya, Sandbox, run_gooya
from tests.servers.heard import Found, find, heard_in_order, read
from tests.servers.processes import until
from tests.servers.rtp import RATE, Samples
from tests.servers.sip_caller import Call, SipCaller

SPEECH = "espeak-ng -v {language} -s 350 --stdin --stdout"
"""Twice as fast as people speak: calls run in real time."""
LATE = 25.0
"""Seconds for what must come: a prompt before it may be played to its end."""
BEGINNING = 0.8
"""Seconds by which a prompt is known whose end is not waited for."""
T = TypeVar("T")

_numbers = itertools.count(1)


def today() -> dt.date:
    """Asked anew each time: a run may last over midnight."""
    return tehran_today(instant(system()))


def fresh_number() -> str:
    """A mobile that has never called."""
    return f"0935{next(_numbers):07d}"


def keys_to(service: str) -> str:
    """The keys that lead from the main menu to a service."""
    return "".join(way_to(service))


class Sound(NamedTuple):
    """Something to be heard, and what to call it when it is not."""

    name: str
    pcm: Samples


class Prompts:
    """The clips in ``folder``, as sounds to listen for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._book = book("fa")

    @property
    def settings(self) -> dict[str, str]:
        return {"GOOYA_IVR_PROMPTS": str(self.folder), "GOOYA_IVR_SPEECH": SPEECH}

    def build(self) -> None:
        """``gooya prompts build``; nothing is left to do the second time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = run_gooya(["prompts", "build"], self.settings, self.folder, seconds=300)
        assert done.returncode == 0, done.stderr

    def copy(self, folder: Path) -> Prompts:
        """The same clips elsewhere; files there can be replaced or removed."""
        shutil.copytree(self.folder, folder, copy_function=_link)
        return Prompts(folder)

    def clips(self, *refs: str, name: str = "") -> Sound:
        """Clips and pauses in one go."""
        sounds = [read(self.folder / f"{ref}.wav") for ref in refs]
        return Sound(name or " ".join(refs), np.concatenate(sounds))

    def message(self, message: str, **args: Any) -> Sound:
        """What a message says, with its figures."""
        refs = self._book.say(message, args, today())
        assert refs, f"{message} says nothing"
        return self.clips(*refs, name=f"{message} {args or ''}")

    def option(self, number: int, label: str, **args: Any) -> Sound:
        """An option of a menu: «for …, press …»."""
        said = self._book.say(label, args, today())
        refs = ("fa/option-for", *said, *spoken.option(number, "fa"))
        return self.clips(*refs, name=f"option {number} {label}")

    def recognised(self, heard: Samples) -> list[str]:
        """The clips of the book, digits and the like apart, that can be found in ``heard``, in order."""
        places = []
        for ref in self._book.clips():
            pcm = read(self.folder / f"{ref}.wav")
            if len(pcm) > 0.6 * RATE:
                places += [(found.at, ref) for found in find(heard, pcm, whole=False)]
        return [f"{ref} at {at:.1f}" for at, ref in sorted(places)]

    @property
    def operator(self) -> Sound:
        """What the operators' context plays. Asterisk looks for ``<prompts>/operator`` in the folder of
        the channel's language first, and there it is, as a message of the book."""
        return self.clips(f"en/{OPERATOR}")


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


class Backend:
    """What a sandbox holds, read from its database beside it."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def readings(self, bill_id: str) -> list[dict[str, int]]:
        """The figures that customers sent for a subscription, oldest first."""
        stored = self._read(lambda c: accounts.readings(c, bill_id))
        return [reading.counters for reading in stored if reading.source == "customer"]

    def requests(self, bill_id: str) -> list[Progress]:
        """Where the requests for a subscription stand, oldest first."""
        rows = self._read(
            lambda c: c.execute("SELECT body, progress FROM requests ORDER BY rowid").fetchall()
        )
        return [
            msgspec.json.decode(row["progress"], type=Progress)
            for row in rows
            if msgspec.json.decode(row["body"], type=ServiceRequest).bill_id == bill_id
        ]

    def payments(self, bill_id: str) -> list[Payment]:
        return self._read(lambda c: accounts.payments(c, bill_id, today()))

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = connect(self._database)
        try:
            return work(connection)
        finally:
            connection.close()


class Office:
    """An Asterisk whose calls a ``gooya serve`` takes, all of it in ``folder``.

    With ``engines`` (settings of Redis and PostgreSQL) it is three processes, ``web``, ``worker`` and
    ``ivr``, and ``gooya sandbox`` is a fourth.
    """

    def __init__(
        self,
        folder: Path,
        prompts: Prompts,
        seeded: Path,
        *,
        engines: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.prompts = prompts
        self.asterisk = Asterisk(folder / "asterisk", prompts=prompts.folder)
        given = {
            **prompts.settings,
            "GOOYA_STAGE_SECONDS": "3600",
            "GOOYA_SECRET": "the same in every process",
            "GOOYA_ARI_URL": self.asterisk.ari_url,
            **(settings or {}),
        }
        self._parts: list[Gooya | Sandbox]
        if engines is None:
            self.web = self.gooya = Gooya(folder / "gooya", given)
            self._parts = [self.gooya]
            utility = Path(self.gooya.settings["GOOYA_DATA"])
        else:
            utility = folder / "utility"
            self.web, worker, self.gooya = (
                Gooya(folder / role, {**given, **engines}, role=role)
                for role in ("web", "worker", "ivr")
            )
            sandbox = Sandbox(utility, events_url=f"{self.web.url}/backend/events")
            for process in (self.web, worker, self.gooya):
                process.settings.update(sandbox.access)
            self._parts = [sandbox, self.web, worker, self.gooya]
        utility.mkdir(parents=True, exist_ok=True)
        shutil.copy(seeded, utility / "sandbox.db")
        self.backend = Backend(utility / "sandbox.db")
        self._ending = ExitStack()

    async def __aenter__(self) -> Self:
        try:
            for part in (self.asterisk, *self._parts):
                self._ending.callback(part.stop)
            await asyncio.gather(*(part.start() for part in (self.asterisk, *self._parts)))
            await self.connected()
        except BaseException:
            self._ending.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ending.close()

    async def connected(self) -> None:
        """Wait until Asterisk gives its calls to Gooya."""

        async def listed() -> bool:
            return "gooya" in (await self.asterisk.cli("ari show apps")).split()

        await until(listed, "Gooya is connected to Asterisk")

    async def dial(self, caller: SipCaller, number: str | None) -> Phone:
        """Call as ``number``; None withholds it."""
        return Phone(self, await caller.call("121", number=number))

    async def messages(self, number: str) -> list[str]:
        """The SMS on a phone, oldest first."""
        query = {"number": number, "wait": "0"}
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{self.web.url}/sms/simulator/messages", params=query) as answer,
        ):
            assert answer.status == 200, await answer.text()
            return [message["text"] for message in (await answer.json())["messages"]]

    async def write(self, number: str, text: str) -> None:
        """Send an SMS; returns when it is handled."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(
                f"{self.web.url}/sms/simulator", json={"from": number, "text": text}
            ) as answer,
        ):
            assert answer.status == 200, await answer.text()

    async def recordings(self) -> list[Samples]:
        """What callers said, as the application's database keeps it."""
        database = open_database(f"sqlite:///{self.gooya.settings['GOOYA_DATA']}/gooya.db")
        try:
            async with database.read() as connection:
                rows = (await connection.execute(sa.select(models.attachments.c.content))).all()
        finally:
            await database.close()
        path = self.gooya.directory / "recording.wav"
        return [read(path) for row in rows if path.write_bytes(row.content)]


class Phone:
    """A call whose caller listens: each :meth:`hears` begins where the one before ended."""

    def __init__(self, office: Office, call: Call) -> None:
        self.call = call
        self._office = office
        self.prompts = office.prompts
        self._heard: list[Sound] = []
        self._at = 0.0

    async def hears(self, what: str | Sound, /, *, whole: bool = True, **args: Any) -> Found:
        """Wait for a message of the book, or another sound, to its end or at least its beginning.

        AssertionError when it is not what comes next, or not in time; it says what came instead.
        """
        sound = self.prompts.message(what, **args) if isinstance(what, str) else what
        clock = asyncio.get_running_loop().time
        deadline = clock() + LATE
        while not (found := self._places(sound, whole=whole)):
            if clock() > deadline:
                late = AssertionError(f"not heard after {self._at:.1f} s: {sound.name}")
                late.add_note(f"before: {', '.join(each.name for each in self._heard)}")
                late.add_note(f"instead: {', '.join(self.prompts.recognised(self._behind))}")
                late.add_note(self._office.gooya.output()[-3000:])
                raise late
            await asyncio.sleep(0.1)
        first = found[0]._replace(at=found[0].at + self._start)
        self._at = first.end
        if whole:
            self._heard.append(sound)
        return first

    def _places(self, sound: Sound, *, whole: bool) -> list[Found]:
        places = find(self._behind, sound.pcm, whole=whole)
        return [place for place in places if whole or place.seconds >= BEGINNING]

    @property
    def _start(self) -> float:
        return max(0.0, self._at - 0.05)

    @property
    def _behind(self) -> Samples:
        """What came in behind what was heard last."""
        return self.call.heard[int(self._start * RATE) :]

    async def presses(self, keys: str) -> None:
        await self.call.press(keys)

    def check_order(self) -> None:
        """All that was heard to its end, compared with the whole call once more."""
        heard_in_order(self.call.heard, [sound.pcm for sound in self._heard])

    def heard(self, sound: Sound) -> list[Found]:
        """Every place in the call where a sound was heard, also only from its beginning."""
        return find(self.call.heard, sound.pcm, whole=False)

    def never_heard(self, message: str, **args: Any) -> bool:
        return not find(self.call.heard, self.prompts.message(message, **args).pcm)

    async def hangs_up(self) -> None:
        await self.call.hang_up()

    async def ended(self) -> None:
        """Wait until the other side hangs up."""
        await self.call.ended(LATE)
