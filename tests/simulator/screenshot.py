"""Draws ``docs/images/chat.png``: the chat of the demo page with the chart of a subscriber's use.

``python -m tests.simulator.screenshot docs/images/chat.png``
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.servers.gooya import Gooya
from tests.simulator.test_chat import bubbles, button, open_chat
from tests.simulator.test_page import ARGUMENTS, CHROMIUM


async def main(path: Path, folder: Path) -> None:
    gooya = Gooya(folder, {"GOOYA_DEMO": "1"})
    await gooya.start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            size = {"width": 1280, "height": 900}
            page = await browser.new_page(viewport=size, color_scheme="light")  # type: ignore[arg-type]
            await open_chat(page, gooya.url)
            await page.get_by_role("button", name="شروع", exact=True).click()
            await button(page, "سوابق مصرف").click()
            await expect(bubbles(page)).to_have_count(2)
            await page.get_by_role("button", name="شناسهٔ قبض").click()
            await page.keyboard.press("Enter")
            await page.locator(".contact-key").click()
            chart = page.get_by_role("img", name="نمودار مصرف")
            await expect(bubbles(page).last).to_contain_text("kWh")
            await chart.evaluate("image => image.decode()")
            await chart.evaluate("image => image.scrollIntoView({ block: 'center' })")
            await page.get_by_role("log", name="گفت‌وگو").evaluate("log => log.scrollBy(0, 60)")
            await page.wait_for_timeout(500)  # for the bubbles to come to rest
            await page.screenshot(path=path)
            await browser.close()
    finally:
        gooya.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(sys.argv[1]), Path(folder)))
