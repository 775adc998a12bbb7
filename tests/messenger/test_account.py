"""What a bot account shows in a chat, and what it makes of everything that goes wrong."""

from __future__ import annotations

import gzip
import io
import logging
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import telegram.error
from aiohttp import web
from PIL import Image

import bots.telegram.account
from bots.telegram.account import Account
from bots.telegram.chat import Button, Picture, Post
from bots.telegram.platform import BALE, PLATFORMS, TELEGRAM
from bots.telegram.port import Later, MessengerError, Refused, TooLarge, Unreachable
from tests.servers.bot_api import BotApi, Customer

MENU = ((Button("قبض", "a1b2c3:1"), Button("خاموشی", "a1b2c3:2")), (Button("بازگشت", "a1b2c3:b"),))
SECRET_WORDS = "نام مشتری <b>۰۹۱۲</b>"


async def draw(picture: Picture) -> bytes:
    if not picture.rows:
        raise RuntimeError("nothing to draw for 09121234567")
    content = io.BytesIO()
    Image.new("RGB", (60, 40)).save(content, "PNG")
    return content.getvalue()


@asynccontextmanager
async def opened(api: BotApi, token: str = "", base: str = "") -> AsyncIterator[Account]:
    platform = BALE if api.bale else TELEGRAM
    account = Account(platform, token or api.token, base or api.url, draw=draw)
    await account.start()
    try:
        yield account
    finally:
        await account.close()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def account(api: BotApi) -> AsyncIterator[Account]:
    async with opened(api) as account:
        yield account


@pytest.fixture
async def bale() -> AsyncIterator[BotApi]:
    async with BotApi(dialect="bale") as api:
        yield api


@pytest.fixture
async def bale_account(bale: BotApi) -> AsyncIterator[Account]:
    async with opened(bale) as account:
        yield account


@pytest.fixture
def sara(api: BotApi) -> Customer:
    return api.customer()


# --- posts


async def test_a_post_shows_its_text_and_its_buttons_and_gives_its_id(
    account: Account, sara: Customer
) -> None:
    id = await account.post(str(sara.id), Post("<b>سلام</b>، <code>12345</code>", MENU))
    [message] = sara.chat
    assert message.id == id
    assert message.text == "سلام، 12345"
    assert [entity["type"] for entity in message.entities] == ["bold", "code"]
    assert [[(b.text, b.data) for b in row] for row in message.keyboard] == [
        [("قبض", "a1b2c3:1"), ("خاموشی", "a1b2c3:2")],
        [("بازگشت", "a1b2c3:b")],
    ]


READS_THE_SAME = [
    ("سلام <b>سارا</b>", "سلام سارا"),
    ("شناسه: <code>9985235404124</code>", "شناسه: 9985235404124"),
    ("&lt;b&gt;نام&lt;/b&gt; &amp; &lt;script&gt;", "<b>نام</b> & <script>"),
    ("&amp;lt; می‌ماند", "&lt; می‌ماند"),
    ("*ستاره* و _زیرخط_ و `کد`", "*ستاره* و _زیرخط_ و `کد`"),
    ("[قبض](https://example.ir) ![x](y)", "[قبض](https://example.ir) ![x](y)"),
    ("_*[]()~`&gt;#+-=|{}.!\\", "_*[]()~`>#+-=|{}.!\\"),
    ("```\nچند\nخط\n```", "```\nچند\nخط\n```"),
    ("کد \u2066*1*9985235404124#\u2069", "کد \u2066*1*9985235404124#\u2069"),
]


@pytest.mark.parametrize(("html", "read"), READS_THE_SAME)
async def test_a_text_reads_as_it_was_meant_whatever_characters_it_has(
    account: Account, sara: Customer, html: str, read: str
) -> None:
    await account.post(str(sara.id), Post(html))
    assert sara.chat[0].text == read


@pytest.mark.parametrize(("html", "read"), READS_THE_SAME)
async def test_on_bale_a_text_reads_the_same(
    bale: BotApi, bale_account: Account, html: str, read: str
) -> None:
    reza = bale.customer()
    await bale_account.post(str(reza.id), Post(html))
    # Full-width forms are the same characters to a reader, and to this normal form.
    assert unicodedata.normalize("NFKC", reza.chat[0].text) == unicodedata.normalize("NFKC", read)


async def test_a_text_of_4096_units_goes_out_on_both(
    account: Account, sara: Customer, bale: BotApi, bale_account: Account
) -> None:
    reza = bale.customer()
    text = "<b>" + "_*" * 1000 + "😀" * 500 + "ی" * 1096 + "</b>"
    await account.post(str(sara.id), Post(text))
    await bale_account.post(str(reza.id), Post(text))
    for customer in (sara, reza):
        assert len(customer.chat[0].text.encode("utf-16-le")) == 2 * 4096


async def test_a_longer_text_is_refused(account: Account, sara: Customer) -> None:
    with pytest.raises(Refused, match="message is too long"):
        await account.post(str(sara.id), Post("ی" * 4097))


async def test_markup_that_the_messenger_cannot_read_is_sent_plain(
    account: Account, sara: Customer
) -> None:
    id = await account.post(str(sara.id), Post("<b>مبلغ 5 < 6 & تمام", MENU))
    assert sara.chat[0].text == "مبلغ 5 < 6 & تمام"
    await account.edit(str(sara.id), id, "<b>ناتمام")
    assert (sara.chat[0].text, sara.chat[0].keyboard) == ("ناتمام", [])


async def test_the_contact_key_is_shown_and_goes_with_the_next_message_without_buttons(
    account: Account, sara: Customer
) -> None:
    await account.post(str(sara.id), Post("شماره؟", contact="فرستادن شماره"))
    [[key]] = sara.reply_keyboard
    assert (key.text, key.contact) == ("فرستادن شماره", True)
    await account.post(str(sara.id), Post("ممنون"))
    assert sara.reply_keyboard == []


async def test_a_picture_is_a_photo_with_its_text_below(account: Account, sara: Customer) -> None:
    picture = Picture("payments", "fa", [{"amount": 1}])
    await account.post(str(sara.id), Post("<b>پرداخت‌ها</b>", picture=picture))
    [message] = sara.chat
    assert Image.open(io.BytesIO(message.photo)).size == (60, 40)
    assert message.caption == "پرداخت‌ها"
    assert message.entities[0]["type"] == "bold"


async def test_a_picture_that_cannot_be_drawn_leaves_its_text(
    account: Account, sara: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    await account.post(str(sara.id), Post("پرداخت‌ها", picture=Picture("payments", "fa", [])))
    assert [(m.text, m.photo) for m in sara.chat] == [("پرداخت‌ها", b"")]
    assert "RuntimeError" in caplog.text
    assert "0912" not in caplog.text


# --- edits and toasts


async def test_an_edit_replaces_the_text_and_takes_the_buttons_away(
    account: Account, sara: Customer
) -> None:
    id = await account.post(str(sara.id), Post("کدام؟", MENU))
    for _ in range(2):  # the second changes nothing, which is fine
        await account.edit(str(sara.id), id, "کدام؟\n<b>✔ قبض</b>")
    [message] = sara.chat
    assert (message.text, message.keyboard) == ("کدام؟\n✔ قبض", [])


async def test_a_picture_whose_button_was_pressed_keeps_its_caption(
    account: Account, sara: Customer
) -> None:
    picture = Picture("payments", "fa", [{"amount": 1}])
    id = await account.post(str(sara.id), Post("پرداخت‌ها", MENU, picture=picture))
    await account.edit(str(sara.id), id, "پرداخت‌ها")
    [message] = sara.chat
    assert (message.caption, message.keyboard) == ("پرداخت‌ها", [])


async def test_a_closed_keyboard_leaves_the_text(account: Account, sara: Customer) -> None:
    id = await account.post(str(sara.id), Post("<b>کدام؟</b>", MENU))
    for _ in range(2):
        await account.close_keyboard(str(sara.id), id)
    [message] = sara.chat
    assert (message.html, message.keyboard) == ("<b>کدام؟</b>", [])


async def test_a_message_or_a_query_that_is_gone_is_as_good_as_done(
    account: Account, sara: Customer
) -> None:
    id = await account.post(str(sara.id), Post("کدام؟", MENU))
    await sara.deletes(sara.chat[0])
    await account.edit(str(sara.id), id, "تمام")
    await account.close_keyboard(str(sara.id), id)
    await account.toast("4000000000000000099", "دیر شد")
    assert sara.chat == []


async def test_a_toast_ends_the_press_and_a_long_one_is_cut(
    account: Account, sara: Customer
) -> None:
    await account.post(str(sara.id), Post("کدام؟", MENU))
    for text in ("ثبت شد", "", "ی" * 300):
        await account.toast(await sara.presses("قبض"), text)
    assert sara.toasts == ["ثبت شد", "", "ی" * 199 + "…"]


@pytest.mark.parametrize("how", ["429", "500", "cut-before"])
async def test_where_edits_are_unreliable_a_failed_one_is_let_go(
    bale: BotApi, bale_account: Account, how: Any
) -> None:
    reza = bale.customer()
    id = await bale_account.post(str(reza.id), Post("کدام؟", MENU))
    bale.fail("editMessageText", how)
    bale.fail("editMessageReplyMarkup", how)
    await bale_account.edit(str(reza.id), id, "تمام")
    await bale_account.close_keyboard(str(reza.id), id)
    assert [message.text for message in reza.chat] == ["کدام؟"]


# --- errors


@pytest.mark.parametrize(
    ("how", "retry_after", "seconds"),
    [
        ("429", 7, 7.0),
        ("429", 0.5, 0.5),
        ("429", None, None),
        ("500", None, None),
        ("502", None, None),
        ("cut-before", None, None),
        ("cut-after", None, None),
        ("slow", None, None),
    ],
)
@pytest.mark.parametrize("act", ["post", "picture", "edit", "close", "toast"])
async def test_what_may_pass_is_for_later_and_says_when_the_messenger_does(
    api: BotApi,
    account: Account,
    sara: Customer,
    monkeypatch: pytest.MonkeyPatch,
    how: Any,
    retry_after: float | None,
    seconds: float | None,
    act: str,
) -> None:
    chat = str(sara.id)
    id = await account.post(chat, Post("کدام؟", MENU))
    query = await sara.presses("قبض")
    if how == "slow":
        monkeypatch.setattr(bots.telegram.account, "READ_TIMEOUT", 0.3)
    api.fail("*", how, retry_after=retry_after)
    picture = Picture("payments", "fa", [{"amount": 1}])
    calls: dict[str, Callable[[], Any]] = {
        "post": lambda: account.post(chat, Post(SECRET_WORDS)),
        "picture": lambda: account.post(chat, Post(SECRET_WORDS, picture=picture)),
        "edit": lambda: account.edit(chat, id, SECRET_WORDS),
        "close": lambda: account.close_keyboard(chat, id),
        "toast": lambda: account.toast(query, SECRET_WORDS),
    }
    with pytest.raises(Later) as raised:
        await calls[act]()
    assert raised.value.seconds == seconds


async def test_who_blocked_the_bot_or_never_was_is_unreachable(
    api: BotApi, account: Account, sara: Customer
) -> None:
    await sara.blocks()
    with pytest.raises(Unreachable):
        await account.post(str(sara.id), Post("سلام"))
    with pytest.raises(Unreachable):
        await account.post("987654321", Post("سلام"))


async def test_what_the_messenger_never_takes_is_refused(account: Account, sara: Customer) -> None:
    with pytest.raises(Refused, match="button_data_invalid"):
        await account.post(str(sara.id), Post("کدام؟", ((Button("قبض", "ی" * 33),),)))
    with pytest.raises(Refused, match="message text is empty"):
        await account.post(str(sara.id), Post(""))


@pytest.mark.parametrize("token", ["123456:another", "without-a-number"])
async def test_a_wrong_token_says_which_setting_to_check(
    api: BotApi, sara: Customer, token: str
) -> None:
    async with opened(api, token) as account:
        with pytest.raises(Later, match="GOOYA_TELEGRAM_TOKEN") as raised:
            await account.post(str(sara.id), Post("سلام"))
        assert token not in str(raised.value)


async def test_neither_errors_nor_logs_tell_a_token_or_what_was_said(
    api: BotApi, account: Account, sara: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    photo = await sara.sends_photo(b"content")
    file = photo.content["photo"][-1]["file_id"]
    told = []
    for how in ("429", "500", "502", "cut-before", "cut-after"):
        api.fail("*", how, retry_after=3)  # type: ignore[arg-type]
        api.fail("download", how, count=tries(how))  # type: ignore[arg-type]
        for call in (
            account.post(str(sara.id), Post(SECRET_WORDS)),
            account.download(file, limit=1000),
        ):
            try:
                await call
            except MessengerError as error:
                told.append(str(error))
    with pytest.raises(Refused) as raised:
        await account.post(str(sara.id), Post(f"<نام>{'۰۹۱۲' * 1100}"))
    told.append(str(raised.value))
    assert len(told) == 11
    for text in (*told, caplog.text):
        assert api.token not in text
        assert "نام" not in text
        assert "۰۹۱۲" not in text
        assert str(sara.id) not in text


# --- files


async def test_a_file_is_downloaded_up_to_its_limit(
    api: BotApi, account: Account, sara: Customer
) -> None:
    content = bytes(range(256)) * 1000
    message = await sara.sends_document(content, "سند.pdf", "application/pdf")
    file = message.content["document"]["file_id"]
    assert await account.download(file, limit=len(content)) == content
    with pytest.raises(TooLarge):
        await account.download(file, limit=len(content) - 1)
    assert len(api.called("download")) == 1


async def test_a_file_that_grows_beyond_what_was_said_is_not_read_to_its_end(
    api: BotApi, account: Account, sara: Customer
) -> None:
    message = await sara.sends_document(b"small", "a.pdf", "application/pdf")
    file = message.content["document"]["file_id"]
    api._paths[api.files[file][0]] = bytes(30 << 20)
    with pytest.raises(TooLarge):
        await account.download(file, limit=1 << 20)


async def test_a_file_above_20_mb_is_too_large_and_an_unknown_one_refused(
    account: Account, sara: Customer
) -> None:
    message = await sara.sends_photo(bytes((20 << 20) + 1))
    with pytest.raises(TooLarge):
        await account.download(message.content["photo"][-1]["file_id"], limit=30 << 20)
    with pytest.raises(Refused):
        await account.download("unknown", limit=1000)


@pytest.mark.parametrize("how", ["429", "500", "cut-before"])
async def test_a_download_that_fails_is_for_later(
    api: BotApi, account: Account, sara: Customer, how: Any
) -> None:
    message = await sara.sends_document(b"content", "a.pdf", "application/pdf")
    api.fail("download", how, count=tries(how))
    with pytest.raises(Later):
        await account.download(message.content["document"]["file_id"], limit=1000)
    assert await account.download(message.content["document"]["file_id"], limit=1000) == b"content"


def tries(how: str) -> int:
    """How often the client asks for a file by itself: again where an old connection turned out closed."""
    return 2 if how.startswith("cut") else 1


async def test_a_file_that_the_messenger_compresses_is_not_unpacked(
    account: Account, sara: Customer
) -> None:
    packed = gzip.compress(bytes(1 << 20))
    message = await sara.sends_document(packed, "a.gz", "application/gzip")
    file = message.content["document"]["file_id"]
    assert await account.download(file, limit=len(packed)) == packed


async def test_calls_and_files_go_through_the_proxy_of_the_environment(
    api: BotApi, sara: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = []
    async with aiohttp.ClientSession() as http:

        async def forward(request: web.Request) -> web.Response:
            assert request.host == "bot-api.invalid"
            passed.append(request.path.split("/")[-1])
            to, body = f"{api.url}{request.path_qs}", await request.read()
            kind = {"Content-Type": request.headers.get("Content-Type", "")}
            async with http.request(request.method, to, data=body, headers=kind) as answer:
                return web.Response(status=answer.status, body=await answer.read())

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        for name in ("NO_PROXY", "no_proxy", "http_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{runner.addresses[0][1]}")
        message = await sara.sends_document(b"content", "a.pdf", "application/pdf")
        file = message.content["document"]["file_id"]
        async with opened(api, base="http://bot-api.invalid") as account:
            assert await account.download(file, limit=100) == b"content"
        await runner.cleanup()
    assert len(passed) == 2
    assert passed[0] == "getFile"


# --- the account itself


async def test_updates_come_as_they_are_also_malformed_ones(
    api: BotApi, account: Account, sara: Customer
) -> None:
    await sara.writes("سلام")
    broken = api.push({"message": {"chat": "nobody"}})
    updates = await account.updates(0, 5)
    assert updates[0]["message"]["text"] == "سلام"
    assert updates[1] == {"update_id": broken, "message": {"chat": "nobody"}}
    await account.updates(broken + 1, 0)
    await api.delivered()


async def test_updates_that_a_webhook_takes_are_a_conflict(account: Account) -> None:
    await account.set_webhook("https://example.ir/telegram/x", "secret_1")
    with pytest.raises(Later) as raised:
        await account.updates(0, 0)
    assert isinstance(raised.value.__cause__, telegram.error.Conflict)
    await account.delete_webhook()
    assert await account.updates(0, 0) == []


async def test_the_secret_token_goes_where_the_platform_has_one(
    api: BotApi, account: Account, bale: BotApi, bale_account: Account
) -> None:
    for each in (account, bale_account):
        await each.set_webhook("https://example.ir/x", "secret_1")
    assert api.called("setWebhook")[0].parameters["secret_token"] == "secret_1"
    assert "secret_token" not in bale.called("setWebhook")[0].parameters


async def test_the_messenger_says_where_updates_go_as_far_as_it_tells(
    api: BotApi, account: Account, bale: BotApi, bale_account: Account, sara: Customer
) -> None:
    assert (await account.webhook())["url"] == ""
    for each in (account, bale_account):
        await each.set_webhook("https://example.ir/x", "secret_1")
        assert (await each.webhook())["url"] == "https://example.ir/x"
    assert "pending_update_count" in await account.webhook()


async def test_the_menu_of_commands_is_set_where_there_is_one_and_may_fail(
    api: BotApi, account: Account, bale: BotApi, bale_account: Account
) -> None:
    commands = {"": [("menu", "منوی اصلی")], "en": [("menu", "Main menu")]}
    await account.set_commands(commands)
    assert api.commands == {
        "": [{"command": "menu", "description": "منوی اصلی"}],
        "en": [{"command": "menu", "description": "Main menu"}],
    }
    api.fail("setMyCommands", "500")
    await account.set_commands(commands)
    await bale_account.set_commands(commands)
    assert bale.called("setMyCommands") == []


async def test_an_address_may_end_with_bot_and_the_account_tells_who_it_is(api: BotApi) -> None:
    for base in (f"{api.url}/bot", f"{api.url}/"):
        async with opened(api, base=base) as account:
            assert (await account.me())["username"] == "gooya_bot"


def test_every_platform_is_found_by_the_name_of_its_channel() -> None:
    assert {name: platform.name for name, platform in PLATFORMS.items()} == {
        "telegram": "telegram",
        "bale": "bale",
    }
