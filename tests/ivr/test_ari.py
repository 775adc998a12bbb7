"""The ARI client and one line against a real Asterisk, without sessions."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ivr import audio
from ivr.asterisk import events
from ivr.asterisk.ari import Ari, Connected
from ivr.asterisk.events import Channel, StasisStart
from ivr.asterisk.line import AsteriskLine, safe_value
from ivr.clips import ClipStore
from ivr.line import Finished, Gone, LineError, Playing, Recorded, Signal
from ivr.numbers import e164
from tests.ivr.ari_desk import APP, CALLER, Wire, clip_store, voice
from tests.servers.asterisk import PASSWORD, Asterisk
from tests.servers.heard import heard_in_order, hears
from tests.servers.processes import until
from tests.servers.sip_caller import Call, SipCaller

# Calls that stay where we put them, however long nobody cares for them.
DIALPLAN = """
exten => 200,1,Answer()
 same => n,Stasis(gooya)
 same => n,Hangup()
exten => 201,1,Stasis(gooya)
 same => n,Hangup()
"""


@pytest.fixture
async def asterisk(tmp_path: Path) -> AsyncIterator[Asterisk]:
    async with Asterisk(tmp_path, dialplan=DIALPLAN, prompts=tmp_path / "prompts") as server:
        yield server


@pytest.fixture
def clips(tmp_path: Path) -> ClipStore:
    store = clip_store(tmp_path)
    for name, seed in (("x", 1), ("y", 2)):
        store.add_recording(name, audio.as_wav(voice(seed).tobytes()))
    return store


class Told:
    """What came in on an application: events, and what one line made of them."""

    def __init__(self) -> None:
        self.connections = 0
        self.events: list[events.Event] = []
        self.signals: list[Signal] = []
        self.line: AsteriskLine | None = None

    @property
    def channel(self) -> Channel:
        [channel] = [e.channel for e in self.events if isinstance(e, StasisStart)]
        return channel

    async def listen(self, ari: Ari) -> None:
        async for event in ari.events():
            if isinstance(event, Connected):
                self.connections += 1
                continue
            self.events.append(event)
            if self.line is not None and isinstance(
                event, events.PlaybackEvent | events.RecordingEvent
            ):
                self.line.happened(event)

    async def signal(self, wanted: Signal | type[Signal]) -> Signal:
        def found() -> Signal | None:
            for signal in self.signals:
                if signal == wanted or type(signal) is wanted:
                    return signal
            return None

        return await until(found, f"{wanted}")


@contextlib.asynccontextmanager
async def listening(url: str, app: str = APP) -> AsyncIterator[tuple[Ari, Told]]:
    ari, told = Ari(url, app), Told()
    await ari.start()
    task = asyncio.create_task(told.listen(ari))
    try:
        yield ari, told
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await ari.close()


@pytest.fixture
async def ari(asterisk: Asterisk) -> AsyncIterator[tuple[Ari, Told]]:
    async with listening(asterisk.ari_url) as both:
        await until(lambda: both[1].connections, "connected")
        yield both


@pytest.fixture
async def caller(asterisk: Asterisk) -> AsyncIterator[SipCaller]:
    async with SipCaller(asterisk.sip_port) as phones:
        yield phones


async def arrive(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore, *, operator: str = "nobody"
) -> tuple[Call, AsteriskLine]:
    call = await caller.call("200", number=CALLER)
    await until(lambda: ari[1].events, "the call has come")
    line = AsteriskLine(ari[0], clips, ari[1].channel, operator=operator, fallback="nobody")
    line.tell = ari[1].signals.append
    ari[1].line = line
    return call, line


async def test_every_clip_of_a_playback_is_reported_once_even_if_it_comes_twice_or_is_missing(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    call, line = await arrive(ari, caller, clips)
    names = ("x", "x", "no-such-clip", "y", "x")
    await line.play("one", [f"recording/{name}" for name in names])
    await ari[1].signal(Finished("one"))
    assert ari[1].signals == [*(Playing("one", i) for i in range(5)), Finished("one")]
    heard_in_order(call.heard, [voice(1), voice(1), voice(2), voice(1)])


async def test_a_playback_of_three_hundred_clips_with_long_names_is_one_request(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips)
    await line.play("one", [f"recording/a-name-as-long-as-they-get-{n}" for n in range(300)])
    await ari[1].signal(Finished("one", failed=True))
    assert ari[1].signals[-2] == Playing("one", 299)


async def test_a_stopped_playback_ends_with_all_its_clips_and_one_that_waits_never_begins(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips)
    await line.play("one", ["recording/x", "pause/60000", "recording/y"])
    await line.play("two", ["recording/y"])
    await ari[1].signal(Playing("one", 1))
    await asyncio.gather(line.stop("two"), line.stop("one"))
    await ari[1].signal(Finished("two"))
    assert ari[1].signals == [
        Playing("one", 0),
        Playing("one", 1),
        Finished("one"),
        Finished("two"),
    ]


async def test_a_playback_that_is_stopped_while_it_is_asked_for_does_not_go_on(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips)
    await clips.ensure(["pause/60000"])
    await asyncio.gather(line.play("one", ["pause/60000"]), line.stop("one"))
    await ari[1].signal(Finished("one"))


async def test_what_is_over_can_be_stopped_without_complaint(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips)
    await line.stop("never-was")
    await line.stop_recording("never-was")


async def test_what_happened_while_no_events_came_is_caught_up_with(
    asterisk: Asterisk, caller: SipCaller, clips: ClipStore
) -> None:
    async with (
        Wire(asterisk) as wire,
        listening(wire.url) as ari,
        listening(asterisk.ari_url, "witness") as (witness, _),
    ):
        await until(lambda: ari[1].connections, "connected")
        _, line = await arrive(ari, caller, clips)
        await line.play("one", ["recording/x", "recording/y", "pause/60000"])
        await ari[1].signal(Playing("one", 0))
        await line.play("two", ["recording/x"])
        wire.cut()

        async def in_the_pause() -> bool:
            playback = await witness.playback("one")
            return playback is not None and playback.media_uri.endswith("pause/60000")

        await until(in_the_pause, "both clips are over")
        wire.mend()
        await until(lambda: ari[1].connections == 2, "connected again")
        await line.catch_up()
        assert ari[1].signals[-1] == Playing("one", 2)
        await line.stop("one")
        await line.stop("two")
        await ari[1].signal(Finished("two"))


async def test_a_recording_ends_by_the_square_key_and_its_length_is_that_of_its_sound(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    call, line = await arrive(ari, caller, clips)
    await line.record("message", seconds=20)
    await until(
        lambda: any(isinstance(e, events.RecordingStarted) for e in ari[1].events),
        "the beep is over",
    )
    await call.speak(voice(7, 2.0))
    await call.press("#")
    recorded = await ari[1].signal(Recorded)
    assert isinstance(recorded, Recorded)
    assert recorded.name == "message"
    assert recorded.seconds == pytest.approx((len(recorded.sound) - 44) / 16000)
    assert recorded.seconds > 1.5


async def test_a_recording_of_silence_is_too_short_to_be_one(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips)
    await line.record("message", seconds=20)
    recorded = await ari[1].signal(Recorded)
    assert isinstance(recorded, Recorded)
    assert recorded.seconds < 1


async def test_a_recording_can_be_stopped_at_any_moment_and_another_one_made(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    call, line = await arrive(ari, caller, clips)
    # Silence would end a recording too.
    speaking = asyncio.create_task(call.speak(voice(9, 60)))
    await line.record("first", seconds=60)
    await line.stop_recording("first")
    first = await ari[1].signal(Recorded)
    ari[1].signals.clear()
    await line.record("second", seconds=60)
    at = call.seconds
    await until(lambda: call.seconds > at + 1, "something is recorded")
    await line.stop_recording("second")
    second = await ari[1].signal(Recorded)
    speaking.cancel()
    assert isinstance(first, Recorded)
    assert isinstance(second, Recorded)
    assert (first.name, second.name) == ("first", "second")
    assert second.sound


async def test_a_transfer_does_not_wait_for_what_still_plays(
    asterisk: Asterisk, ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    _, line = await arrive(ari, caller, clips, operator="gooya-operator")
    await line.play("one", ["pause/60000"])
    await line.play("two", ["pause/60000"])
    await line.transfer({"GOOYA_REASON": "asked"})
    await until(asterisk.with_operator, "the call is with the operator")


async def test_an_unanswered_call_is_answered_before_anything_plays(
    ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    dialling = asyncio.create_task(caller.call("201", number=CALLER))
    await until(lambda: ari[1].events, "the call has come")
    line = AsteriskLine(ari[0], clips, ari[1].channel, operator="nobody", fallback="nobody")
    line.answer()
    await line.play("one", ["recording/x"])
    call = await dialling
    await hears(call, voice(1))


async def test_a_call_that_is_over_is_gone_for_every_request(
    asterisk: Asterisk, ari: tuple[Ari, Told], caller: SipCaller, clips: ClipStore
) -> None:
    call, line = await arrive(ari, caller, clips)
    await call.hang_up()
    await until(
        lambda: any(isinstance(e, events.StasisEnd) for e in ari[1].events), "the call is over"
    )
    # Asterisk tells the end of a call before it lets go of it.
    await until(lambda: _none_left(asterisk), "nothing is left of it")
    requests: list[Callable[[], object]] = [
        lambda: line.play("one", ["recording/x"]),
        lambda: line.record("message", seconds=5),
        line.hang_up,
        lambda: line.transfer({"GOOYA_REASON": "asked"}),
    ]
    for request in requests:
        with pytest.raises(Gone):
            await request()  # type: ignore[misc]


async def _none_left(asterisk: Asterisk) -> bool:
    return await asterisk.channels() == []


async def test_an_asterisk_that_is_away_is_an_error_that_does_not_name_the_password(
    asterisk: Asterisk, ari: tuple[Ari, Told]
) -> None:
    asterisk.stop()
    with pytest.raises(LineError) as raised:
        await ari[0].channels()
    assert PASSWORD not in str(raised.value)


class Older:
    """An Asterisk of which requests over the WebSocket get ``answers``, and then the connection's end;
    one with None passes over them, as those before 20.14 do. Its first connections get ``refusals``."""

    def __init__(self, answers: int | None = None, refusals: Sequence[int] = ()) -> None:
        self.answers = answers
        self.refusals = list(refusals)
        self.over_http: list[str] = []
        app = web.Application()
        app.add_routes(
            [web.get("/ari/events", self._events), web.route("*", "/ari/{path:.*}", self._request)]
        )
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return f"http://user:{PASSWORD}@127.0.0.1:{self.server.port}"

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if self.answers is None:
                continue
            if self.answers == 0:
                break
            self.answers -= 1
            id_ = message.json()["request_id"]
            await socket.send_json({"type": "RESTResponse", "request_id": id_, "status_code": 200})
        return socket

    async def _request(self, request: web.Request) -> web.Response:
        self.over_http.append(f"{request.method} {request.match_info['path']}")
        return web.Response(status=201)


async def test_an_asterisk_that_takes_no_requests_over_the_websocket_gets_them_over_http() -> None:
    older = Older()
    async with older.server, listening(older.url) as (ari, told):
        await until(lambda: told.connections, "connected")
        await ari.play("channel", "one", ["sound:x"])
        await ari.stop_playback("one")
        assert older.over_http == ["POST channels/channel/play/one", "DELETE playbacks/one"]


async def test_what_was_asked_over_a_connection_that_is_lost_then_is_an_error() -> None:
    server = Older(answers=3)
    async with server.server, listening(server.url) as (ari, told):
        await until(lambda: told.connections, "connected")
        with pytest.raises(LineError, match="connection was lost"):  # noqa: PT012
            while True:
                await ari.play("channel", "one", ["sound:x"])
        await until(lambda: not ari.state.connected, "the loss is known")


async def test_an_outage_is_logged_once_and_its_end_once(
    asterisk: Asterisk, caplog: pytest.LogCaptureFixture
) -> None:
    async with Wire(asterisk) as wire, listening(wire.url) as (ari, told):
        await until(lambda: told.connections, "connected")
        caplog.set_level(logging.INFO, "ivr")
        began = ari.state.since
        wire.cut()
        await until(lambda: "check GOOYA_ARI_URL" in ari.state.reason, "tried again in vain")
        wire.mend()
        await until(lambda: told.connections == 2, "connected again")
        assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
        assert ari.state.connected
        assert ari.state.since > began


async def test_refusals_of_an_asterisk_that_starts_are_no_news(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "ivr")
    starting = Older(refusals=[404, 503])
    async with starting.server, listening(starting.url) as (_, told):
        await until(lambda: told.connections, "connected")
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


async def test_a_wrong_password_is_named_with_its_setting_and_tried_until_it_is_right(
    asterisk: Asterisk, caplog: pytest.LogCaptureFixture
) -> None:
    mistaken = asterisk.ari_url.replace(PASSWORD, "another-secret")
    async with listening(mistaken) as (ari, told):
        await until(lambda: "password" in ari.state.reason, "refused")
        [refusal] = caplog.messages
        assert "GOOYA_ARI_URL" in refusal
        assert "another-secret" not in refusal
        settings = asterisk.directory / "etc" / "ari.conf"
        settings.write_text(settings.read_text().replace(PASSWORD, "another-secret"))
        await asterisk.cli("module reload res_ari.so")
        await until(lambda: told.connections, "connected")
    assert len(caplog.messages) == 1


async def test_another_process_with_the_same_application_is_named_as_the_mistake(
    asterisk: Asterisk, ari: tuple[Ari, Told], caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(asterisk.ari_url):
        await until(lambda: not ari[0].state.connected, "replaced")
    assert isinstance(ari[1].events[-1], events.ApplicationReplaced)
    assert "GOOYA_ARI_APP" in caplog.text


@pytest.mark.parametrize(
    "url", ["", "asterisk", "http://asterisk:8088", "ftp://u:p@asterisk", "http://u:p@asterisk:x"]
)
def test_a_url_that_can_t_be_one_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match="GOOYA_ARI_URL must look like http://user"):
        Ari(url, APP)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "StasisStart"}',
        '{"type": "StasisEnd", "channel": 1}',
    ],
)
def test_a_frame_that_is_no_event_is_logged_and_passed_over(
    frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert events.decode(frame) is None
    assert "can't be read" in caplog.text


def test_events_that_nobody_needs_are_passed_over_in_silence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert events.decode('{"type": "ChannelVarset", "variable": "X", "value": 7}') is None
    assert not caplog.records


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("09121234567", "+989121234567"),
        ("9121234567", "+989121234567"),
        ("989121234567", "+989121234567"),
        ("+989121234567", "+989121234567"),
        ("00989121234567", "+989121234567"),
        ("02188776655", "+982188776655"),
        ("2188776655", "+982188776655"),
        ("+982188776655", "+982188776655"),
        ("982188776655", "+982188776655"),
        ("88776655", ""),
        ("101", ""),
        ("", ""),
        ("anonymous", ""),
        ("+4915112345678", ""),
        ("09121234567890", ""),
        ("sip:09121234567@example", ""),
        ("\x00\u202e", ""),
    ],
)
def test_the_number_of_a_caller_has_one_spelling_or_none(given: str, number: str) -> None:
    assert e164(given) == number


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("+989121234567", "+989121234567"),
        ("a, b; c=1", "a, b; c=1"),
        ("${EVIL}", "%24%7BEVIL%7D"),
        ("line\nbreak", "line%0Abreak"),
        ("ن", "%D9%86"),
        ("x" * 2000, "x" * 1000),
        ("x" * 996 + "ن", "x" * 996),
    ],
)
def test_a_variable_for_the_dialplan_is_plain_and_of_bounded_length(value: str, safe: str) -> None:
    assert safe_value(value) == safe
