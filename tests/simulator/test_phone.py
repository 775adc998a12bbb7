"""The telephone of the demo page: in a real browser on the whole product, and what strangers may send."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from playwright.async_api import Browser, Page, async_playwright, expect

from dialogs.events import Event
from dialogs.store.sqlite import SqliteStore
from gooya.console.pages import create_pages
from ivr import audio, simulator
from ivr.audio import BadRecording
from ivr.clips import ClipStore
from ivr.simulator import PhoneSimulator
from ivr.speech import Entry, Part, Speech
from ivr.switchboard import Switchboard
from ivr.synthesis import DEFAULT_COMMAND, Synthesiser
from tests.servers.gooya import Gooya
from tests.servers.processes import until
from tests.simulator.conftest import SHUTDOWN
from tests.simulator.test_page import ARGUMENTS, CHROMIUM

PHONE = "09123456789"
MENU = ("pause/300", "fa/welcome", "fa/option-for", "fa/service/submit_meter_reading")
PATIENCE = 60_000
"""Milliseconds: other tests run beside this one, and prompts take their time."""


class Dialog:
    """Asks for a key again and again: ``2`` records, ``3`` transfers, ``4`` ends the call, ``5`` asks
    for digits."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.kept: list[bytes] = []
        self._sequence = itertools.count(1)

    async def enter(self, conversation: str, event: Event) -> Speech | None:
        self.events.append(event)
        if event.kind == "hang_up":
            return None
        number, asked = next(self._sequence), (Part(MENU),)
        if event.kind == "keys" and event.text == "2":
            entry = Entry("recording", 1, 10, "voice")
            return Speech(sequence=number, parts=(Part(("fa/number/2",)),), entry=entry, asked="v")
        if event.kind == "keys" and event.text == "3":
            variables = {"GOOYA_CALLER": event.address, "GOOYA_REASON": "asked"}
            return Speech(sequence=number, then="transfer", variables=variables)
        if event.kind == "keys" and event.text == "4":
            return Speech(sequence=number, parts=(Part(("fa/number/4",)),), then="hang_up")
        if event.kind == "keys" and event.text == "5":
            entry = Entry("digits", 1, 11)
            return Speech(sequence=number, parts=(Part(("fa/number/5",)),), entry=entry, asked="d")
        return Speech(sequence=number, parts=asked, entry=Entry("menu"), asked="m")

    async def keep(self, conversation: str, sound: bytes, seconds: float) -> str:
        try:
            audio.plain(sound)
        except BadRecording as error:
            raise ValueError(str(error)) from error
        self.kept.append(sound)
        return "0" * 32

    async def locate(self, number: str, call: str) -> str:
        return number or f"call:{call}"

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


class Site:
    """The page and the simulated line in this process, before a scripted dialog."""

    def __init__(self, folder: Path, prompts: Path, command: str = DEFAULT_COMMAND) -> None:
        self.dialog = Dialog()
        self._store = SqliteStore(folder / "state.db")
        # A clip that a busy machine makes too slowly would be silence.
        self.clips = ClipStore(prompts, Synthesiser(command), patience=60)
        self.switchboard = Switchboard(
            "simulator",
            store=self._store,
            enter=self.dialog.enter,
            keep=self.dialog.keep,
            locate=self.dialog.locate,
            clips=self.clips,
            clock=time.time,
        )
        self.phones = PhoneSimulator(self.switchboard, self.clips, self.clips.books)

    async def start(self) -> None:
        await self.clips.ensure([*MENU, "fa/number/2", "fa/number/4", "fa/number/5"])
        app = web.Application()
        app.add_routes(create_pages())
        app.add_routes(self.phones.routes())
        app.on_shutdown.append(self._end_calls)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self.switchboard.close()
        await self._store.close()

    async def _end_calls(self, _: web.Application) -> None:
        await self.phones.close()

    async def hears(self, kind: str) -> None:
        """Wait until the dialog has got an event of this kind."""
        await until(lambda: kind in self.dialog.kinds(), f"the dialog hears of a {kind}")


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of clips; what one test made is there for the next."""
    return tmp_path_factory.mktemp("prompts")


@pytest.fixture
async def site(tmp_path: Path, prompts: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path, prompts)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def mute_site(tmp_path: Path) -> AsyncIterator[Site]:
    """On a machine without a synthesiser."""
    site = Site(tmp_path, tmp_path / "prompts", command="no-such-speech-command")
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def http(site: Site) -> AsyncIterator[ClientSession]:
    async with ClientSession(site.url) as session:
        yield session


async def said(call: ClientWebSocketResponse, type_: str) -> dict[str, Any]:
    """The next message of this type."""
    async with asyncio.timeout(20):
        while True:
            message = await call.receive()
            assert message.type is WSMsgType.TEXT, message
            data: dict[str, Any] = json.loads(message.data)
            if data["type"] == type_:
                return data


async def closed(call: ClientWebSocketResponse) -> None:
    """Return when the server has ended the call."""
    async with asyncio.timeout(20):
        async for _ in call:
            pass


# The line -----------------------------------------------------------------------------------------


async def test_a_prompt_comes_as_one_sound_with_the_text_of_its_parts_in_time(
    site: Site, http: ClientSession
) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        prompt = await said(call, "play")
        assert [part["text"] for part in prompt["parts"]][1:] == ["برای", "ثبت قرائت کنتور"]
        starts = [part["from"] for part in prompt["parts"]]
        assert starts[0] == 0.3
        assert starts == sorted(starts)
        assert prompt["parts"][-1]["to"] == prompt["seconds"]
        assert not prompt["silent"]
        async with http.get(prompt["url"]) as response:
            assert response.content_type == "audio/wav"
            assert "immutable" in response.headers["Cache-Control"]
            pcm = audio.plain(await response.read())
        assert audio.seconds(pcm) == pytest.approx(prompt["seconds"], abs=0.02)
        assert np.abs(np.frombuffer(pcm, "<i2")).max() > 1000
        async with http.get(prompt["url"], headers={"Range": "bytes=0-43"}) as response:
            assert response.status == 206
            assert (await response.read())[:4] == b"RIFF"
    assert site.dialog.events[0].address == "+989123456789"


async def test_a_key_during_a_prompt_stops_it_and_answers(site: Site, http: ClientSession) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        prompt = await said(call, "play")
        await call.send_json({"type": "started", "playback": prompt["playback"]})
        await call.send_json({"type": "key", "key": "1"})
        assert (await said(call, "stop"))["playback"] == prompt["playback"]
        await said(call, "play")
    assert [e.text for e in site.dialog.events if e.kind == "keys"] == ["1"]


async def test_a_page_that_reports_nothing_is_asked_again_when_the_time_is_out(
    site: Site, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.keypad.FIRST_DIGIT", 0.2)
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        prompt = await said(call, "play")
        await call.send_json({"type": "finished", "playback": prompt["playback"]})
        await site.hears("silence")


async def test_a_socket_that_is_cut_is_a_hang_up(site: Site, http: ClientSession) -> None:
    call = await http.ws_connect("/ivr/simulator", params={"from": PHONE})
    await said(call, "play")
    assert call._response.connection is not None
    assert call._response.connection.transport is not None
    call._response.connection.transport.abort()
    await site.hears("hang_up")
    await until(lambda: not site.switchboard.calls, "the session ends")


async def test_shutting_down_ends_the_calls_and_their_dialogs_know(
    tmp_path: Path, prompts: Path
) -> None:
    site = Site(tmp_path, prompts)
    await site.start()
    async with ClientSession(site.url) as http:
        call = await http.ws_connect("/ivr/simulator")
        await said(call, "play")
        listening = asyncio.create_task(closed(call))
        async with asyncio.timeout(SHUTDOWN / 2):  # below the server's own patience
            await site.stop()
        await listening
    assert site.dialog.kinds()[-1] == "hang_up"


async def test_a_transfer_tells_the_page_what_the_operators_get(
    site: Site, http: ClientSession
) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        await said(call, "play")
        await call.send_json({"type": "key", "key": "3"})
        transfer = await said(call, "transfer")
        assert transfer["variables"] == {
            "GOOYA_CALLER": "+989123456789",
            "GOOYA_REASON": "asked",
        }
        await closed(call)
    await site.hears("hang_up")


# Strangers ----------------------------------------------------------------------------------------

HOSTILE = [
    "{",
    "[]",
    "null",
    "",
    '{"type": "key"}',
    '{"type": "key", "key": "A"}',
    '{"type": "key", "key": "12"}',
    '{"type": "key", "key": ["1"]}',
    '{"type": "shell", "run": "id"}',
    '{"type": "started", "playback": 7}',
    '{"type": "finished", "playback": "' + "x" * 200 + '"}',
    '{"type": "key", "key": "' + "1" * 5000 + '"}',
    "[" * 900,
    "\x00",
]


async def test_frames_that_are_none_are_refused_and_the_call_goes_on(
    site: Site, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
            await said(call, "play")
            for frame in HOSTILE:
                await call.send_str(frame)
                assert (await said(call, "error"))["error"] in ("not understood", "too long")
            await call.send_bytes(b"nobody asked for a recording")
            for kind in ("started", "finished"):
                await call.send_json({"type": kind, "playback": "of another call"})
            await call.send_json({"type": "key", "key": "1"})
            await said(call, "play")
    await site.hears("hang_up")
    assert site.dialog.kinds() == ["call", "keys", "hang_up"]
    assert "Traceback" not in caplog.text
    assert PHONE[1:] not in caplog.text


async def test_a_flood_of_frames_ends_the_call(site: Site, http: ClientSession) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        await said(call, "play")
        for _ in range(500):
            await call.send_str("{")
        await closed(call)
    await site.hears("hang_up")


async def test_a_frame_beyond_every_recording_ends_the_call(
    site: Site, http: ClientSession
) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        await said(call, "play")
        with contextlib.suppress(ConnectionError):  # it may not wait for the whole of it
            await call.send_bytes(bytes(simulator.MAX_FRAME + 1))
        await closed(call)
    await site.hears("hang_up")


async def test_a_recording_that_is_no_sound_is_refused_by_the_dialog_and_not_by_a_traceback(
    site: Site, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with http.ws_connect("/ivr/simulator", params={"from": PHONE}) as call:
        await said(call, "play")
        for sound in (b"", b"RIFF", b"RIFF" + bytes(100), b"\xff" * 10_000):
            await call.send_json({"type": "key", "key": "2"})
            prompt = await said(call, "play")
            await call.send_json({"type": "finished", "playback": prompt["playback"]})
            await said(call, "record")
            await call.send_bytes(sound)
            await said(call, "play")
    texts = [event.text for event in site.dialog.events if event.kind == "recording"]
    assert texts == ["empty", "unreadable", "unreadable", "unreadable"]
    assert "Traceback" not in caplog.text


async def test_more_calls_than_a_demo_has_are_refused(
    site: Site, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "CALLS", 1)
    async with http.ws_connect("/ivr/simulator"), http.get("/ivr/simulator") as response:
        assert response.status == 503


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?from=123", 400),
        ("?from=BANK", 400),
        ("?from=" + "9" * 5000, 400),
        (f"?from={PHONE}", 400),  # not a WebSocket
        ("/audio/" + "0" * 32 + ".wav", 404),
        ("/audio/..%2F..%2Fsecret.wav", 404),
        ("/prompts?language=de", 400),
        ("/prompts/fa/nothing.wav", 404),
        ("/prompts/..%2F..%2Fstate.wav", 404),
        ("/prompts/say/fa/anything.wav", 404),
    ],
)
async def test_what_is_not_there_is_refused(http: ClientSession, path: str, status: int) -> None:
    async with http.get(f"/ivr/simulator{path}") as response:
        assert response.status == status


# Every prompt -------------------------------------------------------------------------------------


async def test_every_prompt_of_both_languages_is_listed_with_its_text_and_its_sound(
    site: Site, http: ClientSession
) -> None:
    for language, book in site.clips.books.items():
        async with http.get("/ivr/simulator/prompts", params={"language": language}) as response:
            prompts = await response.json()
        assert {p["id"]: p["text"] for p in prompts} == {
            ref: clip.text for ref, clip in book.clips().items()
        }
        async with http.get(prompts[0]["url"]) as response:
            sound = audio.plain(await response.read())
        async with http.get("/ivr/simulator/prompts", params={"language": language}) as response:
            heard = (await response.json())[0]
        assert heard["kind"] == "generated"
        assert heard["seconds"] == pytest.approx(audio.seconds(sound), abs=0.01)


# In the browser -----------------------------------------------------------------------------------


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *microphone], timeout=PATIENCE
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: _note_refusal(line.text, complaints))
    yield page
    expect.set_options(timeout=None)
    await context.close()
    assert complaints == []


def _note_refusal(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text or "Trusted" in text:
        complaints.append(text)


async def take_phone(page: Page, url: str) -> None:
    """Open the page and call from its telephone."""
    await page.goto(url)
    await expect(page.locator("html[data-ready=true]")).to_be_attached()
    await page.get_by_role("tab", name="تلفن").click()
    await page.get_by_role("button", name="تماس", exact=True).click()
    await expect(page.locator(".call-state")).to_have_text("وصل است")


async def heard(page: Page, audio: str, seconds: float) -> bool:
    """Whether so much of a decoded sound has been played."""
    state = await page.locator(audio).evaluate(
        "({ duration, currentTime, error }) => ({ duration, currentTime, failed: error !== null })"
    )
    assert not state["failed"]
    return bool(state["duration"] > seconds and state["currentTime"] > seconds)


def key(page: Page, name: str) -> Any:
    return page.get_by_role("group", name="صفحه‌کلید").get_by_role("button", name=name)


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Gooya]:
    """The whole of it, as ``gooya demo`` starts it; news come at any hour of the day."""
    gooya = Gooya(tmp_path, {"GOOYA_DEMO": "1", "GOOYA_QUIET_HOURS": ""})
    await gooya.start()
    yield gooya
    gooya.stop()


async def test_a_reading_is_filed_with_keys_and_its_codes_come_to_the_sms_phone(
    page: Page, product: Gooya
) -> None:
    frames: list[str | bytes] = []
    page.on("websocket", lambda line: line.on("framesent", lambda frame: frames.append(frame)))
    await take_phone(page, product.url)
    captions = page.get_by_label("آنچه گفته می‌شود")
    await expect(captions).to_contain_text("ثبت قرائت کنتور عدد یک")
    await until(lambda: heard(page, ".phone audio", 0.5), "the greeting is heard", 60)
    await expect(captions.locator("[data-heard=now]")).to_have_count(1)

    await key(page, "۱").click()
    await expect(captions).to_contain_text("شناسهٔ قبض و سپس مربع را وارد کنید")
    await page.get_by_role("button", name=re.compile("شناسهٔ قبض را وارد کن")).click()
    await expect(captions).to_contain_text("رقم‌های سیاه کنتور")
    # The question comes with the last digit, and the page types a # behind it.
    await until(lambda: any('"key":"#"' in str(frame) for frame in frames), "the page has typed")
    await page.keyboard.type("82100#")
    await expect(captions).to_contain_text("هشتاد و")
    await expect(captions).to_contain_text("برای تأیید و ثبت عدد یک")
    await page.keyboard.press("1")
    await expect(captions).to_contain_text("قرائت شما ثبت شد")
    await expect(page.locator(".call-timer")).to_have_text(re.compile("^[۰-۹]{2}:[۰-۹]{2}$"))

    await page.get_by_role("button", name="قطع تماس").click()
    await expect(page.locator(".call-state")).to_have_text("تماس پایان یافت")
    await page.get_by_role("button", name="پیامک‌ها").click()
    sms = page.locator(".bubble[data-from=line] .text")
    # A bill that comes late is a message of its own.
    await expect(sms.filter(has_text="کد پیگیری")).to_be_visible()
    await expect(sms.filter(has_text="شناسه پرداخت")).to_be_visible()
    assert "Traceback" not in product.output()


async def test_what_was_typed_shows_and_the_keypad_of_the_keyboard_works(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slowly the browser types.
    monkeypatch.setattr("ivr.keypad.FIRST_DIGIT", 600.0)
    monkeypatch.setattr("ivr.keypad.BETWEEN_DIGITS_LONG", 600.0)
    await take_phone(page, site.url)
    await page.keyboard.press("5")
    await expect(page.locator(".said")).to_have_count(2)
    await page.keyboard.type("12")
    await page.keyboard.insert_text("a")
    await page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '۷', bubbles: true }))"
    )
    await expect(page.locator(".typed")).to_have_text("۱۲۷")
    await page.keyboard.press("#")
    await until(lambda: len(site.dialog.events) == 3, "the keys arrive")
    assert [e.text for e in site.dialog.events if e.kind == "keys"] == ["5", "127"]


async def test_what_is_spoken_into_the_microphone_arrives_as_sound(page: Page, site: Site) -> None:
    await page.add_init_script(
        """window.recorded = 0;
        window.AudioWorkletNode = class extends AudioWorkletNode {
            constructor(context, ...rest) {
                super(context, ...rest);
                this.port.addEventListener("message", ({ data }) => {
                    window.recorded += data.length / context.sampleRate;
                });
            }
        };"""
    )
    await take_phone(page, site.url)
    await key(page, "۲").click()
    await expect(page.get_by_role("group", name="ضبط صدا")).to_be_visible()

    async def has_beeped() -> bool:
        """The fake microphone does so once a second."""
        return bool(await page.evaluate("window.recorded") > 1.5)

    await until(has_beeped, "enough is recorded", 60)
    await page.get_by_role("button", name="پایان ضبط").click()
    await site.hears("recording")
    (sound,) = site.dialog.kept
    pcm = audio.plain(sound)
    assert 0.5 < audio.seconds(pcm) < 10
    assert np.abs(np.frombuffer(pcm, "<i2")).max() > 500
    await expect(page.get_by_role("group", name="ضبط صدا")).to_be_hidden()


async def test_without_a_microphone_a_tone_can_be_sent_instead(page: Page, site: Site) -> None:
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('none'))"
    )
    await take_phone(page, site.url)
    await key(page, "۲").click()
    await expect(page.locator(".call-note")).to_contain_text("میکروفون در دسترس نیست")
    await page.get_by_role("button", name="صدای آزمایشی").click()
    await site.hears("recording")
    assert audio.seconds(audio.plain(site.dialog.kept[0])) == pytest.approx(2.5, abs=0.05)


async def test_a_transfer_and_the_end_of_a_call_by_the_other_side_show(
    page: Page, site: Site
) -> None:
    await take_phone(page, site.url)
    await key(page, "۳").click()
    await expect(page.locator(".call-state")).to_have_text("به کارشناس وصل شد")
    await expect(page.locator(".hand-over")).to_contain_text("تماس‌گیرنده")
    await page.get_by_role("button", name="تماس", exact=True).click()
    await expect(page.locator(".call-state")).to_have_text("وصل است")
    await key(page, "۴").click()
    await expect(page.locator(".call-state")).to_have_text("تماس پایان یافت")


async def test_mute_silences_the_sound_and_nothing_else(page: Page, site: Site) -> None:
    await take_phone(page, site.url)
    mute = page.get_by_role("button", name="بی‌صدا")
    await mute.click()
    await expect(mute).to_have_attribute("aria-pressed", "true")
    assert await page.locator(".phone audio").evaluate("audio => audio.muted")
    await expect(page.locator(".said [data-heard=now]")).to_have_count(1)


async def test_a_call_goes_on_while_the_person_looks_at_other_devices(
    page: Page, site: Site
) -> None:
    await take_phone(page, site.url)
    await page.get_by_role("tab", name="پیامک").click()
    await page.get_by_role("tab", name="تلفن").click()
    await expect(page.locator(".call-state")).to_have_text("وصل است")
    assert "hang_up" not in site.dialog.kinds()


async def test_without_a_synthesiser_the_captions_go_by_and_the_page_says_what_to_install(
    page: Page, mute_site: Site
) -> None:
    await take_phone(page, mute_site.url)
    await expect(page.locator(".said")).to_contain_text("ثبت قرائت کنتور")
    await expect(page.locator(".call-note")).to_contain_text("apt install espeak-ng")
    await expect(page.locator(".said [data-heard=past]")).not_to_have_count(0)
    await page.get_by_role("tab", name="پیام‌های صوتی").click()
    await expect(page.locator(".prompts-note")).to_contain_text("apt install espeak-ng")


async def test_every_prompt_can_be_found_and_listened_to(page: Page, site: Site) -> None:
    await page.goto(site.url)
    await page.get_by_role("tab", name="پیام‌های صوتی").click()
    rows = page.locator(".prompt-list li")
    await expect(rows).to_have_count(len(site.clips.books["fa"].clips()))
    await page.get_by_label("جست‌وجو در پیام‌ها").fill("كنتور ثبت")  # with an Arabic kaf
    found = rows.locator("visible=true")
    await expect(page.locator(".count")).not_to_have_text(re.compile("^۰ "))
    await expect(found.first).to_contain_text("کنتور")
    listen = found.first.get_by_role("button", name=re.compile("^پخش"))
    await listen.click()
    await until(lambda: heard(page, ".prompts audio", 0.1), "the prompt is heard", 60)
    await expect(listen).to_have_attribute("aria-pressed", "false")
    await page.get_by_label("زبان", exact=True).select_option("en")
    await expect(rows).to_have_count(len(site.clips.books["en"].clips()))


async def test_a_number_that_changes_ends_the_call(page: Page, site: Site) -> None:
    await take_phone(page, site.url)
    await page.locator("#identity").click()
    await page.get_by_label("شمارهٔ دلخواه").fill("09351112233")
    await page.keyboard.press("Enter")
    await expect(page.locator(".call-state")).to_have_text("آمادهٔ تماس")
    await site.hears("hang_up")


async def test_a_line_that_cannot_be_had_says_so(page: Page, site: Site) -> None:
    await page.goto(site.url)
    await page.get_by_role("tab", name="تلفن").click()
    await site.phones.close()
    await page.get_by_role("button", name="تماس", exact=True).click()
    await expect(page.locator(".call-state")).to_have_text("تماس برقرار نشد")


async def test_the_telephone_fits_a_narrow_screen(page: Page, site: Site) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await take_phone(page, site.url)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await expect(key(page, "مربع")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="قطع تماس")).to_be_in_viewport()
