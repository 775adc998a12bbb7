"""Raw updates, as the Bot API sends them, and what the customer did."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bots.telegram.chat import Pressed
from bots.telegram.inbound import File, Inbound
from bots.telegram.updates import Malformed, album_of, chat_of, parse

SARA = 7_000_000_000_123
"""Bale's ids need more than 32 bits."""
SARA_USER = {"id": SARA, "is_bot": False, "first_name": "سارا"}
BABAK_USER = {"id": 5, "is_bot": False, "first_name": "بابک"}
BOT_USER = {"id": 99, "is_bot": True, "first_name": "گویا", "username": "Gooya_bot"}
PRIVATE = {"id": SARA, "type": "private", "first_name": "سارا"}
GROUP = {"id": -1001, "type": "supergroup", "title": "همسایه‌ها"}
SECRET = "0912-راز"
PLACE = {"latitude": 35.7, "longitude": 51.4}
CLIP = {"file_id": "f", "file_unique_id": "u", "duration": 1}
FRAME = {"width": 9, "height": 9}
POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
}


def update(kind: str, **content: Any) -> dict[str, Any]:
    return {"update_id": 41, kind: content}


def message(**content: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": SARA_USER}
    return update("message", **(fields | content))


def in_group(**content: Any) -> dict[str, Any]:
    return message(chat=GROUP, **content)


def photo(id: str, width: int, size: int | None = None) -> dict[str, Any]:
    sized = {} if size is None else {"file_size": size}
    return {"file_id": id, "file_unique_id": id, "width": width, "height": width, **sized}


def question(**more: Any) -> dict[str, Any]:
    keys = [
        [{"text": "بله", "callback_data": "a1b2:1"}, {"text": "خیر", "callback_data": "a1b2:2"}]
    ]
    fields = {
        "message_id": 8,
        "date": 1,
        "chat": PRIVATE,
        "from": BOT_USER,
        "text": "قرائت <1> درست است؟",
        "entities": [{"type": "bold", "offset": 0, "length": 5}],
        "reply_markup": {"inline_keyboard": keys},
    }
    return fields | more


def press(data: str | None = "a1b2:2", **content: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": "900",
        "from": SARA_USER,
        "chat_instance": "1",
        "message": question(),
        **({} if data is None else {"data": data}),
    }
    return update("callback_query", **(fields | content))


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    member: dict[str, Any] = {"user": BOT_USER, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    return update(
        "my_chat_member",
        **{
            "chat": chat,
            "from": SARA_USER,
            "date": 1,
            "old_chat_member": {"user": BOT_USER, "status": "member"},
            "new_chat_member": member,
        },
    )


def contact(number: str, **more: Any) -> dict[str, Any]:
    return message(contact={"phone_number": number, "first_name": "س"} | more)


def did(kind: str, text: str = "", **fields: Any) -> Inbound:
    return Inbound(id="41", chat=str(SARA), kind=kind, text=text, **fields)


def in_the_group(**fields: Any) -> Inbound:
    return Inbound(id="41", chat="-1001", kind="group", **fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام", did("text", "سلام")),
        ("  ۱۲۳\n", did("text", "  ۱۲۳\n")),
        ("<b>&amp;*_", did("text", "<b>&amp;*_")),
        ("ک" * 4096, did("text", "ک" * 4096)),
        ("ک" * 9000, did("text", "ک" * 4096)),
        ("a\0b", did("text", "ab")),
        ("/menu", did("command", "menu")),
        ("/menu@Gooya_bot", did("command", "menu")),
        ("/Back", did("command", "back")),
        ("/cancel now", did("command", "cancel")),
        ("/help", did("command", "help")),
        ("/start", did("command", "start")),
        ("/start track_1234567890", did("open", "track_request 1234567890")),
        ("/start track_123456789", did("command", "start")),
        ("/start track_۱۲۳۴۵۶۷۸۹۰", did("command", "start")),
        ("/start menu_1234567890", did("command", "start")),
        ("/track", did("open", "track_request")),
        ("/track@gooya_bot  12345 ", did("open", "track_request 12345")),
        ("/settings", did("text", "/settings")),
        ("1/menu", did("text", "1/menu")),
        ("/", did("text", "/")),
    ],
)
def test_texts_and_commands(text: str, expected: Inbound) -> None:
    assert parse(message(text=text)) == expected


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (contact("989121234567", user_id=SARA), "+989121234567"),
        (contact("+989121234567", user_id=SARA), "+989121234567"),
        (contact("09121234567", user_id=SARA), "+989121234567"),
        (contact("4915112345678", user_id=SARA), "+4915112345678"),
        (contact("secret", user_id=SARA), ""),
        (contact("989121234567", user_id=5), ""),
        (contact("989121234567"), ""),
    ],
)
def test_only_the_accounts_own_contact_has_a_number(given: dict[str, Any], number: str) -> None:
    assert parse(given) == did("contact", number)


LARGE, TOO_LARGE = 20 * 1024 * 1024, 20 * 1024 * 1024 + 1


@pytest.mark.parametrize(
    ("content", "caption", "file"),
    [
        ({"photo": [photo("s", 90, 9), photo("l", 900, 99)]}, "", File("l", "image/jpeg", 99)),
        ({"photo": [photo("l", 900), photo("s", 90)]}, "", File("l", "image/jpeg", 0)),
        (
            {"photo": [photo("m", 90, LARGE), photo("l", 900, TOO_LARGE)], "caption": "کنتور"},
            "کنتور",
            File("m", "image/jpeg", LARGE),
        ),
        ({"photo": [photo("l", 900, TOO_LARGE)]}, "", File("l", "image/jpeg", TOO_LARGE)),
        (
            {
                "document": {
                    "file_id": "d",
                    "file_unique_id": "d",
                    "mime_type": "application/pdf",
                    "file_size": 7,
                },
                "caption": "سند",
            },
            "سند",
            File("d", "application/pdf", 7),
        ),
        (
            {"document": {"file_id": "d", "file_unique_id": "d"}},
            "",
            File("d", "application/octet-stream", 0),
        ),
    ],
)
def test_photos_and_documents_are_files(content: dict[str, Any], caption: str, file: File) -> None:
    assert parse(message(**content)) == did("files", caption, files=(file,))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sticker", CLIP | FRAME | {"is_animated": False, "is_video": False, "type": "regular"}),
        ("location", PLACE),
        ("venue", {"location": PLACE, "title": "خانه", "address": "تهران"}),
        ("voice", CLIP),
        ("audio", CLIP),
        ("video", CLIP | FRAME),
        ("video_note", CLIP | {"length": 9}),
        ("animation", CLIP | FRAME),
        ("poll", POLL),
        ("dice", {"emoji": "🎲", "value": 1}),
        ("game", {"title": "t", "description": "d", "photo": [photo("s", 90)]}),
        ("story", {"chat": PRIVATE, "id": 1}),
    ],
)
def test_what_no_question_takes_is_named(name: str, content: dict[str, Any]) -> None:
    beside = {
        "venue": {"location": PLACE},
        "animation": {"document": {"file_id": "d", "file_unique_id": "d"}},
    }
    assert parse(message(**{name: content}, **beside.get(name, {}))) == did("other", name)


def test_what_bale_leaves_out_is_not_missed() -> None:
    sticker = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    query = press()
    del query["callback_query"]["chat_instance"]
    assert parse(message(sticker=sticker)) == did("other", "sticker")
    replied = message(text="بله", reply_to_message=question(sticker=sticker))
    assert parse(replied) == did("text", "بله")
    assert parse(message(text="بله", forward_origin={"type": "new"})) == did("text", "بله")
    assert parse(query) == parse(press())
    empty = message(text="", sticker=None, contact=None, photo=[photo("s", 9)])
    assert parse(empty) == did("files", files=(File("s", "image/jpeg", 0),))


def test_an_edited_message_is_not_read() -> None:
    edited = update("edited_message", **message(text="نو")["message"], edit_date=2)
    assert parse(edited) == did("other", "edited")


@pytest.mark.parametrize(
    ("given", "text", "label"),
    [
        (press(), "2", "خیر"),
        (press("a1b2:command:menu"), "command:menu", ""),
        (press("a1b2:command:language-en"), "command:language-en", ""),
    ],
)
def test_a_press_has_its_question_and_what_stood_there(
    given: dict[str, Any], text: str, label: str
) -> None:
    inbound = parse(given)
    assert inbound is not None
    pressed = msgspec.json.decode(inbound.source, type=Pressed)
    assert inbound == did("press", text, asked="a1b2", source=inbound.source)
    assert pressed == Pressed("900", 8, "<b>قرائت</b> &lt;1&gt; درست است؟", label)


def test_a_press_below_a_picture_has_its_caption() -> None:
    shown = question(photo=[photo("l", 900)], caption="مصرف & هزینه")
    del shown["text"], shown["entities"]
    inbound = parse(press("a1b2:1", message=shown))
    assert inbound is not None
    pressed = msgspec.json.decode(inbound.source, type=Pressed)
    assert pressed == Pressed("900", 8, "مصرف &amp; هزینه", "بله")


@pytest.mark.parametrize(
    "gone", [{"message": {"chat": PRIVATE, "message_id": 8, "date": 0}}, {"message": None}]
)
def test_a_press_whose_message_is_gone_still_counts(gone: dict[str, Any]) -> None:
    source = msgspec.json.encode(Pressed("900", None, "", "")).decode()
    assert parse(press(**gone)) == did("press", "2", asked="a1b2", source=source)


@pytest.mark.parametrize(
    "data",
    [
        "",
        None,
        "a1b2",
        "a1b2:",
        ":2",
        "a1b2:x",
        "a1b2:2 ",
        "a1b2:command:",
        "a:2:3",
        "a" * 63 + ":2",
    ],
)
def test_data_that_is_not_ours_is_malformed(data: str | None) -> None:
    with pytest.raises(Malformed, match="not ours"):
        parse(press(data))


def test_a_press_by_somebody_else_is_theirs_only_to_be_ended() -> None:
    in_private = parse(press(**{"from": BABAK_USER}))
    in_a_group = parse(press(message=question(chat=GROUP)))
    assert in_private == Inbound(
        id="41", chat=str(SARA), kind="group", source=in_private.source if in_private else ""
    )
    assert in_a_group == in_the_group(source=in_a_group.source if in_a_group else "")
    assert in_a_group is not None
    assert msgspec.json.decode(in_a_group.source, type=Pressed).query == "900"


REPLY = {"message_id": 2, "date": 1, "chat": GROUP, "from": BOT_USER, "text": "؟"}


@pytest.mark.parametrize(
    "given",
    [
        in_group(text="/menu"),
        in_group(text="/menu@gooya_bot"),
        in_group(text="@Gooya_bot قبض من چند است؟"),
        in_group(text="بله", reply_to_message=REPLY),
        in_group(photo=[photo("s", 90)], caption="@gooya_bot"),
    ],
)
def test_in_a_group_what_is_meant_for_the_bot_is_noticed(given: dict[str, Any]) -> None:
    assert parse(given, "gooya_bot") == in_the_group()


@pytest.mark.parametrize(
    "given",
    [
        in_group(text="سلام به همه"),
        in_group(text="/menu@other_bot"),
        in_group(text="@other_bot"),
        in_group(text="بله", reply_to_message=REPLY | {"from": BABAK_USER}),
        in_group(text="بله", reply_to_message=REPLY | {"from": BOT_USER | {"username": "other"}}),
        update("edited_message", **in_group(text="/menu")["message"]),
        in_group(new_chat_title="نو"),
        message(**{"from": BOT_USER}, text="سلام"),
        press(**{"from": BOT_USER}),
        message(pinned_message=question()),
        message(delete_chat_photo=True),
        update("edited_message", **message(location=PLACE)["message"]),
        update("channel_post", message_id=1, date=1, chat={"id": -5, "type": "channel"}, text="x"),
        update("poll", **POLL),
        {"update_id": 41},
        {"update_id": 41, "brand_new_kind": {"chat": PRIVATE}},
        membership("member"),
        membership("left", GROUP),
    ],
)
def test_what_needs_no_answer_is_none(given: dict[str, Any]) -> None:
    assert parse(given, "gooya_bot") is None


@pytest.mark.parametrize("status", ["kicked", "left"])
def test_who_blocks_the_bot_is_unreachable(status: str) -> None:
    assert parse(membership(status)) == did("unreachable")


@pytest.mark.parametrize(
    "given",
    [
        update("message"),
        update("message", chat=PRIVATE, text=SECRET),
        {"update_id": 41, "message": SECRET},
        message(text={"a": SECRET}),
        message(text=["/menu"]),
        message(chat={"id": SECRET, "type": "private"}, text=SECRET),
        message(chat={"type": "private"}),
        message(**{"from": BABAK_USER}, text=SECRET),
        message(**{"from": None}, text=SECRET),
        message(photo=SECRET),
        message(photo=[{"file_id": SECRET}]),
        message(document={"file_id": "d", "file_unique_id": "d", "file_size": SECRET}),
        message(contact=SECRET),
        press(SECRET),
        press(message={"text": SECRET}),
        membership(SECRET) | {"my_chat_member": {"chat": PRIVATE}},
    ],
)
def test_what_is_malformed_raises_one_error_without_its_content(given: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as raised:
        parse(given)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(
    ("given", "chat"),
    [
        (message(text="x"), str(SARA)),
        (press(), str(SARA)),
        (press(message=None), str(SARA)),
        (press(**{"from": BABAK_USER}), str(SARA)),
        (membership("kicked"), str(SARA)),
        (in_group(text="x"), "-1001"),
        (update("inline_query", id="1", **{"from": SARA_USER}), str(SARA)),
        (update("poll", **POLL), ""),
        ({"update_id": 41}, ""),
        ({"update_id": 41, "message": "x"}, ""),
        (message(chat={"id": "5"}, **{"from": {"id": True}}), ""),
        (message(chat=5, **{"from": []}), ""),
    ],
)
def test_presses_and_messages_of_a_chat_share_its_queue(given: dict[str, Any], chat: str) -> None:
    assert chat_of(given) == chat


@pytest.mark.parametrize(
    ("given", "album"),
    [
        (message(media_group_id="77", photo=[]), "77"),
        (message(text="x"), ""),
        (message(media_group_id=77), ""),
        (press(), ""),
        ({"update_id": 41, "message": 5}, ""),
    ],
)
def test_the_messages_of_an_album_are_known_before_parsing(
    given: dict[str, Any], album: str
) -> None:
    assert album_of(given) == album
