"""The Bot API server of the tests, met by python-telegram-bot over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import PIL.Image
import pytest
import telegram
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.servers.bot_api import BotApi, Button, Customer, Message
from tests.servers.processes import until

HTML = telegram.constants.ParseMode.HTML


def png(width: int = 40, height: int = 30) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def keyboard(*rows: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


YES_NO = keyboard((("خیر", "q:2"), ("بله", "q:1")))


def bot_of(api: BotApi) -> telegram.Bot:
    def connections() -> HTTPXRequest:
        # Reading the system's certificates takes longer than most of these tests.
        return HTTPXRequest(50, pool_timeout=30, httpx_kwargs={"verify": False})

    return telegram.Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=connections(),
        get_updates_request=connections(),
    )


def refused(why: str) -> AbstractContextManager[Any]:
    """The library changes the case of the server's words."""
    return pytest.raises(BadRequest, match=f"(?i){why}")


async def raw(api: BotApi, method: str, **fields: Any) -> Any:
    """The result of a call as it comes over the wire."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{api.url}/bot{api.token}/{method}", json=fields) as response,
    ):
        answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]


@pytest.fixture(autouse=True)
def _retry_after_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns at every 429, and warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(scale=0.01) as running:
        yield running


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with bot_of(api) as running:
        yield running


@pytest.fixture
async def bale() -> AsyncIterator[BotApi]:
    async with BotApi(dialect="bale") as running:
        yield running


@pytest.fixture
async def bale_bot(bale: BotApi) -> AsyncIterator[telegram.Bot]:
    async with bot_of(bale) as running:
        yield running


@pytest.fixture
def sara(api: BotApi) -> Customer:
    return api.customer(phone="989121234567")


@dataclass
class Hook:
    """A bot's webhook: what came, and the statuses to answer with, 200 when there are none left."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    retry_after: str = ""
    at: list[float] = field(default_factory=list)
    hold: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.headers.append(dict(request.headers))
        self.at.append(time.monotonic())
        if self.hold is not None:
            await self.hold(update)
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(
            status=status, headers={"Retry-After": self.retry_after} if self.retry_after else {}
        )

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.got]

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got if "message" in update]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    application = web.Application()
    application.router.add_post("/hook", hook.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


# --- messages


async def test_a_bot_knows_its_name(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (123456, "gooya_bot", True)
    assert me.can_join_groups


async def test_a_message_shows_its_text_html_and_buttons(bot: telegram.Bot, sara: Customer) -> None:
    sent = await bot.send_message(
        sara.id, "<b>قبض</b> <code>9985</code> a &lt; b &amp;", HTML, reply_markup=YES_NO
    )
    shown = sara.chat[-1]
    assert (sent.message_id, sent.chat_id, sent.text) == (shown.id, sara.id, shown.text)
    assert shown.text == "قبض 9985 a < b &"
    assert shown.html == sent.text_html == "<b>قبض</b> <code>9985</code> a &lt; b &amp;"
    assert shown.labels == ["خیر", "بله"]
    assert shown.keyboard[0][1] == Button("بله", "q:1")
    assert sent.reply_markup == YES_NO


async def test_entities_count_utf_16_units(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "😀<b>قبض<i>x</i></b>", HTML)
    assert sara.chat[-1].entities == [
        {"type": "bold", "offset": 2, "length": 4},
        {"type": "italic", "offset": 5, "length": 1},
    ]


async def test_commands_are_found_outside_of_code(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "<b>/menu</b> <code>/help</code> /", HTML)
    assert [entity["type"] for entity in sara.chat[-1].entities] == ["bold", "bot_command", "code"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>x", "find end tag"),
        ("<b>x</i>", "Unmatched end tag"),
        ("x</b>", "Unexpected end tag"),
        ("<script>x</script>", 'Unsupported start tag "script"'),
        ("<سلام>", "Unsupported start tag"),
        ("1 < 2", "Unclosed start tag"),
        ("<b", "Unclosed start tag"),
        ("<span>x</span>", "must have class"),
    ],
)
async def test_html_that_cannot_be_parsed_is_refused(
    bot: telegram.Bot, sara: Customer, text: str, why: str
) -> None:
    with refused(f"can't parse entities: .*{why}"):
        await bot.send_message(sara.id, text, HTML)
    assert sara.chat == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a & b &nbsp; &copy;", "a & b &nbsp; &copy;"),
        ("&#1587;&#x633;&quot;", 'سس"'),
        ('<a href="https://x/?a=1&amp;b=2">y</a>', "y"),
        ("<b></b>z", "z"),
    ],
)
async def test_html_that_looks_odd_passes_as_at_telegram(
    bot: telegram.Bot, sara: Customer, html: str, text: str
) -> None:
    await bot.send_message(sara.id, html, HTML)
    assert sara.chat[-1].text == text


async def test_text_is_trimmed_and_loses_bidi_overrides_but_not_isolates(
    bot: telegram.Bot, sara: Customer
) -> None:
    await bot.send_message(sara.id, "\n \u202eکد \u2066<b>12</b>\u2069 \n", HTML)
    assert sara.chat[-1].text == "کد \u206612\u2069"
    assert sara.chat[-1].entities == [{"type": "bold", "offset": 4, "length": 2}]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<b> </b>", "text is empty"),
        ("س" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_text_has_1_to_4096_units_after_parsing(
    bot: telegram.Bot, sara: Customer, text: str, error: str
) -> None:
    with refused(error):
        await bot.send_message(sara.id, text, HTML)
    await bot.send_message(sara.id, f"<b>{'س' * 4096}</b>", HTML)


async def test_callback_data_has_at_most_64_bytes(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "؟", reply_markup=keyboard((("ب", "ب" * 32),)))
    with refused("BUTTON_DATA_INVALID"):
        await bot.send_message(sara.id, "؟", reply_markup=keyboard((("ب", "ب" * 32 + "x"),)))


async def test_an_edit_changes_the_message_in_place(bot: telegram.Bot, sara: Customer) -> None:
    sent = await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    await bot.edit_message_text(
        "<b>بله</b>", chat_id=sara.id, message_id=sent.message_id, parse_mode=HTML
    )
    [shown] = sara.chat
    assert (shown.html, shown.keyboard, shown.edited) == ("<b>بله</b>", [], True)
    with refused("message is not modified"):
        await bot.edit_message_text(
            "<b>بله</b>", chat_id=sara.id, message_id=sent.message_id, parse_mode=HTML
        )


async def test_a_keyboard_can_be_taken_away_once(bot: telegram.Bot, sara: Customer) -> None:
    sent = await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    await bot.edit_message_reply_markup(sara.id, sent.message_id)
    assert sara.chat[0].keyboard == []
    with refused("message is not modified"):
        await bot.edit_message_reply_markup(sara.id, sent.message_id)


async def test_what_is_not_there_cannot_be_edited(bot: telegram.Bot, sara: Customer) -> None:
    own = await sara.writes("سلام")
    sent = await bot.send_message(sara.id, "سلام")
    photo = await bot.send_photo(sara.id, png(), caption="نمودار")
    keys = telegram.ReplyKeyboardMarkup([["شماره"]])
    keyed = await bot.send_message(sara.id, "شماره؟", reply_markup=keys)
    await sara.deletes(sara.chat[1])
    for id, why in (
        (sent.message_id, "message to edit not found"),
        (own.id, "message can't be edited"),
        (keyed.message_id, "message can't be edited"),
        (photo.message_id, "no text in the message to edit"),
    ):
        with refused(why):
            await bot.edit_message_text("x", chat_id=sara.id, message_id=id)


async def test_a_message_can_be_deleted(bot: telegram.Bot, sara: Customer) -> None:
    sent = await bot.send_message(sara.id, "سلام")
    assert await bot.delete_message(sara.id, sent.message_id)
    assert sara.chat == []
    with refused("message to delete not found"):
        await bot.delete_message(sara.id, sent.message_id)


async def test_a_chat_that_is_not_there_and_one_that_blocked_the_bot_differ(
    bot: telegram.Bot, sara: Customer
) -> None:
    with refused("chat not found"):
        await bot.send_message(404, "سلام")
    await sara.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(sara.id, "سلام")
    await sara.unblocks()
    await bot.send_message(sara.id, "سلام")
    blocked, unblocked = await bot.get_updates()
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_an_answer_points_to_what_it_answers(bot: telegram.Bot, sara: Customer) -> None:
    own = await sara.writes("چند؟")
    sent = await bot.send_message(sara.id, "دو", reply_to_message_id=own.id)
    assert sent.reply_to_message.text == "چند؟"
    assert sara.chat[-1].reply_to == own.id
    with refused("message to be replied not found"):
        await bot.send_message(sara.id, "سه", reply_to_message_id=99)


async def test_the_chat_sees_that_the_bot_is_at_work(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_chat_action(sara.id, "typing")
    assert sara.actions == ["typing"]


async def test_commands_are_kept_by_language(api: BotApi, bot: telegram.Bot) -> None:
    await bot.set_my_commands([("menu", "منوی اصلی")], language_code="fa")
    assert api.commands == {"fa": [{"command": "menu", "description": "منوی اصلی"}]}
    with refused("BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("منو", "منوی اصلی")])


async def test_unknown_methods_do_not_exist(bot: telegram.Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendNothing")


@pytest.mark.parametrize(("token", "status"), [("123456:wrong", 401), ("123456", 404), ("", 404)])
async def test_wrong_tokens_get_nowhere(api: BotApi, token: str, status: int) -> None:
    for path in ("getMe", "photos/file_1.jpg"):
        prefix = "file/" if "/" in path else ""
        url = f"{api.url}/{prefix}bot{token}/{path}"
        async with aiohttp.ClientSession() as http, http.get(url) as response:
            assert response.status == status
    assert api.calls == []


# --- files


async def test_a_picture_is_shown_with_its_caption(bot: telegram.Bot, sara: Customer) -> None:
    content = png()
    sent = await bot.send_photo(sara.id, content, "<b>مصرف</b>", parse_mode=HTML)
    shown = sara.chat[-1]
    assert (shown.photo, shown.caption, shown.html) == (content, "مصرف", "<b>مصرف</b>")
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    await bot.send_photo(sara.id, sent.photo[-1].file_id)
    assert sara.chat[-1].photo == content


@pytest.mark.parametrize(
    ("content", "caption", "error"),
    [
        (png(), "س" * 1025, "caption is too long"),
        (b"no picture", "", "IMAGE_PROCESS_FAILED"),
        (png(1, 30), "", "PHOTO_INVALID_DIMENSIONS"),
    ],
    ids=["long caption", "no picture", "a stick"],
)
async def test_a_picture_or_caption_that_cannot_be_shown_is_refused(
    bot: telegram.Bot, sara: Customer, content: bytes, caption: str, error: str
) -> None:
    with refused(error):
        await bot.send_photo(sara.id, content, caption)


async def test_documents_and_voices_are_shown(bot: telegram.Bot, sara: Customer) -> None:
    sent = await bot.send_document(sara.id, b"%PDF-", "قبض", filename="bill.pdf")
    assert (sara.chat[-1].document, sent.document.file_name) == (b"%PDF-", "bill.pdf")
    sent = await bot.send_voice(sara.id, b"OggS")
    assert (sara.chat[-1].voice, sent.voice.file_size) == (b"OggS", 4)


async def test_a_file_of_the_customer_can_be_downloaded(bot: telegram.Bot, sara: Customer) -> None:
    photo = png()
    await sara.sends_photo(photo, "کنتور")
    await sara.sends_document(b"%PDF-", "سند.pdf", "application/pdf")
    seen, document = await bot.get_updates()
    assert seen.message.caption == "کنتور"
    assert [size.file_size for size in seen.message.photo] == [len(photo), len(photo)]
    file = await seen.message.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == photo
    assert document.message.document.mime_type == "application/pdf"
    assert bytes(await (await document.message.document.get_file()).download_as_bytearray()) == (
        b"%PDF-"
    )


async def test_files_above_20_mb_and_unknown_ones_cannot_be_had(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    await sara.sends_document(bytes((20 << 20) + 1), "film.mp4", "video/mp4")
    [update] = await bot.get_updates()
    with refused("file is too big"):
        await update.message.document.get_file()
    with refused("invalid file_id"):
        await bot.get_file("nothing")
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{api.url}/file/bot{api.token}/photos/none.jpg") as response,
    ):
        assert response.status == 404


# --- what customers do


@pytest.mark.parametrize(
    "kind",
    [
        "sticker",
        "location",
        "venue",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "poll",
        "dice",
        "game",
    ],
)
async def test_the_library_understands_whatever_a_customer_sends(
    bot: telegram.Bot, sara: Customer, kind: str
) -> None:
    await sara.sends(kind)
    [update] = await bot.get_updates()
    assert getattr(update.message, kind) is not None


async def test_a_customer_writes_edits_and_shares_contacts(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    ali = api.customer(phone="989127654321")
    own = await sara.writes("/start track_1")
    await sara.edits(own, "/start")
    await sara.shares_contact()
    await sara.shares_contact(of=ali)
    await sara.shares_contact(of=ali, account=False)
    written, edited, hers, his, paper = await bot.get_updates()
    assert written.message.parse_entities(["bot_command"]).popitem()[1] == "/start"
    assert edited.edited_message.text == sara.chat[0].text == "/start"
    contacts = [update.message.contact for update in (hers, his, paper)]
    assert [contact.user_id for contact in contacts] == [sara.id, ali.id, None]
    assert contacts[0].phone_number == "989121234567"


async def test_albums_are_messages_of_one_group(bot: telegram.Bot, sara: Customer) -> None:
    for _ in range(3):
        await sara.sends_photo(png(), album="17")
    updates = await bot.get_updates()
    assert [update.message.media_group_id for update in updates] == ["17"] * 3


async def test_a_press_comes_with_the_message_and_is_answered_once(
    bot: telegram.Bot, sara: Customer
) -> None:
    await bot.send_message(sara.id, "<b>کدام؟</b>", HTML, reply_markup=YES_NO)
    await sara.presses("بله")
    [update] = await bot.get_updates()
    query = update.callback_query
    assert (query.data, query.from_user.id, query.message.text_html) == (
        "q:1",
        sara.id,
        "<b>کدام؟</b>",
    )
    await query.answer("ثبت شد")
    assert sara.toasts == ["ثبت شد"]
    for id in (query.id, "none"):
        with refused("query is too old .* or query ID is invalid"):
            await bot.answer_callback_query(id)


async def test_a_query_gets_too_old(api: BotApi, bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    api.query_life = 0.0
    query = await sara.presses("بله")
    assert await bot.get_updates() == ()
    assert api.delivery.expired == 1
    with refused("query is too old"):
        await bot.answer_callback_query(query)


async def test_a_toast_has_at_most_200_units(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    with refused("MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(await sara.presses("بله"), "س" * 201)


async def test_old_buttons_those_of_gone_messages_and_of_others_can_be_pressed(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    sent = await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    [shown] = sara.chat
    yes = shown.keyboard[0][1]
    await bot.edit_message_reply_markup(sara.id, sent.message_id)
    with pytest.raises(LookupError):
        await sara.presses("بله")
    await sara.presses(yes, shown)
    await api.customer().presses(yes, shown)
    await sara.deletes(shown)
    await sara.presses(yes, shown)
    stale, foreign, gone = await bot.get_updates()
    assert stale.callback_query.message.reply_markup is None
    assert foreign.callback_query.from_user.id != foreign.callback_query.message.chat.id == sara.id
    assert not gone.callback_query.message.is_accessible


async def test_the_key_below_the_chat_shares_the_contact(bot: telegram.Bot, sara: Customer) -> None:
    keys = telegram.ReplyKeyboardMarkup(
        [[telegram.KeyboardButton("شماره من", request_contact=True)], ["بعداً"]]
    )
    await bot.send_message(sara.id, "شماره؟", reply_markup=keys)
    await sara.presses("بعداً")
    await sara.presses("شماره من")
    later, shared = await bot.get_updates()
    assert later.message.text == "بعداً"
    assert shared.message.contact.user_id == sara.id


async def test_the_keys_below_the_chat_can_be_removed(bot: telegram.Bot, sara: Customer) -> None:
    keys = telegram.ReplyKeyboardMarkup([["بعداً"]])
    await bot.send_message(sara.id, "شماره؟", reply_markup=keys)
    await bot.send_message(sara.id, "خب", reply_markup=telegram.ReplyKeyboardRemove())
    assert (sara.reply_keyboard, sara.removals) == ([], 1)


async def test_groups_and_channels_reach_the_bot(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    group, channel = api.group(), api.channel()
    await sara.writes("@gooya_bot سلام", to=group)
    await channel.posts("خاموشی")
    in_group, post = await bot.get_updates()
    assert (in_group.message.chat.type, in_group.message.from_user.id) == ("supergroup", sara.id)
    assert (post.channel_post.text, post.channel_post.from_user) == ("خاموشی", None)
    await bot.send_message(group.id, "اینجا نه")
    assert (await group.answer()).text == "اینجا نه"


async def test_a_customer_waits_for_the_bot(bot: telegram.Bot, sara: Customer) -> None:
    await bot.send_message(sara.id, "یک", reply_markup=YES_NO)
    assert (await sara.answer()).text == "یک"
    await sara.presses("بله")
    with pytest.raises(TimeoutError, match="یک"):
        await sara.settled(timeout=0.05)
    waiting = asyncio.create_task(sara.settled())
    await bot.send_message(sara.id, "دو")
    assert (await waiting).text == "دو"
    with pytest.raises(TimeoutError):
        await sara.answer(timeout=0.05)
    first = sara.chat[0]
    edited = asyncio.create_task(sara.until(lambda: first.text == "سه"))
    await bot.edit_message_text("سه", chat_id=sara.id, message_id=first.id)
    await edited


# --- updates by getUpdates


async def test_updates_stay_until_a_higher_offset_confirms_them(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    for text in ("یک", "دو", "سه"):
        await sara.writes(text)
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first] == ["یک", "دو"]
    assert await bot.get_updates(limit=2) == first
    assert [u.message.text for u in await bot.get_updates(first[-1].update_id + 1)] == ["سه"]
    await bot.get_updates(first[-1].update_id + 2)
    await api.delivered()


async def test_a_long_poll_ends_when_something_comes(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: api.delivery.is_polled, "the bot waits")
    await sara.writes("سلام")
    [update] = await polling
    assert update.message.text == "سلام"


async def test_only_one_can_poll_and_only_without_webhook(
    api: BotApi, bot: telegram.Bot, hook: Hook
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await until(lambda: api.delivery.is_polled, "the bot waits")
    assert await bot.get_updates() == ()
    with pytest.raises(Conflict, match="other getUpdates"):
        await polling
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_allowed_updates_come(api: BotApi, bot: telegram.Bot, sara: Customer) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await api.channel().posts("خاموشی")
    await sara.writes("سلام")
    [update] = await bot.get_updates()
    assert update.message is not None


async def test_raw_updates_come_as_they_are(api: BotApi) -> None:
    api.push({"message": {"chat": "?"}})
    api.push({"update_id": None, "message": 1})
    api.push({"update_id": "x"})
    first, second, third = await raw(api, "getUpdates")
    assert first.keys() == {"update_id", "message"}
    assert second == {"message": 1}
    assert third == {"update_id": "x"}


# --- updates by webhook


async def test_the_webhook_gets_updates_with_the_secret(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    await sara.writes("پیش از آن")
    await bot.set_webhook(hook.url, secret_token="s-3_Cret")
    await sara.writes("پس از آن")
    await api.delivered()
    assert hook.texts == ["پیش از آن", "پس از آن"]
    assert {h["X-Telegram-Bot-Api-Secret-Token"] for h in hook.headers} == {"s-3_Cret"}
    assert (await bot.get_webhook_info()).url == hook.url


async def test_a_webhook_can_begin_without_the_past(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    await sara.writes("پیش از آن")
    await bot.set_webhook(hook.url, drop_pending_updates=True, allowed_updates=["message"])
    await sara.blocks()
    await sara.unblocks()
    await sara.writes("پس از آن")
    await api.delivered()
    assert hook.texts == ["پس از آن"]
    assert len(hook.got) == 1


@pytest.mark.parametrize(
    ("url", "secret", "error"),
    [("nowhere", None, "bad webhook"), ("https://x", "فا", "unallowed characters")],
)
async def test_bad_webhooks_are_refused(
    bot: telegram.Bot, url: str, secret: str | None, error: str
) -> None:
    with refused(error):
        await bot.set_webhook(url, secret_token=secret)


async def test_a_failed_update_comes_again_before_the_next_one_of_its_chat(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    hook.statuses = [500, 404, 503]
    await bot.set_webhook(hook.url)
    await sara.writes("یک")
    await sara.writes("دو")
    await api.delivered()
    assert hook.texts == ["یک", "یک", "یک", "یک", "دو"]
    # At once, then after 2 and 4 seconds times the scale of 0.01.
    assert hook.at[2] - hook.at[1] >= 0.02
    assert hook.at[3] - hook.at[2] >= 0.04
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503"


async def test_retry_after_is_obeyed(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    hook.statuses, hook.retry_after = [503], "20"
    await bot.set_webhook(hook.url)
    await sara.writes("یک")
    await api.delivered()
    assert hook.at[1] - hook.at[0] >= 0.2


async def test_a_dead_webhook_loses_nothing(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    await sara.writes("یک")
    await until(lambda: len(api.delivery.attempts) > 1, "it is tried again")
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection failed")
    await bot.set_webhook(hook.url)
    await api.delivered()
    assert hook.texts == ["یک"]


async def test_presses_and_messages_are_queues_side_by_side(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    other = api.customer()
    beside = asyncio.Barrier(3)

    async def hold(update: dict[str, Any]) -> None:
        """The first message ends only after the press and the other customer's message came."""
        if "callback_query" in update or update["message"]["text"] != "دو":
            await beside.wait()

    hook.hold = hold
    await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    await bot.set_webhook(hook.url)
    await sara.writes("یک")
    await sara.writes("دو")
    await other.writes("دیگر")
    await sara.presses("بله")
    await api.delivered()
    assert sorted(hook.texts[:2]) == ["دیگر", "یک"]
    assert len(hook.got) == 4
    assert hook.got[3]["message"]["text"] == "دو"


async def test_old_presses_are_dropped_on_the_way(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    await bot.send_message(sara.id, "کدام؟", reply_markup=YES_NO)
    await bot.set_webhook(hook.url)
    api.query_life = 0.0
    await sara.presses("بله")
    await api.delivered()
    assert (hook.got, api.delivery.expired) == ([], 1)


# --- trouble


async def test_too_many_requests_say_for_how_long_or_not(
    api: BotApi, bot: telegram.Bot, sara: Customer
) -> None:
    other = api.customer()
    api.fail("sendMessage", "429", retry_after=7, count=2, chat=sara)
    for _ in range(2):
        with pytest.raises(RetryAfter) as raised:
            await bot.send_message(sara.id, "سلام")
        assert raised.value.retry_after == dt.timedelta(seconds=7)
        await bot.send_message(other.id, "سلام")
    await bot.send_message(sara.id, "سلام")
    api.fail("sendMessage", "429")
    with pytest.raises(NetworkError, match="Too Many Requests"):
        await bot.send_message(sara.id, "سلام")
    assert len(sara.chat) == 1
    assert [call.status for call in api.called("sendMessage", sara)] == [429, 429, 200, 429]


@pytest.mark.parametrize(
    ("how", "error", "done"),
    [
        ("500", NetworkError, False),
        ("502", NetworkError, False),
        ("cut-before", NetworkError, False),
        ("cut-after", NetworkError, True),
        ("slow", TimedOut, True),
    ],
)
async def test_faults_leave_the_work_done_or_not(
    api: BotApi,
    bot: telegram.Bot,
    sara: Customer,
    how: Any,
    error: type[TelegramError],
    done: bool,
) -> None:
    api.fail("sendMessage", how)
    with pytest.raises(error):
        await bot.send_message(sara.id, "سلام", read_timeout=0.2 if how == "slow" else 20)
    assert len(sara.chat) == done
    await bot.send_message(sara.id, "دوباره")
    assert sara.chat[-1].text == "دوباره"


async def test_downloads_and_polls_fail_too(api: BotApi, bot: telegram.Bot, sara: Customer) -> None:
    await sara.sends_photo(png())
    api.fail("getUpdates", "502")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    [update] = await bot.get_updates()
    file = await update.message.photo[-1].get_file()
    api.fail("download", "cut-after")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray()


async def test_duplicates_come_by_webhook_and_by_polling(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    api.duplicate()
    await sara.writes("یک")
    [first] = await bot.get_updates()
    [again] = await bot.get_updates(first.update_id + 1)
    assert again == first
    assert await bot.get_updates(first.update_id + 1) == ()
    await bot.set_webhook(hook.url)
    api.duplicate()
    await sara.writes("دو")
    await sara.writes("سه")
    await api.delivered()
    assert hook.texts == ["دو", "دو", "سه"]


async def test_updates_come_out_of_order(
    api: BotApi, bot: telegram.Bot, sara: Customer, hook: Hook
) -> None:
    api.delay()
    await sara.writes("یک")
    await sara.writes("دو")
    assert [update.message.text for update in await bot.get_updates()] == ["دو", "یک"]
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    api.delay()
    await sara.writes("سه")
    await api.delivered()
    api.delay()
    await sara.writes("چهار")
    await sara.writes("پنج")
    await api.delivered()
    assert hook.texts == ["سه", "پنج", "چهار"]


async def test_random_trouble_is_the_same_for_the_same_seed() -> None:
    async def run(seed: int) -> list[int]:
        async with BotApi(seed=seed) as api, bot_of(api) as bot:
            chats = [api.customer() for _ in range(5)]
            api.trouble(rate_429=0.2, rate_5xx=0.1, cut_after=0.1, duplicates=0.2)
            for _ in range(8):
                sends = (bot.send_message(chat.id, "سلام") for chat in chats)
                await asyncio.gather(*sends, return_exceptions=True)
                for chat in chats:
                    await chat.writes("سلام")
            statuses = [c.status for chat in chats for c in api.called("sendMessage", chat)]
            return [*statuses, *(update.again for update in api.delivery.pending)]

    first = await run(1)
    assert first == await run(1) != await run(2)
    assert {0, 1, 200, 429, 502} == set(first)


async def test_nobody_may_be_too_fast(api: BotApi, bot: telegram.Bot, sara: Customer) -> None:
    now = 0.0
    api.enforce_rates(per_chat=1.0, burst=2, overall=4, clock=lambda: now)
    for _ in range(2):
        await bot.send_message(sara.id, "سلام")
    with pytest.raises(RetryAfter):
        await bot.send_message(sara.id, "سلام")
    others = [bot.send_message(api.customer().id, "سلام") for _ in range(10)]
    outcomes = await asyncio.gather(*others, return_exceptions=True)
    assert sum(isinstance(outcome, RetryAfter) for outcome in outcomes) == 8
    assert sum(isinstance(outcome, telegram.Message) for outcome in outcomes) == 2
    now = 1.0
    await bot.send_message(sara.id, "سلام")


# --- Bale


async def test_bale_renders_its_own_markdown_and_no_html(
    bale: BotApi, bale_bot: telegram.Bot
) -> None:
    sara = bale.customer()
    await bale_bot.send_message(sara.id, "<b>قبض</b> *۱* _۲_ [۳](http://x) `۴` 5*6 =30", HTML)
    assert sara.chat[-1].text == "<b>قبض</b> ۱ ۲ ۳ ۴ 5*6 =30"
    kinds = [entity["type"] for entity in sara.chat[-1].entities]
    assert kinds == ["bold", "italic", "text_link", "code"]
    await bale_bot.send_message(sara.id, "*1*9985#")
    assert sara.chat[-1].text == "19985#"


async def test_bale_sends_no_secret_and_tells_little(
    bale: BotApi, bale_bot: telegram.Bot, hook: Hook
) -> None:
    await bale_bot.set_webhook(hook.url, secret_token="secret")
    await bale.customer().writes("سلام")
    await bale.delivered()
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.headers[0]
    assert await raw(bale, "getWebhookInfo") == {"url": hook.url}
    with pytest.raises(InvalidToken):
        await bale_bot.set_my_commands([("menu", "منو")])


async def test_bale_says_not_for_how_long_and_knows_no_reply_parameters(
    bale: BotApi, bale_bot: telegram.Bot
) -> None:
    sara = bale.customer()
    own = await sara.writes("چند؟")
    bale.fail("sendMessage", "429", retry_after=5)
    with pytest.raises(NetworkError, match="Too Many Requests"):
        await bale_bot.send_message(sara.id, "سلام")
    await bale_bot.send_message(sara.id, "دو", reply_parameters=telegram.ReplyParameters(own.id))
    assert sara.chat[-1].reply_to == 0
    await bale_bot.send_message(
        sara.id, "دو", api_kwargs={"reply_to_message_id": own.id}, reply_markup=YES_NO
    )
    assert sara.chat[-1].reply_to == own.id
    await sara.presses("بله")
    press: telegram.Update = (await bale_bot.get_updates())[-1]
    await press.callback_query.answer("خب")
    assert sara.toasts == ["خب"]


async def test_a_thousand_chats_are_served_at_once(api: BotApi, hook: Hook) -> None:
    """Each echo of the webhook is one more message; all in order, none lost."""
    customers = [api.customer() for _ in range(1000)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=50)) as http:

        async def echo(update: dict[str, Any]) -> None:
            fields = {"chat_id": update["message"]["chat"]["id"], "text": update["message"]["text"]}
            async with http.post(f"{api.url}/bot{api.token}/sendMessage", json=fields) as answer:
                assert answer.status == 200

        hook.hold = echo
        async with http.post(
            f"{api.url}/bot{api.token}/setWebhook", json={"url": hook.url}
        ) as set_:
            assert set_.status == 200
        for text in ("یک", "دو"):
            for customer in customers:
                await customer.writes(text)
        await api.delivered(timeout=60)

    def bots(messages: list[Message]) -> list[str]:
        return [message.text for message in messages]

    assert all(bots(customer.answers) == ["یک", "دو"] for customer in customers)
