"""Calls that we make, on a real Asterisk: a phone rings, somebody answers, hears it all, and it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.asterisk import announcer as announcing
from ivr.asterisk.announcer import Announcer
from ivr.asterisk.ari import Ari
from ivr.line import LineError
from tests.ivr.ari_desk import APP, VOICES, Desk, Dialog, build_prompts, clip_store, desk
from tests.servers.asterisk import Asterisk
from tests.servers.heard import find, heard_in_order, hears
from tests.servers.processes import until
from tests.servers.sip_caller import SipCaller

NUMBER = "09121234567"
CLIPS = ["recording/welcome", "pause/2000", "recording/bill"]
HEARD = [VOICES["welcome"], VOICES["bill"]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clips")
    asyncio.run(build_prompts(root))
    return root


@pytest.fixture
def asterisk(tmp_path: Path, folder: Path) -> Asterisk:
    """Not started yet: its dialplan names the phones."""
    return Asterisk(tmp_path, prompts=folder / "prompts")


@pytest.fixture
async def phones(asterisk: Asterisk) -> AsyncIterator[SipCaller]:
    async with SipCaller(asterisk.sip_port) as some:
        phone = f"PJSIP/gooya-trunk/sip:${{EXTEN}}@127.0.0.1:{some.port}"
        asterisk.dialplan = f"[out]\nexten => _09X.,1,Dial({phone})\n"
        async with asterisk:
            yield some


@pytest.fixture
def dialog() -> Dialog:
    return Dialog()


@pytest.fixture
def dial(request: pytest.FixtureRequest, phones: SipCaller) -> str:
    """The trunk itself, unless a test says otherwise."""
    given: str = getattr(request, "param", "")
    return given or f"PJSIP/gooya-trunk/sip:{{number}}@127.0.0.1:{phones.port}"


@pytest.fixture
async def ours(asterisk: Asterisk, folder: Path, dial: str, dialog: Dialog) -> AsyncIterator[Desk]:
    async with desk(asterisk, dialog, folder, dial=dial) as one:
        yield one


@pytest.mark.parametrize(
    "dial", ["", "Local/{number}@out"], indirect=True, ids=["trunk", "dialplan"]
)
async def test_who_answers_hears_all_of_it_once_and_is_hung_up_on(
    ours: Desk, dialog: Dialog, phones: SipCaller, asterisk: Asterisk
) -> None:
    calling = asyncio.create_task(ours.announcer.announce(NUMBER, CLIPS))
    call = await phones.rings()
    await call.answer()
    assert call.dialed == NUMBER
    await calling
    await call.ended()
    first, second = heard_in_order(call.heard, HEARD)
    assert second.at - first.end > 1.9, "there is time to find a pen"
    assert len(find(call.heard, HEARD[1])) == 1
    assert dialog.events == [], "it is no call of a customer to us"
    await until(lambda: none_left(asterisk), "the call is over")


async def none_left(asterisk: Asterisk) -> bool:
    return await asterisk.channels() == []


async def test_who_hangs_up_early_is_not_called_again(ours: Desk, phones: SipCaller) -> None:
    calling = asyncio.create_task(ours.announcer.announce(NUMBER, CLIPS))
    call = await phones.rings()
    await call.answer()
    await hears(call, HEARD[0], whole=False)
    await call.hang_up()
    await calling


async def test_a_busy_phone_is_an_error(ours: Desk, phones: SipCaller) -> None:
    calling = asyncio.create_task(ours.announcer.announce(NUMBER, CLIPS))
    (await phones.rings()).refuse(486)
    with pytest.raises(LineError, match="nobody answers"):
        await calling


async def test_a_phone_that_nobody_answers_stops_ringing(
    ours: Desk,
    phones: SipCaller,
    asterisk: Asterisk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(announcing, "RING", 1)
    calling = asyncio.create_task(ours.announcer.announce(NUMBER, CLIPS))
    call = await phones.rings()
    with pytest.raises(LineError, match="nobody answers"):
        await calling
    await call.ended()
    await until(lambda: none_left(asterisk), "the call is over")


async def test_without_a_connection_nobody_is_called(asterisk: Asterisk, folder: Path) -> None:
    with pytest.raises(LineError, match="no connection"):
        await Announcer(Ari(asterisk.ari_url, APP), clip_store(folder), "").announce(NUMBER, CLIPS)


async def test_a_process_that_ends_leaves_nobody_in_silence_for_long(
    ours: Desk, phones: SipCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "RING", 3)
    monkeypatch.setattr(announcing, "LONGEST", 1)
    calling = asyncio.create_task(ours.announcer.announce(NUMBER, ["recording/long"]))
    call = await phones.rings()
    monkeypatch.setattr(announcing, "LONGEST", 60)  # Asterisk knows: it is the process that ends
    await call.answer()
    await hears(call, VOICES["long"], whole=False)
    await ours.close()
    with pytest.raises(LineError, match="let go"):
        await calling
    await call.ended()
