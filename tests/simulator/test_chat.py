"""The messenger of the demo page in a real browser, on the whole product."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bots.telegram import inbox as inboxes
from bots.telegram.chat import Button, Picture, Post
from gooya.console.pages import create_pages
from tests.servers.gooya import Gooya
from tests.simulator.test_chat_routes import Site, image
from tests.simulator.test_page import ARGUMENTS, CHROMIUM

PATIENCE = 60_000
"""Milliseconds: other tests run beside this one."""
ACCOUNT = "989120000001"
"""Whom the page plays where nobody tells it of subscribers."""
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script><b>سلام</b> &lt;i&gt; *_`[]"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda _: complaints.append("a script ran"))
    page.on("console", lambda line: _note_refusal(line.text, complaints))
    yield page
    expect.set_options(timeout=None)
    await context.close()
    assert complaints == []


def _note_refusal(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text or "Trusted" in text:
        complaints.append(text)


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Gooya]:
    """The whole of it, as ``gooya demo`` starts it; news come at any hour of the day."""
    gooya = Gooya(tmp_path, {"GOOYA_DEMO": "1", "GOOYA_QUIET_HOURS": ""})
    await gooya.start()
    yield gooya
    gooya.stop()
    assert "Traceback" not in gooya.output()


class Bot(Site):
    """The page before a bot that says what the test wants."""

    def routes(self) -> list[web.RouteDef]:
        return [*create_pages(), *super().routes()]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    bot = Bot(tmp_path)
    await bot.start()
    yield bot
    await bot.stop()


async def open_chat(page: Page, url: str) -> None:
    await page.goto(url)
    await expect(page.locator("html[data-ready=true]")).to_be_attached()
    await page.get_by_role("tab", name="پیام‌رسان").click()
    await expect(page.locator(".chat .connection")).to_have_text("ربات")


async def write(page: Page, text: str) -> None:
    await page.get_by_label("متن پیام", exact=True).fill(text)
    await page.keyboard.press("Enter")


def bubbles(page: Page) -> Locator:
    return page.locator(".message[data-from=bot]")


def button(page: Page, name: str) -> Any:
    return page.get_by_role("group", name="دکمه‌ها").get_by_role("button", name=name)


async def test_a_reading_goes_from_start_to_its_receipt_by_buttons(
    page: Page, product: Gooya
) -> None:
    await open_chat(page, product.url)
    await page.get_by_role("button", name="شروع", exact=True).click()
    await button(page, "ثبت قرائت کنتور").click()
    await expect(bubbles(page).first).to_contain_text("✔ ثبت قرائت کنتور")
    await expect(bubbles(page).first.locator(".buttons")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("وقتی پرسیده شد")).click()
    await page.keyboard.press("Enter")
    await expect(bubbles(page).last).to_contain_text("رقم کنتور")
    await write(page, "82100")
    await button(page, "درست است، ثبت شود").click()
    receipt = bubbles(page).filter(has_text="کد پیگیری").last
    code = receipt.get_by_title("کپی").first
    await expect(code).to_have_text(re.compile("^[0-9]{10}$"))
    await code.click()
    await expect(page.get_by_text("کپی شد")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await code.inner_text()

    await page.get_by_role("button", name=re.compile("پیگیری درخواست.*کد ده‌رقمی")).click()
    await expect(page.get_by_label("متن پیام", exact=True)).to_have_value(f"/track {copied}")
    await page.keyboard.press("Enter")
    await expect(bubbles(page).last).to_contain_text("ثبت قرائت کنتور")
    await page.reload()
    await page.get_by_role("tab", name="پیام‌رسان").click()
    await expect(receipt.get_by_title("کپی").first).to_have_text(copied)


async def test_the_contact_key_proves_the_phone_and_the_chart_is_seen(
    page: Page, product: Gooya
) -> None:
    await open_chat(page, product.url)
    await write(page, "سوابق مصرف")
    await page.get_by_role("button", name=re.compile("وقتی پرسیده شد")).click()
    await page.keyboard.press("Enter")
    key = page.locator(".contact-key")
    await expect(key).to_be_visible()

    await page.get_by_label("پیوست").click()
    await page.get_by_role("button", name="شمارهٔ یک نفر دیگر").click()
    await expect(page.locator(".message[data-from=customer]").last).to_contain_text("+۹۸")
    await expect(bubbles(page)).to_have_count(3)
    await expect(page.get_by_role("img", name="نمودار مصرف")).to_have_count(0)

    await key.click()
    chart = page.get_by_role("img", name="نمودار مصرف")
    await expect(chart).to_be_visible()
    assert await chart.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    await expect(key).to_be_hidden()
    await page.get_by_role("button", name="نمودار مصرف؛ بزرگ‌نمایی").click()
    large = page.get_by_role("dialog", name="تصویر")
    await expect(large.get_by_role("img", name="نمودار مصرف")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(large).to_be_hidden()


async def test_a_photo_is_sent_and_explained_where_none_was_asked_for(
    page: Page, product: Gooya
) -> None:
    await open_chat(page, product.url)
    await write(page, "/menu")
    await expect(bubbles(page)).to_have_count(1)
    files = [
        {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": image("JPEG", (800, 600))},
    ]
    await page.get_by_label("پیوست").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="عکس یا فایل").click()
    await (await chooser.value).set_files(files)
    await expect(page.locator(".message[data-from=customer]").get_by_role("img")).to_be_visible()
    await expect(bubbles(page).last).to_contain_text("فایل شما رسید")


async def test_a_second_press_on_an_answered_question_is_told_so(
    page: Page, product: Gooya
) -> None:
    await open_chat(page, product.url)
    await write(page, "/menu")
    await expect(button(page, "ثبت قرائت کنتور")).to_be_visible()
    # Both leave before the first one is answered.
    await page.locator(".buttons").evaluate(
        "buttons => [...buttons.querySelectorAll('button')].slice(0, 2).forEach(b => b.click())"
    )
    await expect(page.locator("#toast")).to_have_text("این دکمه برای پرسش قبلی بود.")
    await expect(page.locator(".buttons [aria-busy]")).to_have_count(0)


async def test_markup_of_strangers_is_shown_as_text(page: Page, product: Gooya) -> None:
    await open_chat(page, product.url)
    await write(page, HOSTILE)
    mine = page.locator(".message[data-from=customer] .text")
    await expect(mine).to_have_text(HOSTILE)
    await expect(bubbles(page)).not_to_have_count(0)
    await expect(page.locator(".chat .messages").locator("img, script, i")).to_have_count(0)


async def test_markup_in_what_the_bot_says_is_text_too_but_for_its_own(
    page: Page, bot: Bot
) -> None:
    await open_chat(page, bot.url)
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    keyboard = ((Button(HOSTILE, "a:2"), Button("یک", "a:1")),)
    await bot.messenger.post(
        ACCOUNT, Post(f"😀 <b>{escaped}</b> <code>4821093375</code>", keyboard)
    )
    text = bubbles(page).locator(".text")
    await expect(text).to_have_text(f"😀 {HOSTILE} 4821093375")
    await expect(text.locator("b")).to_have_text(HOSTILE)
    await expect(text.get_by_role("button")).to_have_text("4821093375")
    await expect(page.locator(".buttons button").first).to_have_text(HOSTILE)
    lefts = await page.locator(".buttons button").evaluate_all(
        "buttons => buttons.map(button => button.getBoundingClientRect().left)"
    )
    assert lefts == sorted(lefts)  # the first of a row stands at its left


async def test_a_button_is_busy_until_its_press_ends(page: Page, bot: Bot) -> None:
    await open_chat(page, bot.url)
    message = await bot.messenger.post(ACCOUNT, Post("کدام؟", ((Button("یک", "a:1"),),)))
    await button(page, "یک").press("Enter")
    await expect(button(page, "یک")).to_have_attribute("aria-busy", "true")
    await expect(page.locator(".chat .connection")).to_have_text("در حال نوشتن…")
    (press,) = await bot.has(1)
    query = re.search(r'"query":"([^"]+)"', press.source)
    assert query is not None
    await bot.messenger.toast(query[1], "دریافت شد")
    await expect(page.locator("#toast")).to_have_text("دریافت شد")
    await expect(button(page, "یک")).not_to_have_attribute("aria-busy", "true")
    await bot.messenger.edit(ACCOUNT, message, "کدام؟ <b>یک</b>")
    await expect(page.locator(".buttons")).to_have_count(0)
    await expect(page.get_by_role("log", name="گفت‌وگو")).to_be_focused()
    await expect(page.locator(".chat .connection")).to_have_text("ربات")


async def test_what_could_not_be_sent_stays_to_be_sent_again_and_arrives_once(
    page: Page, bot: Bot
) -> None:
    await open_chat(page, bot.url)
    lost = 0

    async def lose_the_answer(route: Any) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()
        await route.abort()

    await page.route("**/telegram/simulator", lose_the_answer, times=1)
    await write(page, "سلام")
    await expect(page.get_by_text("فرستاده نشد؛ دوباره بفرستید.")).to_be_visible()
    box = page.get_by_label("متن پیام", exact=True)
    await expect(box).to_have_value("سلام")
    await box.press("Enter")
    await expect(box).to_have_value("")
    await write(page, "آخر")
    await expect(page.locator(".message .text")).to_have_text(["سلام", "آخر"])
    assert lost == 1


@pytest.mark.usefixtures("albums_stay_open")
async def test_files_dropped_on_the_chat_are_sent_together_and_long_ones_are_not(
    page: Page, bot: Bot
) -> None:
    await open_chat(page, bot.url)
    await page.locator(".chat").evaluate(
        """(chat, png) => {
            const dropped = new DataTransfer();
            for (const name of ["1.png", "2.png"]) {
                dropped.items.add(new File([Uint8Array.from(png)], name, { type: "image/png" }));
            }
            dropped.items.add(new File([new Uint8Array(10 * 1024 * 1024 + 1)], "long.png"));
            chat.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: dropped }));
        }""",
        list(image()),
    )
    await expect(page.locator("#toast")).to_contain_text("۱۰ مگابایت")
    await expect(page.locator(".message img")).to_have_count(2)
    bot.ahead = inboxes.ALBUM_QUIET
    (album,) = await bot.has(1)
    assert len(album.files) == 2


async def test_a_picture_that_is_gone_leaves_its_name(page: Page, bot: Bot) -> None:
    await open_chat(page, bot.url)
    await page.route("**/images/*", lambda route: route.abort())
    await bot.messenger.post(ACCOUNT, Post("پرداخت‌ها", picture=Picture("consumption", "fa", [])))
    await expect(bubbles(page)).to_contain_text("نمودار مصرف: این تصویر دیگر در دسترس نیست.")


async def test_the_commands_open_and_close_by_keyboard(page: Page, bot: Bot) -> None:
    await open_chat(page, bot.url)
    menu = page.locator(".commands summary")
    await menu.press("Enter")
    await expect(page.get_by_role("button", name="راهنما /help")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await expect(page.get_by_role("button", name="راهنما /help")).to_be_hidden()
    await menu.press("Enter")
    await page.get_by_role("button", name="راهنما /help").press("Enter")
    assert [(i.kind, i.text) for i in await bot.has(1)] == [("command", "help")]


async def test_another_subscriber_has_a_chat_of_their_own(page: Page, bot: Bot) -> None:
    await open_chat(page, bot.url)
    await bot.messenger.post(ACCOUNT, Post("شمارهٔ شما؟", contact="فرستادن شمارهٔ من"))
    await expect(page.locator(".contact-key")).to_be_visible()
    await page.locator("#identity").click()
    await page.get_by_label("شمارهٔ دلخواه").fill("09351112233")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator(".contact-key")).to_be_hidden()
    await write(page, "سلام")
    assert [inbound.chat for inbound in await bot.has(1)] == ["989351112233"]


async def test_the_chat_fits_a_narrow_screen(page: Page, bot: Bot) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await open_chat(page, bot.url)
    keyboard = tuple((Button("گزینهٔ " + "بلند " * 12, f"a:{n}"),) for n in range(12))
    await bot.messenger.post(ACCOUNT, Post("ب" * 2000, keyboard))
    await expect(page.locator(".buttons button").last).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await expect(page.get_by_role("button", name="فرستادن", exact=True)).to_be_in_viewport()


async def test_where_a_real_messenger_takes_its_place_the_chat_says_so(
    page: Page, bot: Bot
) -> None:
    await page.route("**/telegram/simulator/stream*", lambda route: route.fulfill(status=404))
    await page.goto(bot.url)
    await page.get_by_role("tab", name="پیام‌رسان").click()
    await expect(page.locator(".chat .connection")).to_have_text("پیام‌رسان نمایشی در کار نیست")
