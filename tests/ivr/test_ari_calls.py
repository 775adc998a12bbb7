"""Whole calls on a real Asterisk: SIP in, our sessions behind ARI, what the caller hears."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest

from ivr import audio
from tests.ivr.ari_desk import (
    CALLER,
    E164,
    OPERATOR,
    SORRY,
    VOICES,
    Desk,
    Dialog,
    Wire,
    build_prompts,
    clip_store,
    desk,
    voice,
)
from tests.servers.asterisk import Asterisk
from tests.servers.heard import find, heard_in_order, hears
from tests.servers.processes import until
from tests.servers.rtp import RATE
from tests.servers.sip_caller import Call, SipCaller

# What others have in our application: a call with arguments, and a helper of the dialplan.
DIALPLAN = """
exten => 300,1,Answer()
 same => n,Stasis(gooya,operator)
exten => 301,1,Dial(Local/302@incoming)
exten => 302,1,Answer()
 same => n,Stasis(gooya)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clips")
    asyncio.run(build_prompts(root))
    return root


@pytest.fixture
async def asterisk(tmp_path: Path, folder: Path) -> AsyncIterator[Asterisk]:
    async with Asterisk(tmp_path, dialplan=DIALPLAN, prompts=folder / "prompts") as server:
        yield server


@pytest.fixture
def dialog() -> Dialog:
    return Dialog()


@pytest.fixture
async def ours(asterisk: Asterisk, dialog: Dialog, folder: Path) -> AsyncIterator[Desk]:
    async with desk(asterisk, dialog, folder) as one:
        yield one


@pytest.fixture
async def caller(asterisk: Asterisk) -> AsyncIterator[SipCaller]:
    async with SipCaller(asterisk.sip_port) as phones:
        yield phones


async def at_menu(caller: SipCaller, number: str | None = CALLER) -> Call:
    call = await caller.call("121", number=number)
    await hears(call, VOICES["menu"])
    return call


async def test_a_caller_hears_the_prompts_of_his_turn_in_order_and_no_other(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    heard_in_order(call.heard, [VOICES["welcome"], VOICES["menu"]])
    assert not find(call.heard, VOICES["bill"])
    [(conversation, event)] = dialog.events
    assert (conversation, event.kind, event.address) == (E164, "call", E164)


async def test_a_key_stops_the_prompt_at_once(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    await call.press("5")
    await hears(call, VOICES["long"][:8000])
    await call.press("1")
    await hears(call, VOICES["bill"])
    [cut] = find(call.heard, VOICES["long"], whole=False)
    assert cut.seconds < 5


async def test_fast_digits_arrive_once_and_the_square_ends_them(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    await call.press("1")
    await hears(call, VOICES["bill"])
    await call.press("11223344556#", length=0.04, gap=0.04)
    await hears(call, VOICES["done"])
    assert dialog.numbers == ["11223344556"]


async def test_keys_before_the_question_answer_it(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await caller.call("121", number=CALLER)
    await call.press("1998523540#")
    await hears(call, VOICES["done"])
    assert dialog.numbers == ["998523540"]


async def test_what_a_caller_records_comes_back_as_a_sound_and_nothing_stays_on_the_asterisk(
    asterisk: Asterisk, ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    await call.press("2")
    await hears(call, VOICES["speak"])
    await until(lambda: any(spool(asterisk).rglob("*.wav")), "the beep is over")
    said = voice(77, 2.0)
    await call.speak(np.append(np.zeros(RATE // 2, np.int16), said))
    await call.press("#")
    await until(lambda: dialog.recordings, "the recording is kept")
    [sound] = dialog.recordings.values()
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        assert file.getnframes() > len(said)
    await hears(call, VOICES["done"])
    assert not [path for path in spool(asterisk).rglob("*") if path.is_file()]


async def test_nothing_stays_of_what_was_said_by_a_caller_who_hung_up(
    asterisk: Asterisk, ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    await call.press("2")
    await hears(call, VOICES["speak"])
    await until(lambda: any(spool(asterisk).rglob("*.wav")), "Asterisk records")
    await call.speak(voice(78, 1.0))
    await call.hang_up()
    await until(lambda: not any(spool(asterisk).rglob("*.wav")), "the recording is gone")
    assert not dialog.recordings


def spool(asterisk: Asterisk) -> Path:
    return asterisk.directory / "spool" / "recording"


async def test_a_transferred_call_reaches_the_operator_with_what_is_known(
    asterisk: Asterisk, ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    dialog.variables |= {"GOOYA_ANSWERS": "نام=آزمون", "GOOYA_REASON": "asked"}
    call = await at_menu(caller)
    await call.press("3")
    await hears(call, OPERATOR)
    [variables] = await asterisk.with_operator()
    assert variables["GOOYA_CALLER"] == E164
    assert variables["GOOYA_SERVICE"] == "complaint"
    assert variables["GOOYA_ANSWERS"] == "%D9%86%D8%A7%D9%85=%D8%A2%D8%B2%D9%85%D9%88%D9%86"
    await until(lambda: not ours.switchboard.calls, "the session is over")
    # The dialplan's time for calls that nobody cares for must not cut this one off.
    await until(lambda: call.seconds > 11 or not call.up, "ten seconds have gone by")
    assert call.up


async def test_a_missing_operator_context_leads_to_the_fallback(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with desk(asterisk, dialog, folder, operator="no-such-context"):
        call = await at_menu(caller)
        await call.press("3")
        await hears(call, SORRY)
        await hears(call, OPERATOR)


async def test_we_hang_up_when_all_is_said(ours: Desk, dialog: Dialog, caller: SipCaller) -> None:
    call = await at_menu(caller)
    await call.press("4")
    await call.ended()
    assert find(call.heard, VOICES["done"])
    await until(lambda: dialog.kinds()[-1] == "hang_up", "the dialog knows")
    assert dialog.kinds().count("hang_up") == 1


async def test_a_caller_who_hangs_up_ends_his_session_quietly(
    ours: Desk, dialog: Dialog, caller: SipCaller, caplog: pytest.LogCaptureFixture
) -> None:
    call = await at_menu(caller)
    await call.press("5")
    await call.hang_up()
    await until(lambda: not ours.switchboard.calls, "the session is over")
    assert dialog.kinds()[-1] == "hang_up"
    assert not caplog.records


async def test_a_caller_without_a_number_has_a_conversation_of_his_own(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    await at_menu(caller, number=None)
    [(conversation, _)] = dialog.events
    assert conversation.startswith("call:")


async def test_a_clip_that_is_lost_while_we_run_is_made_again_and_the_call_goes_on(
    asterisk: Asterisk, ours: Desk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    stem = folder / "prompts" / "recording" / "bill"
    lost = list(stem.parent.glob("bill.*"))
    kept = {path: path.read_bytes() for path in lost}
    for path in lost:
        path.unlink()
    try:
        await call.press("1")
        await call.press("123456#")
        await hears(call, VOICES["done"])
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    assert dialog.numbers == ["123456"]


async def test_calls_are_adopted_by_the_next_process(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with AsyncExitStack() as processes:
        first = await processes.enter_async_context(desk(asterisk, dialog, folder))
        call = await at_menu(caller)
        await call.press("5")
        await hears(call, VOICES["long"][:8000])
        await first.close()
        assert "hang_up" not in dialog.kinds()
        left = len(call.heard) / RATE
        await processes.enter_async_context(desk(asterisk, dialog, folder))
        await hears(call, VOICES["menu"], after=left)
        [cut] = find(call.heard, VOICES["long"], whole=False)
        assert cut.seconds < 6, "the old prompt was not stopped"
        await call.press("1")
        await hears(call, VOICES["bill"])
        assert dialog.kinds() == ["call", "keys", "adopted", "keys"]


async def test_calls_go_on_when_the_connection_was_cut_and_is_back(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with Wire(asterisk) as wire, desk(asterisk, dialog, folder, url=wire.url) as ours:
        await ours.connected()
        call = await at_menu(caller)
        await call.press("5")
        await hears(call, VOICES["long"][:8000])
        wire.cut()
        await until(lambda: not ours.calls.state.connected, "the connection is lost")
        wire.mend()
        await ours.connected()
        await call.press("1")
        await hears(call, VOICES["bill"])
        assert dialog.kinds() == ["call", "keys", "keys"]


async def test_calls_that_ended_while_no_events_came_are_known_as_ended(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with Wire(asterisk) as wire, desk(asterisk, dialog, folder, url=wire.url) as ours:
        await ours.connected()
        call = await at_menu(caller)
        wire.cut()
        await until(lambda: not ours.calls.state.connected, "the connection is lost")
        await call.hang_up()
        late = await caller.call("121", number="09121111111")
        # It came while there was no application: the dialplan takes it.
        await hears(late, SORRY)
        wire.mend()
        await until(lambda: dialog.kinds().count("hang_up") == 1, "the end is known")


async def test_an_error_in_the_middle_of_a_playback_does_not_end_the_call(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with Wire(asterisk) as wire, desk(asterisk, dialog, folder, url=wire.url) as ours:
        await ours.connected()
        call = await at_menu(caller)
        await call.press("5")
        await hears(call, VOICES["long"][:8000])
        await call.press("1")
        wire.cut()
        await until(lambda: not ours.calls.state.connected, "the connection is lost")
        wire.mend()
        await ours.connected()
        at = len(call.heard) / RATE
        await call.press("123456#")
        await hears(call, VOICES["done"], after=at)


async def test_ten_calls_end_with_their_asterisk_and_new_ones_come(
    asterisk: Asterisk, ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    calls = await asyncio.gather(*(caller.call("121", number=f"0912000000{n}") for n in range(10)))
    await asyncio.gather(*(hears(call, VOICES["menu"]) for call in calls))
    await asterisk.restart()
    await until(lambda: not ours.switchboard.calls, "all sessions are over")
    assert dialog.kinds().count("hang_up") == 10
    await ours.connected()
    call = await at_menu(caller)
    await call.press("1")
    await hears(call, VOICES["bill"])


async def test_a_call_that_we_care_for_stays_however_long_it_lasts(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    await until(lambda: call.seconds > 10 or not call.up, "ten seconds have gone by")
    assert not find(call.heard, SORRY)
    await call.press("1")
    await hears(call, VOICES["bill"])


async def test_a_call_whose_session_broke_is_taken_back_by_the_dialplan(
    ours: Desk, dialog: Dialog, caller: SipCaller
) -> None:
    call = await at_menu(caller)
    ours.switchboard.close()
    await hears(call, SORRY)
    await hears(call, OPERATOR)


async def test_other_channels_in_the_application_are_left_alone(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with desk(asterisk, dialog, folder):
        await caller.call("300", number=CALLER)
        await caller.call("301", number=CALLER)
        await at_menu(caller)
        assert dialog.kinds() == ["call"]
    # Nor are they adopted.
    async with desk(asterisk, dialog, folder):
        await until(lambda: "adopted" in dialog.kinds(), "the call is adopted")
        await at_menu(caller, "09121111111")
        # Whoever was adopted may have been silent for too long meanwhile.
        assert [k for k in dialog.kinds() if k != "silence"] == ["call", "adopted", "call"]


async def test_calls_are_served_while_the_prompts_are_still_made(
    tmp_path: Path, dialog: Dialog
) -> None:
    folder = tmp_path / "new"
    clips = clip_store(folder)
    for name, sound in VOICES.items():
        clips.add_recording(name, audio.as_wav(sound.tobytes()))
    async with AsyncExitStack() as parts:
        asterisk = Asterisk(tmp_path, prompts=clips.folder)
        parts.callback(asterisk.stop)
        await asterisk.start()
        await parts.enter_async_context(desk(asterisk, dialog, folder))
        phones = await parts.enter_async_context(SipCaller(asterisk.sip_port))
        making = asyncio.create_task(clips.complete())
        await at_menu(phones)
        await making
        assert not list(clips.missing(clips.everything()))


async def test_another_process_with_the_same_application_takes_the_calls_over(
    asterisk: Asterisk, dialog: Dialog, folder: Path, caller: SipCaller
) -> None:
    async with desk(asterisk, dialog, folder) as first:
        call = await at_menu(caller)
        left = len(call.heard) / RATE
        async with desk(asterisk, dialog, folder) as second:
            await hears(call, VOICES["menu"], after=left)
            assert not first.switchboard.calls
            assert not first.calls.state.connected
            assert list(second.switchboard.calls)
            assert "hang_up" not in dialog.kinds()
