"""``gooya call``: call Gooya from the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import click

from bots.sms.addresses import mask
from dialogs.store import Outbound
from dialogs.text import latin_digits
from gooya import clock as clocks
from gooya import logs
from gooya.cli.alone import PATIENCE, alone, forget, waits
from gooya.cli.terminal_line import TerminalLine, find_player
from gooya.parts import Parts
from gooya.settings import Settings, load
from gooya.speaking import CALLS
from gooya.telephony import make_clips, make_switchboard
from ivr import audio
from ivr.caller import Caller
from ivr.keypad import KEYS
from ivr.line import Key, TimedOut
from ivr.numbers import e164

BEEPS = 10
"""They stand for a voice: two seconds."""


@click.command()
@click.option(
    "--from",
    "sender",
    default="09121234567",
    show_default=True,
    help="Who calls, a mobile or a landline with its area code; '' withholds the number.",
)
@click.option("--play", is_flag=True, help="Let the prompts be heard, by aplay, paplay or afplay.")
def call(sender: str, play: bool) -> None:
    """Call Gooya from the terminal, as a customer does with a keypad.

    What is heard is printed. Type keys and press Enter to send them; a line may hold several, as
    `9985235404124#`. Prompts take their time and time-outs are those of a telephone. Other lines:

    \b
    <say FILE.wav>   what you say where a recording is asked for; <say> alone is a tone
    <silence>        say and press nothing until the time is out
    <hangup>         hang up; the end of input does the same

    Without a terminal it can be scripted: one such line is one turn, and a blank line follows what is
    heard in each, beginning with the greeting. No time passes there: keys that leave an entry
    unfinished end it as the time-out would. What the line does is shown as <record>, <hangup> and
    <transfer …>. An SMS that goes out meanwhile is shown as `SMS: …`, one to another phone with the
    number it went to.

    It uses the same database and state as `gooya serve`.
    """
    number = e164(sender)
    if sender and not number:
        raise click.ClickException(f"{sender!r} is no Iranian phone number")
    player = find_player() if play else ()
    settings = load()
    logs.configure("error")
    asyncio.run(_call(settings, number, player))


async def _call(settings: Settings, number: str, player: Sequence[str]) -> None:
    interactive = sys.stdin.isatty()
    async with _Telephone.open(settings, number, timing=interactive, player=player) as phone:
        await (_talk(phone) if interactive else _follow_script(phone))


async def _talk(phone: _Telephone) -> None:
    """Until the call is over or the input ends. Lines are taken while prompts are heard."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline()))
    ending = asyncio.create_task(phone.line.ended.wait())
    ending.add_done_callback(lambda _: lines.put_nowait(""))
    try:
        while line := await lines.get():
            try:
                phone.act(line.strip())
            except click.ClickException as error:
                error.show()
    finally:
        ending.cancel()
        loop.remove_reader(sys.stdin)


async def _follow_script(phone: _Telephone) -> None:
    await phone.settle()
    click.echo()
    for line in sys.stdin:
        if phone.line.over:
            return
        phone.act(line.strip())
        await phone.settle()
        click.echo()


class _Telephone:
    """A telephone in the terminal and the call that is made with it."""

    line: TerminalLine

    def __init__(self, number: str, *, timing: bool) -> None:
        self._number = number
        self._timing = timing
        self._parts: Parts
        self._caller: Caller
        self._conversation: Callable[[], str] = str
        self._ended: Callable[[], bool]
        self._take_calls: Callable[[list[Outbound]], None]

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, settings: Settings, number: str, *, timing: bool, player: Sequence[str]
    ) -> AsyncIterator[_Telephone]:
        """Call; at the end hang up and wait for what that brings."""
        phone = cls(number, timing=timing)
        id_ = uuid.uuid4().hex
        node, call_id = f"terminal-{id_[:8]}", f"terminal-{id_}"
        async with alone(
            settings,
            dispatch=phone._dispatch,
            mine=lambda conversation: conversation == phone.conversation,
            dispatches=lambda channel: channel in ("sms", CALLS + node),
        ) as parts:
            phone._parts = parts
            clips = make_clips(settings)
            switchboard = make_switchboard(parts, node, clips=clips, timing=timing)
            phone._take_calls = switchboard.take
            phone.line = TerminalLine(call_id, clips, timing=timing, player=player)
            caller = phone._caller = switchboard.connect(phone.line, number)
            phone.line.tell = caller.tell
            phone._conversation = lambda: caller.conversation
            phone._ended = lambda: call_id not in switchboard.calls
            delivering = asyncio.create_task(switchboard.run())
            try:
                yield phone
            finally:
                await phone._hang_up()
                delivering.cancel()

    @property
    def conversation(self) -> str:
        """Empty until there is a call."""
        return self._conversation()

    def act(self, line: str) -> None:
        """Do what a line of input says. Raises ``ClickException`` for what is none."""
        keys = latin_digits(line)
        if line == "<hangup>":
            self.line.end()
        elif line == "<silence>":
            self._be_silent()
        elif line == "<say>" or (line.startswith("<say ") and line.endswith(">")):
            self._say(line.removeprefix("<say").removesuffix(">").strip())
        elif all(key in KEYS for key in keys):
            for key in keys:
                self._caller.tell(Key(key))
            if "#" in keys and self.line.recording:
                self.line.say(b"", 0.0)
        else:
            raise click.ClickException(
                f"{line!r} is neither keys (0-9 * #) nor <say FILE>, <silence> or <hangup>"
            )

    async def settle(self) -> None:
        """Return when everything is said that the last line brings about (scripts)."""
        await self._caller.settled()
        if self._caller.typed:
            self._caller.tell(TimedOut())
            await self._caller.settled()
        began = clocks.system()
        while self._caller.phase == "waiting" and not self.line.over:
            if clocks.system() - began > PATIENCE:
                return
            await asyncio.sleep(0.02)
            await self._caller.settled()

    def _be_silent(self) -> None:
        if self._timing:
            return  # it is enough to wait
        if self.line.recording:
            self.line.say(b"", 0.0)
        else:
            self._caller.tell(TimedOut())

    def _say(self, name: str) -> None:
        if not self.line.recording:
            raise click.ClickException("nothing is being recorded now")
        try:
            sound = Path(name).read_bytes() if name else audio.as_wav(audio.beep() * BEEPS)
            seconds = audio.seconds(audio.plain(sound))
        except OSError as error:
            raise click.ClickException(f"{name}: {error.strerror}") from error
        except audio.BadRecording as error:
            raise click.ClickException(f"{name}: {error}") from error
        self.line.say(sound, seconds)

    async def _hang_up(self) -> None:
        """End the call, and wait for its last turn and for a backend that still owes an answer."""
        self.line.end()
        began = clocks.system()
        while not self._ended() or await waits(self._parts, self.conversation):
            if clocks.system() - began > PATIENCE:
                return
            await asyncio.sleep(0.02)

    def _dispatch(self, messages: list[Outbound]) -> None:
        self._take_calls([m for m in messages if m.channel != "sms"])
        for message in (m for m in messages if m.channel == "sms"):
            mine = message.to == self._number
            click.echo(
                f"SMS: {message.text}" if mine else f"[SMS to {mask(message.to)}] {message.text}"
            )
            forget(self._parts, message)
