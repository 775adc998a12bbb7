"""What Gooya is measured against: the same menu as a pure dialplan, with the same clips."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import NamedTuple

from dialogs import engine
from dialogs.calendar import tehran_today
from dialogs.events import Event, Kind
from dialogs.session import Profile
from gooya.clock import instant
from ivr.audio import FRAME
from ivr.clips import ClipStore
from ivr.player import HOLD
from ivr.presenter import LEAD_IN, present
from ivr.synthesis import Synthesiser

NUMBER = "600"
"""What is dialed for the dialplan's menu; any other number is Gooya's."""
KEYS = ("1", "*")
"""Into the first service and back to the menu: each key is a turn that is committed."""
SPEECH = "espeak-ng -v {language} --stdin --stdout"
MARKER = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(FRAME // 32))
"""Payload of the first packet of every prompt: a noise that no clip has."""


class Prompts(NamedTuple):
    """Clips of the two prompts between which :data:`KEYS` go."""

    menu: tuple[str, ...]
    service: tuple[str, ...]


def prompts() -> Prompts:
    """Exactly what Gooya says, from the dialog itself."""
    at = time.time()
    number = "+989120000000"
    kinds: list[tuple[Kind, str]] = [("call", ""), ("keys", KEYS[0]), ("command", "back")]
    events = [
        Event(kind=kind, id=kind, channel="call", address=number, at=at, text=text, call="bench/1")
        for kind, text in kinds
    ]
    conversation = engine.start(events[0], Profile(), number)
    said = []
    for event in events:
        try:
            next(engine.turn(conversation, event))
        except StopIteration as end:
            parts = present(end.value.prompts, language="fa", today=tehran_today(instant(at)))
            said.append(tuple(clip for part in parts for clip in part.clips))
    _, service, menu = said
    return Prompts(menu, service)


async def build(folder: Path) -> ClipStore:
    """All clips, made where they are missing, with :data:`MARKER` at the beginning of the lead-in."""
    clips = ClipStore(folder, Synthesiser(SPEECH))
    await clips.build()
    await clips.ensure([LEAD_IN, HOLD])
    lead_in = clips.path(LEAD_IN).with_suffix(".ulaw")
    lead_in.write_bytes(MARKER + lead_in.read_bytes()[FRAME:])
    return clips


def dialplan(clips: ClipStore, said: Prompts) -> str:
    """Lines of Asterisk's dialplan. A context of its own: keys are its only extensions."""
    menu, service = ("&".join(str(clips.path(clip)) for clip in (*s, HOLD)) for s in said)
    return f"""
        exten => {NUMBER},1,Answer()
         same => n,Goto(bench-menu,s,1)
        [bench-menu]
        exten => s,1,Background({menu})
         same => n,WaitExten(600)
        exten => {KEYS[0]},1,Goto(bench-service,s,1)
        [bench-service]
        exten => s,1,Background({service})
         same => n,WaitExten(600)
        exten => {KEYS[1]},1,Goto(bench-menu,s,1)
        """
