"""The equipment of the voice tests, and the shipped dialplan: what becomes of a caller without Gooya."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from tests.servers.asterisk import OPERATOR, PASSWORD, USER, Asterisk
from tests.servers.heard import find, heard_in_order, hears, read, write
from tests.servers.processes import until
from tests.servers.rtp import NOTHING, RATE, TICK, Codec, Media, Samples, encode
from tests.servers.sip_caller import Refused, SipCaller

CALLER = "09121234567"

DIALPLAN = """
exten => 100,1,Answer()
 same => n,Playback(${GOOYA_PROMPTS}/first&${GOOYA_PROMPTS}/second)
 same => n,Hangup()
exten => 101,1,Answer()
 same => n,Read(KEYS,,13,,1,10)
 same => n,Set(GLOBAL(GOT)=${CALLERID(num)}:${KEYS})
 same => n,Hangup()
exten => 102,1,Answer()
 same => n,Record(${GOOYA_PROMPTS}/recorded.wav,0,0,kuq)
exten => 103,1,Busy(1)
exten => 104,1,Answer()
 same => n,Echo()
"""


def voice(seed: int, seconds: float, *, like: Samples | None = None) -> Samples:
    """Something that sounds like nothing else, in whole packets; begins with ``like``."""
    random = np.random.default_rng(seed)
    count = int(seconds * 50) * 160
    loudness = np.repeat(random.uniform(0.3, 1.0, count // 160), 160)
    sound = np.convolve(random.normal(size=count), np.ones(4) / 4, "same") * 5000 * loudness
    samples = sound.clip(-32000, 32000).astype(np.int16)
    if like is not None:
        samples[: len(like)] = like
    return samples


FIRST, SECOND, OTHER = voice(1, 1.0), voice(2, 0.8), voice(3, 1.0)
SORRY, PERSON, MENU = voice(4, 1.2), voice(5, 0.6), voice(6, 1.0)
HOLD = np.zeros(60 * 8000, np.int16)

Start = Callable[[], Awaitable[Asterisk]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:
        started: list[Asterisk] = []

        async def one() -> Asterisk:
            server = Asterisk(tmp_path / f"asterisk-{len(started)}", dialplan=DIALPLAN)
            for name, sound in {
                "first": FIRST,
                "second": SECOND,
                "menu": MENU,
                "hold": HOLD,
                "fa/sorry-operator": SORRY,
                OPERATOR: PERSON,
            }.items():
                write(server.prompts / f"{name}.wav", sound)
            started.append(await running.enter_async_context(server))
            return server

        yield one


@pytest.fixture
async def asterisk(start: Start) -> Asterisk:
    return await start()


@pytest.fixture
async def caller(asterisk: Asterisk) -> AsyncIterator[SipCaller]:
    async with SipCaller(asterisk.sip_port) as callers:
        yield callers


class Application:
    """As little of Gooya as keeps a call: connected, playing, renewing the caller's 8 seconds."""

    def __init__(self, asterisk: Asterisk, session: aiohttp.ClientSession) -> None:
        self._url = f"http://127.0.0.1:{asterisk.http_port}/ari"
        self._session = session
        self.channel: dict[str, Any] = {}

    async def connect(self) -> None:
        self.events = await self._session.ws_connect(
            f"{self._url}/events?app=gooya&api_key={USER}:{PASSWORD}"
        )

    async def post(self, path: str, **query: str) -> None:
        async with self._session.post(
            f"{self._url}/{path}", params={"api_key": f"{USER}:{PASSWORD}", **query}
        ) as answer:
            assert answer.status < 300, await answer.text()

    async def delete(self, path: str) -> None:
        async with self._session.delete(
            f"{self._url}/{path}", params={"api_key": f"{USER}:{PASSWORD}"}
        ) as answer:
            assert answer.status < 300, await answer.text()

    async def event(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                event: dict[str, Any] = await self.events.receive_json()
                if event["type"] == kind:
                    return event

    async def take(self) -> None:
        self.channel = (await self.event("StasisStart"))["channel"]

    async def renew(self) -> None:
        variable = f"EXPORT({self.channel['name']},TIMEOUT(absolute))"
        await self.post("asterisk/variable", variable=variable, value="8")

    async def play(self, *media: str) -> None:
        await self.post(f"channels/{self.channel['id']}/play/prompt", media=",".join(media))


@pytest.fixture
async def application(asterisk: Asterisk) -> AsyncIterator[Application]:
    async with aiohttp.ClientSession() as session:
        app = Application(asterisk, session)
        await app.connect()
        yield app


@pytest.mark.parametrize("codec", ["ulaw", "alaw"])
async def test_a_prompt_is_recognised_in_what_the_caller_heard_and_no_other_one(
    caller: SipCaller, codec: Codec
) -> None:
    call = await caller.call("100", number=CALLER, codec=codec)
    await call.ended()

    first, second = heard_in_order(call.heard, [FIRST, SECOND])
    assert min(first.score, second.score) > 0.95
    assert second.at == pytest.approx(first.end, abs=0.02)
    assert find(call.heard, OTHER) == []
    with pytest.raises(AssertionError, match="prompt 1 was not heard"):
        heard_in_order(call.heard, [SECOND, FIRST])


def test_prompts_with_the_same_first_word_are_told_apart() -> None:
    longer = voice(7, 2.0, like=FIRST)
    silence = np.zeros(4000, np.int16)

    assert find(np.concatenate([silence, FIRST, silence]), longer) == []
    [cut] = find(np.concatenate([silence, longer[:12800], silence]), longer, whole=False)
    assert cut.seconds == pytest.approx(1.6, abs=0.2)
    [whole] = find(np.concatenate([silence, longer]), longer)
    assert whole.at == pytest.approx(0.5)
    assert whole.seconds == 2.0


def test_a_prompt_is_recognised_with_a_stutter_of_the_machine_in_it_and_with_no_more() -> None:
    def with_nothing_for(seconds: float) -> Samples:
        nothing = np.full(int(seconds * RATE), NOTHING, np.int16)
        return np.concatenate([nothing[:RATE], FIRST[:1600], nothing, FIRST[1600:], SECOND])

    first, second = heard_in_order(with_nothing_for(0.4), [FIRST, SECOND])
    assert (first.at, first.seconds) == (0.4, 1.0)
    assert first.end == pytest.approx(second.at) == pytest.approx(1.8)
    assert find(with_nothing_for(1.5), FIRST) == []


async def test_packets_that_were_read_late_hide_nothing_of_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media = Media("ulaw")

    def comes(sound: Samples, *, sent: float, read: float) -> None:
        payload = encode(sound, "ulaw")
        for number, place in enumerate(range(0, len(payload), TICK)):
            head = struct.pack("!BBHII", 0x80, 0, number, round(sent * RATE) + place, 7)
            moment = media._began + max(read, sent + place / RATE)
            monkeypatch.setattr(media, "_clock", lambda moment=moment: moment)
            media._received(head + payload[place : place + TICK])

    comes(FIRST, sent=0.5, read=1.0)
    comes(SECOND, sent=1.54, read=1.54)
    first, second = heard_in_order(media.heard, [FIRST, SECOND])
    assert (first.at, second.at) == (1.0, 2.04)


async def test_what_came_in_before_the_end_of_a_call_is_heard_even_if_it_was_not_read_yet() -> None:
    media = Media("ulaw")
    port = await media.open()
    payload = encode(FIRST, "ulaw")
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        for number, place in enumerate(range(0, len(payload), TICK)):
            head = struct.pack("!BBHII", 0x80, 0, number, place, 7)
            other.sendto(head + payload[place : place + TICK], ("127.0.0.1", port))
    media.close()
    assert find(media.heard, FIRST)


@pytest.mark.parametrize(("number", "seen"), [(CALLER, CALLER), (None, "anonymous")])
async def test_keys_arrive_with_the_number_of_the_caller(
    asterisk: Asterisk, caller: SipCaller, number: str | None, seen: str
) -> None:
    call = await caller.call("101", number=number)
    await call.press("9985", gap=0.06)
    await call.press("235404124#", gap=0.1)
    await call.ended()
    assert f"GOT={seen}:9985235404124\n" in await asterisk.cli("dialplan show globals")


async def test_what_the_caller_says_is_recorded(asterisk: Asterisk, caller: SipCaller) -> None:
    call = await caller.call("102", number=CALLER)
    # The end of the call drops what Asterisk has not read yet.
    await call.speak(np.append(OTHER, np.zeros(RATE // 2, np.int16)))
    await call.hang_up()
    await until(lambda: _none_left(asterisk), "Asterisk ended the call")
    assert len(find(read(asterisk.prompts / "recorded.wav"), OTHER)) == 1


async def _none_left(asterisk: Asterisk) -> bool:
    return await asterisk.channels() == []


async def test_a_call_that_is_not_answered_says_why(caller: SipCaller) -> None:
    with pytest.raises(Refused) as refused:
        await caller.call("103", number=CALLER)
    assert refused.value.args == (486,)


async def test_many_callers_at_a_time_hear_themselves(caller: SipCaller) -> None:
    calls = await asyncio.gather(*(caller.call("104", number=CALLER) for _ in range(20)))
    voices = [voice(100 + number, 1.0) for number in range(20)]
    await asyncio.gather(*(call.speak(said) for call, said in zip(calls, voices, strict=True)))
    for call, said in zip(calls, voices, strict=True):
        await hears(call, said)
    await asyncio.gather(*(call.hang_up() for call in calls))


async def test_two_asterisks_stand_side_by_side_and_start_again(start: Start) -> None:
    one, two = await start(), await start()
    await one.restart()
    for server in (one, two):
        async with SipCaller(server.sip_port) as callers:
            await hears(await callers.call("100", number=CALLER), FIRST)
    two.kill()
    await two.start()
    assert await two.channels() == []


async def test_an_asterisk_whose_port_is_taken_waits_for_it(tmp_path: Path) -> None:
    server = Asterisk(tmp_path, dialplan=DIALPLAN)
    with socket.socket(type=socket.SOCK_DGRAM) as taker:
        taker.bind(("127.0.0.1", server.sip_port))
        starting = asyncio.create_task(server.start())
        await until(lambda: server.process and "in use" in server.log, "Asterisk complains")
    try:
        await starting
        async with SipCaller(server.sip_port) as callers:
            await callers.call("104", number=CALLER)
    finally:
        server.stop()


async def test_a_caller_gets_the_apology_and_the_operator_where_gooya_is_not_connected(
    asterisk: Asterisk, caller: SipCaller
) -> None:
    call = await caller.call("+982112345678", number=CALLER)
    await hears(call, PERSON)
    heard_in_order(call.heard, [SORRY, PERSON])
    [variables] = await asterisk.with_operator()
    assert variables["GOOYA_REASON"] == "unavailable"


async def test_a_missing_apology_does_not_keep_the_caller_from_the_operator(
    asterisk: Asterisk, caller: SipCaller
) -> None:
    (asterisk.prompts / "fa" / "sorry-operator.wav").unlink()
    await hears(await caller.call("121", number=CALLER), PERSON)


@pytest.mark.parametrize("prompt", ["menu", "hold"], ids=["in silence", "in a long prompt"])
async def test_the_caller_is_taken_back_when_gooya_stops_in_mid_call(
    caller: SipCaller, application: Application, asterisk: Asterisk, prompt: str
) -> None:
    call = await caller.call("121", number=CALLER)
    await application.take()
    await application.play(f"sound:{asterisk.prompts}/menu", f"sound:{asterisk.prompts}/{prompt}")
    await hears(call, MENU)
    await application.renew()
    # The connection may even stay up: whoever does not renew is dead.
    sorry = await hears(call, SORRY)
    await hears(call, PERSON, after=sorry.end - 0.05)
    [variables] = await asterisk.with_operator()
    assert variables["GOOYA_REASON"] == "unavailable"


async def test_a_call_that_is_renewed_stays_with_gooya(
    caller: SipCaller, application: Application, asterisk: Asterisk
) -> None:
    call = await caller.call("121", number=CALLER)
    await application.take()
    await application.play(f"sound:{asterisk.prompts}/hold")
    while call.seconds < 10:  # two more than it would have
        await application.renew()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):  # Asterisk's seconds are real ones
                await application.event("StasisEnd")
    assert call.up
    await application.delete("playbacks/prompt")
    await application.play(f"sound:{asterisk.prompts}/menu")
    await hears(call, MENU)
    assert find(call.heard, SORRY) == []


async def test_a_transfer_hands_the_operator_what_is_known_and_ends_the_time_limit(
    caller: SipCaller, application: Application, asterisk: Asterisk
) -> None:
    call = await caller.call("121", number=CALLER)
    await application.take()
    channel = f"channels/{application.channel['id']}"
    answers = '{"bill_id": "9985235404124", "text": "قطع; برق, ${EXTEN}"}'
    await application.post(f"{channel}/variable", variable="GOOYA_REASON", value="asked")
    await application.post(f"{channel}/variable", variable="GOOYA_ANSWERS", value=answers)
    await application.post(f"{channel}/continue", context="gooya-operator", extension="s")
    await hears(call, PERSON)
    [variables] = await asterisk.with_operator()
    assert variables["GOOYA_REASON"] == "asked"
    assert variables["GOOYA_ANSWERS"] == answers
    [name] = await asterisk.channels()
    assert "Time to Hangup: 0\n" in await asterisk.cli(f"core show channel {name}")
