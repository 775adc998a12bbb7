"""The telephone, wired: callers' sessions on the dialog, their clips, their recordings."""

from __future__ import annotations

import asyncio

from dialogs import limits
from dialogs.events import Event
from dialogs.session import readable
from gooya.clock import instant
from gooya.database.attachments import Attachment
from gooya.database.customers import PARALLEL
from gooya.parts import Parts
from gooya.settings import Settings, SettingsError
from ivr import audio
from ivr.audio import BadRecording
from ivr.clips import ClipStore
from ivr.speech import Speech
from ivr.switchboard import Switchboard
from ivr.synthesis import Synthesiser


def make_clips(settings: Settings) -> ClipStore:
    """The clips of the settings' folder, spoken by the settings' command. Raises ``SettingsError``."""
    try:
        synthesiser = Synthesiser(settings.ivr_speech)
    except ValueError as error:
        raise SettingsError(f"GOOYA_IVR_SPEECH: {error}") from None
    return ClipStore(settings.prompts_folder, synthesiser)


def make_switchboard(
    parts: Parts, node: str, *, clips: ClipStore | None = None, timing: bool = True
) -> Switchboard:
    """The calls of this process. ``node`` names it among all processes that take calls."""

    async def enter(conversation: str, event: Event) -> Speech | None:
        caller = switchboard.calls.get(event.call.rpartition("/")[2])
        early = caller.early if caller is not None else None
        speech = await parts.door.enter(conversation, event, early)
        if event.kind == "hang_up" and first.get(conversation) == event.call:
            del first[conversation]
        return speech

    async def keep(conversation: str, sound: bytes, seconds: float) -> str:
        try:
            await asyncio.to_thread(audio.plain, sound)
        except BadRecording as error:
            raise ValueError(str(error)) from error
        recording = Attachment(content_type="audio/wav", content=sound, seconds=seconds)
        return await parts.attachments.add(conversation, recording, instant(parts.clock()))

    first: dict[str, str] = {}
    """The call of this process that leads a number's conversation."""

    async def locate(number: str, call: str) -> str:
        own = f"{number}{PARALLEL}{call.rpartition('/')[2]}"
        other = first.get(number, call)
        if other != call and other.rpartition("/")[2] in switchboard.calls:
            return own
        first[number] = call  # before the look-up: two calls may come in one moment
        known = readable((await parts.store.load(number, call)).state)
        if known is None or known.call in ("", call):
            return number
        if parts.clock() - known.touched >= limits.CALL_SILENCE:
            return number
        if first.get(number) == call:
            del first[number]  # it is led elsewhere, or its own call is still to be adopted
        return own

    switchboard = Switchboard(
        node,
        store=parts.store,
        enter=enter,
        keep=keep,
        locate=locate,
        clips=clips or make_clips(parts.settings),
        clock=parts.clock,
        timing=timing,
    )
    return switchboard
