"""Kannel by HTTP: against the real smsbox, and tables of requests that must be refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bots.sms.gateway import SendError, SmsOut
from bots.sms.kannel_http import KannelHttp
from tests.servers.kannel import FakeSmsc, Kannel
from tests.servers.ports import own_port
from tests.servers.processes import until
from tests.sms.conftest import LINE, App

PHONE = "+989121234567"
SECRET = "s3cret/+ %رمز"
GOOD = {"secret": SECRET, "id": "m-1", "from": "09121234567", "to": LINE, "text": "سلام"}


class Site:
    """Our HTTP application with the gateway's routes, and the Kannel it talks with."""

    def __init__(self, app: App, directory: Path) -> None:
        self.port = own_port(self)
        self.url = f"http://127.0.0.1:{self.port}/sms/kannel"
        # In Kannel's configuration "%" begins a placeholder.
        known = f"secret={quote(SECRET, safe='').replace('%', '%%')}"
        wanted = "id=%I&from=%p&to=%P&text=%b&coding=%c&charset=%C&ts=%T&smsc=%i"
        self.kannel = Kannel(directory, get_url=f"{self.url}?{known}&{wanted}")
        self.app = app
        self.gateway = self.make_gateway()

    def make_gateway(self, **options: str) -> KannelHttp:
        settings: dict[str, Any] = {
            "sendsms_url": self.kannel.sendsms,
            "username": "gooya",
            "password": "tests",
            "line": LINE,
            "public_url": f"http://127.0.0.1:{self.port}/",
            "secret": SECRET,
        }
        return KannelHttp(**(settings | options), receive=self.app.receive, report=self.app.report)


@pytest.fixture
async def site(app: App, tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(app, tmp_path / "kannel")
    application = web.Application()
    application.add_routes(site.gateway.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", site.port).start()
    await site.gateway.start()
    try:
        yield site
    finally:
        await site.gateway.close()
        site.kannel.stop()
        await runner.cleanup()


@pytest.fixture
async def phones(site: Site) -> AsyncIterator[FakeSmsc]:
    await site.kannel.start()
    smsc = FakeSmsc(site.kannel)
    try:
        await smsc.start()
        yield smsc
    finally:
        smsc.stop()


async def test_a_persian_message_comes_through_the_stock_smsbox_and_the_reply_goes_back(
    site: Site, app: App, phones: FakeSmsc
) -> None:
    await phones.send("09121234567", LINE, "پیگیری ۱۲۳ & +می‌شود؟")
    await until(lambda: app.inbound, "the message")
    (sms,) = app.inbound
    assert (sms.sender, sms.receiver, sms.text) == (PHONE, LINE, "پیگیری ۱۲۳ & +می‌شود؟")
    await site.gateway.send(SmsOut("out/1 %d&ی", PHONE, "در حال بررسی\n۲ از ۳ 😀"))
    (out,) = await phones.wait_for(1)
    assert (out.sender, out.receiver, out.text) == (LINE, PHONE, "در حال بررسی\n۲ از ۳ 😀")
    await until(lambda: len(app.reports) == 2, "both reports")
    # smsbox sends its reports side by side: their order is not kept.
    assert set(app.statuses("out/1 %d&ی")) == {"accepted", "delivered"}


async def test_smsbox_repeats_a_message_that_could_not_be_handled_under_the_same_id(
    site: Site, app: App, phones: FakeSmsc
) -> None:
    app.failures = 1
    await phones.send("09121234567", LINE, "سلام")
    await until(lambda: app.inbound, "the message, the second time")
    assert app.attempts == 2
    await phones.send("09121234567", LINE, "پس از آن")
    await until(lambda: len(app.inbound) == 2, "the next message")
    assert phones.received() == [], "smsbox must not answer the customer by itself"


async def test_a_long_latin_reply_goes_out_whole(site: Site, phones: FakeSmsc, app: App) -> None:
    text = "a" * 300
    await site.gateway.send(SmsOut("long", PHONE, text))
    parts = await phones.wait_for(2)
    assert [part.udh[-2:] for part in parts] == [b"\x02\x01", b"\x02\x02"]
    assert b"".join(part.body for part in parts) == text.encode()


async def test_a_wrong_password_is_an_alarm_and_not_in_the_error(
    site: Site, phones: FakeSmsc
) -> None:
    stranger = site.make_gateway(password="wr0ng")
    await stranger.start()
    try:
        with pytest.raises(SendError) as caught:
            await stranger.send(SmsOut("1", PHONE, "سلام"))
    finally:
        await stranger.close()
    assert caught.value.alarm
    assert "wr0ng" not in str(caught.value)


async def test_an_smsbox_that_is_down_can_be_tried_later_and_the_error_names_no_number(
    site: Site,
) -> None:
    with pytest.raises(SendError) as caught:
        await site.gateway.send(SmsOut("1", PHONE, "سلام"))
    assert caught.value.retryable
    assert "912" not in str(caught.value)
    assert "tests" not in str(caught.value)
    assert caught.value.__cause__ is None


async def ask(url: str, query: str, body: bytes | None = None) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(URL(f"{url}?{query}", encoded=True), data=body) as response,
    ):
        return response.status, await response.text()


def quoted(**changes: str) -> str:
    fields = GOOD | changes
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())


async def test_a_good_request_gets_an_empty_answer(site: Site, app: App) -> None:
    assert await ask(site.url, quoted()) == (200, "")
    assert app.texts == ["سلام"]


async def test_a_repeated_id_reaches_the_dialog_under_the_same_id(site: Site, app: App) -> None:
    for _ in range(2):
        assert await ask(site.url, quoted()) == (200, "")
    assert [sms.message_id for sms in app.inbound] == ["m-1", "m-1"]


async def test_text_as_it_went_over_the_air_is_understood_too(site: Site, app: App) -> None:
    over_the_air = "".join(f"%{octet:02X}" for octet in "سلام".encode("utf-16-be"))
    line = quoted(charset="UTF-16BE").replace(quote("سلام"), over_the_air)
    assert await ask(site.url, line) == (200, "")
    assert app.texts == ["سلام"]


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        pytest.param(("secret=" + quote(SECRET, safe=""), "secret=x"), 403, "secret", id="secret"),
        pytest.param(("secret=", "secrets="), 403, "secret", id="no secret"),
        pytest.param(("&from=09121234567", ""), 400, "missing: from", id="no sender"),
        pytest.param(("from=09121234567", "from="), 400, "empty: from", id="empty sender"),
        pytest.param(("from=", "sender="), 400, "missing: from", id="another name for the sender"),
        pytest.param(("id=m-1", "id=m-1&colour=red"), 400, "unknown", id="unknown parameter"),
        pytest.param(("id=m-1", "id=m-1&id=m-2"), 400, "twice", id="a parameter twice"),
        pytest.param(("id=m-1", "id=%20"), 400, "empty: id", id="blank id"),
        pytest.param((quote("سلام"), "%D8%B3%D9"), 400, "UTF-8", id="broken UTF-8"),
        pytest.param((quote("سلام"), "%FF"), 400, "UTF-8", id="no UTF-8 at all"),
        pytest.param(("id=m-1", "id=m-1&charset=KLINGON"), 400, "charset", id="unknown charset"),
        pytest.param(("id=m-1", "id=m-1" + "&x=1" * 50), 400, "many", id="fifty parameters"),
    ],
)
async def test_a_bad_request_is_refused_with_a_reason_and_reaches_nobody(
    site: Site, app: App, change: tuple[str, str], status: int, says: str
) -> None:
    old, new = change
    line = quoted()
    assert old in line
    answer = await ask(site.url, line.replace(old, new))
    assert answer[0] == status
    assert says in answer[1]
    assert len(answer[1]) < 200
    assert app.inbound == []


async def test_a_body_of_a_megabyte_is_refused(site: Site, app: App) -> None:
    status, _ = await ask(site.url, quoted(), b"x" * (1 << 20))
    assert status == 413
    assert app.inbound == []


async def test_an_empty_text_is_a_message_too(site: Site, app: App) -> None:
    assert (await ask(site.url, quoted(text="")))[0] == 200
    assert app.texts == [""]


async def test_a_message_that_could_not_be_handled_is_to_be_sent_again(
    site: Site, app: App
) -> None:
    app.failures = 1
    assert (await ask(site.url, quoted()))[0] == 503
    assert (await ask(site.url, quoted()))[0] == 200


async def test_a_sender_that_cannot_be_answered_is_dropped(site: Site, app: App) -> None:
    line = quoted().replace("09121234567", "HamrahAval")
    assert await ask(site.url, line) == (200, "")
    assert app.attempts == 0


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("id=out-1&status=1", 200),
        ("id=out-1&status=16", 200),
        ("id=out-1&status=3", 400),
        ("id=out-1&status=" + "1" * 5000, 400),
        ("id=out-1&status=%DB%B1", 400),
        ("id=out-1&status=", 400),
        ("id=&status=1", 400),
        ("status=1", 400),
        ("id=out-1", 400),
    ],
)
async def test_a_delivery_report_needs_an_id_and_a_known_status(
    site: Site, app: App, line: str, status: int
) -> None:
    secret = f"secret={quote(SECRET, safe='')}"
    assert (await ask(f"{site.url}/dlr", f"{secret}&{line}"))[0] == status
    assert (await ask(f"{site.url}/dlr", f"secret=no&{line}"))[0] == 403
    expected = "delivered" if line.endswith("=1") else "rejected"
    assert app.statuses("out-1") == ([expected] if status == 200 else [])
