"""Kavenegar against a local server that speaks its documented API."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bots.sms.gateway import DeliveryReport, SendError, SmsOut
from bots.sms.kavenegar import ALARM, Kavenegar, local_id
from tests.servers.kavenegar_api import DELIVERED, KEY, LINE, Fault, KavenegarApi
from tests.servers.processes import until
from tests.sms.conftest import App

PHONE = "+989121234567"
SECRET = "s3cret رمز"


class Site:
    """Our HTTP application with the gateway's routes."""

    def __init__(self, api: KavenegarApi, app: App) -> None:
        self.api = api
        self.app = app
        self.gateway = self.make_gateway()
        self.webhook = self.dlr = self.plain = ""

    def make_gateway(self, **options: object) -> Kavenegar:
        settings: dict[str, object] = {
            "key": KEY,
            "line": LINE,
            "secret": SECRET,
            "receive": self.app.receive,
            "report": self.app.report,
            "base_url": self.api.url,
            "poll_interval": 0.1,
            "retry_delay": 0.05,
            "timeout": 20.0,
        }
        return Kavenegar(**(settings | options))  # type: ignore[arg-type]


@pytest.fixture
async def api() -> AsyncIterator[KavenegarApi]:
    server = KavenegarApi()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def site(api: KavenegarApi, app: App) -> AsyncIterator[Site]:
    site = Site(api, app)
    application = web.Application()
    application.add_routes(site.gateway.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    site.plain = f"http://127.0.0.1:{runner.addresses[0][1]}/sms/kavenegar"
    site.webhook = f"{site.plain}?secret={SECRET}"
    site.dlr = f"{site.plain}/dlr?secret={SECRET}"
    await site.gateway.start()
    yield site
    await site.gateway.close()
    await runner.cleanup()


async def test_a_message_by_webhook_and_poll_comes_under_one_id(
    site: Site, api: KavenegarApi, app: App
) -> None:
    sms = api.write("09121234567", "قرائت ۱۲۳")
    assert await api.push(site.webhook, sms) == 200
    await until(lambda: len(app.inbound) == 2, "both ways")
    assert {(m.message_id, m.sender, m.receiver, m.text) for m in app.inbound} == {
        (str(sms.messageid), PHONE, LINE, "قرائت ۱۲۳")
    }


async def test_messages_that_the_webhook_missed_are_read_from_the_line_in_order(
    site: Site, api: KavenegarApi, app: App
) -> None:
    texts = [f"پیام {n}" for n in range(230)]
    for text in texts:
        api.write("989121234567", text)
    await until(lambda: len(app.inbound) == 230, "three pages")
    assert app.texts == texts
    assert api.calls["sms/receive"] >= 3


async def test_a_read_message_whose_turn_failed_is_tried_again_before_the_next_one(
    site: Site, api: KavenegarApi, app: App
) -> None:
    app.failures = 2
    api.write("9121234567", "یک")
    api.write("9121234567", "دو")
    await until(lambda: len(app.inbound) == 2, "both")
    assert app.texts == ["یک", "دو"]
    assert app.attempts == 4


async def test_what_was_read_by_a_process_that_died_is_handled_after_the_start(
    api: KavenegarApi, app: App
) -> None:
    api.write("09121234567", "گم نشو", ago=60, read=True)
    api.write("09121234567", "دیروز", ago=86_400, read=True)
    gateway = Site(api, app).make_gateway()
    await gateway.start()
    await until(lambda: api.calls["sms/receive"] >= 3, "a few polls")
    await gateway.close()
    assert app.texts == ["گم نشو"]


async def test_polling_goes_on_after_faults_and_says_what_needs_an_operator(
    site: Site, api: KavenegarApi, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    api.faults += [Fault(500), Fault(cut=True), Fault(code=200, body=b"<html>"), Fault(418)]
    await until(lambda: not api.faults, "all faults are met")
    api.write("09121234567", "سلام")
    await until(lambda: app.texts == ["سلام"], "a message after them")
    alarms = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert alarms == ["kavenegar: the line can't be read: Kavenegar returns 418"]
    assert KEY not in caplog.text


async def test_messages_whose_page_was_lost_on_its_way_are_read_once_more(
    site: Site, api: KavenegarApi, app: App
) -> None:
    await until(lambda: api.calls["sms/receive"] >= 2, "the look back at the start is over")
    api.faults.append(Fault(cut=True, times=3))
    api.write("09121234567", "گم نشو")
    await until(lambda: app.texts == ["گم نشو"], "the message that is marked as read")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b'{"entries": [{"message": "\xd8"}]}', id="broken UTF-8"),
        pytest.param(b'{"more": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", id="nested deeply"),
    ],
)
async def test_polling_goes_on_after_an_answer_that_can_not_be_read(
    site: Site, api: KavenegarApi, app: App, broken: bytes
) -> None:
    api.faults.append(Fault(200, body=broken))
    await until(lambda: not api.faults, "the fault is met")
    api.write("09121234567", "سلام")
    await until(lambda: app.texts == ["سلام"], "a message after it")


async def test_half_of_an_emoji_does_not_keep_the_others_messages_back(
    site: Site, api: KavenegarApi, app: App
) -> None:
    api.write("09121234567", "\ud83d")
    api.write("09121234568", "سلام")
    await until(lambda: "سلام" in app.texts, "the other's message")


async def test_a_reply_is_sent_and_its_delivery_reported(
    site: Site, api: KavenegarApi, app: App
) -> None:
    await site.gateway.send(SmsOut("out-1", PHONE, "کد پیگیری ۱۲۳"))
    (sms,) = api.sent
    assert (sms.receptor, sms.sender, sms.message) == ("09121234567", LINE, "کد پیگیری ۱۲۳")
    assert await api.push_status(site.dlr, sms, DELIVERED) == 200
    assert app.reports == [DeliveryReport("out-1", "delivered")]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, "buffered"),
        (2, "buffered"),
        (4, "accepted"),
        (5, "accepted"),
        (6, "failed"),
        (10, "delivered"),
        (11, "failed"),
        (13, "failed"),
        (14, "blocked"),
        (100, None),
    ],
)
async def test_each_status_of_kavenegar_has_its_meaning(
    site: Site, api: KavenegarApi, app: App, code: int, status: str | None
) -> None:
    await site.gateway.send(SmsOut("out-1", PHONE, "سلام"))
    assert await api.push_status(site.dlr, api.sent[0], code) == 200
    assert app.statuses("out-1") == ([status] if status else [])
    found = await site.gateway.status(["out-1", "never sent"])
    assert found == ({"out-1": status} if status else {})


@pytest.fixture
async def sender(api: KavenegarApi, app: App) -> AsyncIterator[Kavenegar]:
    """A gateway that has polled at its start and will not again: faults meet its sends alone."""
    gateway = Site(api, app).make_gateway(poll_interval=3600)
    await gateway.start()
    await until(lambda: api.calls["sms/receive"] == 2, "the polls at the start")
    yield gateway
    await gateway.close()


async def test_a_send_whose_answer_was_cut_off_is_one_sms_after_the_retry(
    sender: Kavenegar, api: KavenegarApi
) -> None:
    api.faults.append(Fault(cut=True))
    with pytest.raises(SendError) as caught:
        await sender.send(SmsOut("out-1", PHONE, "سلام"))
    assert caught.value.retryable
    assert len(api.sent) == 1, "the work was done"
    await sender.send(SmsOut("out-1", PHONE, "سلام"))
    await sender.send(SmsOut("out-2", PHONE, "سلام"))
    assert [sms.localid for sms in api.sent] == [str(local_id("out-1")), str(local_id("out-2"))]


@pytest.mark.parametrize(
    "code", [400, 404, 411, 412, 413, 422, 431, 409, 500, 502, 503, *sorted(ALARM)]
)
async def test_each_return_code_says_whether_to_try_again_and_whom_to_call(
    sender: Kavenegar, api: KavenegarApi, code: int
) -> None:
    api.faults.append(Fault(code))
    with pytest.raises(SendError) as caught:
        await sender.send(SmsOut("out-1", PHONE, "سلام"))
    assert caught.value.alarm == (code in ALARM)
    assert caught.value.retryable == (code in ALARM or code == 409 or code >= 500)
    assert str(caught.value) == f"Kavenegar returns {code}"


async def test_a_gateway_timeout_page_that_is_no_json_can_be_tried_again(
    sender: Kavenegar, api: KavenegarApi
) -> None:
    api.faults.append(Fault(504, body=b"<html>Gateway Time-out"))
    with pytest.raises(SendError, match="504") as caught:
        await sender.send(SmsOut("out-1", PHONE, "سلام"))
    assert caught.value.retryable


async def test_an_unreachable_api_names_neither_key_nor_number(
    api: KavenegarApi, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = Site(api, app).make_gateway()
    await api.stop()
    await gateway.start()
    with pytest.raises(SendError) as caught:
        await gateway.send(SmsOut("out-1", PHONE, "سلام"))
    await until(lambda: "can't be read" in caplog.text, "the poll has failed too")
    await gateway.close()
    assert caught.value.retryable
    for secret in (KEY, "912", "سلام"):
        assert secret not in f"{caught.value!r} {caplog.text}"


async def test_a_text_too_long_for_the_api_is_refused_before_it_is_sent(
    site: Site, api: KavenegarApi
) -> None:
    with pytest.raises(SendError) as caught:
        await site.gateway.send(SmsOut("out-1", PHONE, "س" * 901))
    assert not caught.value.retryable
    assert api.calls["sms/send"] == 0


FORM = {"from": "09121234567", "to": LINE, "message": "سلام", "messageid": "77"}


async def post(url: str, **options: object) -> int:
    async with aiohttp.ClientSession() as http, http.post(url, **options) as response:  # type: ignore[arg-type]
        assert len(await response.text()) < 200
        return response.status


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"extra": "ignored"}, 200),
        ({"from": None}, 400),
        ({"from": ""}, 400),
        ({"to": None}, 400),
        ({"message": None}, 400),
        ({"message": ""}, 200),
        ({"messageid": None}, 400),
        ({"messageid": " "}, 400),
        ({"from": "HamrahAval"}, 200),
    ],
)
async def test_a_webhook_call_needs_its_parameters(
    site: Site, app: App, change: dict[str, str | None], status: int
) -> None:
    form = {name: value for name, value in (FORM | change).items() if value is not None}
    assert await post(site.webhook, data=form) == status
    assert len(app.inbound) == (1 if status == 200 and form["from"] != "HamrahAval" else 0)


async def test_a_webhook_call_without_the_secret_is_refused(site: Site, app: App) -> None:
    for url in (site.plain, f"{site.plain}?secret=x", f"{site.plain}/dlr?secret="):
        assert await post(url, data=FORM) == 403
    assert app.attempts == 0


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        pytest.param(
            b"from=09121234567&to=1&messageid=7&message=%FF", None, 400, id="broken UTF-8"
        ),
        pytest.param(b"message=" + b"x" * (1 << 20), None, 413, id="a megabyte"),
        pytest.param(b"from=1&from=2", None, 400, id="a parameter twice"),
        pytest.param(b'{"from": "09121234567"}', "application/json", 415, id="JSON"),
        pytest.param(b"", None, 400, id="nothing"),
    ],
)
async def test_a_webhook_body_that_makes_no_sense_is_refused(
    site: Site, app: App, data: bytes, content_type: str | None, status: int
) -> None:
    headers = {"Content-Type": content_type or "application/x-www-form-urlencoded"}
    assert await post(site.webhook, data=io.BytesIO(data), headers=headers) == status
    assert app.attempts == 0


async def test_a_megabyte_in_pieces_of_unknown_length_is_refused_too(site: Site, app: App) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 16_384

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert await post(site.webhook, data=pieces(), headers=headers) == 413
    assert app.attempts == 0


async def test_a_message_that_could_not_be_handled_is_to_be_sent_again(
    site: Site, app: App
) -> None:
    app.failures = 1
    assert await post(site.webhook, data=FORM) == 503
    assert await post(site.webhook, data=FORM) == 200
    assert [sms.message_id for sms in app.inbound] == ["77"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"messageid": "1", "status": "10"}, 200),
        ({"messageid": "1", "status": "77"}, 400),
        ({"messageid": "x", "status": "10"}, 400),
        ({"messageid": "1" * 5000, "status": "10"}, 400),
        ({"messageid": "1"}, 400),
        ({"status": "10"}, 400),
    ],
)
async def test_a_report_on_a_message_that_nobody_sent_changes_nothing(
    site: Site, app: App, form: dict[str, str], status: int
) -> None:
    assert await post(site.dlr, data=form) == status
    assert app.reports == []
