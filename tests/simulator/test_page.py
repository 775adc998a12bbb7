"""The page in a real browser: what a person does with the phone and sees on it."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, async_playwright, expect

from bots.sms.gateway import SmsOut
from bots.sms.segments import measure
from tests.simulator.conftest import Echo, Server

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds: other tests run beside this one."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE
        )
        expect.set_options(timeout=PATIENCE)
        yield browser
        expect.set_options(timeout=None)
        await browser.close()


@pytest.fixture
async def page(browser: Browser, server: Server) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append("a script ran"))
    await page.goto(server.url)
    await expect(page.locator("html[data-ready=true]")).to_be_attached()
    await expect(page.locator(".connection")).to_have_text("برخط")
    yield page
    await context.close()
    assert complaints == []


async def write(page: Page, text: str) -> None:
    await page.get_by_label("متن پیامک").fill(text)
    await page.get_by_role("button", name="فرستادن").click()


async def test_a_persian_message_is_answered_and_both_bubbles_tell_time_size_and_delivery(
    page: Page, echo: Echo
) -> None:
    await write(page, "سلام، برق رفت")
    mine = page.locator(".bubble[data-from=phone]")
    theirs = page.locator(".bubble[data-from=line]")
    await expect(theirs.locator(".text")).to_have_text("سلام، برق رفت")
    await expect(mine).to_have_attribute("data-status", "delivered")
    await expect(mine.get_by_role("img", name="رسید")).to_be_visible()
    await expect(theirs.locator(".size")).to_have_text("۱ بخش · UCS-2")
    await expect(theirs.locator("time")).to_have_text(re.compile("^[۰-۹]{2}:[۰-۹]{2}$"))
    await expect(page.locator(".day").first).to_have_text(
        re.compile(r"^\S+ [۰-۹]{1,2} \S+ ۱۴[۰-۹]{2}$")
    )
    await expect(page.locator("#journey [data-state=done]")).to_have_count(3)
    assert [sms.sender for sms in echo.received] == ["+989121112233"]


async def test_the_counter_shows_segments_while_typing(page: Page) -> None:
    box, counter = page.get_by_label("متن پیامک"), page.locator(".counter")
    await expect(page.get_by_role("button", name="فرستادن")).to_be_disabled()
    for text, shown in [
        ("ب" * 70, "۱ پیامک · ۰ مانده · UCS-2"),
        ("ب" * 71, "۲ پیامک · ۶۳ مانده · UCS-2"),
        ("b" * 161, "۲ پیامک · ۱۴۵ مانده · GSM-7"),
        ("€" * 80, "۱ پیامک · ۰ مانده · GSM-7"),
        ("😀" * 36, "۲ پیامک · ۶۱ مانده · UCS-2"),
    ]:
        await box.fill(text)
        await expect(counter).to_have_text(shown)


async def test_the_page_counts_segments_as_the_server_does(page: Page) -> None:
    texts = [
        unit * count
        for unit in ("a", "€", "ب", "😀", "👨‍👩‍👧", "بَ", "ی‌", "a`", "\n", "é", "e\u0301")
        for count in (1, 22, 67, 70, 71, 76, 81, 134, 135, 153, 160, 161, 306, 307)
    ]
    counted = await page.evaluate(
        """async (texts) => {
            const { measure } = await import("/simulator/segments.js");
            return texts.map((text) => measure(text));
        }""",
        texts,
    )
    for text, size in zip(texts, counted, strict=True):
        expected = measure(text)
        assert (size["encoding"], size["units"], size["segments"]) == (
            expected.encoding,
            expected.units,
            expected.segments,
        ), f"{text[:4]!r} × {len(text)}"


async def test_a_long_menu_offers_all_its_choices_around_the_opt_out_codes(page: Page) -> None:
    numbers = ["۱", "۲", "۳", "۴", "۵", "۶", "۷", "۸", "۹", "۱۰", "۱۳", "۱۴"]
    await write(page, "\n".join(f"{number} خدمت" for number in numbers))
    await expect(page.locator(".chip b")).to_have_text(numbers)


async def test_numbered_lines_become_chips_that_answer_with_a_tap(page: Page, echo: Echo) -> None:
    await write(page, "منو")
    chips = page.locator(".chip")
    await expect(chips).to_have_text(["۱ثبت قرائت", "۲سوابق پرداخت", "۰راهنما"])
    await chips.nth(1).click()
    await expect(page.locator(".bubble[data-from=line]").nth(1)).to_contain_text("۲")
    assert [sms.text for sms in echo.received] == ["منو", "۲"]
    await expect(chips).to_have_count(0)


async def test_a_list_of_dates_offers_no_chips(page: Page) -> None:
    await write(page, "پرداخت‌ها:\n12 مهر 1405\n3 مرداد 1405\nپایان")
    await expect(page.locator(".bubble[data-from=line]")).to_be_visible()
    await expect(page.locator(".chip")).to_have_count(0)


async def test_markup_in_a_message_shows_as_text(page: Page) -> None:
    text = "<img src=x onerror=alert(1)><script>alert(2)</script><b>سلام</b>"
    await write(page, text)
    await expect(page.locator(".bubble[data-from=line] .text")).to_have_text(text)
    await expect(page.locator(".messages img, .messages script, .messages b")).to_have_count(0)


async def test_a_tap_on_an_id_copies_it_in_latin_digits(page: Page) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await write(page, "شناسه قبض: ۹۹۸۵۲۳۵۴۰۴۱۲۴")
    await page.locator(".bubble[data-from=line] .id").click()
    await expect(page.get_by_text("کپی شد")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "9985235404124"


async def test_after_a_restart_of_the_server_the_phone_goes_on_and_shows_nothing_twice(
    page: Page, server: Server, echo: Echo
) -> None:
    await write(page, "پیش از قطع")
    await expect(page.locator(".bubble")).to_have_count(2)
    await server.stop()
    with socket.socket() as place:
        # Bound, and nobody listens: no other process gets the port, and the server does.
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", server.port))
        await expect(page.locator(".connection")).to_have_text("در حال وصل شدن…")
        await write(page, "هنگام قطع")
        await expect(page.locator(".bubble[data-status=failed]")).to_have_count(1)
        echo.gateway = type(echo.gateway)(echo.receive, echo.report)
        await server.start()
    await expect(page.locator(".connection")).to_have_text("برخط")
    await page.get_by_role("button", name="دوباره بفرست").click()
    await expect(page.locator(".bubble[data-from=line] .text")).to_have_text(
        ["پیش از قطع", "هنگام قطع"]
    )
    await expect(page.locator(".bubble[data-from=phone][data-status=delivered]")).to_have_count(2)
    assert [sms.text for sms in echo.received] == ["پیش از قطع", "هنگام قطع"]


async def test_a_reload_brings_the_conversation_back(page: Page) -> None:
    await write(page, "سلام")
    await expect(page.locator(".bubble")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".bubble .text")).to_have_text(["سلام", "سلام"])
    await expect(page.locator(".bubble[data-status=delivered]")).to_have_count(1)


async def test_another_subscriber_has_a_conversation_and_suggestions_of_their_own(
    page: Page, echo: Echo
) -> None:
    await write(page, "سلام")
    await expect(page.locator(".bubble")).to_have_count(2)
    await page.locator("#identity").click()
    await page.get_by_role("button", name=re.compile("کشاورزی")).click()
    await expect(page.locator("#identity-mobile")).to_have_text("۰۹۳۵۱۲۳۴۵۶۷")
    await expect(page.locator(".bubble")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("ثبت قرائت کنتور")).click()
    box = page.get_by_label("متن پیامک")
    await expect(box).to_have_value("قرائت 9174639504124 ")
    await expect(box).to_be_focused()
    await box.press_sequentially("12345")
    await box.press("Enter")
    await expect(page.locator(".bubble")).to_have_count(2)
    assert echo.received[-1].sender == "+989351234567"
    assert echo.received[-1].text == "قرائت 9174639504124 12345"


async def test_the_tracking_code_of_the_last_receipt_fills_the_suggestion(page: Page) -> None:
    await write(page, "ثبت شد. کد پیگیری: ۴۸۲۱۰۹۳۳۷۵")
    await expect(page.locator(".bubble[data-from=line]")).to_be_visible()
    await page.get_by_role("button", name=re.compile("پیگیری درخواست")).click()
    await expect(page.get_by_label("متن پیامک")).to_have_value("پیگیری 4821093375 ")


async def test_a_number_typed_by_hand_is_checked_and_remembered(page: Page) -> None:
    await page.locator("#identity").click()
    number = page.get_by_label("شمارهٔ دلخواه")
    await number.fill("0212345")
    await number.press("Enter")
    await expect(page.locator("#own-error")).to_contain_text("۰۹")
    await number.fill("+98 990 123 4567")
    await number.press("Enter")
    await expect(page.locator("#identity-mobile")).to_have_text("۰۹۹۰۱۲۳۴۵۶۷")
    await page.reload()
    await expect(page.locator("#identity-mobile")).to_have_text("۰۹۹۰۱۲۳۴۵۶۷")


async def test_the_page_works_without_a_list_of_subscribers(browser: Browser, echo: Echo) -> None:
    server = Server(echo, None)
    await server.start()
    page = await browser.new_page()
    await page.goto(server.url)
    await expect(page.locator(".connection")).to_have_text("برخط")
    await write(page, "سلام")
    await expect(page.locator(".bubble")).to_have_count(2)
    await page.close()
    await server.stop()


async def test_a_narrow_screen_shows_the_phone_alone_and_the_guide_on_request(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    guide = page.locator("#guide")
    await expect(guide).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("button", name="راهنما", exact=True).click()
    await expect(guide).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(guide).to_be_hidden()


async def test_the_chosen_theme_stays(page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await page.get_by_role("button", name="پوستهٔ روشن یا تیره").click()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_every_file_of_the_page_forbids_foreign_and_inline_code_and_is_cached_by_content(
    http: ClientSession,
) -> None:
    for path in ("/", "/simulator/app.js", "/simulator/style.css", "/simulator/icon.svg"):
        async with http.get(path) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            etag = response.headers["ETag"]
        async with http.get(path, headers={"If-None-Match": etag}) as response:
            assert response.status == 304


async def test_a_call_that_says_something_is_shown_as_a_call(page: Page, echo: Echo) -> None:
    await write(page, "سلام")
    await expect(page.locator(".bubble[data-from=line]")).to_have_count(1)
    await echo.gateway.speak(SmsOut("call-1", echo.received[0].sender, "کد شما: یک دو"))
    call = page.locator(".bubble[data-spoken=true]")
    await expect(call.locator(".text")).to_have_text("کد شما: یک دو")
    await expect(call.locator(".size")).to_have_text("تماس آمد و این را گفت")
