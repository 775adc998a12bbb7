"""The events of ARI that a keypad dialog needs, as values with the fields that it uses.

Field names are those of Asterisk 16 to 22 (``rest-api/events.json`` of each release).
"""

from __future__ import annotations

import logging
from typing import Final

import msgspec

log = logging.getLogger(__name__)


class CallerId(msgspec.Struct, frozen=True):
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    app_data: str = ""
    """``application,arguments`` while in Stasis; Asterisk 16 doesn't tell."""


class Channel(msgspec.Struct, frozen=True):
    """One leg of a call. ``name`` begins with its technology: ``PJSIP/…``, ``Local/…``, ``Snoop/…``."""

    id: str
    name: str
    state: str = ""
    caller: CallerId = CallerId()
    dialplan: Dialplan = Dialplan()


class Playback(msgspec.Struct, frozen=True):
    """``media_uri`` is the clip of the list that the event is about. ``state`` is ``queued``, ``playing``,
    ``continuing``, ``done`` or ``failed``; the last two only with :class:`PlaybackFinished`."""

    id: str
    media_uri: str = ""
    target_uri: str = ""
    state: str = ""


class Recording(msgspec.Struct, frozen=True):
    name: str
    target_uri: str = ""


class StasisStart(msgspec.Struct, frozen=True):
    """A channel has come to our application; ``args`` are those of the dialplan's ``Stasis()``."""

    channel: Channel
    args: list[str] = []


class StasisEnd(msgspec.Struct, frozen=True):
    channel: Channel


class ChannelHangupRequest(msgspec.Struct, frozen=True):
    channel: Channel


class ChannelDestroyed(msgspec.Struct, frozen=True):
    channel: Channel


class ChannelDtmfReceived(msgspec.Struct, frozen=True):
    """A key was released."""

    channel: Channel
    digit: str


class PlaybackStarted(msgspec.Struct, frozen=True):
    """A clip of a list begins; one event for every clip."""

    playback: Playback


class PlaybackContinuing(msgspec.Struct, frozen=True):
    """A clip that was not the last one has ended, or could not be played and is passed over."""

    playback: Playback


class PlaybackFinished(msgspec.Struct, frozen=True):
    playback: Playback


class RecordingStarted(msgspec.Struct, frozen=True):
    recording: Recording


class RecordingFinished(msgspec.Struct, frozen=True):
    recording: Recording


class RecordingFailed(msgspec.Struct, frozen=True):
    recording: Recording


class ApplicationReplaced(msgspec.Struct, frozen=True):
    """Another WebSocket has taken the application: this one gets no more events."""


class RESTResponse(msgspec.Struct, frozen=True):
    """The answer to a request over the WebSocket (:mod:`ivr.asterisk.rest`)."""

    request_id: str
    status_code: int
    message_body: str = ""


ChannelOver = StasisEnd | ChannelHangupRequest | ChannelDestroyed
PlaybackEvent = PlaybackStarted | PlaybackContinuing | PlaybackFinished
RecordingEvent = RecordingStarted | RecordingFinished | RecordingFailed
CallEvent = ChannelOver | ChannelDtmfReceived | PlaybackEvent | RecordingEvent
"""What happens to a call that is already ours."""
Event = StasisStart | CallEvent | ApplicationReplaced

_KINDS: Final[tuple[type[Event | RESTResponse], ...]] = (
    StasisStart,
    StasisEnd,
    ChannelHangupRequest,
    ChannelDestroyed,
    ChannelDtmfReceived,
    PlaybackStarted,
    PlaybackContinuing,
    PlaybackFinished,
    RecordingStarted,
    RecordingFinished,
    RecordingFailed,
    ApplicationReplaced,
    RESTResponse,
)
_DECODERS: Final = {kind.__name__: msgspec.json.Decoder(kind) for kind in _KINDS}


class _Head(msgspec.Struct, frozen=True):
    type: str


_HEAD: Final = msgspec.json.Decoder(_Head)


def decode(frame: str | bytes) -> Event | RESTResponse | None:
    """The event of a WebSocket frame; None for one of another type, or (logged) for no event at all."""
    kind = "no type"
    try:
        kind = _HEAD.decode(frame).type
        decoder = _DECODERS.get(kind)
        return None if decoder is None else decoder.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        # The frame itself may hold the caller's number.
        log.warning("Asterisk sent an event that can't be read (%s): %s", kind, error)
        return None


def channel_of(event: CallEvent) -> str:
    """Id of the channel that an event is about."""
    match event:
        case PlaybackStarted() | PlaybackContinuing() | PlaybackFinished():
            return event.playback.target_uri.removeprefix("channel:")
        case RecordingStarted() | RecordingFinished() | RecordingFailed():
            return event.recording.target_uri.removeprefix("channel:")
        case _:
            return event.channel.id
