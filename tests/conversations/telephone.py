"""The telephone that a test holds in its hand, and what is heard on it."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from unittest import mock

from bots.sms.presenter import present
from dialogs.engine import Turn
from dialogs.messages import MESSAGES, Messages
from dialogs.session import Conversation
from gooya import replying
from ivr import audio
from ivr.book import book
from ivr.caller import Caller
from ivr.captions import text_of
from ivr.line import Gone, HungUp, Key, Recorded, TimedOut
from ivr.speech import Speech
from ivr.switchboard import Switchboard

BOOKS = {language: book(language) for language in ("fa", "en")}
SPOKEN_SECONDS = 2.0
Heard = tuple[str, ...]
"""The texts of the clips of a prompt."""


def texts(clips: Sequence[str]) -> Heard:
    """What clips say, without their pauses."""
    return tuple(filter(None, (text_of(clip, BOOKS) for clip in clips)))


class Telephone:
    """A :class:`ivr.line.Line` without a clock: a prompt is heard as soon as it plays."""

    caller: Caller

    def __init__(self, number: str, heard: list[Heard]) -> None:
        self.number = number
        self.heard = heard
        """Prompts, in the order in which they were heard, are added to this."""
        self.ended = ""
        """``hung up`` or ``transferred`` by the other side; ``gone`` by the caller."""
        self._call = f"test-{uuid.uuid4().hex}"
        self._recording = ""

    @property
    def call(self) -> str:
        return self._call

    @property
    def conversation(self) -> str:
        return self.caller.conversation

    # What a person does with it ------------------------------------------------------------------

    def dial(self, switchboard: Switchboard) -> None:
        self.caller = switchboard.connect(self, self.number)

    def press(self, keys: str) -> None:
        for key in keys:
            self.caller.tell(Key(key))
            if key == "#" and self._recording:
                self._record(b"")

    def be_silent(self) -> None:
        if self._recording:
            self._record(b"")
        else:
            self.caller.tell(TimedOut())

    def speak(self) -> None:
        assert self._recording, "nothing is recorded now"
        self._record(audio.as_wav(audio.beep() * round(SPOKEN_SECONDS / 0.2)))

    def put_down(self) -> None:
        self._end("gone")

    # What the other side does with it ------------------------------------------------------------

    async def play(self, playback: str, clips: Sequence[str]) -> None:
        self._alive()
        if heard := texts(clips):
            self.heard.append(heard)

    async def stop(self, playback: str) -> None:
        self._alive()

    async def record(self, name: str, *, seconds: int) -> None:
        self._alive()
        self._recording = name

    async def stop_recording(self, name: str) -> None:
        self._alive()
        if name == self._recording:
            self._record(b"")

    async def hang_up(self) -> None:
        self._alive()
        self._end("hung up")

    async def transfer(self, variables: Mapping[str, str]) -> None:
        self._alive()
        self._end("transferred")

    def _record(self, sound: bytes) -> None:
        name, self._recording = self._recording, ""
        self.caller.tell(Recorded(name, sound, SPOKEN_SECONDS if sound else 0.0))

    def _end(self, how: str) -> None:
        if not self.ended:
            self.ended = how
            self.caller.tell(HungUp())

    def _alive(self) -> None:
        if self.ended:
            raise Gone


class Tap:
    """Writes every speech down as the SMS that its messages would be."""

    def __init__(self) -> None:
        self.spoken: dict[str, list[Heard]] = {}
        """All speeches of a conversation."""
        self._written: dict[tuple[str, Heard], str] = {}

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Listen to what all doors of this process make of their turns."""
        speak = replying.speak  # type: ignore[attr-defined]

        def tapped(
            turn: Turn, conversation: Conversation, today: dt.date, messages: Messages
        ) -> Speech:
            speech: Speech = speak(turn, conversation, today, messages)
            self._note(turn, conversation, texts(speech.clips))
            return speech

        with mock.patch.object(replying, "speak", tapped):
            yield

    def written(self, conversation: str, heard: Heard) -> str:
        """What was heard, as an SMS. ``KeyError`` for a prompt that no turn made."""
        return self._written[conversation, heard]

    def _note(self, turn: Turn, conversation: Conversation, heard: Heard) -> None:
        self.spoken.setdefault(conversation.id, []).append(heard)
        key = (conversation.id, heard)
        # What is only repeated was written down when it was said.
        if not turn.repeats or key not in self._written:
            language = conversation.profile.language
            self._written[key] = present(turn.prompts, language, MESSAGES)
