"""Draws the pictures of the README: a reading by SMS, a call, and the chat with the chart of a subscriber's
use, all on the demo page.

``python -m tests.simulator.screenshot docs/images``
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from tests.servers.gooya import Gooya
from tests.simulator.test_chat import bubbles, button, open_chat
from tests.simulator.test_page import ARGUMENTS, CHROMIUM, write
from tests.simulator.test_phone import take_phone


async def by_sms(page: Page, url: str) -> None:
    await page.goto(url)
    await expect(page.locator("main .connection").first).to_have_text("برخط")
    theirs = page.locator(".bubble[data-from=line]")
    await write(page, "قرائت 1234567804121 82110")
    await expect(theirs).to_have_count(1)
    await write(page, "۱")
    await expect(theirs).to_have_count(2)


async def by_keys(page: Page, url: str) -> None:
    await take_phone(page, url)
    await expect(page.locator(".said").last).to_contain_text("پیگیری درخواست‌ها")
    await expect(page.locator(".said [data-heard=now]")).to_have_count(1)


async def by_chat(page: Page, url: str) -> None:
    await open_chat(page, url)
    await page.get_by_role("button", name="شروع", exact=True).click()
    await button(page, "قبض و مصرف").click()
    await button(page, "سوابق مصرف").click()
    await page.get_by_role("button", name="شناسهٔ قبض").click()
    await page.keyboard.press("Enter")
    await page.locator(".contact-key").click()
    chart = page.get_by_role("img", name="نمودار مصرف")
    await expect(bubbles(page).last).to_contain_text("kWh")
    await chart.evaluate("image => image.decode()")
    await chart.evaluate("image => image.scrollIntoView({ block: 'center' })")
    await page.get_by_role("log", name="گفت‌وگو").evaluate("log => log.scrollBy(0, 60)")


async def main(pictures: Path, folder: Path) -> None:
    gooya = Gooya(folder, {"GOOYA_DEMO": "1", "GOOYA_SPOKEN_CODES": "simulator"})
    await gooya.start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, play in (("chat", by_chat), ("simulator", by_sms), ("telephone", by_keys)):
                size = {"width": 1280, "height": 900}
                page = await browser.new_page(viewport=size, color_scheme="light")  # type: ignore[arg-type]
                await play(page, gooya.url)
                await page.wait_for_timeout(500)  # for the bubbles to come to rest
                await page.screenshot(path=pictures / f"{name}.png")
                await page.close()
            await browser.close()
    finally:
        gooya.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(sys.argv[1]), Path(folder)))
